"""Heights: which of two prices is certainly not below the other, whatever the market does.

Maps a formula of prices to a sum of terms, and compares two sums by what prices are: a bar's low is not above its open
and close, and those are not above its high; the highest of some bars is not below any of them; a range, a deviation
and a price are not negative. Inputs count at their defaults. What it does not understand is a term that is comparable
only with itself, so an answer that it gives is certain and silence means nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import STEP_UNITS, constant
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Crosses,
    Expression,
    History,
    Name,
    Number,
    Over,
    Unary,
    UnaryOperator,
)
from stratc.dsl.types import Price
from stratc.runtime.model.instrument import Instrument

RANKS: Final = {"low": 0, "open": 1, "close": 1, "high": 2}
NEVER_NEGATIVE: Final = frozenset({"atr", "true_range", "stdev", "abs"})
# What lies among the values of its first argument, so that it is not negative where they are not.
AMONG: Final = frozenset({"sma", "ema", "rma", "wma", "highest", "lowest", "first", "last", "sum", "min", "max"})
EXTREMES: Final = frozenset({"highest", "lowest"})
WINDOW_BARS_MAX: Final = 300
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


def not_below(price: Expression, other: Expression, facts: tuple[Fact, ...], typing: Typing) -> bool:
    """Whether `price` is certainly at least `other`, on every bar on which both are known and the facts hold."""
    gap = _height(price, typing).plus(_height(other, typing), Decimal(-1))
    known = (_height(high, typing).plus(_height(low, typing), Decimal(-1)) for high, low in facts)
    return _is_not_negative(gap) or any(_is_not_negative(gap.plus(fact, Decimal(-1))) for fact in known)


def facts_of(condition: Expression, typing: Typing) -> Iterator[Fact]:
    """What a condition says about heights where it holds: pairs of which the first is not below the second."""
    match condition:
        case Binary(operator=BinaryOperator.AND, left=left, right=right):
            yield from facts_of(left, typing)
            yield from facts_of(right, typing)
        case Binary(operator=BinaryOperator.GREATER | BinaryOperator.GREATER_EQUAL, left=left, right=right):
            yield left, right
        case Binary(operator=BinaryOperator.LESS | BinaryOperator.LESS_EQUAL, left=left, right=right):
            yield right, left
        case Crosses(left=left, above=above, right=right):
            yield (left, right) if above else (right, left)
        case Name(text=text):
            value = typing.resolved.binding(text)
            if value is not None:
                yield from facts_of(value, typing)
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


def _height(node: Expression, typing: Typing) -> Height:
    match node:
        case Number():
            return _height_of_number(node, typing)
        case Unary(operator=UnaryOperator.MINUS, operand=operand):
            return Height().plus(_height(operand, typing), Decimal(-1))
        case Binary():
            return _height_of_binary(node, typing)
        case Name(text=text):
            value = typing.resolved.binding(text)
            return _single(_column(text, 0)) if value is None and text in RANKS else _followed(node, value, typing)
        case Call(function=Name(text="midpoint"), arguments=(one, other)):
            halves = Height().plus(_height(one.value, typing), HALF)
            return halves.plus(_height(other.value, typing), HALF)
        case Call() | Over() | History():
            return _single(_term(node, typing))
        case _:
            return _single(_opaque(node, typing))


def _single(term: Term) -> Height:
    return Height(terms={term: Decimal(1)})


def _followed(node: Name, value: Expression | None, typing: Typing) -> Height:
    return _single(_opaque(node, typing)) if value is None else _height(value, typing)


def _height_of_number(number: Number, typing: Typing) -> Height:
    """A step is money where the instruments agree on it, else something of which only the sign is known."""
    step = STEP_UNITS.get(number.unit)
    if step is None:
        return Height(fixed=number.value)
    sizes = {_size_of(step, instrument) for instrument in typing.header.instruments}
    size = sizes.pop() if len(sizes) == 1 else None
    if size is None:
        return Height(terms={Term(text=step, positive=True): number.value})
    return Height(fixed=number.value * size)


def _size_of(step: str, instrument: Instrument) -> Decimal | None:
    return {"tick": instrument.tick, "pip": instrument.pip, "point": instrument.point}[step]


def _height_of_binary(node: Binary, typing: Typing) -> Height:
    factor, other = constant(node.left, typing.resolved), node.right
    if factor is None:
        factor, other = constant(node.right, typing.resolved), node.left
    match node.operator:
        case BinaryOperator.ADD:
            return _height(node.left, typing).plus(_height(node.right, typing), Decimal(1))
        case BinaryOperator.SUBTRACT:
            return _height(node.left, typing).plus(_height(node.right, typing), Decimal(-1))
        case BinaryOperator.MULTIPLY | BinaryOperator.OF if factor is not None:
            return Height().plus(_height(other, typing), factor)
        case BinaryOperator.DIVIDE if factor and other is node.left:
            return Height().plus(_height(other, typing), 1 / factor)
        case _:
            return _single(_opaque(node, typing))


def _opaque(node: Expression, typing: Typing) -> Term:
    here = (f"{typing.text(node)} {node.span.start}", "")
    return Term(text=here[0])


def _column(name: str, bars_ago: int) -> Term:
    here = frozenset({(name, str(bars_ago))})
    return Term(text=f"{name}[{bars_ago}]", positive=True, over=here, under=here)


def _term(node: Call | Over | History, typing: Typing) -> Term:
    match node:
        case History(base=Name(text=text), offset=offset) if text in RANKS:
            bars = constant(offset, typing.resolved)
            whole = bars is not None and bars == bars.to_integral_value()
            return _column(text, int(bars)) if bars is not None and whole else _opaque(node, typing)
        case Over(call=call):
            window = " ".join(typing.source.slice(node.window.span).split())
            return _extreme(call, (window,)) or _named(node, typing)
        case Call(function=Name(text=name)) if name in EXTREMES and len(node.arguments) == 2:
            return _extreme(node, tuple(_bars(node.arguments[1].value, typing))) or _named(node, typing)
        case _:
            return _named(node, typing)


def _named(node: Call | Over | History, typing: Typing) -> Term:
    """A value that is known only by its name: the same words are the same value, and some are never negative."""
    return Term(text=typing.text(node), positive=_is_never_negative(node, typing))


def _is_never_negative(node: Expression, typing: Typing) -> bool:
    match node:
        case Call(function=Name(text=name), arguments=arguments):
            among = name in AMONG and all(_is_never_negative(item.value, typing) for item in arguments[:1])
            return name in NEVER_NEGATIVE or among
        case Over(call=call):
            return _is_never_negative(call, typing)
        case History(base=base):
            return _is_never_negative(base, typing)
        case Name(text=text):
            value = typing.resolved.binding(text)
            return isinstance(typing.types.get(node), Price) or (
                value is not None and _is_never_negative(value, typing)
            )
        case Binary(operator=BinaryOperator.ADD | BinaryOperator.SUBTRACT | BinaryOperator.MULTIPLY):
            return _is_not_negative(_height(node, typing))
        case _:
            return False


def _bars(length: Expression, typing: Typing) -> Iterator[str]:
    """The bars of a window: the one at hand is always one of them."""
    bars = constant(length, typing.resolved)
    count = int(bars) if bars is not None and 1 <= bars <= WINDOW_BARS_MAX else 1
    return (str(bar) for bar in range(count))


def _extreme(call: Call, bars: tuple[str, ...]) -> Term | None:
    series = call.arguments[0].value if call.arguments else None
    if call.function.text not in EXTREMES or not isinstance(series, Name) or series.text not in RANKS:
        return None
    prices = frozenset((series.text, bar) for bar in bars)
    text = f"{call.function.text}({series.text}) {' '.join(bars)}"
    if call.function.text == "highest":
        return Term(text=text, positive=True, over=prices)
    return Term(text=text, positive=True, under=prices)
