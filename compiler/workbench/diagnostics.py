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
class ShortWithoutLocate(Problem):
    """Before a share of a US exchange is sold short, the broker must have borrowed it, arranged to, or have grounds to
    believe that it can be borrowed: a locate, documented before the order (17 CFR 242.203(b)(1)).

    A text that sells short without one is for backtests only, unless its account says that the broker locates shares
    for every short sale: `locates = true` in the profile's `[broker]`.
    """

    code: ClassVar[str] = "R020"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{rule}` sells {symbol} short without a locate: for backtests only"
    label: ClassVar[str] = "no locate before this order (17 CFR 242.203(b)(1))"
    help: ClassVar[str] = "write `, after locate` behind the size, or `locates = true` in `[broker]` where it does"
    example: ClassVar[str] = "then short 100 shares"
    instead: ClassVar[str] = "then short 100 shares, after locate"

    rule: str
    symbol: str


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
