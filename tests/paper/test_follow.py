"""A feed that is not as it should be: bars late, twice, too early, lacking, standing still; lines that cannot be read;
silence. What counts, what is left out, what is said, how the run ends; and that its record replays to the same
decisions.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stratc.compiler.shell import feeding
from stratc.compiler.shell.backtesting import Outcome, Request, backtest
from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.fed_data import refuse_unfed
from stratc.compiler.shell.feed_options import FeedOptions
from stratc.compiler.shell.market_data import DataOptions
from stratc.runtime.executor.paper.record import RecordRefused, chained, dumped, read_record
from stratc.runtime.feeds.bars import Stamp
from stratc.runtime.model.contracts import Adjustment, Before, RollBy, RollRule
from stratc.runtime.model.instrument import identify
from tests.differential.building import EMPTY

NS = 1_000_000_000
OPEN_NS = 1_780_493_400 * NS  # 2026-06-03T13:30:00Z
INTERVAL_NS = 300 * NS
TEXT = """strategy "Two shares"
trade   IBM, MSFT on 5 min
account margin USD

let fast = sma(close, 2)
let slow = sma(close, 3)

rule enter
  when flat and fast > slow
  then buy 10 shares at next bar

rule leave
  when long and fast < slow
  then exit all at next bar
"""
ACCOUNT = """[account]
type = "margin"
currency = "USD"
equity = 100_000
holder = "individual"
client_class = "retail"
residence = "US"
permissions = ["equities"]
owner = "self"

[broker]
name = "example"
legal_entity = "US"
day_trading_regime = "intraday_margin"
"""
PRICES = [100, 101, 103, 102, 100, 99, 101, 104, 105, 103, 101, 100, 102, 105, 107, 106]


def line(symbol: str, number: int, price: float | None = None) -> bytes:
    """Bar `number` of the day; `price` where it is not the usual one."""
    close = PRICES[number] if price is None else price
    hour, minute = divmod(13 * 60 + 30 + 5 * number, 60)
    values = {
        "open": close - 0.5,
        "high": close + 1.0,
        "low": close - 1.0,
        "close": float(close),
        "volume": 1000.0 + number,
    }
    return json.dumps({"symbol": symbol, "time": f"2026-06-03T{hour:02d}:{minute:02d}:00Z", **values}).encode()


def closes(number: int) -> int:
    return OPEN_NS + (number + 1) * INTERVAL_NS


ROLL = RollRule(by=RollBy.DAYS, sessions=4, before=Before.EXPIRY, adjusted=Adjustment.DIFFERENCE)


class Script:
    """A source and a clock in one: at each step it is some time, and some lines have come; then the feed ends."""

    def __init__(self, steps: list[tuple[int, list[bytes]]], *, ends: bool = True) -> None:
        self.steps, self.ends, self.now, self.closed = steps, ends, steps[0][0], False

    def read(self, timeout_s: float | None) -> list[bytes] | None:
        if not self.steps:
            self.now += round((timeout_s or 0) * NS)
            return None if self.ends else []
        self.now, lines = self.steps.pop(0)
        return lines

    def now_ns(self) -> int:
        return self.now

    def close(self) -> None:
        self.closed = True


class Trial:
    """Paper runs of the strategy on scripted feeds, and backtests of what they recorded."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch, self.said = folder, patch, list[str]()
        (folder / "strategy.strat").write_text(TEXT, encoding="utf-8")
        (folder / "account.toml").write_text(ACCOUNT, encoding="utf-8")

    def request(self, *data: str) -> Request:
        from datetime import date

        options = DataOptions(data=data, columns={}, timezone=None, stamp=Stamp.OPEN, first=None, last=None)
        return Request(
            file=self.folder / "strategy.strat",
            account=None,
            as_of=date(2026, 7, 1),
            packs=(),
            values={},
            data=options,
            optimize=False,
            interpret=True,
        )

    def paper(self, script: Script, *, real: bool = False, data: tuple[str, ...] = (), **options):
        self.patch.setattr(feeding, "opened", lambda *_: script)
        self.patch.setattr(feeding, "SystemClock", lambda: script)
        given = {"timeout_s": 1e6, "skips_bad_lines": False, "price_max": {}} | options
        feed = FeedOptions(address="-", real=real, grace_s=2.0, record=self.folder / "day.record", **given)
        wanted = replace(self.request(*data), paper=True, feed=feed, decisions=self.folder / "paper.jsonl")
        done = backtest(wanted, self.said.append, lambda *_: None)
        assert script.closed
        return done

    def replayed(self, *data: str) -> None:
        """The record through the backtester, and bar by bar: the decisions are those of the day."""
        day = (self.folder / "paper.jsonl").read_bytes()
        assert b'"orders":[{' in day
        for paper in (False, True):
            path = self.folder / f"again_{paper}.jsonl"
            wanted = replace(self.request(*data, str(self.folder / "day.record")), paper=paper, decisions=path)
            backtest(wanted, self.said.append, lambda *_: None)
            assert path.read_bytes() == day


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    from functools import partial

    from stratc.compiler.shell import backtesting

    monkeypatch.setattr(backtesting, "check", partial(backtesting.check, budget_seconds=0.1))
    return Trial(tmp_path, monkeypatch)


def whole_day() -> list[tuple[int, list[bytes]]]:
    return [(closes(n), [line("IBM", n), line("MSFT", n, 250 - PRICES[n])]) for n in range(len(PRICES))]


def kinds(done) -> dict[str, int]:
    counted: dict[str, int] = {}
    for alarm in done.alarms:
        counted[alarm.kind.value] = counted.get(alarm.kind.value, 0) + 1
    return counted


@pytest.mark.parametrize("real", [False, True])
def test_a_day_as_it_should_be(trial: Trial, real: bool) -> None:
    done = trial.paper(Script(whole_day()), real=real)
    assert kinds(done) == {}
    assert done.document()["bars"] == 2 * len(PRICES)
    assert done.document()["ended"] == "the feed ended"
    trial.replayed()


@pytest.mark.parametrize("real", [False, True])
def test_bars_late_twice_and_changed_are_left_out_said_and_recorded(trial: Trial, real: bool) -> None:
    steps = whole_day()
    steps[3][1].append(line("IBM", 3))
    steps[4][1].append(line("IBM", 4, 150))
    steps[6] = (steps[6][0], [line("IBM", 6)])
    steps[7] = (steps[7][0] + 10 * NS, [*steps[7][1], line("MSFT", 6, 249)])
    done = trial.paper(Script(steps), real=real)
    assert kinds(done) == {"duplicate": 1, "conflict": 1, "gap": 1, "late": 1}
    assert done.document()["bars"] == 2 * len(PRICES) - 1
    kept = read_record(trial.folder / "day.record")
    assert (len(kept.lines), kept.left_out, kept.whole) == (2 * len(PRICES) - 1, 3, True)
    trial.replayed()


def test_bars_of_one_moment_may_come_in_any_order_within_the_grace(trial: Trial) -> None:
    steps = whole_day()
    steps[5:6] = [(closes(5), [line("MSFT", 5, 151)]), (closes(5) + NS, [line("IBM", 5)])]
    done = trial.paper(Script(steps), real=True)
    assert kinds(done) == {}
    trial.replayed()


def test_a_moment_is_decided_on_when_its_grace_is_over(trial: Trial) -> None:
    steps = whole_day()
    steps[5:6] = [(closes(5), [line("MSFT", 5, 151)]), (closes(5) + 3 * NS, [line("IBM", 5)])]
    done = trial.paper(Script(steps), real=True)
    assert kinds(done) == {"late": 1, "gap": 1}
    trial.replayed()


def test_a_bar_that_is_not_over_by_the_wall_clock_is_left_out(trial: Trial) -> None:
    steps = whole_day()
    steps[2][1].append(line("IBM", 3))
    done = trial.paper(Script(steps), real=True)
    assert kinds(done) == {"early": 1}
    trial.replayed()


def test_bars_that_lack_and_prices_that_stand_still_are_said(trial: Trial) -> None:
    steps = whole_day()
    del steps[8:10]
    done = trial.paper(Script(steps))
    assert kinds(done) == {"gap": 2}
    assert any("gap" in said for said in trial.said)
    same = json.loads(line("IBM", 0))
    still = []
    for number in range(25):
        hour, minute = divmod(13 * 60 + 30 + 5 * number, 60)
        still.append(
            (closes(number), [json.dumps({**same, "time": f"2026-06-03T{hour:02d}:{minute:02d}:00Z"}).encode()])
        )
    (trial.folder / "day.record").unlink()
    assert kinds(trial.paper(Script(still))) == {"frozen": 1}


@pytest.mark.parametrize("skips", [False, True])
def test_a_line_that_cannot_be_read_ends_the_run_in_order_or_is_said(trial: Trial, skips: bool) -> None:
    steps = whole_day()
    steps[9][1].insert(0, line("IBM", 9).replace(b'"close"', b'"last"'))
    done = trial.paper(Script(steps), skips_bad_lines=skips)
    if skips:
        assert kinds(done) == {"bad_line": 1}
        assert not done.ended.is_problem
        assert done.document()["bars"] == 2 * len(PRICES)
    else:
        assert done.ended.is_problem
        assert "line 19, field `" in done.ended.words
        assert done.document()["bars"] == 18
        assert done.document()["ok"] is False
    trial.replayed()


def test_silence_is_said_and_ends_the_run_when_it_lasts(trial: Trial) -> None:
    steps = whole_day()[:12]
    steps += [(closes(11) + minutes * 60 * NS, []) for minutes in (5, 10, 16, 20, 40)]
    done = trial.paper(Script(steps, ends=False), real=True, timeout_s=1800.0)
    assert kinds(done) == {"silent": 1}
    assert done.ended.is_problem
    assert "nothing has come for 1800 seconds" in done.ended.words
    trial.replayed()


def test_a_price_beyond_its_bound_ends_the_run_in_order(trial: Trial) -> None:
    done = trial.paper(Script(whole_day()), price_max={"IBM": 104.5})
    assert done.ended.is_problem
    assert "IBM is at 105 and the run was told that it is never above 104.5" in done.ended.words


def test_bars_of_files_come_first(trial: Trial) -> None:
    for symbol, other in (("IBM", 0), ("MSFT", 250)):
        rows = [json.loads(line(symbol, n, other - PRICES[n] if other else None)) for n in range(6)]
        names = ("time", "open", "high", "low", "close", "volume")
        text = "\n".join(",".join(str(row[name]) for name in names) for row in rows)
        (trial.folder / f"{symbol}.csv").write_text(f"{','.join(names)}\n{text}\n", encoding="utf-8")
    places = tuple(f"{symbol}={trial.folder / symbol}.csv" for symbol in ("IBM", "MSFT"))
    done = trial.paper(Script(whole_day()[4:]), data=places)
    assert kinds(done) == {"late": 2, "duplicate": 2}
    assert done.document()["bars"] == 2 * len(PRICES)
    trial.replayed(*places)


def test_a_record_that_was_changed_is_refused_at_its_line(trial: Trial) -> None:
    trial.paper(Script(whole_day()))
    path = trial.folder / "day.record"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[7] = lines[7].replace("1003.0", "1004.0")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(RecordRefused, match="line 8: the line, or one before it, is not as it was written"):
        read_record(path)
    with pytest.raises(Refused, match="line 8"):
        backtest(trial.request(str(path)), trial.said.append, lambda *_: None)


def test_a_record_without_its_end_is_read_as_far_as_it_goes(trial: Trial) -> None:
    trial.paper(Script(whole_day()))
    path = trial.folder / "day.record"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-3]) + "\n", encoding="utf-8")
    kept = read_record(path)
    assert (len(kept.lines), kept.whole) == (2 * len(PRICES) - 2, False)
    told = backtest(trial.request(str(path)), trial.said.append, lambda *_: None)
    assert isinstance(told, Outcome)
    assert [note for note in told.report.notes if "has no end" in note]


def rewritten(path: Path, number: int, **changes: object) -> None:
    """The record with one line changed, and every digest made anew: it needs no key."""
    digest, lines = "", []
    for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        told = {key: value for key, value in json.loads(text).items() if key != "digest"}
        told |= changes if n == number else {}
        told = {key: value for key, value in told.items() if value is not ...}
        digest = chained(digest, told)
        lines.append(dumped({**told, "digest": digest}) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (1, {"stamp": "middle"}),
        (1, {"price_max": ["high"]}),
        (1, {"symbols": ...}),
        (4, {"left_out": "tired"}),
        (4, {"n": "4"}),
        (4, {"line": ...}),
        (4, {"more": 1}),
    ],
)
def test_what_no_run_wrote_is_refused_though_its_digests_are_right(trial: Trial, number: int, changes: dict) -> None:
    trial.paper(Script(whole_day()))
    path = trial.folder / "day.record"
    rewritten(path, number, **changes)
    with pytest.raises(RecordRefused, match=f"line {number}: this is no line of a record"):
        read_record(path)
    with pytest.raises(Refused, match=f"line {number}"):
        backtest(trial.request(str(path)), trial.said.append, lambda *_: None)


def test_other_ends_of_lines_in_what_a_feed_sent_are_none_of_the_record_s(trial: Trial) -> None:
    steps = whole_day()
    steps[2][1].append("not a bar \u2028 \x85 \x0c".encode())
    trial.paper(Script(steps), skips_bad_lines=True)
    kept = read_record(trial.folder / "day.record")
    assert (len(kept.lines), kept.left_out, kept.whole) == (2 * len(PRICES), 1, True)


def test_a_record_is_never_written_over(trial: Trial) -> None:
    (trial.folder / "day.record").write_text("a day", encoding="utf-8")
    with pytest.raises(Refused, match="exists already"):
        trial.paper(Script(whole_day()))
    assert (trial.folder / "day.record").read_text(encoding="utf-8") == "a day"


@pytest.mark.parametrize(
    ("symbol", "changes", "words"),
    [
        (
            "BTC/USDT",
            {"day_start": "09:00 Asia/Seoul", "interval_seconds": 86_400},
            "days that begin at 09:00 Asia/Seoul",
        ),
        ("ES", {"roll": ROLL}, "ES changes contracts"),
    ],
)
def test_what_no_feed_of_bars_can_say_is_refused_by_name(symbol: str, changes: dict[str, object], words: str) -> None:
    instrument = identify(symbol, None)
    assert instrument is not None
    with pytest.raises(Refused, match=words):
        refuse_unfed(replace(EMPTY, **changes), (instrument,))


def test_a_strategy_that_breaks_a_rule_is_not_fed(trial: Trial) -> None:
    (trial.folder / "account.toml").unlink()
    with pytest.raises(Refused, match="no rule was judged"):
        trial.paper(Script(whole_day()))
