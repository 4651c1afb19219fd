"""Problems of rule packs: R codes."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record


@record
class RuleNotRead(Problem):
    """A `rule` block could not be read. A rule that cannot be read counts as violated until it is mended."""

    code: ClassVar[str] = "R015"
    title: ClassVar[str] = "this rule block cannot be read from `{found}` on"
    help: ClassVar[str] = "the statements are listed in rules/README.md"
    example: ClassVar[str] = "at opening order demand equity >= 0 USD"
    instead: ClassVar[str] = "at opening order require equity >= 0 USD"
    found: str


@record
class NotForRules(Problem):
    """Rules share the expressions of strategies, but look at events and the account, not at bars."""

    code: ClassVar[str] = "R003"
    title: ClassVar[str] = "a rule cannot say {what}"
    example: ClassVar[str] = "never equity crosses below 0 USD"
    instead: ClassVar[str] = "never equity < 0 USD"
    what: str


@record
class UnknownWord(Problem):
    """A name that is no parameter, definition, table, signal or fact."""

    code: ClassVar[str] = "R004"
    title: ClassVar[str] = "nothing is called `{word}` here"
    help: ClassVar[str] = "known are {known}"
    example: ClassVar[str] = "never equty < 0 USD"
    instead: ClassVar[str] = "never equity < 0 USD"
    word: str
    known: str


@record
class UnboundedCount(Problem):
    """The memory of a rule is bounded by construction: a count needs an end."""

    code: ClassVar[str] = "R005"
    title: ClassVar[str] = "this count has no end, so its memory has no bound"
    help: ClassVar[str] = "add `today`, `in last 5 business days` or `since EVENT`"
    example: ClassVar[str] = "at fill require count of fill <= 4"
    instead: ClassVar[str] = "at fill require count of fill today <= 4"


@record
class WindowWithoutConstant(Problem):
    """A window of seconds holds the ages of the last events, so the number of them must be written."""

    code: ClassVar[str] = "R006"
    title: ClassVar[str] = "a window of seconds must be compared with a number"
    help: ClassVar[str] = "write `count of EVENT in last 10 seconds <= 50`, with a number or a parameter"
    example: ClassVar[str] = "at order require count of order in last 10 seconds <= count of fill today"
    instead: ClassVar[str] = "at order require count of order in last 10 seconds <= 50"


@record
class ProductOfSignals(Problem):
    """Rules are linear: a signal may be multiplied by a number or a parameter, not by another signal."""

    code: ClassVar[str] = "R007"
    title: ClassVar[str] = "a rule does not multiply or divide two things that change"
    help: ClassVar[str] = "write `a <= c * b` with a number or a parameter for `c`"
    example: ClassVar[str] = "never cash / equity < 10%"
    instead: ClassVar[str] = "never cash < 10% * equity"


@record
class WrongKind(Problem):
    """A number stands where a condition is asked for, or the other way round."""

    code: ClassVar[str] = "R008"
    title: ClassVar[str] = "this is {found}, and {wanted} is asked for"
    example: ClassVar[str] = "never equity"
    instead: ClassVar[str] = "never equity < 0 USD"
    found: str
    wanted: str


@record
class IncompleteRule(Problem):
    """Every rule file says what the rule is called, what it rests on, when it is in force and what it demands."""

    code: ClassVar[str] = "R009"
    title: ClassVar[str] = "this rule file lacks {what}"
    example: ClassVar[str] = 'rule solvent "Equity stays positive"\n  never equity < 0 USD'
    instead: ClassVar[str] = 'rule solvent "Equity stays positive"\n  in force from 2020-01-01\n  never equity < 0 USD'
    what: str


@record
class NoValueThen(Problem):
    """A parameter or table row that has no value on the day that is judged."""

    code: ClassVar[str] = "R010"
    title: ClassVar[str] = "`{name}` has no value on {day}"
    help: ClassVar[str] = "date its first value `from` the day on which the rule came into force"
    example: ClassVar[str] = 'param floor = 1 USD from 2030-01-01 cite "x" confidence V'
    instead: ClassVar[str] = 'param floor = 1 USD from 2020-01-01 cite "x" confidence V'
    name: str
    day: str


@record
class GuardBlocksExits(Problem):
    """A guard refuses openings only: being unable to close a position is worse than breaking a rule."""

    code: ClassVar[str] = "R011"
    title: ClassVar[str] = "a guard may refuse opening orders only"
    help: ClassVar[str] = "write `guard at opening order: deny when …`"
    example: ClassVar[str] = "guard at order: deny when equity < 0 USD"
    instead: ClassVar[str] = "guard at opening order: deny when equity < 0 USD"


@record
class ScenarioNotRead(Problem):
    """A scenario is lines of data: days with actions, and what is expected."""

    code: ClassVar[str] = "R012"
    title: ClassVar[str] = "this line of a scenario cannot be read: `{line}`"
    help: ClassVar[str] = "write `day 1: buy 10 ABC @ 100; exit 10 ABC @ 101` or `expect violated on day 1`"
    example: ClassVar[str] = 'scenario "a"\n  day 1: sell 10 ABC\n  expect ok'
    instead: ClassVar[str] = 'scenario "a"\n  day 1: exit 10 ABC @ 101\n  expect ok'
    line: str


@record
class NotYet(Problem):
    """Part of the rule language that is recognised and not built yet."""

    code: ClassVar[str] = "R013"
    title: ClassVar[str] = "{what} is not supported yet"
    example: ClassVar[str] = (
        'never equity < 0 USD\n  may refuse exits because "a list" approved by "R. Roe" escalate to "the desk"'
    )
    instead: ClassVar[str] = "never equity < 0 USD\n  on breach warn"
    what: str


@record
class DefinedByItself(Problem):
    """A definition that needs its own value has none."""

    code: ClassVar[str] = "R014"
    title: ClassVar[str] = "`{name}` is defined by itself"
    example: ClassVar[str] = "define low: not low"
    instead: ClassVar[str] = "define low: equity < 0 USD"
    name: str


@record
class NoInstrumentThen(Problem):
    """A mark, a new day, money that comes or goes and a release are of the account: they have no instrument.

    They reach what is kept `per instrument`, which asks of its own each time.
    """

    code: ClassVar[str] = "R030"
    title: ClassVar[str] = "this asks of one instrument at {events}, where there is none"
    help: ClassVar[str] = "keep it `per instrument`, or ask of all: `number of instruments where …`, `total of …`"
    example: ClassVar[str] = "at mark require exposure_after <= 50_000 USD"
    instead: ClassVar[str] = "at mark require number of instruments where (exposure_after > 50_000 USD) <= 0"
    events: str


@record
class WindowSize(Problem):
    """How far a rule looks back is known when it is compiled: it decides how much is remembered."""

    code: ClassVar[str] = "R031"
    title: ClassVar[str] = "a window of {found} is not {wanted}"
    example: ClassVar[str] = "at order require count of order in last 0 business days <= 4"
    instead: ClassVar[str] = "at order require count of order in last 1 business days <= 4"
    found: str
    wanted: str


@record
class MoneyAndNumber(Problem):
    """Money is written with its currency. Quantities, prices, counts and ratios are plain numbers."""

    code: ClassVar[str] = "R032"
    title: ClassVar[str] = "money does not go with a plain number here"
    help: ClassVar[str] = "write an amount with its currency, as `25_000 USD`; prices and quantities have none"
    example: ClassVar[str] = "never equity < 25_000"
    instead: ClassVar[str] = "never equity < 25_000 USD"


@record
class UnknownAction(Problem):
    """What is done at run time when a requirement breaks."""

    code: ClassVar[str] = "R033"
    title: ClassVar[str] = "`{action}` is nothing that is done on a breach"
    help: ClassVar[str] = "there are `deny`, `warn`, `halt`, `flatten` and `reattribute`"
    example: ClassVar[str] = "never equity < 0 USD\n  on breach stop"
    instead: ClassVar[str] = "never equity < 0 USD\n  on breach halt"
    action: str


@record
class NoSuchDay(Problem):
    """Every day of a rule and of a scenario is one of the calendar, in years that can be reckoned with."""

    code: ClassVar[str] = "R050"
    title: ClassVar[str] = "`{day}` is no day that a rule can name: {why}"
    help: ClassVar[str] = "write year, month and day, as in `2026-01-02`"
    example: ClassVar[str] = 'param floor = 1 USD from 2020-02-30 cite "x" confidence V'
    instead: ClassVar[str] = 'param floor = 1 USD from 2020-02-29 cite "x" confidence V'
    day: str
    why: str


@record
class TooLarge(Problem):
    """What is read of a rule and of its scenarios is bounded, so that no text keeps anybody waiting."""

    code: ClassVar[str] = "R051"
    title: ClassVar[str] = "{what} has at most {most}"
    help: ClassVar[str] = "no norm needs as much: look for a slip of the hand"
    example: ClassVar[str] = 'scenario "long ago"\n  day 1000000000: buy 1 ABC @ 1\n  expect ok'
    instead: ClassVar[str] = 'scenario "long ago"\n  day 100: buy 1 ABC @ 1\n  expect ok'
    what: str
    most: str


@record
class TooDeepForRules(Problem):
    """Conditions in conditions are read up to a depth that no person writes."""

    code: ClassVar[str] = "R052"
    title: ClassVar[str] = "this is nested more than {most} levels deep, parentheses and the parts of a chain counted"
    help: ClassVar[str] = "give a part of it a name: `define NAME: …`"
    example: ClassVar[str] = "never " + "not " * 60 + "equity < 0 USD"
    instead: ClassVar[str] = "never not not equity < 0 USD"
    most: int
