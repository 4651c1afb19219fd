"""Slips of the pen, made by machine: a well-typed program to the programs that differ from it by one wrong unit.

Walks the tree and offers at every number, series, time, direction and sign what a tired trader writes instead. A slip
knows its kind, the words before and after it and what they stand in, so that `legal.py` can say which slips are other
programs and no mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.driver import Compilation
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    AccountLine,
    Allocate,
    Argument,
    AtMost,
    Binary,
    BinaryOperator,
    BlockLine,
    Call,
    Cap,
    Clock,
    Crosses,
    DriftBand,
    Entry,
    Every,
    Exit,
    FirstOfSession,
    Floor,
    Halt,
    History,
    IfElse,
    Input,
    Interval,
    Let,
    MoveStop,
    Name,
    Node,
    Number,
    OfInstrument,
    OnBars,
    OrderPhrase,
    Ranking,
    SequenceStep,
    Sizing,
    StopLoss,
    Target,
    TimeInForce,
    TradeLine,
    TrailingStop,
    Within,
    Zone,
    children,
)
from stratc.runtime.model.record import record

COMPARISONS = frozenset({"<", "<=", ">", ">=", "is", "is not"})
COUNTED = ("shares", "contracts", "units", "coins")
CURRENCIES = ("EUR", "JPY")
SHARES = {"%": ("bps",), "bps": ("%",)}
STEPS = {"tick": ("pips", "points"), "pip": ("points",), "point": ("pips",)}
CLOCKS = {
    "bar": ("sessions", "min"),
    "session": ("bars", "hours"),
    "min": ("bars", "sessions", "seconds"),
    "hour": ("bars", "min"),
    "day": ("min", "bars"),
}
WORDS = {
    "volume": ("close",),
    "equity": ("close", "volume"),
    "cash": ("close",),
    "invested": ("position", "close"),
    "position": ("close", "equity"),
    "bars_held": ("sessions_held",),
    "sessions_held": ("bars_held",),
    "bars_since_exit": ("sessions_since_exit",),
    "sessions_since_exit": ("bars_since_exit",),
    "time": ("bar", "volume"),
    "open_profit": ("close", "position", "open_profit_r"),
    "open_profit_r": ("open_profit", "initial_risk"),
    "initial_risk": ("open_profit", "open_profit_r"),
    "entry_price": ("open_profit", "initial_risk"),
    "last_entry_price": ("last_profit", "initial_risk"),
    "last_profit": ("last_entry_price", "losses_in_a_row"),
    "units_held": ("position",),
    "losses_in_a_row": ("last_profit",),
    "exits_of_position": ("position",),
} | dict.fromkeys(("open", "high", "low", "close"), ("volume", "equity"))
PLACES: tuple[tuple[type[Node], str], ...] = (
    (History, "history"),
    (Argument, "argument"),
    (FirstOfSession, "window"),
    (Every, "schedule"),
    (TimeInForce, "life"),
    (AtMost, "at most"),
    (StopLoss, "stop loss"),
    (Target, "target"),
    (OrderPhrase, "order"),
    (TrailingStop, "trailing stop"),
    (MoveStop, "moved stop"),
    (Sizing, "size"),
    (Exit, "portion"),
    (DriftBand, "band"),
    (Ranking, "ranking"),
    (Allocate, "allocation"),
    (OnBars, "longer bars"),
    (SequenceStep, "step"),
    (Cap, "cap"),
    (Floor, "floor"),
    (Halt, "halt"),
    (Input, "input"),
    (TradeLine, "header"),
    (Interval, "range"),
    (Crosses, "comparison"),
    (Within, "comparison"),
    (IfElse, "choice"),
    (Let, "let"),
)


@record
class Slip:
    """One change of one text. `place` is the innermost construct around it, `beside` the text that it stands in."""

    kind: str
    span: Span
    before: str
    after: str
    place: str
    beside: str

    def applied(self, text: str) -> str:
        return text[: self.span.start] + self.after + text[self.span.end :]


def slips(compilation: Compilation) -> Iterator[Slip]:
    """Every slip that this program offers, in the order of the text; blocks of other files behind it offer none."""
    text = compilation.source.text
    files = [line.span.start for line in compilation.tree.statements if isinstance(line, BlockLine) and line.path]
    for node, parents in _walk(compilation.tree, ()):
        if files and node.span.start >= files[0]:
            break
        place, around = _place(parents)
        for kind, span, after in _slips_of(node, parents, text):
            before, beside = text[span.start : span.end], text[around.span.start : around.span.end]
            if before != after:
                yield Slip(
                    kind=kind, span=span, before=before, after=after, place=place, beside=" ".join(beside.split())
                )


def _walk(node: Node, parents: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    yield node, parents
    for child in children(node):
        yield from _walk(child, (*parents, node))


def _place(parents: tuple[Node, ...]) -> tuple[str, Node]:
    for parent in reversed(parents):
        if isinstance(parent, Binary):
            name = "comparison" if parent.operator.value in COMPARISONS else parent.operator.value
            return name, parent
        for kind, name in PLACES:
            if isinstance(parent, kind):
                return name, parent
    return "", parents[-1] if parents else Node(span=Span(0, 0))


def _slips_of(node: Node, parents: tuple[Node, ...], text: str) -> Iterator[tuple[str, Span, str]]:
    match node:
        case Number():
            yield from _of_number(node, parents, text)
        case Name():
            yield from _of_name(node, parents)
        case Clock():
            yield from _of_clock(node, text)
        case Call():
            yield from _of_call(node)
        case Binary():
            yield from _of_binary(node, parents, text)
        case Entry():
            yield from _of_entry(node, text)
        case MoveStop(price=price) if price is not None:
            yield "distance for a price", price.span, "2 * atr(14)"
        case TrailingStop(distance=distance):
            yield "price for a distance", distance.span, "close"
            yield "distance turned", distance.span, f"-{text[distance.span.start : distance.span.end]}"
        case OfInstrument() if not any(isinstance(parent, OfInstrument) for parent in parents):
            yield "instrument forgotten", node.span, text[node.series.span.start : node.series.span.end]
        case Zone() if not isinstance(parents[-1], TradeLine):
            yield "zone forgotten", Span(node.span.start - 1, node.span.end), ""
        case AccountLine(currency=Name() as currency):
            yield "account in another currency", currency.span, "EUR" if currency.text != "EUR" else "USD"
        case _:
            return


def _of_number(node: Number, parents: tuple[Node, ...], text: str) -> Iterator[tuple[str, Span, str]]:
    written = text[node.span.start : node.span.end]
    digits = written.rstrip("%abcdefghijklmnopqrstuvwxyzRUSDEJPYGBC ").strip()
    unit = node.unit.removesuffix("s") if node.unit != "bps" else node.unit
    if node.unit:
        yield "unit dropped", node.span, digits
    else:
        yield "share for a number", node.span, f"{digits}%"
        yield "money for a number", node.span, f"{digits} USD"
    for other in _other_units(node.unit, unit):
        if isinstance(parents[-1], TradeLine) and other not in ("bars", "sessions"):
            continue  # bars of another length are another program
        yield "another unit", node.span, f"{digits} {other}"
    if unit in ("%", "bps", "x"):
        yield "money for a share", node.span, f"{digits} USD"
    whole = node.value == node.value.to_integral_value()
    if isinstance(parents[-1], Argument | History) or unit in ("share", "contract", "unit", "bar", "session", "min"):
        for wrong in ("0", "-5", "2.5") if whole else ("-5",):
            yield "nought, negative or broken", node.span, f"{wrong} {node.unit}".strip()


def _other_units(full: str, unit: str) -> Iterator[str]:
    if full in COUNTED or f"{full}s" in COUNTED:
        yield from (other for other in COUNTED if other.removesuffix("s") != unit)
        yield "%"
    if unit in STEPS:
        yield from STEPS[unit]
        yield "shares"
    yield from CLOCKS.get(unit, ())
    if len(unit) in (3, 4) and unit.isupper():
        yield from (other for other in CURRENCIES if other != unit)
        yield from ("shares", "R")
    yield from SHARES.get(unit, ())
    if unit == "R":
        yield from ("%", "bars")


def _of_name(node: Name, parents: tuple[Node, ...]) -> Iterator[tuple[str, Span, str]]:
    if isinstance(parents[-1], Call | Argument) and node is not getattr(parents[-1], "value", None):
        return
    for other in WORDS.get(node.text, ()):
        yield "another series", node.span, other


def _of_clock(node: Clock, text: str) -> Iterator[tuple[str, Span, str]]:
    written = text[node.span.start : node.span.end]
    yield "duration for a time", node.span, "45 min"
    yield "number for a time", node.span, "9"
    if written.startswith("0"):
        yield "hour of one digit", node.span, written[1:]


def _of_call(node: Call) -> Iterator[tuple[str, Span, str]]:
    swaps = {"rsi": ("atr(14)", "sma(close, 14)"), "atr": ("rsi(close, 14)", "volume"), "roc": ("rsi(close, 14)",)}
    of_volume = bool(node.arguments) and getattr(node.arguments[0].value, "text", "") == "volume"
    average = "sma(close, 20)" if of_volume else "sma(volume, 20)"
    swaps |= {"sma": (average, "rsi(close, 14)"), "ema": ("ema(volume, 20)",), "highest": ("atr(14)",)}
    swaps |= {"lowest": ("atr(14)", "volume"), "zscore": ("atr(14)",), "stdev": ("zscore(close, 20)",)}
    for other in swaps.get(node.function.text, ()):
        yield "another indicator", node.span, other


def _of_binary(node: Binary, parents: tuple[Node, ...], text: str) -> Iterator[tuple[str, Span, str]]:
    between = text[node.left.span.end : node.right.span.start]
    if node.operator is BinaryOperator.OF:
        share = text[node.left.span.start : node.left.span.end]
        yield "share of nothing", node.span, share
    turned = {"+": "-", "-": "+"}.get(node.operator.value)
    if turned and isinstance(parents[-1], StopLoss | Target | MoveStop):
        span = Span(node.left.span.end, node.right.span.start)
        yield "sign turned", span, between.replace(node.operator.value, turned)


def _of_entry(node: Entry, text: str) -> Iterator[tuple[str, Span, str]]:
    word = node.direction.value
    at = text.index(word, node.span.start)
    yield "direction turned", Span(at, at + len(word)), "short" if word == "buy" else "buy"
    if node.stop_loss is not None:
        yield "stop loss forgotten", _with_comma(node.stop_loss.span, text), ""
        yield "distance for a price", node.stop_loss.price.span, "2 * atr(14)"
    if node.order is not None and node.order.stop_price is None and node.order.limit_price is not None:
        yield "distance for a price", node.order.limit_price.span, "2 * atr(14)"
    if node.target is not None and node.stop_loss is not None:
        loss, target = node.stop_loss.price.span, node.target.value.span
        yield "stop loss and target swapped", loss, text[target.start : target.end]


def _with_comma(span: Span, text: str) -> Span:
    start = len(text[: span.start].rstrip(" "))
    return Span(start - 1, span.end) if text[start - 1] == "," else span
