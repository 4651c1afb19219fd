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
class NoSolver(Problem):
    """`check --deep` proves rules about money with z3, an optional part of stratc. Without it every verdict stands
    as it does without `--deep`, and the longer search is made all the same.
    """

    code: ClassVar[str] = "R070"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "z3 is not installed, so no rule about money was proved in depth"
    help: ClassVar[str] = "install it with `pip install 'stratc[prove]'`, about 60 MB"
    example: ClassVar[str] = "stratc check strategy.strat --deep    # without z3"
    instead: ClassVar[str] = "pip install 'stratc[prove]'"


@record
class AnotherAccount(Problem):
    """The `account` line says what kind of account a strategy is made for, and in which currency its amounts are. On
    another one it would trade differently: a margin account borrows where a cash account waits for settled cash.
    """

    code: ClassVar[str] = "R024"
    title: ClassVar[str] = "this strategy is for a {meant} account in {meant_currency}, and the profile is {given}"
    label: ClassVar[str] = "another account"
    help: ClassVar[str] = "write `account {kind} {currency}`, or name a profile of the account that is meant"
    example: ClassVar[str] = 'account cash USD        # and type = "margin" in account.toml'
    instead: ClassVar[str] = "account margin USD"

    meant: str
    meant_currency: str
    given: str
    kind: str
    currency: str


@record
class LimitOfOne(Problem):
    """With `--together` several files run beside each other on one account, and a limit is the account's. One that a
    single file says would hold back orders of files that do not say it, so it is written in all of them or in none.
    """

    code: ClassVar[str] = "R060"
    title: ClassVar[str] = "`{limit}` is no limit of {others}, with which this file shares its account"
    label: ClassVar[str] = "said in this file, not in all"
    help: ClassVar[str] = "write the same line into every file: then it holds for the account and is judged so"
    example: ClassVar[str] = "stratc check --together one.strat two.strat    # `cap leverage 1x` in one.strat only"
    instead: ClassVar[str] = "stratc check --together one.strat two.strat    # `cap leverage 1x` in both"

    limit: str
    others: str


@record
class BookAmongFiles(Problem):
    """A book has an account and shares its equity out over its sleeves; it is judged as one account already. With
    `--together` the files are strategies, each of which reads the whole account's equity."""

    code: ClassVar[str] = "R062"
    title: ClassVar[str] = "this file is a book, and `--together` puts strategies together"
    label: ClassVar[str] = "a book is one account already"
    help: ClassVar[str] = (
        "name the strategies that it holds, or write the other files as its sleeves and check the book"
    )
    example: ClassVar[str] = "stratc check --together book.strat other.strat"
    instead: ClassVar[str] = "stratc check book.strat    # with `other.strat` among its sleeves"


@record
class AccountsDiffer(Problem):
    """With `--together` several files are judged as one account, so there is one profile for all of them."""

    code: ClassVar[str] = "R061"
    title: ClassVar[str] = "{first} and {other} have different accounts beside them"
    help: ClassVar[str] = "name the account that all of them trade: `--account account.toml`"
    example: ClassVar[str] = "stratc check --together one/s.strat two/s.strat    # account.toml differs"
    instead: ClassVar[str] = "stratc check --together one/s.strat two/s.strat --account account.toml"

    first: str
    other: str


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
class StepDoesNotPay(Problem):
    """What a level of a ladder earns is the step to the next one; what it pays is the commission of two orders. Where
    the step is no wider, every round trip loses, however often the market comes back.
    """

    code: ClassVar[str] = "C430"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "a round trip of `{rule}` earns {step} and costs {cost} in commissions"
    label: ClassVar[str] = "each loses {short} of its price"
    help: ClassVar[str] = "write fewer levels or a wider range, so that a step is worth more than two commissions"
    example: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 200 geometric levels from 3000 USD to 3500 USD\n"
        "       target one level up\n# with commissions = { percent_of_value = 0.1 } in account.toml"
    )
    instead: ClassVar[str] = (
        "rule grid\n  then buy 25 USD\n       at each of 40 geometric levels from 2000 USD to 4000 USD\n"
        "       target one level up"
    )

    rule: str
    step: str
    cost: str
    short: str


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
