"""The summary on the terminal: a trader's words, plain where it is not a terminal, and no text read as markup."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from stratc.runtime.reports.terminal import print_summary

pytestmark = pytest.mark.fast


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(run, stream) -> str:
    print_summary(run, stream)
    return stream.getvalue()


def test_it_says_what_a_trader_asks(daily):
    text = printed(daily, io.StringIO())
    for needed in (
        "golden_cross", "IBM", "2000-01-03", "Return", "Buy and hold", "Largest drawdown", "Round trips", "Costs",
        "us.finra.pattern_day_trader", "guarded", "2026-06-04", "orders fill at the next open", "CC0", "own count",
    ):  # fmt: skip
        assert needed in text, needed


def test_it_is_plain_where_it_is_not_a_terminal(daily):
    assert "\x1b" not in printed(daily, io.StringIO())


def test_it_has_colour_on_a_terminal(daily, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in printed(daily, Screen())


def test_a_terminal_without_colours_gets_none(daily, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in printed(daily, Screen())


def test_hostile_text_reaches_no_terminal(hostile):
    text = printed(hostile, io.StringIO())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "alert(1)" in text


def test_brackets_are_text(daily):
    text = printed(replace(daily, assumptions=("[bold]not markup[/bold] :rocket:",)), io.StringIO())
    assert "[bold]not markup[/bold] :rocket:" in text


def test_a_label_is_said_first(daily):
    lines = printed(replace(daily, backtest_only="violates us.finra.x"), io.StringIO()).splitlines()
    assert lines[1].strip() == "backtest only: violates us.finra.x"
