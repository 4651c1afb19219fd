"""What the façade itself has to say of a text."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record


@record
class NoAccount(Problem):
    """Rules bind an account: its type, its broker, its holder's residence. Without a profile there is no verdict.

    Compiling for paper or live needs one.
    """

    code: ClassVar[str] = "R001"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "no account is given, so no rule was judged"
    help: ClassVar[str] = "name a profile with `--account account.toml`, or put an account.toml beside the strategy"
    example: ClassVar[str] = "stratc check strategy.strat    # no account.toml beside it"
    instead: ClassVar[str] = "stratc check strategy.strat --account account.toml"


@record
class RuleViolated(Problem):
    """A run of this strategy, within what the account and the bars allow, breaks a rule that is in force.

    The verdict of `stratc check` has the trace: the days, orders and fills, replayed through the engine.
    """

    code: ClassVar[str] = "R002"
    title: ClassVar[str] = "rule `{rule}` is violated ({citation})"
    note: ClassVar[str] = "{trace}"
    example: ClassVar[str] = "stratc check opening_range.strat --account small_margin.toml --as-of 2026-06-03"
    instead: ClassVar[str] = "cap day_trades 3 per 5 sessions    # or whatever the verdict says would prove it"

    rule: str
    citation: str
    trace: str
    remedies: tuple[str, ...]

    def helps(self) -> tuple[str, ...]:
        return tuple("would be proved with: " + each.replace("{", "{{").replace("}", "}}") for each in self.remedies)
