"""Problems with choices: T392 and T393."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

CHOOSE = (
    "trade SPY, TLT, BIL on 1 day\nlet heat = rsi(close of SPY, 10)\nrule switch\n  then allocate 95% of equity to "
)


@record
class SharesUnclear(Problem):
    """What is held is a mix: equal parts, or parts whose shares are all written and are at most the whole. What is left
    stays in cash."""

    code: ClassVar[str] = "T392"
    title: ClassVar[str] = "these parts do not make up what is held: {why}"
    label: ClassVar[str] = "how much of each?"
    help: ClassVar[str] = "write a share for each part, `60% SPY and 40% TLT`, or for none of them, `SPY and TLT`"
    example: ClassVar[str] = f"{CHOOSE}60% SPY and 50% TLT, at next open\nlet other = heat of BIL"
    instead: ClassVar[str] = f"{CHOOSE}60% SPY and 40% TLT, at next open"

    why: str


@record
class NeverTaken(Problem):
    """The conditions that lead here cannot all hold, so this is never held: most often two thresholds are the wrong way
    round."""

    code: ClassVar[str] = "T393"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "this path is never taken: the conditions that lead to it exclude each other"
    label: ClassVar[str] = "never held"
    help: ClassVar[str] = "ask the narrower condition first, or remove the path"
    example: ClassVar[str] = f"{CHOOSE}if heat > 60 then TLT else if heat > 80 then BIL else SPY, at next open"
    instead: ClassVar[str] = f"{CHOOSE}if heat > 80 then BIL else if heat > 60 then TLT else SPY, at next open"
