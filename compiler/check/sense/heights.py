"""Heights: which of two prices is certainly not below the other, whatever the market does.

Maps a formula of prices to a sum of terms, and compares two sums by what prices are: a bar's low is not above its open
and close, and those are not above its high; the highest of some bars is not below any of them; a range, a deviation
and a price are not negative. What an input may be counts whole. What it does not understand is a term that is
comparable only with itself, so an answer that it gives is certain and silence means nothing.

Prices are taken as positive; an answer would be wrong only of a future that trades below nought.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import STEP_UNITS, base_value, constant, is_constant, reads_input
from stratc.compiler.check.grounds import counts_sessions
from stratc.compiler.check.sense.extremes import Extremes, extremes
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Crosses,
    Expression,
    HeldFor,
    History,
    IfElse,
    Input,
    Name,
    Number,
    Over,
    SinceEntry,
    Unary,
    UnaryOperator,
)
from stratc.dsl.types import RATIO, UNKNOWN, Price, is_number
from stratc.runtime.model.instrument import Instrument

RANKS: Final = {"low": 0, "open": 1, "close": 1, "high": 2}
NEVER_NEGATIVE: Final = frozenset({"atr", "true_range", "stdev", "abs"})
# What lies among the values of its first argument, so that it is not negative where they are not.
AMONG: Final = frozenset({"sma", "ema", "rma", "wma", "highest", "lowest", "first", "last", "sum"})
EXTREMES: Final = frozenset({"highest", "lowest"})
WINDOW_BARS_MAX: Final = 300
CHOICES_MAX: Final = 4
HALF: Final = Decimal("0.5")
Fact = tuple[Expression, Expression]


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One unknown of a sum. `over` and `under` are prices, as (column, bar), that it is never below and never above."""

    text: str
    positive: bool = False
    over: frozenset[tuple[str, str]] = frozenset()
    under: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True, kw_only=True)
class Height:
    """A sum of terms and an amount of money."""

    terms: dict[Term, Decimal] = field(default_factory=dict)
    fixed: Decimal = Decimal(0)

    def plus(self, other: Height, factor: Decimal) -> Height:
        terms = dict(self.terms)
        for term, times in other.terms.items():
            terms[term] = terms.get(term, Decimal(0)) + times * factor
        return Height(terms={term: n for term, n in terms.items() if n}, fixed=self.fixed + other.fixed * factor)


@dataclass(slots=True, kw_only=True)
class Sums:
    """The notebook of one check: the heights of bindings found so far, so that each is followed once."""

    typing: Typing
    named: dict[str, Height] = field(default_factory=dict)


def not_below(price: Expression, other: Expression, facts: tuple[Fact, ...], sums: Sums) -> bool:
    """Whether `price` is certainly at least `other`, on every bar on which both are known and the facts hold."""
    known = tuple(_height(high, sums).plus(_height(low, sums), Decimal(-1)) for high, low in facts)
    gaps = (
        _height(one, sums).plus(_height(another, sums), Decimal(-1))
        for one in _outcomes(price, sums)
        for another in _outcomes(other, sums)
    )
    return all(
        _is_not_negative(gap) or any(_is_not_negative(gap.plus(fact, Decimal(-1))) for fact in known) for gap in gaps
    )


def never_positive(distance: Expression, sums: Sums) -> bool:
    """Whether a distance is certainly nought or less on every bar."""
    outcomes = (_height(outcome, sums) for outcome in _outcomes(distance, sums))
    return all(_is_not_negative(Height().plus(height, Decimal(-1))) for height in outcomes)


def _outcomes(node: Expression, sums: Sums, deep: int = 0) -> Iterator[Expression]:
    """What a choice may come to; every other formula is itself."""
    value = sums.typing.resolved.binding(node.text) if isinstance(node, Name) else node
    if isinstance(value, IfElse) and deep < CHOICES_MAX:
        yield from _outcomes(value.then, sums, deep + 1)
        yield from _outcomes(value.otherwise, sums, deep + 1)
    else:
        yield node


def facts_of(condition: Expression, sums: Sums) -> tuple[Fact, ...]:
    """What a condition says about heights where it holds: pairs of which the first is not below the second."""
    return tuple(_facts(condition, sums, set()))


def _facts(condition: Expression, sums: Sums, seen: set[str]) -> Iterator[Fact]:
    match condition:
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            yield from _facts(left, sums, seen)
            yield from _facts(right, sums, seen)
        case Binary(operator=BinaryOperator.GREATER | BinaryOperator.GREATER_EQUAL, left=left, right=right):
            yield left, right
        case Binary(operator=BinaryOperator.LESS | BinaryOperator.LESS_EQUAL, left=left, right=right):
            yield right, left
        case Crosses(left=left, above=above, right=right):
            yield (left, right) if above else (right, left)
        case HeldFor(condition=inner):
            yield from _facts(inner, sums, seen)
        case Name(text=text) if text not in seen:
            seen.add(text)
            value = sums.typing.resolved.binding(text)
            if value is not None:
                yield from _facts(value, sums, seen)
        case _:
            return


def _is_not_negative(height: Height) -> bool:
    if height.fixed < 0:
        return False
    left = {term: times for term, times in height.terms.items() if times > 0}
    for term, times in height.terms.items():
        if times < 0 and not _is_covered(term, -times, left):
            return False
    return all(term.positive for term, times in left.items() if times > 0)


def _is_covered(term: Term, times: Decimal, left: dict[Term, Decimal]) -> bool:
    """Takes from what is left as much as is certainly not below the term."""
    for other in tuple(left):
        if times > 0 and _reaches(other, term):
            taken = min(times, left[other])
            left[other] -= taken
            times -= taken
    return times <= 0


def _reaches(higher: Term, lower: Term) -> bool:
    return any(
        bar == base and RANKS[column] >= RANKS[ground] and (column == ground or RANKS[column] != RANKS[ground])
        for column, bar in higher.over
        for ground, base in lower.under
    )


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _height(node: Expression, sums: Sums) -> Height:
    match node:
        case Number():
            return _height_of_number(node, sums)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            return Height().plus(_height(operand, sums), Decimal(-1))
        case Binary():
            return _height_of_binary(node, sums)
        case Name(text=text):
            stated, value = sums.typing.resolved.input(text), sums.typing.resolved.binding(text)
            if stated is not None:
                return _height_of_input(stated, sums)
            return _single(_column(text, 0)) if value is None and text in RANKS else _followed(node, value, sums)
        case Call(function=Name(text="midpoint"), arguments=(one, other)):
            halves = Height().plus(_height(one.value, sums), HALF)
            return halves.plus(_height(other.value, sums), HALF)
        case Call() | Over() | History():
            return _single(_term(node, sums))
        case IfElse(then=then, otherwise=otherwise):
            positive = all(_is_not_negative(_height(part, sums)) for part in (then, otherwise))
            return _single(Term(text=_opaque(node, sums).text, positive=positive))
        case _:
            return _single(_opaque(node, sums))


def _single(term: Term) -> Height:
    return Height(terms={term: Decimal(1)})


def _followed(node: Name, value: Expression | None, sums: Sums) -> Height:
    if value is None:
        return _single(_opaque(node, sums))
    if node.text not in sums.named:
        sums.named[node.text] = _height(value, sums)
    return sums.named[node.text]


def _height_of_number(number: Number, sums: Sums) -> Height:
    """A step is money where the instruments agree on it, else something of which only the sign is known."""
    step = STEP_UNITS.get(number.unit)
    if step is None:
        return Height(fixed=base_value(number))
    sizes = {_size_of(step, instrument) for instrument in sums.typing.header_at(number).instruments}
    size = sizes.pop() if len(sizes) == 1 else None
    if size is None:
        return Height(terms={Term(text=step, positive=True): number.value})
    return Height(fixed=number.value * size)


def _size_of(step: str, instrument: Instrument) -> Decimal | None:
    return {"tick": instrument.tick, "pip": instrument.pip, "point": instrument.point}[step]


def _height_of_input(stated: Input, sums: Sums) -> Height:
    """The end of its range that is nearer to nought, and as much more as the other end allows."""
    if stated.range is None:
        return _height(stated.default, sums)
    ends = extremes(stated.range.low, sums.typing.resolved), extremes(stated.range.high, sums.typing.resolved)
    low, high = stated.range.low, stated.range.high
    if ends[0] is None or ends[1] is None or ends[0][0] > ends[1][0]:
        return _single(Term(text=stated.name.text))
    more = Height(terms={Term(text=f"{stated.name.text} beyond", positive=True): Decimal(1)})
    if ends[1][0] <= 0:
        return _height(high, sums).plus(more, Decimal(-1))
    return _height(low, sums).plus(more, Decimal(1))


def _height_of_binary(node: Binary, sums: Sums) -> Height:
    factor, other = _factor(node.left, sums), node.right
    if factor is None:
        factor, other = _factor(node.right, sums), node.left
    match node.operator:
        case BinaryOperator.ADD:
            return _height(node.left, sums).plus(_height(node.right, sums), Decimal(1))
        case BinaryOperator.SUBTRACT:
            return _height(node.left, sums).plus(_height(node.right, sums), Decimal(-1))
        case BinaryOperator.MULTIPLY | BinaryOperator.OF if factor is not None:
            return _scaled(_height(other, sums), factor, node, sums)
        case BinaryOperator.DIVIDE if factor is not None and other is node.left and factor[0] == factor[1] != 0:
            return Height().plus(_height(other, sums), 1 / factor[0])
        case _:
            return _single(_opaque(node, sums))


def _factor(node: Expression, sums: Sums) -> Extremes | None:
    """Between which numbers a constant without steps and money lies."""
    kind = sums.typing.types.get(node, UNKNOWN)
    plain = (is_number(kind) or kind == RATIO) and is_constant(node, sums.typing.resolved)
    return extremes(node, sums.typing.resolved) if plain else None


def _scaled(height: Height, factor: Extremes, node: Expression, sums: Sums) -> Height:
    """A product with a factor of a range: the end nearer to nought, and a part of the height that is not known."""
    low, high = factor
    near, far = (low, high) if low >= 0 else (high, low) if high <= 0 else (Decimal(0), Decimal(0))
    found = Height().plus(height, near)
    if low == high:
        return found
    if near == far:
        return _single(_opaque(node, sums))
    only = next(iter(height.terms)) if len(height.terms) == 1 and not height.fixed else None
    single = only is not None and height.terms[only] == 1 and only.positive
    part = Term(
        text=f"a part of {sums.typing.text(node)} {node.span.start}",
        positive=_is_not_negative(height),
        under=only.under if only is not None and single else frozenset(),
    )
    return found.plus(_single(part), far - near)


def _opaque(node: Expression, sums: Sums) -> Term:
    here = (f"{sums.typing.text(node)} {node.span.start}", "")
    return Term(text=here[0])


def _column(name: str, bars_ago: int) -> Term:
    here = frozenset({(name, str(bars_ago))})
    return Term(text=f"{name}[{bars_ago}]", positive=True, over=here, under=here)


def _term(node: Call | Over | History, sums: Sums) -> Term:
    resolved = sums.typing.resolved
    match node:
        case History(base=Name(text=text), offset=offset) if text in RANKS and not counts_sessions(node, resolved):
            bars = None if reads_input(offset, resolved) else constant(offset, resolved)
            whole = bars is not None and bars == bars.to_integral_value()
            return _column(text, int(bars)) if bars is not None and whole else _named(node, sums)
        case Over(call=call):
            words = " ".join(sums.typing.source.slice(node.window.span).split())
            # The bars since the entry end with the one at hand; other windows may have ended before it.
            at_hand = ("0",) if isinstance(node.window, SinceEntry) else ()
            return _extreme(call, words, (words, *at_hand)) or _named(node, sums)
        case Call(function=Name(text=name)) if name in EXTREMES and len(node.arguments) == 2:
            length = node.arguments[1].value
            return _extreme(node, sums.typing.text(length), tuple(_bars(length, sums))) or _named(node, sums)
        case _:
            return _named(node, sums)


def _named(node: Call | Over | History, sums: Sums) -> Term:
    """A value that is known only by its name: the same words are the same value, and some are never negative."""
    return Term(text=sums.typing.text(node), positive=_is_never_negative(node, sums))


def _is_never_negative(node: Expression, sums: Sums) -> bool:
    match node:
        case Call(function=Name(text=name), arguments=arguments):
            signs = (_is_never_negative(item.value, sums) for item in arguments)
            match name:
                case "min":
                    return all(signs)
                case "max":
                    return any(signs)
                case _:
                    return name in NEVER_NEGATIVE or (name in AMONG and next(signs, False))
        case Over(call=call):
            return _is_never_negative(call, sums)
        case History(base=base):
            return _is_never_negative(base, sums)
        case Name(text=text):
            value = sums.typing.resolved.binding(text)
            return isinstance(sums.typing.types.get(node), Price) or (
                value is not None and _is_never_negative(value, sums)
            )
        case Binary(operator=BinaryOperator.ADD | BinaryOperator.SUBTRACT | BinaryOperator.MULTIPLY):
            return _is_not_negative(_height(node, sums))
        case _:
            return False


def _bars(length: Expression, sums: Sums) -> Iterator[str]:
    """The bars that are in a window whatever its inputs are: the one at hand is always one of them."""
    found = extremes(length, sums.typing.resolved)
    count = int(found[0]) if found is not None and 1 <= found[0] <= WINDOW_BARS_MAX else 1
    return (str(bar) for bar in range(count))


def _extreme(call: Call, window: str, bars: tuple[str, ...]) -> Term | None:
    series = call.arguments[0].value if call.arguments else None
    if call.function.text not in EXTREMES or not isinstance(series, Name) or series.text not in RANKS:
        return None
    prices = frozenset((series.text, bar) for bar in bars)
    text = f"{call.function.text}({series.text}) {window}"
    if call.function.text == "highest":
        return Term(text=text, positive=True, over=prices)
    return Term(text=text, positive=True, under=prices)
