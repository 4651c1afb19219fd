"""What only shows when all rules are seen together."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

ENTER = "rule enter\n  when flat\n  then buy 10 shares at next open\n"
LEAVE = "rule leave\n  when long and close < open\n  then exit all at next open"
_DIP = "sequence dip\n  first low < low[1]\n  then  close > open {}\n"
_ON_DIP = "rule enter\n  on dip\n  when flat\n  then buy 10 shares\n       stop loss at dip.low"


@record
class NothingToProtect(Problem):
    """A stop loss is moved while there is a position. The condition holds only without one, or no rule enters one."""

    code: ClassVar[str] = "T344"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "there is no position whose stop loss could move: {why}"
    label: ClassVar[str] = "never moves anything"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = f"{ENTER}{LEAVE}\nrule protect\n  when flat\n  then move stop loss to break even"
    instead: ClassVar[str] = f"{ENTER}{LEAVE}\nrule protect\n  when long\n  then move stop loss to break even"

    why: str
    advice: str


@record
class ReverseNotWritten(Problem):
    """A buy while short closes the short position and opens a long one: two orders, and both must be meant."""

    code: ClassVar[str] = "T324"
    title: ClassVar[str] = "this `{word}` may meet a {other} position, and turning it round is not written"
    label: ClassVar[str] = "the position may be {other} here"
    example: ClassVar[str] = (
        "rule up\n  when close > open\n  then buy 10 shares at next open\n"
        "rule down\n  when flat and close < open\n  then short 10 shares at next open"
    )
    instead: ClassVar[str] = (
        "rule up\n  when flat and close > open\n  then buy 10 shares at next open\n"
        "rule down\n  when flat and close < open\n  then short 10 shares at next open"
    )

    word: str
    other: str
    rests: bool

    def helps(self) -> tuple[str, ...]:
        flat = "to enter only without a position add `flat` to the condition: `when flat and …`"
        # An order that waits for its price cannot come after the exit that reversing begins with.
        return (flat,) if self.rests else (flat, "to stop and reverse write `reverse and {word} …`")


@record
class NoProtectiveExit(Problem):
    """A position that nothing closes can lose without bound; a stop loss or a rule with `exit` closes it."""

    code: ClassVar[str] = "T330"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "{what} closes what `{rule}` opens"
    label: ClassVar[str] = "no stop loss, and no rule with `exit`"
    help: ClassVar[str] = "add `stop loss at …` to the entry, or a rule with `then exit all`"
    example: ClassVar[str] = ENTER
    instead: ClassVar[str] = f"{ENTER}{LEAVE}"

    rule: str
    what: str


@record
class NeverFires(Problem):
    """The condition holds at no time, so the rule is a leftover or a slip of the pen."""

    code: ClassVar[str] = "T331"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the rule `{rule}` can never fire"
    label: ClassVar[str] = "this is never true"
    help: ClassVar[str] = "use `or` where one of the parts is enough, or remove the rule"
    example: ClassVar[str] = f"{ENTER}rule leave\n  when flat and long\n  then exit all"
    instead: ClassVar[str] = f"{ENTER}rule leave\n  when long\n  then exit all"

    rule: str


@record
class NothingToExit(Problem):
    """An exit needs a position, and here there can be none."""

    code: ClassVar[str] = "T332"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "this `exit` never meets a position: {why}"
    label: ClassVar[str] = "nothing to exit"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "rule leave\n  when close < open\n  then exit all at next open"
    instead: ClassVar[str] = f"{ENTER}{LEAVE}"

    why: str
    advice: str
