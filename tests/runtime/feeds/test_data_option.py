"""`--data` finds one file for each symbol, or says where it looked."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.runtime.feeds.data_option import Folder, NamedFile, choose_file, parse_data_option, resolve_data
from stratc.runtime.feeds.refusal import DataRefused

pytestmark = pytest.mark.fast


def test_values() -> None:
    assert parse_data_option("SPY=a/b=c.csv") == NamedFile(symbol="SPY", path="a/b=c.csv")
    assert parse_data_option("EUR/USD=eur.csv") == NamedFile(symbol="EUR/USD", path="eur.csv")
    assert parse_data_option("prices") == Folder(path="prices")
    for incomplete in ("", "=x.csv", "SPY="):
        with pytest.raises(DataRefused, match="D019"):
            parse_data_option(incomplete)


CHOICES = [
    ("SPY", ["SPY.csv", "SPY.parquet"], "SPY.parquet"),
    ("SPY", ["spy.csv"], "spy.csv"),
    ("SPY", ["SPY.csv", "spy.parquet"], "SPY.csv"),
    ("SPY", ["SPYG.csv", "SPY.txt"], None),
    ("EUR/USD", ["EUR-USD.csv", "EURUSD.csv"], "EURUSD.csv"),
    ("EUR/USD", ["eur_usd.parquet"], "eur_usd.parquet"),
]


@pytest.mark.parametrize(("symbol", "names", "expected"), CHOICES)
def test_choices(symbol: str, names: list[str], expected: str | None) -> None:
    assert choose_file(symbol, names) == expected


def test_resolution(tmp_path: Path) -> None:
    for name in ("SPY.csv", "EURUSD.parquet", "other.csv"):
        (tmp_path / name).write_text("")
    found = resolve_data([".", "SPY=other.csv"], ["SPY", "EUR/USD"], folder=tmp_path)
    assert {symbol: path.name for symbol, path in found.items()} == {"SPY": "other.csv", "EUR/USD": "EURUSD.parquet"}
    for values, symbols, words in (
        (["."], ["QQQ"], "looked for `QQQ.parquet`, `QQQ.csv`"),
        ([], ["SPY"], "no folder was named"),
        (["SPX=other.csv"], ["SPY"], "did you mean `SPY`"),
        (["SPY.csv"], ["SPY"], "--data SPY=SPY.csv"),
        (["nowhere"], ["SPY"], "no folder that can be found"),
    ):
        with pytest.raises(DataRefused, match=words):
            resolve_data(values, symbols, folder=tmp_path)
