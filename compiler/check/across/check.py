"""`rank(momentum) across instruments`: what can stand beside the values of other instruments, what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.check.across.diagnostics import NotAcross
from stratc.compiler.check.advice import article
from stratc.compiler.check.allocations.diagnostics import NotComparableAcross
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.grounds import account_words, grounds, reached
from stratc.compiler.check.units import want_condition
from stratc.compiler.resolve.words import ACROSS
from stratc.dsl.syntax import Across, Expression, OfInstrument
from stratc.dsl.types import COUNT, RATIO, UNKNOWN, Money, Type, fits, is_number

SAMPLE: Final = "rank(close / close[20]) across instruments"
SAMPLE_OF_PAIRS: Final = "rank(close of one / close of other) across pairs"


def series_of(node: Across) -> Expression | None:
    """The one series that is compared; None where the call is none of those that compare."""
    arguments = node.call.arguments
    if node.call.function.text not in ACROSS or len(arguments) != 1 or arguments[0].name is not None:
        return None
    return arguments[0].value


def type_of_across(node: Across, series: Expression | None, found: Type, typing: Typing) -> Type:
    """A rank and a count are whole numbers; the others are what they are taken of, which instruments must share."""
    name = node.call.function.text
    if series is None:
        listed = ", ".join(sorted(ACROSS))
        return _tell(node, node.call, f"write one of {listed} with one series", typing)
    if found == UNKNOWN and typing.header.pairs:
        return UNKNOWN  # what is wrong with a leg has been told
    why = next(_not_across(node, series, typing), None)
    if why is not None:
        return _tell(node, series, why, typing)
    if name == "count":
        want_condition(series, found, typing)
        return COUNT
    if found == UNKNOWN:
        return UNKNOWN
    if not (found == RATIO or is_number(found) or fits(found, Money(typing.header.currency))):
        verb = "ranked by" if name == "rank" else "compared by"
        return typing.tell(NotComparableAcross(span=series.span, verb=verb, found=article(found)))
    return COUNT if name == "rank" else found


def _tell(node: Across, at: Expression, why: str, typing: Typing) -> Type:
    """The words of the text are said again, and what is traded is proposed."""
    sample = SAMPLE_OF_PAIRS if typing.header.pairs else SAMPLE
    across = "pairs" if node.pairs else "instruments"
    return typing.tell(NotAcross(span=at.span, name=node.call.function.text, across=across, why=why, sample=sample))


def _not_across(node: Across, series: Expression, typing: Typing) -> Iterator[str]:
    """Why a value cannot be compared; what is wrong first."""
    resolved = typing.resolved
    pairs = typing.header.pairs
    if node.pairs is not pairs and typing.header.instruments:
        what, across = ("pairs", "pairs") if pairs else ("no pairs", "instruments")
        yield f"the header trades {what}: write `across {across}`"
    if len(typing.header.instruments) == 1 and resolved.whole:
        yield f"only `{typing.header.instruments[0].symbol}` is traded: name the others after `trade`"
    for word in account_words(series, resolved):
        yield f"`{typing.text(word)}` is no value of an instrument's bars"
    for part in reached(series, resolved):
        if isinstance(part, OfInstrument) and not pairs:
            yield f"`{typing.text(part)}` names its instrument already"
        if isinstance(part, Across):
            yield f"`{typing.text(part)}` compares instruments already"
    if not grounds(series, resolved):
        yield "it reads no bars"
