"""The parent order against a second calculation that knows bars, sessions and the words of the strategy only.

It replays every slice, the order for the closing auction and the sale at the end of the week; the goal is never passed,
no slice is more than its share of what was traded before it, and texts that would pass the goal are told.
"""

from __future__ import annotations

import runpy
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from stratc.compiler.driver import compile_source
from stratc.compiler.judge.bounds import kind_of, sheet_of
from stratc.dsl.source import Source
from tests.acceptance.recorded import read_trips
from tests.acceptance.stratc_process import stratc

FOLDER = Path(__file__).parents[2] / "examples" / "twap_parent"
TEXT = (FOLDER / "strategy.strat").read_text(encoding="utf-8")
MADE = runpy.run_path(str(Path(__file__).parents[1] / "make_parent_data.py"))
GOAL, SLICE, FEE = 50_000, 800, Decimal("0.005")
CENT, SLIPPAGE = Decimal("0.01"), Decimal("0.0001")
HALF_DAY, HOLIDAY = date(2023, 7, 3), date(2023, 6, 19)
BAR, NEW_YORK = timedelta(minutes=5), ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Bar:
    at: datetime
    open: Decimal
    low: Decimal
    close: Decimal
    volume: int

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def decided(self) -> datetime:
        return (self.at + BAR).astimezone(NEW_YORK)


def bars() -> list[Bar]:
    rows = pl.read_parquet(FOLDER / "prices" / "MSFT.parquet").iter_rows(named=True)
    return [
        Bar(row["time"], *(Decimal(str(row[name])) for name in ("open", "low", "close")), volume=row["volume"])
        for row in rows
    ]


def with_slippage(price: Decimal, *, buys: bool) -> Decimal:
    rounding = ROUND_CEILING if buys else ROUND_FLOOR
    return (price * (1 + (SLIPPAGE if buys else -SLIPPAGE))).quantize(CENT, rounding)


Trip = tuple[int, datetime, Decimal, datetime, Decimal, str]


def replayed() -> list[Trip]:
    """Every round trip: quantity, when and at what price bought, when and at what price sold, and the rule."""
    series, trips = bars(), list[Trip]()
    lots: list[tuple[int, datetime, Decimal, str]] = []
    ends = {bar.day: bar.decided for bar in series}
    last = {bar.day: bar for bar in series}
    for bar, after in pairwise(series):
        left = GOAL - sum(quantity for quantity, *_ in lots)
        to_end = ends[bar.day] - bar.decided
        minute = bar.decided.hour * 60 + bar.decided.minute
        monday, close = bar.day.isoweekday() == 1, last[bar.day]
        if monday and 600 <= minute < 930 and to_end > timedelta(minutes=20) and left > 0:
            limit = bar.close + 2 * CENT
            quantity = min(SLICE, left, bar.volume * 8 // 100)
            if after.low < limit:
                lots.append((quantity, after.at, min(after.open, limit), "slices"))
        if to_end == timedelta(minutes=20) and monday and 0 < left * 10 < GOAL:
            lots.append((left, close.at, with_slippage(close.close, buys=True), "finish"))
        if to_end == timedelta(minutes=20) and bar.day.isoweekday() == 5:
            price = with_slippage(close.close, buys=False)
            trips += [(quantity, at, paid, close.at, price, rule) for quantity, at, paid, rule in lots]
            lots = []
    return trips


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return read_trips(FOLDER / "trades.csv")


def bought(rows: list[dict[str, str]]) -> Counter[date]:
    """How much was bought for each week, by the day of its Monday."""
    found: Counter[date] = Counter()
    for row in rows:
        day = date.fromisoformat(row["opened_at"][:10])
        found[day - timedelta(days=day.weekday())] += int(float(row["quantity"]))
    return found


def test_the_recorded_round_trips_are_the_replayed_ones(rows: list[dict[str, str]]) -> None:
    told = [
        (
            int(float(row["quantity"])),
            datetime.fromisoformat(row["opened_at"]),
            Decimal(row["open_price"]).quantize(CENT),
            datetime.fromisoformat(row["closed_at"]),
            Decimal(row["close_price"]).quantize(CENT),
            row["rule_in"],
        )
        for row in rows
    ]
    assert told == replayed()
    for row in rows:
        quantity = Decimal(row["quantity"])
        gross = (Decimal(row["close_price"]) - Decimal(row["open_price"])) * quantity
        assert Decimal(row["pnl"]) == gross - Decimal(row["fees"])


def test_the_goal_is_reached_missed_and_never_passed(rows: list[dict[str, str]]) -> None:
    total = bought(rows)
    assert HOLIDAY not in total
    assert max(total.values()) == GOAL
    assert {row["rule_in"] for row in rows} == {"slices", "finish"}
    finished = bought([row for row in rows if row["rule_in"] == "finish"])
    for monday, quantity in total.items():
        missing = GOAL - quantity + finished[monday]
        assert (finished[monday] > 0) is (0 < missing < GOAL // 10)
    assert total[HALF_DAY] < GOAL, "half a session is too short for it"


def test_what_is_left_over_is_told_by_name(rows: list[dict[str, str]]) -> None:
    """Each Monday of which a tenth or more was neither bought in slices nor sent to the auction, and no other day."""
    sliced = bought([row for row in rows if row["rule_in"] == "slices"])
    missed = sorted(monday for monday, quantity in sliced.items() if GOAL - quantity >= GOAL // 10)
    done = stratc("run", FOLDER / "strategy.strat", "--interpret", "--as-of", "2026-07-01", "--json")
    (told,) = done.document["noted"]
    assert (told["rule"], told["count"]) == ("left_over", len(missed))
    assert told["first"] == f"{missed[0]} 15:40 EDT, MSFT"
    assert f"`left_over` noted {len(missed)} times, first at {told['first']}" in done.document["notes"]


def test_a_slice_is_a_share_of_what_was_traded_before_it(rows: list[dict[str, str]]) -> None:
    volume = {after.at: before.volume for before, after in pairwise(bars())}
    slices = [row for row in rows if row["rule_in"] == "slices"]
    taken = [(int(float(row["quantity"])), volume[datetime.fromisoformat(row["opened_at"])]) for row in slices]
    assert all(quantity <= SLICE and quantity * 100 <= 8 * before for quantity, before in taken)
    assert any(quantity < SLICE for quantity, _ in taken)


def test_on_the_half_day_nothing_waits_overnight(rows: list[dict[str, str]]) -> None:
    on = [datetime.fromisoformat(row["opened_at"]) for row in rows if row["opened_at"].startswith("2023-07-0")]
    assert max(on) == datetime(2023, 7, 3, 16, 35, tzinfo=UTC), "decided 25 minutes before 13:00 New York"


# ── the traps ────────────────────────────────────────────────────────────────────────────────────────────────────────


def variant(folder: Path, *changes: tuple[str, str]) -> Path:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    shutil.copytree(FOLDER, folder / "twap_parent", ignore=shutil.ignore_patterns("strategy.strat", "trades.csv"))
    path = folder / "twap_parent" / "strategy.strat"
    path.write_text(text, encoding="utf-8")
    return path


def largest(folder: Path, *changes: tuple[str, str]) -> int:
    """The most that a week's purchases come to."""
    path, table = variant(folder, *changes), folder / "trades.csv"
    said = ("--interpret", "--as-of", "2026-07-01", "--data", FOLDER / "prices", "--trades", table)
    assert stratc("run", path, *said).code == 0
    return max(bought(read_trips(table)).values())


# Slices that wait a long time, far below, so that many of them fill at once.
WAITING = (
    ("slice = 800 shares", "slice = 4_000 shares"),
    ("limit close + 2 ticks", "limit close - 10 ticks"),
    ("good for 1 bar", "good for 30 bars"),
)
UNCAPPED = ("\ncap  position 50_000 shares\n", "\n")
FORGETTING = ("goal - position - on_order", "goal - position")


def test_slices_that_wait_are_counted(tmp_path: Path) -> None:
    assert largest(tmp_path, *WAITING, UNCAPPED) <= GOAL


def test_without_them_the_goal_is_passed_and_the_text_is_told(tmp_path: Path) -> None:
    assert largest(tmp_path, *WAITING, UNCAPPED, FORGETTING) > GOAL
    done = stratc("check", tmp_path / "twap_parent" / "strategy.strat", "--as-of", "2026-07-01")
    assert "R025" in done.stdout + done.stderr


def test_the_cap_holds_where_the_text_forgets_them(tmp_path: Path) -> None:
    assert largest(tmp_path, *WAITING, FORGETTING) <= GOAL


def test_the_text_itself_is_told_nothing() -> None:
    done = stratc("check", FOLDER / "strategy.strat", "--as-of", "2026-07-01")
    assert done.code == 0
    assert "warning" not in done.stdout + done.stderr


def test_after_the_cut_off_of_the_auction_is_an_error(tmp_path: Path) -> None:
    path = variant(tmp_path, ("every session, 20 min before end\n  when", "every session, 5 min before end\n  when"))
    done = stratc("check", path, "--as-of", "2026-07-01")
    assert done.code == 1
    assert "C425" in done.stdout + done.stderr


def test_random_slices_are_refused_by_name(tmp_path: Path) -> None:
    done = stratc("check", variant(tmp_path, ("min(slice, left)", "min(random() * slice, left)")))
    assert done.code == 1
    assert "N291" in done.stdout + done.stderr


def test_the_sheet_says_the_most_that_is_held() -> None:
    program = compile_source(Source("strategy.strat", TEXT)).program
    assert program is not None
    sheet = sheet_of(program, kind_of(program, None), None)
    assert sheet.units.number == GOAL
    assert "cap position" in sheet.units.because


def test_what_comes_later_changes_nothing(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    table = tmp_path / "trades.csv"
    shorter = ("--to", "2023-07-07", "--trades", table)
    assert stratc("run", FOLDER / "strategy.strat", "--interpret", "--as-of", "2026-07-01", *shorter).code == 0
    found = read_trips(table)
    assert found == rows[: len(found)]
    assert found


def test_the_prices_are_those_that_the_script_makes() -> None:
    assert pl.read_parquet(FOLDER / "prices" / "MSFT.parquet").equals(MADE["frame"]())
