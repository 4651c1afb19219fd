"""Valid trees at random, for the laws of the printer and for whoever needs programs.

`trees()` draws whole files, `expressions()` any expression. Trees are canonical: what the printer prints of them is
read back as the same tree, spans apart. They are valid syntax and not more: names are not bound and units do not fit.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from stratc.dsl import syntax
from stratc.dsl.parsing.expressions import COUNTED_UNITS, canonical_unit
from stratc.dsl.source import NOWHERE
from stratc.dsl.syntax import (
    BinaryOperator,
    Direction,
    Expression,
    HaltMeasure,
    Node,
    OrderWord,
    TimeInForceWord,
    UnaryOperator,
    contracts,
    ladders,
)
from stratc.dsl.syntax.books import BookLine, Sleeve

N = TypeVar("N", bound=Node)

_NAMES = (
    "close",
    "high",
    "low",
    "volume",
    "equity",
    "flat",
    "long",
    "short",
    "time",
    "fast",
    "box_high",
    "x1",
    "stopLow",
)
_FUNCTIONS = ("sma", "highest", "max", "atr", "my_function", "calendar.near")
_SYMBOLS = ("SPY", "QQQ", "EUR/USD", "BTC/USDT", "NQ", "6E", "BRK.B")
_ZONES = ("London", "New York", "UTC", "America/New_York", "Hong Kong")
_UNITS = ("", "", "%", "bps", "x", "R", "min", "USD", "USDT", *COUNTED_UNITS)
_CALENDAR_READINGS = ("session of month", "sessions left in half year", "days to next session", "time left in session")
_PERIODS = ("session", "day", "week", "month")


def without_spans(node: N) -> N:
    """The same tree with every span nowhere, so that trees of different texts can be compared."""
    return _stripped(node)


def _stripped(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_stripped, value))
    if not (is_dataclass(value) and isinstance(value, Node)):
        return value
    kept = {field.name: _stripped(getattr(value, field.name)) for field in fields(value) if field.name != "span"}
    return type(value)(span=NOWHERE, **kept)


def _node(kind: type[N], /, **parts: SearchStrategy[Any]) -> SearchStrategy[N]:
    return st.builds(kind, span=st.just(NOWHERE), **parts)


def one_month(number: int, negated: bool) -> syntax.MonthIn:
    return syntax.MonthIn(span=NOWHERE, first=number, last=number, negated=negated)


def one_weekday(day: int, negated: bool) -> syntax.WeekdayIn:
    return syntax.WeekdayIn(span=NOWHERE, first=day, last=day, negated=negated)


names = _node(syntax.Name, text=st.sampled_from(_NAMES))
functions = _node(syntax.Name, text=st.sampled_from(_FUNCTIONS))
zones = _node(syntax.Zone, text=st.sampled_from(_ZONES))
instruments = _node(syntax.Instrument, symbol=st.sampled_from(_SYMBOLS))
legs_of_pairs = _node(syntax.Instrument, symbol=st.sampled_from(("one", "other")))
clocks = _node(syntax.Clock, second_of_day=st.integers(0, 86_400))
days = _node(syntax.Day, value=st.dates(date(1900, 1, 1), date(2100, 1, 1)))
texts = _node(
    syntax.Text, value=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters='"'), max_size=20)
)


@st.composite
def numbers(draw: st.DrawFn, units: tuple[str, ...] = _UNITS) -> syntax.Number:
    digits, places = draw(st.integers(0, 10**9)), draw(st.integers(0, 4))
    value = Decimal(digits).scaleb(-places)
    unit = draw(st.sampled_from(units))
    return syntax.Number(span=NOWHERE, value=value, unit=canonical_unit(unit, value) if unit else "")


def _intervals(bounds: SearchStrategy[Any]) -> SearchStrategy[syntax.Interval]:
    plain = _node(syntax.Interval, low=bounds, high=bounds)
    return plain | _node(syntax.Interval, low=bounds, high=clocks, zone=zones)


def _windows(inner: SearchStrategy[Expression]) -> SearchStrategy[syntax.AnchoredWindow]:
    return st.one_of(
        _node(syntax.FirstOfSession, duration=inner),
        _node(syntax.ClockRange, range=_intervals(clocks | names)),
        _node(syntax.SessionSoFar),
    )


def _calls(inner: SearchStrategy[Expression]) -> SearchStrategy[syntax.Call]:
    argument = _node(syntax.Argument, value=inner, name=st.none() | names)
    return _node(syntax.Call, function=functions, arguments=st.lists(argument, max_size=3).map(tuple))


def _larger(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    return st.one_of(
        _node(syntax.Binary, operator=st.sampled_from(BinaryOperator), left=inner, right=inner),
        _node(syntax.Unary, operator=st.sampled_from(UnaryOperator), operand=inner),
        _node(syntax.Crosses, left=inner, above=st.booleans(), right=inner),
        _node(syntax.Within, value=inner, range=_intervals(inner)),
        _node(syntax.History, base=inner, offset=inner),
        _node(syntax.Member, base=inner, member=names),
        _calls(inner),
        _node(syntax.AtEntry, value=inner),
        _node(syntax.BarsSince, condition=inner),
        _node(syntax.HeldFor, condition=inner, bars=inner),
        _node(syntax.ChangesSign, value=inner),
        _node(syntax.WeekdayIn, first=st.integers(1, 3), last=st.integers(4, 7)),
        st.builds(one_weekday, st.integers(1, 7), st.booleans()),
        st.builds(one_month, st.integers(1, 12), st.booleans()),
        _node(syntax.MonthIn, first=st.integers(10, 12), last=st.integers(1, 4)),
        _node(syntax.ValueWhen, value=inner, condition=inner),
        _node(syntax.Over, call=_calls(inner), window=_windows(inner)),
        _node(syntax.Over, call=_calls(inner), window=_node(syntax.SinceEntry)),
        _node(syntax.Across, call=_calls(inner), pairs=st.booleans()),
        _node(syntax.OfInstrument, series=inner, instrument=instruments | legs_of_pairs),
        _node(syntax.OnBars, value=inner, interval=numbers()),
        _node(syntax.IfElse, condition=inner, then=inner, otherwise=inner),
        _node(syntax.Standing, subject=inner, state=st.sampled_from(syntax.State)),
    )


def expressions(leaves_max: int = 6) -> SearchStrategy[Expression]:
    """Any expression of about so many leaves."""
    leaves: SearchStrategy[Expression] = st.one_of(
        names,
        numbers(),
        clocks,
        days,
        texts,
        _node(syntax.OfInstrument, series=names, instrument=instruments),
        _node(syntax.LastClose, word=names),
        _node(syntax.InUniverse),
        _node(syntax.Distance, measure=st.sampled_from(("sessions", "days", "time")), until=st.booleans(), event=names),
        _node(syntax.Baseline, text=st.sampled_from(("peak equity", "start equity"))),
        _node(syntax.CalendarReading, text=st.sampled_from(_CALENDAR_READINGS)),
    )
    return st.recursive(leaves, _larger, max_leaves=leaves_max)


small = expressions(3)


@st.composite
def orders(draw: st.DrawFn) -> syntax.OrderPhrase:
    word = draw(st.sampled_from([each for each in OrderWord if each is not OrderWord.LEVELS]))
    limit = draw(small) if word in (OrderWord.LIMIT, OrderWord.STOP_LIMIT) else None
    stop = draw(small) if word in (OrderWord.STOP, OrderWord.STOP_LIMIT) else None
    return syntax.OrderPhrase(span=NOWHERE, word=word, limit_price=limit, stop_price=stop)


level_orders = _node(
    syntax.OrderPhrase,
    word=st.just(OrderWord.LEVELS),
    levels=_node(
        ladders.Levels, count=numbers(("",)), spacing=st.sampled_from(ladders.Spacing), first=small, last=small
    ),
)
sizings = _node(syntax.Sizing, amount=small, risking=st.booleans(), at_most=st.none() | small)
group_sizings = _node(syntax.Sizing, amount=small, risking=st.just(True), at_most=st.none() | small)
stop_losses = _node(syntax.StopLoss, price=small)
trailing_stops = _node(syntax.TrailingStop, distance=small)
targets = _node(syntax.Target, value=small, only_if=st.none() | small)
times_in_force = st.one_of(
    _node(syntax.TimeInForce, word=st.just(TimeInForceWord.GOOD_UNTIL), value=clocks, zone=st.none() | zones),
    _node(syntax.TimeInForce, word=st.just(TimeInForceWord.GOOD_UNTIL), value=days),
    _node(syntax.TimeInForce, word=st.just(TimeInForceWord.BEFORE_END), value=numbers()),
    _node(syntax.TimeInForce, word=st.just(TimeInForceWord.GOOD_FOR), value=small),
    _node(
        syntax.TimeInForce, word=st.sampled_from((TimeInForceWord.IMMEDIATE_OR_CANCEL, TimeInForceWord.FILL_OR_KILL))
    ),
)


def _entries(sizing: SearchStrategy[Any], time: SearchStrategy[Any]) -> SearchStrategy[syntax.Entry]:
    parts = {
        "direction": st.sampled_from(Direction),
        "sizing": sizing,
        "order": st.none() | orders() | level_orders,
        "reverse": st.booleans(),
        "stop_loss": st.none() | stop_losses,
        "trailing": st.none() | trailing_stops,
        "locate": st.none() | _node(syntax.Locate),
        "time_in_force": time,
    }
    to_level = _node(ladders.LevelTarget, up=st.booleans())
    return st.one_of(
        _node(syntax.Entry, **parts, target=st.none() | targets),
        _node(syntax.Entry, **parts, target=st.none(), level_target=to_level),
    )


entries = _entries(sizings, st.none() | times_in_force)
exits = _node(
    syntax.Exit,
    portion=st.none() | st.just(syntax.Name(span=NOWHERE, text="half")) | small,
    order=st.none() | orders(),
    lots=st.none() | _node(syntax.LotPhrase, word=st.sampled_from(syntax.LotWord)),
)
notes = _node(syntax.Note)
moves = _node(syntax.MoveStop, price=st.none() | small, looser=st.booleans())
groups = _node(
    syntax.OneOf,
    legs=st.lists(_entries(st.none(), st.none()), min_size=2, max_size=3).map(tuple),
    sizing=group_sizings,
    time_in_force=st.none() | times_in_force,
)

pairs = _node(
    syntax.BothOf,
    legs=st.lists(
        _node(
            syntax.Entry,
            direction=st.sampled_from(Direction),
            sizing=_node(syntax.Sizing, amount=numbers(("USD", "shares")), risking=st.just(value=False)),
            order=st.none() | orders(),
            reverse=st.booleans(),
            locate=st.none() | _node(syntax.Locate),
            time_in_force=st.none() | times_in_force,
            instrument=_node(syntax.Instrument, symbol=st.sampled_from(("KO", "PEP", "EUR/USD", "one", "other"))),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
)

_bands = st.none() | _node(syntax.DriftBand, width=small, of_target=st.booleans())
_ranked = _node(
    syntax.Ranking,
    count=numbers(("", "%")),
    by=small,
    lowest=st.booleans(),
    shorts=st.none() | numbers(("", "%")),
)
_locates = st.none() | _node(syntax.Locate)


@st.composite
def allocations(draw: st.DrawFn) -> syntax.Allocate:
    """To each, to the ranked, or to all: each has the parts that it may have."""
    each = draw(st.booleans())
    ranking = None if each else draw(st.none() | _ranked)
    return syntax.Allocate(
        span=NOWHERE,
        amount=draw(small),
        each=each,
        ranking=ranking,
        where=draw(st.none() | expressions(4)) if each or ranking else None,
        weights=None if each else draw(st.none() | small),
        band=draw(_bands),
        order=draw(st.none() | orders()),
        new_cash=draw(st.booleans()),
        locate=draw(_locates),
    )


_shares = st.none() | numbers(("%",)) | names | _node(syntax.Rest)
_some = st.lists(instruments, min_size=1, max_size=2).map(tuple)
_picked = _node(syntax.Picked, count=numbers(("",)), among=_some, by=small, lowest=st.booleans())
_held = instruments | _node(syntax.Cash) | _picked
_mixes = _node(
    syntax.Mix,
    parts=st.lists(_node(syntax.Part, share=_shares, held=_held), min_size=1, max_size=2).map(tuple),
)
_choices = st.recursive(
    _mixes,
    lambda inner: st.one_of(
        _node(syntax.Switch, condition=expressions(4), then=inner, otherwise=inner),
        _node(syntax.Mix, parts=_node(syntax.Part, share=_shares, held=inner).map(lambda p: (p,))),
    ),
    max_leaves=5,
)
choosing = _node(
    syntax.Allocate,
    amount=small,
    each=st.just(False),
    ranking=st.none(),
    where=st.none(),
    weights=st.none(),
    band=_bands,
    order=st.none() | orders(),
    choice=_choices,
)


_period = st.sampled_from(_PERIODS)
_holidays = st.none() | st.sampled_from(syntax.Holiday)
_weekdays = _node(syntax.OnWeekday, weekday=st.integers(1, 7), nth=st.just(0), holiday=_holidays)
_places = st.one_of(
    _node(
        syntax.OnSession,
        number=_node(syntax.Number, value=st.integers(1, 31).map(Decimal), unit=st.just("")),
        from_end=st.booleans(),
    ),
    _node(syntax.OnWeekday, weekday=st.integers(1, 7), nth=st.sampled_from((-1, 1, 2, 3, 4, 5)), holiday=_holidays),
)
_moments = st.sampled_from(("close", "before_end", "after_start", "at"))
_CYCLES = ("week", "month", "quarter", "half year", "year", 6, 1)


def on_a_place(cycle: str | int, which: syntax.OnSession | syntax.OnWeekday, moment: str) -> syntax.Every:
    """Some sessions of a period, and a moment in them."""
    if isinstance(cycle, str):
        return syntax.Every(span=NOWHERE, period=cycle, on=which, **_in_session(moment))
    unit = "month" if cycle == 1 else "months"
    count = syntax.Number(span=NOWHERE, value=Decimal(cycle), unit=unit)
    return syntax.Every(span=NOWHERE, period="month", count=count, on=which, **_in_session(moment))


def on_a_weekday(day: syntax.OnWeekday, moment: str) -> syntax.Every:
    return syntax.Every(span=NOWHERE, period="week", on=day, **_in_session(moment))


def _in_session(moment: str) -> dict[str, Any]:
    minutes = syntax.Number(span=NOWHERE, value=Decimal(30), unit="min")
    clock = syntax.Clock(span=NOWHERE, second_of_day=43_200)
    known = {"close": {}, "at": {"at": clock, "zone": syntax.Zone(span=NOWHERE, text="UTC")}}
    return known.get(moment, {moment: minutes})


schedules = st.one_of(
    _node(syntax.Every, period=_period, before_end=small),
    _node(syntax.Every, period=_period, after_start=small),
    _node(syntax.Every, period=_period, at=clocks, zone=st.none() | zones),
    st.builds(on_a_place, st.sampled_from(_CYCLES), _places, _moments),
    st.builds(on_a_weekday, _weekdays, _moments),
)
_timings = st.one_of(
    st.tuples(small, st.booleans()),
    st.tuples(st.none(), st.just(True)),
)


@st.composite
def sequences(draw: st.DrawFn) -> syntax.Sequence:
    lasting, named = st.none() | small, st.none() | names
    steps = [draw(_node(syntax.SequenceStep, condition=small, lasting=lasting, name=named))]
    for _ in range(draw(st.integers(1, 2))):
        within, same_bar = draw(_timings)
        later = _node(
            syntax.SequenceStep,
            condition=small,
            lasting=lasting,
            within=st.just(within),
            same_bar=st.just(same_bar),
            name=named,
        )
        steps.append(draw(later))
    return syntax.Sequence(span=NOWHERE, name=draw(names), steps=tuple(steps), unless=draw(st.none() | small))


dotted = _node(syntax.Name, text=st.sampled_from(("calendar.sweep", "a.b.c")))
actions = entries | exits | moves | notes | groups | pairs | allocations() | choosing
rules = _node(
    syntax.Rule,
    name=names,
    on=st.none() | names | dotted,
    every=st.none() | schedules,
    when=st.lists(_node(syntax.When, condition=expressions(8)), max_size=2).map(tuple),
    actions=st.lists(actions, min_size=1, max_size=2).map(tuple),
    at_most=st.none() | _node(syntax.AtMost, count=numbers(("",)), period=_period, across_instruments=st.booleans()),
    instruments=st.just(()) | st.lists(instruments, min_size=1, max_size=2).map(tuple),
)

_CAPPED_PER = (*_PERIODS, "second", "instrument", "group", "side")
_per = _node(syntax.Name, text=st.sampled_from(_CAPPED_PER)) | numbers()
header_lines = st.one_of(
    _node(syntax.StrategyLine, title=texts),
    _node(
        syntax.TradeLine,
        instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple),
        interval=numbers(),
        regular_session=st.booleans(),
    ),
    _node(
        syntax.TradeLine,
        instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple),
        interval=numbers(),
        hours=_intervals(small),
    ),
    _node(
        syntax.TradeLine,
        instruments=st.just(()),
        interval=numbers(),
        regular_session=st.booleans(),
        universe=names,
        leavers=st.sampled_from(("", "exit", "stay")),
    ),
    _node(
        syntax.TradeLine,
        instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple),
        interval=numbers(),
        pairs=st.just(True),
    ),
    _node(syntax.TradeLine, instruments=st.just(()), interval=numbers(), universe=names, pairs=st.just(True)),
    _node(
        syntax.TradeLine,
        instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple),
        interval=numbers(("day", "min", "hour")),
        day_start=_node(syntax.DayStart, clock=clocks, zone=zones),
    ),
    _node(syntax.ReadLine, instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple)),
    _node(
        syntax.AccountLine,
        kind=names,
        currency=st.none() | _node(syntax.Name, text=st.sampled_from(("USD", "EUR", "USDT"))),
    ),
)
_series = {"name": names, "each": st.booleans(), "kind": names, "range": st.none() | _intervals(small)}
tables = st.one_of(
    _node(syntax.Events, name=names, each=st.booleans()),
    _node(syntax.Data, **_series, fresh=st.none() | small),
    _node(syntax.Advice, **_series, adviser=names, fresh=st.none() | small),
)
flows = _node(syntax.Flow, amount=small, every=schedules, withdraw=st.booleans())
_days_named = st.sampled_from(("expiry", "first notice"))
_adjusted = st.sampled_from(("", "difference", "ratio"))
contract_lines = st.one_of(
    _node(contracts.Roll, sessions=small, before=_days_named, adjusted=_adjusted),
    _node(contracts.Roll, by=st.sampled_from(("volume", "open interest")), adjusted=_adjusted),
    _node(
        contracts.Roll,
        by=st.sampled_from(("volume", "open interest")),
        sessions=small,
        before=_days_named,
        adjusted=_adjusted,
    ),
    _node(contracts.Leave, sessions=small, before=_days_named),
    _node(contracts.Group, name=names, instruments=st.lists(instruments, min_size=1, max_size=3).map(tuple)),
)
limits = st.one_of(
    _node(syntax.NoEntries, condition=expressions(8)),
    _node(
        syntax.HaltWhen,
        condition=expressions(8),
        flatten=st.booleans(),
        until=st.sampled_from(("next session", "released")),
    ),
    _node(syntax.Cap, kind=names, bound=small, per=st.none() | _per, reduce=st.booleans()),
    _node(syntax.Floor, kind=st.sampled_from(("keep", "stop distance")), bound=small),
    _node(
        syntax.Halt,
        measure=st.sampled_from(HaltMeasure),
        threshold=small,
        flatten=st.booleans(),
        until=st.sampled_from(("next session", "released")),
    ),
)
functions_declared = _node(syntax.Name, text=st.sampled_from(("my_function", "near")))
_paths = _node(syntax.Text, value=st.sampled_from(("calendar.strat", "a/b.strat", "../x.strat")))
_block_names = _node(syntax.Name, text=st.sampled_from(("month_end", "calendar", "x1")))
_settings = st.lists(_node(syntax.Setting, name=names, value=small), max_size=3).map(tuple)
_alias = st.none() | _block_names
uses = st.one_of(
    _node(syntax.Use, block=st.none(), path=_paths, settings=_settings, alias=_alias),
    _node(syntax.Use, block=_block_names, path=st.none() | _paths, settings=_settings, alias=_alias),
    _node(syntax.BlockLine, name=_block_names, path=st.none()),
    _node(syntax.BlockLine, name=st.none(), path=_paths),
)
books = st.one_of(
    _node(BookLine, title=_node(syntax.Text, value=st.sampled_from(("Core", "a book", "")))),
    _node(Sleeve, path=_paths, part=small, alias=_alias),
)
statements = st.one_of(
    header_lines,
    contract_lines,
    flows,
    _node(syntax.Input, name=names, default=small, range=st.none() | _intervals(small)),
    _node(syntax.Let, name=names, value=expressions(8)),
    _node(
        syntax.Function,
        name=names | functions_declared,
        parameters=st.lists(names, min_size=1, max_size=3).map(tuple),
        value=expressions(8),
    ),
    uses,
    books,
    tables,
    sequences(),
    rules,
    limits,
)


def trees() -> SearchStrategy[syntax.Tree]:
    """Whole files, statements in any order, without comments."""
    return _node(syntax.Tree, statements=st.lists(statements, max_size=6).map(tuple), comments=st.just(()))
