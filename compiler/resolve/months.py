"""Months in small letters, cut short or said of half a condition: what must be written in their place.

`month` is a name where no month follows in capitals, so `month is october` reads as two names that nobody declared.
Maps the names of a statement to the words meant; `month` itself, which is right as it stands, to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Final

from stratc.dsl.parsing.expressions import MONTHS
from stratc.dsl.suggest import begun_or_near
from stratc.dsl.syntax import Binary, BinaryOperator, Expression, Function, MonthIn, Name, Node, Statement, Within, walk
from stratc.runtime.model.record import record

MONTH: Final = "month"
SAYS_IS: Final = frozenset({BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL})
JOINED: Final = frozenset({BinaryOperator.AND, BinaryOperator.OR})


@record
class Meant:
    """What to write for a name, and whether nothing else can be meant."""

    text: str = ""
    sure: bool = False


def months_meant(statement: Statement, known: Set[str]) -> Mapping[Name, Meant]:
    """What to write for each name that stands where a month would; empty where `month` is a name of the program."""
    own = {each.text for each in statement.parameters} if isinstance(statement, Function) else set()
    if MONTH in known | own:
        return {}
    return {name: meant for node in walk(statement) for name, meant in _meant(node) if name.text not in known | own}


def _meant(node: Node) -> Iterator[tuple[Name, Meant]]:
    match node:
        case Binary(left=Name(text="month") as word, right=Name() as said) if node.operator in SAYS_IS:
            if month := _month(said):
                yield from ((word, Meant()), (said, month))
        case Within(value=Name(text="month") as word, range=ends):
            if isinstance(ends.low, Name) and isinstance(ends.high, Name):
                first, last = _month(ends.low), _month(ends.high)
                if first and last:
                    yield from ((word, Meant()), (ends.low, first), (ends.high, last))
        case Binary(left=left, right=Name() as said) if node.operator in JOINED:
            if (month := _month(said)) and (denied := _month_denied(left)) is not None:
                # `month is not October or november` is as likely to mean both: a person chooses.
                sure = month.sure and not denied and node.operator is BinaryOperator.OR
                yield said, Meant(text=f"month is {month.text}", sure=sure)


def _month_denied(node: Expression) -> bool | None:
    """Whether the last of some conditions denies a month; None where it asks for none."""
    match node:
        case MonthIn(negated=negated):
            return negated
        case Binary(left=left, right=right) if node.operator in JOINED:
            last = _month_denied(right)
            return _month_denied(left) if last is None and isinstance(right, Name) and _month(right) else last
        case Binary(operator=operator, left=Name(text="month")) if operator in SAYS_IS:
            return operator is BinaryOperator.NOT_EQUAL
        case Within(value=Name(text="month")):
            return False
        case _:
            return None


def _month(name: Name) -> Meant | None:
    found = begun_or_near(name.text, MONTHS)
    return None if found is None else Meant(text=found[0], sure=found[1])
