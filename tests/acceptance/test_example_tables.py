"""The made-up tables of the examples can be made again, byte for byte in their rows."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl

EXAMPLES = Path(__file__).parents[2] / "examples"
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_example_tables.py"))


def test_scores_can_be_made_again() -> None:
    text = (EXAMPLES / "advice_gate" / "news_score.csv").read_text(encoding="utf-8")
    assert list(MADE["scores"]()) == text.splitlines()


def test_the_universe_can_be_made_again() -> None:
    folder = EXAMPLES / "twelve_one_momentum"
    frames = dict(MADE["walks"]())
    assert len(frames) == 60
    for symbol in ("QXAA", "QXAE", "QXCT"):
        assert frames[symbol].equals(pl.read_parquet(folder / "prices" / f"{symbol}.parquet"))
    members = (folder / "top_40.csv").read_text(encoding="utf-8")
    assert list(MADE["members"](frames)) == members.splitlines()
