"""Problems with contributions and withdrawals: T357 to T359, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

HEAD = "trade SPY, TLT on 1 day\naccount cash USD\n"
BANDED = "rule rebalance\n  then allocate 95% of equity equally, only where off by more than 20% of target, "


@record
class FlowUnclear(Problem):
    """A contribution or a withdrawal is an amount of the account's own currency that is known at every moment: written
    here, an input, or a share of `equity` or `cash`. A price may be unknown, and money that comes or goes by a price is
    a trade."""

    code: ClassVar[str] = "T357"
    title: ClassVar[str] = "`{verb}` takes an amount of money that is known at every moment, and this is {found}"
    label: ClassVar[str] = "how much?"
    help: ClassVar[str] = "write for example `{verb} {sample} every month, on first session`"
    example: ClassVar[str] = f"{HEAD}contribute 1_000 every month, on first session"
    instead: ClassVar[str] = f"{HEAD}contribute 1_000 USD every month, on first session"

    verb: str
    found: str
    sample: str


@record
class NewCashWithoutBand(Problem):
    """An allocation without a band brings every instrument to its target each time, new cash included. `new cash to the
    most underweight` says what becomes of a contribution where a band leaves positions alone, so that money which comes
    in does not make the whole portfolio trade."""

    code: ClassVar[str] = "T358"
    title: ClassVar[str] = "new cash goes to every target here, since no band leaves anything alone"
    label: ClassVar[str] = "says nothing without a band"
    help: ClassVar[str] = "add `only where off by more than 20% of target`, or leave it out"
    example: ClassVar[str] = (
        f"{HEAD}contribute 1_000 USD every month, on first session\nrule rebalance\n"
        "  then allocate 95% of equity equally, new cash to the most underweight, at next open"
    )
    instead: ClassVar[str] = (
        f"{HEAD}contribute 1_000 USD every month, on first session\n"
        f"{BANDED}new cash to the most underweight, at next open"
    )


@record
class NoNewCash(Problem):
    """`new cash to the most underweight` waits for money that is paid in. Where the text plans none, it comes only from
    the file of flows that the account's profile names."""

    code: ClassVar[str] = "T359"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = (
        "no line of this text contributes, so there is no new cash unless the account's file has some"
    )
    label: ClassVar[str] = "new cash from where?"
    help: ClassVar[str] = "write `contribute {sample} every month, on first session`"
    example: ClassVar[str] = f"{HEAD}{BANDED}new cash to the most underweight, at next open"
    instead: ClassVar[str] = (
        f"{HEAD}contribute 1_000 USD every month, on first session\n"
        f"{BANDED}new cash to the most underweight, at next open"
    )

    sample: str
