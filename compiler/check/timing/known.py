"""Knowledge: since when each value is known, and after how many bars.

Warm-up composes exactly: an indicator is known after what its inputs need and its own warm-up less the bar on which
the inputs became known; history adds its bars. Windows are counted in sessions: how many bars one has depends on the
data. An `input` counts at its default. Nothing here can know less than the bar's close: that is what makes it causal,
and `lag_bars` never negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

from stratc.compiler.check.calls import Bound, bind
from stratc.compiler.check.checked import Known, KnownWhen
from stratc.compiler.check.constants import constant
from stratc.compiler.check.grounds import OWN, counts_sessions, place_of
from stratc.compiler.check.pivots import sides_bars
from stratc.compiler.resolve.symbols import Resolved
from stratc.compiler.resolve.words import BUILT_IN, PIVOTS
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Indicator, Param
from stratc.dsl.syntax import (
    Across,
    AnchoredWindow,
    AtEntry,
    BarsSince,
    Call,
    ChangesSign,
    Clock,
    Crosses,
    Day,
    Distance,
    Expression,
    HeldFor,
    History,
    InUniverse,
    Member,
    Missing,
    Name,
    Node,
    Number,
    OnBars,
    Over,
    Sequence,
    SessionSoFar,
    SinceEntry,
    Standing,
    Text,
    ValueWhen,
    children,
)

ALWAYS = Known(when=KnownWhen.ALWAYS)
AT_CLOSE = Known(when=KnownWhen.BAR_CLOSE)
PUBLISHED = Known(when=KnownWhen.PUBLISHED)
ORDER = tuple(KnownWhen)
OFFSET_BARS_MAX = 20_000


def known_of(expression: Expression, resolved: Resolved, found: dict[Node, Known]) -> Known:
    """Since when an expression is known; remembered in `found`, where what is declared above it already is."""
    known = found.get(expression)
    if known is None:
        known = found[expression] = _known_of(expression, resolved, found)
    return known


def _on_longer_bars(known: Known) -> Known:
    """A value that was counted in longer bars: how many bars one has depends on the data, as with windows. A window of
    the session is known when the session's own bar closes, and that bar is counted already."""
    sessions = known.sessions + known.bars - (known.when in (KnownWhen.LONGER_CLOSE, KnownWhen.WINDOW_END))
    return Known(when=KnownWhen.LONGER_CLOSE, sessions=sessions, lag_bars=0)


def _on_its_bars(node: Call | History | HeldFor | ChangesSign, counted: Known, resolved: Resolved) -> Known:
    return _on_longer_bars(counted) if place_of(node, resolved, OWN).bars is not None else counted


def _known_of(node: Expression, resolved: Resolved, found: dict[Node, Known]) -> Known:
    match node:
        case Number() | Clock() | Day() | Text() | Missing():
            return ALWAYS
        case Name():
            return _known_name(node, resolved, found)
        case OnBars(value=value):
            return _on_longer_bars(known_of(value, resolved, found))
        case Call():
            return _on_its_bars(node, _known_call(node, resolved, found), resolved)
        case Member(base=Name(text=text)) if text in resolved.declared and resolved.binding(text) is None:
            return _formed((known_of(node.base, resolved, found), AT_CLOSE))
        case Distance() | InUniverse():
            return PUBLISHED
        case Standing(subject=Name(text=text)) if resolved.events(text) is not None:
            return PUBLISHED
        case Member(base=base):
            return known_of(base, resolved, found)
        case History():
            return _on_its_bars(node, _known_before(node, resolved, found), resolved)
        case AtEntry(value=value):
            return _formed((known_of(value, resolved, found),))
        case BarsSince(condition=condition):
            return _formed((known_of(condition, resolved, found),))
        case HeldFor(condition=condition, bars=bars):
            lasting = _offset_bars(constant(bars, resolved))
            return _on_its_bars(node, _later(known_of(condition, resolved, found), max(1, lasting)), resolved)
        case ChangesSign(value=value):
            # The first bar on which it is not nought has a sign, and none before it.
            signed = _formed((known_of(value, resolved, found),))
            return _on_its_bars(node, _later(signed, _own_warmup("cross", ())), resolved)
        case ValueWhen(value=value, condition=condition):
            return _formed((known_of(value, resolved, found), known_of(condition, resolved, found)))
        case Crosses():
            both = latest(known_of(part, resolved, found) for part in (node.left, node.right))
            return _later(both, _own_warmup("cross", ()))
        case Across():
            return latest(known_of(item.value, resolved, found) for item in node.call.arguments)
        case Over():
            series = latest(known_of(item.value, resolved, found) for item in node.call.arguments)
            return _known_window(series, node.window)
        case _:
            # What reads the account or the bar itself is known at the bar's close.
            parts = [known_of(part, resolved, found) for part in _parts(node)]
            return latest(parts) if parts else AT_CLOSE


def _parts(node: Node) -> Iterable[Expression]:
    """The expressions below an operator; those inside a range are below its bounds."""
    for child in children(node):
        if isinstance(child, Expression):
            yield child
        else:
            yield from _parts(child)


def _known_name(name: Name, resolved: Resolved, found: dict[Node, Known]) -> Known:
    if resolved.input(name.text) is not None:
        return ALWAYS
    if resolved.series(name.text) is not None:
        return PUBLISHED
    step = resolved.step(name.text)
    sequence = step[0] if step is not None else resolved.sequence(name.text)
    if sequence is not None:
        return found.get(sequence, AT_CLOSE)
    value = resolved.binding(name.text)
    return AT_CLOSE if value is None else found.get(value, AT_CLOSE)


def known_sequence(sequence: Sequence, resolved: Resolved, found: dict[Node, Known]) -> Known:
    """A sequence comes true at a bar's close; it is known of every bar whether it does."""
    parts = [step.condition for step in sequence.steps]
    parts += [sequence.unless] if sequence.unless is not None else []
    return _later(latest(known_of(part, resolved, found) for part in parts), 1)


def _formed(parts: Iterable[Known]) -> Known:
    """What a condition publishes when it comes true: after that bar's close, and of no bar before it."""
    whole = latest(parts)
    return Known(when=KnownWhen.FORMED, bars=whole.bars, sessions=whole.sessions, lag_bars=0)


def latest(parts: Iterable[Known]) -> Known:
    """Known when the last of the parts is; its youngest bar is the youngest of theirs."""
    return reduce(_join, parts, ALWAYS)


def _join(one: Known, other: Known) -> Known:
    lags = [part.lag_bars for part in (one, other) if part.when is not KnownWhen.ALWAYS]
    return Known(
        when=max(one.when, other.when, key=ORDER.index),
        bars=max(one.bars, other.bars),
        sessions=max(one.sessions, other.sessions),
        lag_bars=min(lags, default=0),
    )


def _later(base: Known, own_bars: int) -> Known:
    return Known(
        when=max(base.when, KnownWhen.BAR_CLOSE, key=ORDER.index),
        bars=base.bars + own_bars - 1,
        sessions=base.sessions,
        lag_bars=base.lag_bars,
    )


def _known_call(call: Call, resolved: Resolved, found: dict[Node, Known]) -> Known:
    indicator = catalogue.lookup(call.function.text)
    base = latest(known_of(argument.value, resolved, found) for argument in call.arguments)
    if call.function.text in PIVOTS and len(call.arguments) == BUILT_IN[call.function.text]:
        return _formed((_later(base, sum(sides_bars(call, resolved)) + 1),))
    if indicator is None:
        return base
    bound = bind(call, indicator)
    if isinstance(bound, str):
        return base
    params = parameters(bound, resolved)
    return base if params is None else _later(base, _own_warmup(indicator.name, params))


def _own_warmup(name: str, params: tuple[float, ...]) -> int:
    indicator = catalogue.lookup(name)
    return indicator.warmup(*params) if indicator is not None else 1


def parameters(bound: Bound, resolved: Resolved) -> tuple[float, ...] | None:
    """The parameters of a call as numbers, inputs at their defaults; None where one is wrong and has been told."""
    values = tuple(_parameter(param, written, resolved) for param, written in bound.params)
    return tuple(value for value in values if value is not None) if None not in values else None


def _parameter(param: Param, written: Expression | None, resolved: Resolved) -> float | None:
    value = constant(written, resolved) if written is not None else Decimal(str(param.default))
    if value is None or not Decimal(str(param.at_least)) <= value <= Decimal(str(param.at_most)):
        return None
    if param.whole:
        return int(value) if value == value.to_integral_value() else None
    return float(value)


def _known_before(node: History, resolved: Resolved, found: dict[Node, Known]) -> Known:
    base = known_of(node.base, resolved, found)
    offset = constant(node.offset, resolved)
    if _offset_bars(offset) and counts_sessions(node, resolved):
        # The session that X is first known in is the first that counts.
        return Known(when=KnownWhen.LONGER_CLOSE, sessions=max(1, base.sessions) + _offset_bars(offset) - 1)
    if resolved.step_read(node.base) is not None:
        # `gap.high[2]` is `high[2]` on the bar of the step, and known with it.
        return _formed((base, Known(when=KnownWhen.BAR_CLOSE, bars=1 + _offset_bars(offset))))
    bars = _offset_bars(offset)
    return Known(
        when=max(base.when, KnownWhen.BAR_CLOSE, key=ORDER.index),
        bars=base.bars + bars,
        sessions=base.sessions,
        lag_bars=base.lag_bars + bars,
    )


def _offset_bars(offset: Decimal | None) -> int:
    return max(0, int(offset)) if offset is not None and abs(offset) < OFFSET_BARS_MAX + 1 else 0


def _known_window(series: Known, window: AnchoredWindow) -> Known:
    if isinstance(window, SessionSoFar | SinceEntry):
        return _later(series, 1)
    return Known(when=KnownWhen.WINDOW_END, bars=series.bars, sessions=series.sessions + 1, lag_bars=series.lag_bars)


def default_parameters(indicator: Indicator, params: tuple[float | str, ...], resolved: Resolved) -> tuple[float, ...]:
    """Parameters as numbers where a text names an `input`, which counts at its default."""
    return tuple(_number(param, value, resolved) for param, value in zip(indicator.params, params, strict=True))


def _number(param: Param, value: float | str, resolved: Resolved) -> float:
    if isinstance(value, str):
        stated = resolved.input(value)
        default = constant(stated.default, resolved) if stated is not None else None
        return int(default or 1) if param.whole else float(default or 1)
    return int(value) if param.whole else value
