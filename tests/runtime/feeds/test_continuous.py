"""Contracts one after the other: when a root rolls, on which scale rules read it, and what is refused.

Two contracts of ES a quarter apart; the bars of both are written down, a session a row.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stratc.runtime.feeds.bars import DataRefused, Stamp, read_bars
from stratc.runtime.feeds.continuous import Continuous, Held, continuous, cut_to, leaving
from stratc.runtime.feeds.contract_files import contract_files
from stratc.runtime.model.contracts import (
    Adjustment,
    Before,
    LeaveRule,
    RollBy,
    RollRule,
    Settlement,
    contract,
    split,
)
from stratc.runtime.model.instrument import identify
from stratc.runtime.model.session import calendar

pytestmark = pytest.mark.fast

# Sessions around the roll of March 2024: ESH24 ends on Friday the 15th.
DAYS = ("2024-03-04", "2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08", "2024-03-11", "2024-03-12", "2024-03-13")
HEAD = "time,open,high,low,close,volume,open_interest\n"
OLD = {"closes": (100, 102, 104, 106, 108, 110, 112, 114), "open_interest": (90, 80, 70, 40, 30, 20, 10, 5)}
NEW = {"closes": (141, 142, 143, 146, 148, 149, 152, 155), "open_interest": (10, 20, 30, 60, 70, 80, 90, 95)}


def text(rows: dict[str, tuple[int, ...]], days: tuple[str, ...] = DAYS) -> str:
    pairs = zip(days, rows["closes"], rows["open_interest"], strict=False)
    return HEAD + "".join(f"{day},{close},{close + 1},{close - 1},{close},{oi},{oi}\n" for day, close, oi in pairs)


def write(folder: Path, old: str | None = None, new: str | None = None) -> Path:
    (folder / "ESH24.csv").write_text(text(OLD) if old is None else old)
    (folder / "ESM24.csv").write_text(text(NEW) if new is None else new)
    return folder


def joined(folder: Path, **rule: object) -> Continuous:
    said = {"by": RollBy.DAYS, "sessions": 5, "before": Before.EXPIRY, "adjusted": Adjustment.DIFFERENCE, **rule}
    return continuous("ES", held(folder), RollRule(**said), calendar("CME_GLOBEX"), 0.25)


def held(folder: Path, interval_ns: int | None = None) -> list[Held]:
    found = []
    for file in contract_files((str(folder),), "ES", folder=Path()):
        instrument = identify(file.contract.symbol)
        assert instrument is not None
        table = read_bars(
            file.path,
            instrument=instrument,
            interval_ns=interval_ns,
            timezone=None,
            stamp=Stamp.OPEN,
            columns={},
            regular_session=False,
            volume_needed=False,
        )
        found.append(Held(contract=file.contract, table=table))
    return found


@pytest.mark.parametrize(
    ("rule", "bar", "day"),
    [
        # Five sessions before the 15th is the 8th: the last in the old contract.
        ({}, 5, date(2024, 3, 8)),
        ({"sessions": 7}, 3, date(2024, 3, 6)),
        # On the 7th the new contract has more open interest for the first time; that is known when the session is over.
        ({"by": RollBy.OPEN_INTEREST}, 5, date(2024, 3, 8)),
        ({"by": RollBy.VOLUME}, 5, date(2024, 3, 8)),
        ({"by": RollBy.OPEN_INTEREST, "sessions": 6}, 4, date(2024, 3, 7)),
    ],
)
def test_when(tmp_path: Path, rule: dict[str, object], bar: int, day: date) -> None:
    (turn,) = joined(write(tmp_path), **rule).turns
    assert (turn.bar, turn.day, turn.old, turn.new) == (bar, day, "ESH24", "ESM24")


def test_what_is_traded_and_what_is_read_by_difference(tmp_path: Path) -> None:
    """At the roll the closes are 108 and 148: 40 is taken off all that follows, 160 ticks of a quarter."""
    found = joined(write(tmp_path))
    assert found.table.close.to_list() == [100, 102, 104, 106, 108, 149, 152, 155]
    assert found.signals is not None
    assert found.signals.close.to_list() == [100, 102, 104, 106, 108, 109, 112, 115]
    assert found.signals.high.to_list() == [101, 103, 105, 107, 109, 110, 113, 116]
    assert (found.turns[0].shift_ticks, found.turns[0].scale) == (160, 1.0)


def test_what_is_read_by_ratio_keeps_returns(tmp_path: Path) -> None:
    found = joined(write(tmp_path), adjusted=Adjustment.RATIO)
    assert found.signals is not None
    read = found.signals.close.to_list()
    assert read[5] / read[4] == pytest.approx(149 / 148)
    assert found.turns[0].scale == 108 / 148


def test_data_that_end_earlier_give_the_beginning_of_the_same(tmp_path: Path) -> None:
    whole = joined(write(tmp_path))
    for count in range(1, len(DAYS)):
        cut = joined(write(tmp_path, text(OLD, DAYS[:count]), text(NEW, DAYS[:count])))
        assert cut.table.close.to_list() == whole.table.close.to_list()[: len(cut.table)]
        read = cut.table if cut.signals is None else cut.signals
        assert whole.signals is not None
        assert read.close.to_list() == whole.signals.close.to_list()[: len(cut.table)]
        assert len(cut.table) == count


def test_a_cut_after_the_roll_keeps_its_scale(tmp_path: Path) -> None:
    found = cut_to(joined(write(tmp_path)), 6, 2)
    assert found.table.close.to_list() == [152, 155]
    assert found.signals is not None
    assert found.signals.close.to_list() == [112, 115]
    assert [(turn.bar, turn.shift_ticks) for turn in found.turns] == [(-1, 160)]
    assert found.first == "ESM24"


def test_a_contract_is_left_for_good(tmp_path: Path) -> None:
    found = leaving(held(write(tmp_path))[0], LeaveRule(sessions=4, before=Before.EXPIRY), calendar("CME_GLOBEX"))
    assert found.table.close.to_list() == [100, 102, 104, 106, 108, 110]
    assert [(turn.bar, turn.new) for turn in found.turns] == [(5, None)]
    earlier = leaving(held(write(tmp_path))[0], LeaveRule(sessions=0, before=Before.EXPIRY), calendar("CME_GLOBEX"))
    assert (len(earlier.table), earlier.turns) == (8, ())


@pytest.mark.parametrize(
    ("hours", "left"),
    [
        # The session of Monday the 11th ends at 21:00 UTC.
        (("11T18", "11T19"), []),
        (("11T18", "11T19", "11T20"), [2]),
        # A bar of Tuesday tells that Monday's last one does not come.
        (("11T18", "11T19", "12T14"), [1]),
    ],
    ids=["ends inside", "ends with it", "goes on"],
)
def test_a_contract_is_left_when_its_session_is_over(tmp_path: Path, hours: tuple[str, ...], left: list[int]) -> None:
    rows = "".join(f"2024-03-{hour}:00:00Z,110,111,109,110,10,10\n" for hour in hours)
    (tmp_path / "ESH24.csv").write_text(HEAD + rows)
    rule = LeaveRule(sessions=4, before=Before.EXPIRY)
    found = leaving(held(tmp_path, 3_600 * 10**9)[0], rule, calendar("CME_GLOBEX"))
    assert [turn.bar for turn in found.turns] == left


@pytest.mark.parametrize(
    ("old", "new", "rule", "code"),
    [
        (None, text(NEW, DAYS).replace("2024-03-08,148,149,147,148,70,70\n", ""), {}, "D021"),
        (text(OLD).replace(",open_interest", ",other"), None, {"by": RollBy.OPEN_INTEREST}, "D016"),
        (None, None, {"sessions": 120}, "D021"),
    ],
    ids=["no common close", "no open interest", "left before it begins"],
)
def test_refused(tmp_path: Path, old: str | None, new: str | None, rule: dict[str, object], code: str) -> None:
    with pytest.raises(DataRefused) as refusal:
        joined(write(tmp_path, old, new), **rule)
    assert refusal.value.code == code


def test_dates_beside_the_prices_go_before_the_rule(tmp_path: Path) -> None:
    (tmp_path / "contracts.csv").write_text("symbol,last_trade,first_notice\nESH24,2024-03-13,2024-03-12\n")
    (turn,) = joined(write(tmp_path), sessions=2).turns
    assert turn.day == date(2024, 3, 11)
    (turn,) = joined(write(tmp_path), sessions=2, before=Before.FIRST_NOTICE).turns
    assert turn.day == date(2024, 3, 8)
    (tmp_path / "contracts.csv").write_text("symbol,last_trade,first_notice\nESH24,13.3.2024,\n")
    with pytest.raises(DataRefused, match="YYYY-MM-DD"):
        joined(tmp_path)


def test_a_month_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "ESJ24.csv").write_text(text(NEW))
    with pytest.raises(DataRefused, match="lists"):
        joined(tmp_path)


def test_a_folder_without_contracts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="no contracts of `NQ`"):
        contract_files((str(write(tmp_path)),), "NQ", folder=Path())


# ── when contracts end: dates as the exchange published them ─────────────────────────────────────────────────────────

ENDS = {
    "ESH24": ("2024-03-15", None),
    "CLF24": ("2023-12-19", None),
    "CLH24": ("2024-02-20", None),
    "NGG24": ("2024-01-29", None),
    "GCJ24": ("2024-04-26", "2024-03-28"),
    "ZNH24": ("2024-03-19", "2024-02-29"),
    "ZFH24": ("2024-03-28", "2024-02-29"),
    "6EH24": ("2024-03-18", None),
    "6CH24": ("2024-03-19", None),
}


@pytest.mark.parametrize("symbol", ENDS)
def test_contracts_end_on_the_exchange_s_dates(symbol: str) -> None:
    found = contract(symbol)
    assert found is not None
    last_trade, notice = ENDS[symbol]
    assert found.last_trade == date.fromisoformat(last_trade)
    assert found.first_notice == (date.fromisoformat(notice) if notice else None)
    assert found.settlement is (Settlement.CASH if symbol.startswith("ES") else Settlement.PHYSICAL)


def test_what_is_no_contract() -> None:
    assert split("SPY") is None
    assert split("ABCH24") is None
    assert contract("ESJ24") is None
    single = identify("6EZ26")
    assert single is not None
    assert (single.symbol, single.multiplier) == ("6EZ26", 125000)
