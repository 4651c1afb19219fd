"""Tables beside prices: what their values measure, within which range, how long they are fresh; and their readings."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.advice import article
from stratc.compiler.check.beside.diagnostics import (
    AdviceNeverStale,
    BadBounds,
    EventHasNoValue,
    FreshUnclear,
    NotAnEvent,
    PriceOfNothing,
    UnknownValueKind,
)
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, reads_input
from stratc.compiler.resolve.constants import DURATION_UNITS, SCALES
from stratc.compiler.resolve.symbols import DAY_SECONDS, Table
from stratc.compiler.resolve.words import WORDS
from stratc.dsl.suggest import closest
from stratc.dsl.syntax import Advice, Data, Distance, Events, Expression, Name, Number, Standing
from stratc.dsl.types import COUNT, DURATION, EACH, NUMBER, RATIO, SESSIONS, UNKNOWN, Price, Type, fits

KINDS: Final = ("ratio", "number", "count", "price")
SAMPLES: Final = {
    "ratio": "ratio in -100%..100%",
    "number": "number in -1..1",
    "count": "count in 0..500",
    "price": "price",
}


def kind_of_series(table: Data | Advice, typing: Typing) -> Type:
    """What the values of a series measure; unknown where that was told."""
    match table.kind.text:
        case "ratio":
            return RATIO
        case "number":
            return NUMBER
        case "count":
            return COUNT
        case "price" if table.each:
            return Price(EACH, typing.header.quote_currency)
        case _:
            return UNKNOWN


def check_table(table: Table, typing: Typing) -> None:
    if isinstance(table, Events):
        return
    _check_kind(table, typing)
    if table.fresh is not None:
        if fresh_seconds(table.fresh) is None:
            found = article(typing.types.get(table.fresh, NUMBER))
            typing.tell(FreshUnclear(span=table.fresh.span, found=found))
    elif isinstance(table, Advice):
        typing.tell(AdviceNeverStale(span=table.name.span, name=table.name.text))


def _check_kind(table: Data | Advice, typing: Typing) -> None:
    kind, name = table.kind, table.name.text
    if kind.text not in KINDS:
        near = closest(kind.text, KINDS)
        hint = f"; did you mean `{near}`?" if near else ""
        known = ", ".join(f"`{each}`" for each in KINDS[:-1]) + f" or `{KINDS[-1]}`"
        typing.tell(UnknownValueKind(span=kind.span, name=kind.text, known=known, near=hint))
    elif kind.text == "price" and not table.each:
        typing.tell(PriceOfNothing(span=table.name.span, name=name))


def check_bounds(table: Data | Advice, ends: tuple[Type, Type], typing: Typing) -> None:
    """The ends of a range, which have been typed, against what the series measures."""
    kind, written = kind_of_series(table, typing), table.range
    if written is None or UNKNOWN in (kind, *ends):
        return
    values = [constant(end, typing.resolved) for end in (written.low, written.high)]
    why = ""
    if not all(fits(end, kind) for end in ends):
        why = f"is {article(next(end for end in ends if not fits(end, kind)))}, and its values are {article(kind)}"
    elif None in values or any(reads_input(end, typing.resolved) for end in (written.low, written.high)):
        why = "is not known before the run"
    elif not _rises(values):
        why = "is empty"
    if why:
        sample = SAMPLES[table.kind.text]
        typing.tell(BadBounds(span=written.span, name=table.name.text, why=why, sample=sample))


def _rises(values: list[Decimal | None]) -> bool:
    low, high = values
    return low is not None and high is not None and low < high


def fresh_seconds(fresh: Expression) -> int | None:
    """`30 min`, `45 days` in seconds; None where it is no duration that is written down."""
    if not isinstance(fresh, Number) or fresh.value <= 0:
        return None
    if fresh.unit in DURATION_UNITS:
        seconds = fresh.value * SCALES[fresh.unit]
    elif fresh.unit in ("day", "days"):
        seconds = fresh.value * DAY_SECONDS
    else:
        return None
    return int(seconds) if seconds == seconds.to_integral_value() else None


# ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def type_of_table(name: Name, typing: Typing) -> Type | None:
    """The type of a name that declares a table; None where it declares none."""
    table = typing.resolved.declared.get(name.text)
    match table:
        case Events():
            return typing.tell(EventHasNoValue(span=name.span, name=name.text))
        case Data() | Advice():
            return kind_of_series(table, typing)
        case _:
            return None


def type_of_distance(node: Distance, typing: Typing) -> Type:
    if not _is_event(node.event, typing):
        return UNKNOWN
    match node.measure:
        case "sessions":
            return SESSIONS
        case "days":
            return COUNT
        case _:
            return DURATION


def asks_event(node: Standing, typing: Typing) -> bool:
    """Whether it is asked of an event's date: then its subject is no value. What has none is told."""
    if isinstance(node.subject, Name) and typing.resolved.events(node.subject.text) is not None:
        return True
    if node.state.needs_date:
        typing.tell(NotAnEvent(span=node.subject.span, name=typing.text(node.subject)))
        return True
    return False


def _is_event(name: Name, typing: Typing) -> bool:
    if typing.resolved.events(name.text) is not None:
        return True
    if name.text in typing.resolved.declared or name.text in WORDS:
        typing.tell(NotAnEvent(span=name.span, name=name.text))
    return False
