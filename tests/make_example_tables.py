"""Makes the tables beside the examples' prices, all of them made up, from seeds.

Run `python tests/make_example_tables.py`; the same seeds give the same bytes. Nothing here says anything about a market
or about a model: the scores of `advice_gate` come from a die.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from stratc.runtime.model.session import calendar

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SCORE_SEED, SPAN = 20240702, (date(2024, 7, 1), date(2025, 6, 30))
NS_PER_MINUTE = 60_000_000_000
LICENCE = "Apache-2.0, as this project"
HEADING = "# Made by tests/make_example_tables.py: what the table of this folder is, read with it.\n\n"


def moment(ns: int) -> str:
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).isoformat()


def scores() -> Iterator[str]:
    """A score every now and then on most days: some days have none, some scores come late or are revised."""
    chance = random.Random(SCORE_SEED)
    yield "symbol,value,known_at,source"
    for number, session in enumerate(calendar("XNYS").sessions_between(*SPAN)):
        minutes = 0
        while chance.random() < 0.93 and minutes < 300:
            minutes += chance.randint(3, 55)
            value = round(chance.uniform(-1, 1), 2)
            at = session.open_ns + minutes * NS_PER_MINUTE + chance.randint(0, 59) * 1_000_000_000
            yield f"SPY,{value},{moment(at)},made up: message {number}.{minutes}"


# ── a universe of sixty shares that do not exist ─────────────────────────────────────────────────────────────────────

UNIVERSE_SEED, UNIVERSE_SPAN, SHARES, PLACES = 20220103, (date(2022, 1, 3), date(2024, 1, 31)), 60, 40
LETTERS = "ABCDEFGHIJKLMNOPQRST"


def symbols() -> list[str]:
    return [f"QX{LETTERS[number // 20]}{LETTERS[number % 20]}" for number in range(SHARES)]


def walks() -> Iterator[tuple[str, pl.DataFrame]]:
    """Each share follows the market and a drift of its own that lasts for months; every tenth ends on the way."""
    chance = random.Random(UNIVERSE_SEED)
    sessions = calendar("XNYS").sessions_between(*UNIVERSE_SPAN)
    market = [chance.gauss(0.0003, 0.008) for _ in sessions]
    for number, symbol in enumerate(symbols()):
        price, drift, rows = chance.uniform(20, 180), 0.0, []
        last = chance.randint(300, 480) if number % 10 == 4 else len(sessions)
        for index, session in enumerate(sessions[:last]):
            drift = chance.gauss(0, 0.0018) if index % 63 == 0 else drift
            # What ends, ends badly: that is what a list of survivors hides.
            falling = -0.02 if last < len(sessions) and index > last - 40 else 0.0
            opened = price * (1 + chance.gauss(0, 0.004))
            price = max(1.0, opened * (1 + market[index] + drift + falling + chance.gauss(0, 0.011)))
            high, low = (
                max(opened, price) * (1 + chance.random() * 0.006),
                min(opened, price) * (1 - chance.random() * 0.006),
            )
            rows.append((session.date, *(round(value, 2) for value in (opened, high, low, price))))
        yield symbol, pl.DataFrame(rows, schema=["time", "open", "high", "low", "close"], orient="row")


def members(frames: dict[str, pl.DataFrame]) -> Iterator[str]:
    """Forty places, filled anew each quarter by a die, announced ten sessions before; what ends goes that day."""
    chance = random.Random(UNIVERSE_SEED + 1)
    sessions = calendar("XNYS").sessions_between(*UNIVERSE_SPAN)
    yield "symbol,from,until,known_at,source"
    inside: dict[str, date] = {}
    ends = {symbol: frame["time"][-1] for symbol, frame in frames.items() if frame["time"][-1] < sessions[-1].date}
    for index, session in enumerate(sessions):
        announced = moment(sessions[max(index - 10, 0)].open_ns - 3_600_000_000_000)
        for symbol in [symbol for symbol in inside if ends.get(symbol) == session.date]:
            gone = moment(session.close_ns + 3_600_000_000_000)
            yield f"{symbol},{inside.pop(symbol)},{session.date + timedelta(days=1)},{gone},made up: exchange notice"
        if index % 63 == 0:
            alive = [symbol for symbol in frames if ends.get(symbol, date.max) > session.date]
            leavers = chance.sample(sorted(inside), 5) if inside else []
            for symbol in leavers:
                yield f"{symbol},{inside.pop(symbol)},{session.date},{announced},made up: index committee"
            joiners = [symbol for symbol in alive if symbol not in inside and symbol not in leavers]
            for symbol in sorted(chance.sample(joiners, min(PLACES - len(inside), len(joiners)))):
                inside[symbol] = session.date
                yield f"{symbol},{session.date},,{announced},made up: index committee"


def write_universe() -> None:
    """The prices, one file a share, and the table of members beside them."""
    folder = EXAMPLES / "twelve_one_momentum"
    (folder / "prices").mkdir(parents=True, exist_ok=True)
    frames = dict(walks())
    entries = []
    for symbol, frame in frames.items():
        path = folder / "prices" / f"{symbol}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        entries.append(entry(path, f"made-up daily bars, tests/make_example_tables.py with seed {UNIVERSE_SEED}"))
    (folder / "prices" / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")
    write("twelve_one_momentum", "top_40.csv", list(members(frames)), "made-up members of a made-up index")


# ── a share that gaps ────────────────────────────────────────────────────────────────────────────────────────────────

GAP_SEED, GAP_SPAN = 20240903, (date(2024, 9, 3), date(2024, 11, 27))
# Sessions from the first on: what the price falls by overnight, and why.
GAPS = {4: 0.031, 9: 0.024, 13: 0.5, 17: 0.027, 21: 0.045, 22: 0.026, 26: 0.022, 31: 0.035, 37: 0.029, 42: 0.026,
        48: 0.04, 53: 0.023}  # fmt: skip
SPLIT, DIVIDEND, EARNINGS = 13, 26, (21, 48)


def gap_bars() -> pl.DataFrame:
    """Bars of five minutes; most gaps are filled by half or more, as a die has it."""
    chance = random.Random(GAP_SEED)
    price, rows = 180.0, []
    for number, session in enumerate(calendar("XNYS").sessions_between(*GAP_SPAN)):
        before = price
        price = round(price * (1 - GAPS.get(number, chance.gauss(0, 0.002))), 2)
        fills = number in GAPS and number != SPLIT and chance.random() < 0.7
        pull = (before - price) / 28 if fills else 0.0
        for start in range(session.open_ns, session.close_ns, 5 * NS_PER_MINUTE):
            opened = price
            price = round(max(opened + pull + chance.gauss(0, 0.0012) * opened, 1.0), 2)
            high = round(max(opened, price) + abs(chance.gauss(0, 0.05)), 2)
            low = round(min(opened, price) - abs(chance.gauss(0, 0.05)), 2)
            rows.append((datetime.fromtimestamp(start // 1_000_000_000, UTC), opened, high, low, price))
    return pl.DataFrame(rows, schema=["time", "open", "high", "low", "close"], orient="row")


def gap_events() -> dict[str, list[str]]:
    """The split and the dividend were announced weeks before, each release when it came out."""
    days = [session.date for session in calendar("XNYS").sessions_between(*GAP_SPAN)]
    head = "symbol,event,on,at,status,known_at,source"
    early = "2024-08-20T08:00:00-04:00,made up: notice"
    releases = [f"QXGF,Q{k},,{days[n - 1]}T16:05:00-05:00,confirmed,{early}" for k, n in enumerate(EARNINGS)]
    return {
        "splits": [head, f"QXGF,two_for_one,{days[SPLIT]},,confirmed,{early}"],
        "dividends": [head, f"QXGF,third_quarter,{days[DIVIDEND]},,confirmed,{early}"],
        "earnings": [head, f"QXGF,before,,2024-07-24T16:05:00-04:00,confirmed,{early}", *releases],
    }


def write_gaps() -> None:
    folder = EXAMPLES / "gap_fade"
    (folder / "prices").mkdir(parents=True, exist_ok=True)
    path = folder / "prices" / "QXGF.parquet"
    gap_bars().write_parquet(path, compression="zstd", compression_level=19, statistics=False)
    source = f"made-up 5-minute bars of a made-up share, tests/make_example_tables.py with seed {GAP_SEED}"
    (folder / "prices" / "prices.toml").write_text(HEADING + entry(path, source), encoding="utf-8")
    entries = []
    for name, lines in gap_events().items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        entries.append(entry(folder / f"{name}.csv", "made-up dates of a made-up share"))
    (folder / "prices.toml").write_text(HEADING + "\n".join(entries), encoding="utf-8")


def write(folder: str, name: str, lines: list[str], source: str) -> None:
    path = EXAMPLES / folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    side(folder, name, source)


def side(folder: str, name: str, source: str) -> None:
    """Says where a table of an example comes from, in the side file beside it."""
    (EXAMPLES / folder / "prices.toml").write_text(HEADING + entry(EXAMPLES / folder / name, source), encoding="utf-8")


def entry(path: Path, source: str) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f'["{path.name}"]\nsource = "{source}"\nlicence = "{LICENCE}"\nsynthetic = true\nsha256 = "{digest}"\n'


def main() -> None:
    write(
        "advice_gate",
        "news_score.csv",
        list(scores()),
        f"scores from a die, made by tests/make_example_tables.py with seed {SCORE_SEED}",
    )
    write_universe()
    write_gaps()
    side("earnings_avoidance", "earnings.csv", "made-up dates of a made-up company")


if __name__ == "__main__":
    main()
