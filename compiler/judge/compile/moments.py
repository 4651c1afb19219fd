"""What can be asked at which event: an order where there is an order, an instrument where there is one.

An event of the account (a mark, a new day, money that comes or goes, a release) has no instrument of its own. It
reaches the registers of every instrument, each of which asks of its own; whatever else would ask of one is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stratc.compiler.ir.observer import (
    INSTRUMENT_SIGNALS,
    KINDS_OF_SIGNAL,
    OF_THE_ACCOUNT,
    Across,
    Ask,
    Combine,
    EventKind,
    Invert,
    PerInstrument,
    Read,
    Register,
    Term,
)
from stratc.compiler.judge.compile.setting import Refused
from stratc.compiler.judge.diagnostics import NoInstrumentThen, NotForRules
from stratc.compiler.judge.terms import signals_of
from stratc.dsl.source import Span

OWNERS: Final = {"order": "an order", "fill": "a fill", "locate": "a locate", "deposit": "a deposit"}


def check_asked(
    term: Term,
    kinds: frozenset[EventKind],
    registers: Sequence[Register],
    span: Span,
    *,
    everywhere: bool = False,
) -> None:
    """Refuses a term that asks at some of these events what is not there.

    `everywhere`: it is asked of each instrument in turn, so that one is always there.
    """
    for signal in signals_of(term):
        there = KINDS_OF_SIGNAL.get(signal)
        if there is not None and not kinds <= there:
            owner = OWNERS.get(signal.value.partition(".")[0], "a withdrawal")
            raise Refused(NotForRules(span=span, what=f"what {owner} is like where there is no {owner.split()[1]}"))
    if not everywhere and kinds & OF_THE_ACCOUNT and any(of_one_instrument(term, registers)):
        events = ", ".join(f"`{kind.value.replace('_', ' ')}`" for kind in sorted(kinds & OF_THE_ACCOUNT))
        raise Refused(NoInstrumentThen(span=span, events=events))


def of_one_instrument(term: Term, registers: Sequence[Register]) -> Iterator[Term]:
    """The parts of a term that ask of the instrument of the event; what is added up over all of them does not."""
    match term:
        case Ask(signal=signal) if signal in INSTRUMENT_SIGNALS:
            yield term
        case PerInstrument(values=values) if len(set(values)) > 1:
            yield term
        case Read(register=index) if registers[index].per_instrument:
            yield term
        case Combine(left=left, right=right):
            yield from of_one_instrument(left, registers)
            yield from of_one_instrument(right, registers)
        case Invert(operand=operand):
            yield from of_one_instrument(operand, registers)
        case Across() | _:
            return
