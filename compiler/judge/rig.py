"""A real run in small: a program, interpreted, on made-up bars through the engine, with observers watching.

Maps a program, its instruments and bars to a `Run` that can be driven session by session. The engine, its book and its
fill model are the ones of every backtest.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import clock_requests, known_requests
from stratc.compiler.judge.limits import caps_of, halts_of, sleeves_of
from stratc.compiler.judge.made_rates import made_conversion
from stratc.compiler.judge.watch import Watch
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.loop import run_rows
from stratc.runtime.executor import market as markets
from stratc.runtime.executor.backtest import open_book
from stratc.runtime.executor.other_currencies import lay_out
from stratc.runtime.executor.scale import Scale, scale
from stratc.runtime.executor.sleeves import set_sleeves
from stratc.runtime.executor.terms import Terms
from stratc.runtime.feeds.clock_row import PlacedBar, clock_row, ends_session, place_bar
from stratc.runtime.model.bar import Bar
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.known import stand_in
from stratc.runtime.model.record import record
from stratc.runtime.model.session import calendar
from stratc.runtime.model.zone import days_since_epoch


@record
class MadeBar:
    """One bar of the instrument with that index."""

    instrument: int
    bar: Bar


@record
class Run:
    """A run ready to be driven: rows `ends[k - 1]` to `ends[k]` are those of session `k`."""

    book: Book
    strategy: InterpretedStrategy
    columns: Columns
    watch: Watch
    market: markets.Market
    scale: Scale
    ends: tuple[int, ...]

    def drive(self, session: int) -> None:
        """Process the rows of one session."""
        run_rows(self.book, self.strategy, self.columns, self.ends[session - 1] if session else 0, self.ends[session])


@record
class Frame:
    """What of a run does not hang on prices: when its rows are, their days, and a column for each clock request."""

    moments: tuple[tuple[int, int], ...]
    days: tuple[int, ...]
    ends: tuple[bool, ...]
    clocks: tuple[tuple[float, ...], ...]

    def fits(self, bars: Sequence[MadeBar]) -> bool:
        """Whether these bars are the first rows of the frame."""
        return self.moments[: len(bars)] == moments_of(bars)

    def cut(self, rows: int) -> Frame:
        clocks = tuple(column[:rows] for column in self.clocks)
        return Frame(moments=self.moments[:rows], days=self.days[:rows], ends=self.ends[:rows], clocks=clocks)


def moments_of(bars: Sequence[MadeBar]) -> tuple[tuple[int, int], ...]:
    return tuple((made.bar.close_ns, made.instrument) for made in bars)


def frame_of(program: Program, instruments: Sequence[Instrument], bars: Sequence[MadeBar]) -> Frame:
    """The frame of these bars: it serves every other market with bars at the same times."""
    placed = _placed(instruments, bars)
    return Frame(
        moments=moments_of(bars),
        days=tuple(days_since_epoch(each.session.date) for each in placed),
        ends=tuple(_ends(bars, placed)),
        clocks=tuple(tuple(column) for column in _clocks(program, instruments, bars, placed)),
    )


def set_up(
    program: Program,
    instruments: Sequence[Instrument],
    bars: Sequence[MadeBar],
    frame: Frame,
    terms: Terms,
    watch: Watch,
) -> Run:
    """A run over bars in order of their closes; raises `RunRefused` where the engine cannot do it."""
    days = frame.days
    given = [
        markets.PlacedBar(instrument=made.instrument, day=day, bar=made.bar, ends_session=ends)
        for made, day, ends in zip(bars, days, frame.ends[: len(bars)], strict=True)
    ]
    made = markets.market(tuple(instruments), given)
    market = replace(made, conversion=made_conversion(made, terms.currency))
    scaled = scale(instruments, market.price_max, terms.currency, terms.equity, market.conversion)
    numbered = len(program.rules) + len(program.flows)
    book: Book = open_book(None, instruments, scaled, terms, caps_of(program), halts_of(program), numbered)
    set_sleeves(book, program.instruments, scaled, sleeves_of(program))
    lay_out(book, market, scaled, terms.exchange, compiled=False)
    book.set_moments(market.closes_ns)
    columns = Columns(
        market.open,
        market.high,
        market.low,
        market.close,
        market.volume,
        market.rows,
        array("q", bytes(8 * len(bars))),
    )
    steps = markets.steps_of(instruments)
    parameters = [declared.default for declared in program.inputs]
    strategy = InterpretedStrategy(program, columns, frame.clocks, parameters, steps, watch)
    ends = tuple(row + 1 for row in range(len(bars)) if row + 1 == len(bars) or days[row + 1] != days[row])
    return Run(book=book, strategy=strategy, columns=columns, watch=watch, market=market, scale=scaled, ends=ends)


def _placed(instruments: Sequence[Instrument], bars: Sequence[MadeBar]) -> list[PlacedBar]:
    previous: dict[int, PlacedBar] = {}
    found = []
    for made in bars:
        kept = calendar(instruments[made.instrument].calendar)
        here = place_bar(made.bar.open_ns, made.bar.close_ns, kept, previous=previous.get(made.instrument))
        previous[made.instrument] = here
        found.append(here)
    return found


def _ends(bars: Sequence[MadeBar], placed: Sequence[PlacedBar]) -> Iterator[bool]:
    previous: dict[int, PlacedBar] = {}
    for made, here in zip(bars, placed, strict=True):
        yield ends_session(here, previous=previous.get(made.instrument))
        previous[made.instrument] = here


def _clocks(
    program: Program, instruments: Sequence[Instrument], bars: Sequence[MadeBar], placed: Sequence[PlacedBar]
) -> list[list[float]]:
    """One list a request, one number a row; what tables would say is a stand-in that never changes."""
    requests = clock_requests(program)
    constant: list[list[float]] = [[stand_in(request)] * len(bars) for request in known_requests(program)]
    if not requests:
        return constant
    following = _following(bars)
    previous: dict[int, PlacedBar] = {}
    rows = []
    for row, made in enumerate(bars):
        kept = calendar(instruments[made.instrument].calendar)
        before = previous.get(made.instrument)
        rows.append(clock_row(placed[row], kept, requests, previous=before, next_close_ns=following[row]))
        previous[made.instrument] = placed[row]
    times: list[list[float]] = [[told[request] for told in rows] for request in requests]
    return times + constant


def _following(bars: Sequence[MadeBar]) -> list[int | None]:
    """The close of each bar's next bar of the same instrument."""
    later: dict[int, int] = {}
    found: list[int | None] = [None] * len(bars)
    for row in range(len(bars) - 1, -1, -1):
        found[row] = later.get(bars[row].instrument)
        later[bars[row].instrument] = bars[row].bar.close_ns
    return found
