"""What can be wrong with a file, its statements and the clauses of its rules: codes S001 to S044.

What can be wrong inside one clause is in `parsing.diagnostics`. The docstring of a class is its page, `example` a text
that shows it, `instead` what to write. A test finds the problem in every example and none in what to write instead.
"""

from __future__ import annotations

from typing import ClassVar, Final

from stratc.dsl.diagnostic import Edit, Fix, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

# What the examples begin with.
EXAMPLE_HEADER: Final = 'strategy "Example"\ntrade   SPY on 1 day\naccount cash USD\n\n'
EXAMPLE_RULE: Final = EXAMPLE_HEADER + "rule enter\n  when flat\n  then "


@record
class TooLong(Problem):
    """A file may hold one million characters. A strategy that long was made by a machine, and no person could review
    it; split it, or keep the data in a table beside the strategy."""

    code: ClassVar[str] = "S001"
    title: ClassVar[str] = "the file has {characters} characters, and {most} are allowed"
    help: ClassVar[str] = "keep tables of numbers in a data file and read them with `--data`"
    example: ClassVar[str] = EXAMPLE_HEADER + "# … and a million more characters\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    characters: int
    most: int


@record
class NotUtf8(Problem):
    """Strategies are UTF-8 text. Some editors save as UTF-16 or in an older encoding: choose UTF-8 when saving."""

    code: ClassVar[str] = "S002"
    title: ClassVar[str] = "the file is not UTF-8: {what}"
    help: ClassVar[str] = "save it again with the encoding UTF-8"
    example: ClassVar[str] = 'strategy "Caf\\xe9"  # the byte E9, as Windows writes an é\n'
    instead: ClassVar[str] = 'strategy "Café"\n'

    what: str


@record
class NotText(Problem):
    """The file holds a zero byte, which no text does: it is an archive, a picture, a program or a table."""

    code: ClassVar[str] = "S003"
    title: ClassVar[str] = "the file is not text: byte {offset} is zero"
    help: ClassVar[str] = "give the strategy's own file, which ends in `.strat`"
    example: ClassVar[str] = "PK\\x03\\x04\\x14\\x00 …\n"
    instead: ClassVar[str] = EXAMPLE_HEADER

    offset: int


@record
class ControlCharacter(Problem):
    """A character that cannot be seen stands in the text. It usually came in by copying from a document or terminal."""

    code: ClassVar[str] = "S004"
    title: ClassVar[str] = "an invisible control character ({name}) stands here"
    label: ClassVar[str] = "delete it"
    example: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close,\x07 50)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    name: str

    def fix(self) -> Fix:
        return Fix(title="delete it", edits=(Edit(self.span, ""),), safe=True)


@record
class TooMuch(Problem):
    """A strategy may have 20,000 lines, 80,000 characters of code and 5,000 clauses. What stands behind the limit is
    not read, so that any file is answered in a moment."""

    code: ClassVar[str] = "S006"
    title: ClassVar[str] = "the file has more than {most:,} {what}"
    label: ClassVar[str] = "what stands from here on was not read"
    help: ClassVar[str] = "split it into several strategies, or keep tables of numbers in a data file"
    example: ClassVar[str] = EXAMPLE_HEADER + "let x_1 = close\n# … and five thousand more\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    most: int
    what: str


@record
class ReadingStopped(Problem):
    """Reading stops after two hundred problems: the file is probably no strategy, or one slip at its beginning spoils
    the rest."""

    code: ClassVar[str] = "S007"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "reading stops after {most} problems, and there may be more"
    help: ClassVar[str] = "mend the first ones and check again"
    example: ClassVar[str] = EXAMPLE_HEADER + "buy 100 shares\n# … and two hundred more such lines\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    most: int


@record
class MoreOfAKind(Problem):
    """Of one kind of problem two hundred are shown. The others are counted."""

    code: ClassVar[str] = "S008"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "{count:,} more problems with the code {kind} are not shown"
    help: ClassVar[str] = "mend the first ones and check again"
    example: ClassVar[str] = EXAMPLE_HEADER + "let x_1 = close\n# … and two hundred more that nothing uses\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    count: int
    kind: str


@record
class UnknownStatement(Problem):
    """A line that is not indented begins a statement, and its first word says which: `strategy`, `trade`, `account`,
    `input`, `let`, `rule`, `cap`, `halt at`, `keep at least`, `stop distance at least`."""

    code: ClassVar[str] = "S010"
    title: ClassVar[str] = "no statement begins with {found}"
    label: ClassVar[str] = "expected `input`, `let`, `rule`, `cap` or `halt at`"
    help: ClassVar[str] = "indent the line if it belongs to the one before"
    example: ClassVar[str] = EXAMPLE_HEADER + "buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    found: str


@record
class Indented(Problem):
    """Statements begin at the margin; what is indented belongs to the statement above it. A binding or limit inside a
    rule would look as if it held for that rule only, and it does not."""

    code: ClassVar[str] = "S016"
    title: ClassVar[str] = "`{word}` begins a statement and must not be indented"
    example: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n  let slow = sma(close, 200)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\nlet slow = sma(close, 200)\n"

    word: str
    indent: Span

    def fix(self) -> Fix:
        return Fix(title="remove the indentation", edits=(Edit(self.indent, ""),), safe=True)


@record
class NotIndented(Problem):
    """The clauses of a rule are indented under its `rule` line, so that one sees where the rule ends."""

    code: ClassVar[str] = "S017"
    title: ClassVar[str] = "`{word}` belongs to a rule and must be indented"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when flat\nthen buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    word: str

    def fix(self) -> Fix:
        return Fix(title="indent it", edits=(Edit(Span(self.span.start, self.span.start), "  "),), safe=True)


@record
class OutsideRule(Problem):
    """`when`, `then`, `every` and `at most` are clauses of a rule. A rule begins with `rule` and its name."""

    code: ClassVar[str] = "S018"
    title: ClassVar[str] = "`{word}` stands outside a rule"
    help: ClassVar[str] = "begin a rule above it, as in `rule enter`"
    example: ClassVar[str] = EXAMPLE_HEADER + "when flat\nthen buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    word: str


@record
class NeedsThen(Problem):
    """An action follows the word `then`, so that a reader sees where the condition ends. Only the legs of `one of`
    stand on lines of their own."""

    code: ClassVar[str] = "S019"
    title: ClassVar[str] = "`{word}` needs `then` before it"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when flat\n  buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    word: str

    def fix(self) -> Fix:
        return Fix(title="write `then`", edits=(Edit(Span(self.span.start, self.span.start), "then "),), safe=True)


@record
class SaidTwice(Problem):
    """Each part of an entry, and each of `every` and `at most` in a rule, is said once; else one of the two would be
    ignored."""

    code: ClassVar[str] = "S032"
    title: ClassVar[str] = "{what} is said twice"
    label: ClassVar[str] = "said before; remove one of the two"
    example: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       stop loss at low\n       stop loss at low[1]\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       stop loss at low\n"

    what: str


@record
class NoSize(Problem):
    """An entry says how much: an amount after `buy` or `short`, or `risking` an amount with a stop loss. The language
    has no default size."""

    code: ClassVar[str] = "S033"
    title: ClassVar[str] = "`{action}` does not say how much"
    help: ClassVar[str] = "write an amount, as in `buy 100 shares`, `buy 90% of equity` or `buy risking 1% of equity`"
    example: ClassVar[str] = EXAMPLE_RULE + "buy at next open\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares at next open\n"

    action: str


@record
class OnlyIfNeedsTarget(Problem):
    """`only if` makes a target a condition of the entry, so it follows a target."""

    code: ClassVar[str] = "S034"
    title: ClassVar[str] = "`only if` needs a target before it"
    help: ClassVar[str] = "write the target first, as in `target high[5], only if target >= 2R`"
    example: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       only if target >= 2R\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       target high[5], only if target >= 2R\n"


@record
class BelongsToEntry(Problem):
    """Stop loss, target, risk and time in force belong to entries. An exit has an amount and an order type."""

    code: ClassVar[str] = "S035"
    title: ClassVar[str] = "this belongs to an entry, not to {what}"
    example: ClassVar[str] = EXAMPLE_RULE + "exit all\n       target 2R\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "exit all\n"

    what: str = "an exit"


_LEGS = EXAMPLE_RULE + "one of\n         buy   at stop high\n         short at stop low\n       risking 1% of equity\n"


@record
class BelongsToGroup(Problem):
    """The legs of `one of` share their size and their time: whichever fills first cancels the rest, so both are said
    once, after the legs."""

    code: ClassVar[str] = "S036"
    title: ClassVar[str] = "size and time belong to `one of` as a whole, not to one leg"
    help: ClassVar[str] = "write it on a line after the legs, indented less than they are"
    example: ClassVar[str] = _LEGS.replace("stop high", "stop high, good for 5 bars")
    instead: ClassVar[str] = _LEGS + "       good for 5 bars\n"


@record
class BelongsToLeg(Problem):
    """Order type, stop loss and target are different for each leg of `one of`, so each leg has its own."""

    code: ClassVar[str] = "S037"
    title: ClassVar[str] = "order type, stop loss and target belong to each leg of `one of`"
    help: ClassVar[str] = "write it on the line of the leg, after a comma"
    example: ClassVar[str] = _LEGS + "       stop loss at low\n"
    instead: ClassVar[str] = _LEGS.replace("stop high", "stop high, stop loss at low")


@record
class TooFewLegs(Problem):
    """`one of` places several entries of which the first that fills cancels the rest; each leg is a line that begins
    with `buy` or `short`."""

    code: ClassVar[str] = "S038"
    title: ClassVar[str] = "`one of` needs at least two legs"
    help: ClassVar[str] = "write each leg on a line of its own, beginning with `buy` or `short`"
    example: ClassVar[str] = _LEGS.replace("         short at stop low\n", "")
    instead: ClassVar[str] = _LEGS


@record
class NoEntryToContinue(Problem):
    """A line that begins with `stop loss at`, `target`, `risking`, `at limit` or `good until` goes on with the action
    above it, and there is none."""

    code: ClassVar[str] = "S039"
    title: ClassVar[str] = "there is no action for this line to go on with"
    help: ClassVar[str] = "write it below a `then` line"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when flat\n  target 2R\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       target 2R\n"


@record
class NoAction(Problem):
    """A rule does something: it has at least one `then`."""

    code: ClassVar[str] = "S040"
    title: ClassVar[str] = "rule `{name}` does nothing"
    help: ClassVar[str] = "add an action, as in `then buy 100 shares`"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when flat\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    name: str


@record
class LegIsNoEntry(Problem):
    """The legs of `one of` are entries of which one fills. Leaving a position has no alternative to cancel."""

    code: ClassVar[str] = "S041"
    title: ClassVar[str] = "a leg of `one of` must be `buy` or `short`"
    example: ClassVar[str] = _LEGS.replace("short at stop low", "exit all")
    instead: ClassVar[str] = _LEGS


_STEPS = EXAMPLE_HEADER + "sequence dip\n  first low < low[1]\n"


@record
class StepsMissing(Problem):
    """A sequence is a `first` step and at least one `then` step: something happens, then something else does."""

    code: ClassVar[str] = "S043"
    title: ClassVar[str] = "the sequence `{name}` has {what}"
    help: ClassVar[str] = "write `first` and a condition, and below it `then`, a condition and `within 6 bars`"
    example: ClassVar[str] = _STEPS
    instead: ClassVar[str] = _STEPS + "  then close > open within 6 bars\n"

    name: str
    what: str


@record
class StepWithoutLimit(Problem):
    """A step of a sequence is waited for so many bars and not longer; a pattern without an end would match anything."""

    code: ClassVar[str] = "S044"
    title: ClassVar[str] = "this step does not say how long it is waited for"
    help: ClassVar[str] = "write `within 6 bars`, or `same bar` where it must come true on the bar of the step before"
    example: ClassVar[str] = _STEPS + "  then close > open\n"
    instead: ClassVar[str] = _STEPS + "  then close > open within 6 bars\n"
