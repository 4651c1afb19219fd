"""Reach: what an amount that is fixed before the run may be where it stands, whatever its inputs are."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.sense.diagnostics import BoundOutOfReach
from stratc.compiler.check.sense.extremes import Extremes, extremes, shares_of
from stratc.dsl.syntax import Expression
from stratc.dsl.types import UNKNOWN
from stratc.runtime.model.record import record

NOUGHT: Final = Decimal(0)
ONE: Final = Decimal(1)


@record
class Reach:
    """What a bound may be: above or from `low`, up to `high`, whole or not; in words, with a sample."""

    wanted: str
    sample: str
    low: Decimal
    low_included: bool = True
    high: Decimal | None = None
    whole: bool = False

    def holds(self, found: Extremes) -> bool:
        above = found[0] >= self.low if self.low_included else found[0] > self.low
        whole = not self.whole or found[0] != found[1] or found[0] == found[0].to_integral_value()
        return above and whole and (self.high is None or found[1] <= self.high)


def check_reach(
    what: str, amount: Expression, shown: Expression, reach: Reach, typing: Typing, sample: str | None = None
) -> None:
    """Tell an amount that is, or may be, out of reach; what has a wrong unit has been told."""
    found = extremes(amount, typing.resolved) or shares_of(amount, typing.resolved)
    told = any(problem.span == shown.span for problem in typing.problems)
    if told or found is None or typing.types.get(shown, UNKNOWN) == UNKNOWN or reach.holds(found):
        return
    says = "is not" if found[0] == found[1] else "may be something else: the range of an input counts whole"
    typing.tell(
        BoundOutOfReach(
            span=shown.span,
            what=what,
            wanted=reach.wanted,
            found=says,
            sample=f"{what} {sample or reach.sample}",
        )
    )
