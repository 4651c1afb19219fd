"""The page stands alone, lets nothing in, and leaves no fill out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from stratc.runtime.reports import wording
from stratc.runtime.reports.chart import BARS_SHOWN_MAX, chart_data
from stratc.runtime.reports.html import CHART_LIBRARY, asset, render_page

ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "footer", "section", "h1", "h2", "p", "strong", "b",
    "span", "div", "dl", "dt", "dd", "small", "select", "button", "table", "thead", "tbody", "tr", "th", "td", "ul",
    "li", "details", "summary", "noscript", "script",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "type", "role", "hidden", "aria-label",
}  # fmt: skip


class Page(HTMLParser):
    """What a browser would make of the page: its elements, its attributes, and the text within each element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.inside: list[tuple[str, str]] = []
        self.open: str = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        self.attributes += attrs
        self.open = tag

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        self.inside.append((self.open, data))

    def text(self, element: str) -> list[str]:
        return [data for tag, data in self.inside if tag == element]


def embedded(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="run">(.*?)</script>', page, re.DOTALL).group(1))


@pytest.fixture(scope="module", params=["daily", "hostile"])
def run(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def page(run):
    return render_page(run)


@pytest.mark.fast
def test_only_our_elements_are_on_the_page(page):
    found = Page(page)
    assert set(found.elements) <= ELEMENTS
    assert {name for name, _ in found.attributes} <= ATTRIBUTES
    assert (found.elements["script"], found.elements["style"]) == (3, 1)


@pytest.mark.fast
def test_the_policy_names_every_script_and_style_and_nothing_else(page):
    found = Page(page)
    (policy,) = [value for name, value in found.attributes if name == "content" and "default-src" in value]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy
    hashed = {name: set(rules[name].split()) for name in ("script-src", "style-src")}

    def digest(content):
        return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"

    executed = [content for content in found.text("script") if not content.startswith("{")]
    assert {digest(content) for content in executed} == hashed["script-src"]
    assert {digest(content) for content in found.text("style")} <= hashed["style-src"]
    assert len(hashed["style-src"]) == 2


@pytest.mark.fast
def test_no_part_of_the_page_is_fetched(page):
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(?:src|href|srcset|action|poster|data)\s*=", outside)
    assert not re.search(r"url\(|@import", asset("page.css"))
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|import\(|sendBeacon|innerHTML", asset("page.js"))


@pytest.mark.fast
def test_hostile_text_stays_text(hostile):
    page = render_page(hostile)
    assert "<script>alert" not in page
    assert "alert(1)" in page
    assert not wording.UNREADABLE.search(re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL))
    assert "</script>" in embedded(page)["instruments"][0]["symbol"]
    page.encode("utf-8")


@pytest.mark.fast
def test_every_fill_is_in_the_data(run, page):
    (instrument,) = embedded(page)["instruments"]
    assert len(instrument["fills"]) == len(run.fills)
    times = {bar[0] for bar in instrument["bars"]}
    for fill, mark in zip(run.fills, instrument["fills"], strict=True):
        assert mark["time"] in times
        assert (mark["side"], mark["origin"]) == (fill.side, fill.origin)
        assert f"{fill.price:,f}" in mark["text"]


@pytest.mark.fast
def test_what_must_be_said_is_said(run, page):
    words = " ".join(data for _, data in Page(page).inside)
    for needed in (wording.HYPOTHETICAL, wording.NOT_ADVICE, "TradingView", "Citation", "Buy and hold", "Licence"):
        assert needed in words
    for line in (*run.assumptions, *(verdict.because for verdict in run.verdicts)):
        assert wording.readable(line) in words
    assert ("Backtest only" in words) == bool(run.backtest_only)
    assert "Synthetic prices" in words


@pytest.mark.fast
def test_the_logo_of_the_chart_library_stays(page):
    assert "attributionLogo: true" in page
    assert "Apache License 2.0" in asset(CHART_LIBRARY)[:400]


@pytest.mark.fast
def test_the_same_run_gives_the_same_bytes(run, page):
    assert render_page(replace(run)) == page


def test_many_bars_are_drawn_together_and_no_fill_is_lost(make):
    make_prices, make_run = make
    prices = make_prices("BIG", 2 * BARS_SHOWN_MAX + 1, daily=False)
    run = make_run(prices, 40)
    data = chart_data(run)
    (instrument,) = data["instruments"]
    bars = instrument["bars"]
    assert len(bars) == len(data["account"]) == -(-len(prices.close) // 3)
    assert [bar[0] for bar in bars] == sorted({bar[0] for bar in bars})
    assert max(bar[2] for bar in bars) == max(prices.high)
    assert min(bar[3] for bar in bars) == min(prices.low)
    assert sum(bar[5] for bar in bars) == pytest.approx(sum(prices.volume))
    assert len(instrument["fills"]) == len(run.fills) == 80
    assert "drawn 3 at a time" in render_page(run)


@pytest.mark.fast
def test_a_bar_without_prices_is_a_gap(make):
    make_prices, make_run = make
    full = make_prices("GAP", 10)
    gap = [*full.close[:4], float("nan"), *full.close[5:]]
    run = make_run(full, 2)
    run = replace(run, prices=(replace(full, close=gap, volume=None),))
    (instrument,) = chart_data(run)["instruments"]
    assert [len(bar) for bar in instrument["bars"]] == [6, 6, 6, 6, 1, 6, 6, 6, 6, 6]
    assert instrument["bars"][0][5] is None


@pytest.mark.fast
def test_several_instruments_share_one_account(make):
    make_prices, make_run = make
    first, second = make_prices("AAA", 50), make_prices("BBB", 50)
    data = chart_data(replace(make_run(first, 3), prices=(first, second)))
    assert [instrument["symbol"] for instrument in data["instruments"]] == ["AAA", "BBB"]
    assert [len(instrument["fills"]) for instrument in data["instruments"]] == [6, 0]
    assert len(data["account"]) == 50


@pytest.mark.fast
def test_an_hour_read_twice_stays_in_order(make):
    five_minutes = 300 * 10**9
    start = 1_762_059_600 * 10**9  # 2025-11-02 01:00 in New York, an hour before the clocks go back
    opens = [start + row * five_minutes for row in range(30)]
    closes = [opened + five_minutes for opened in opens]
    prices = make[0]("DST", 30, daily=False, opens_utc_ns=opens, closes_utc_ns=closes)
    (instrument,) = chart_data(make[1](prices, 2))["instruments"]
    times = [bar[0] for bar in instrument["bars"]]
    assert times == sorted(set(times))


BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="no chromium on this machine")
def test_a_browser_draws_it_without_a_word(run, page, tmp_path):
    """No script error, no blocked style, and the chart is there."""
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--virtual-time-budget=3000",
        "--dump-dom", (tmp_path / "page.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "CONSOLE" not in done.stderr
    assert done.stdout.count("<canvas") >= 6
    assert "tv-attr-logo" in done.stdout.split('id="chart"')[1]
