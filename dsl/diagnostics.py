"""Every kind of problem that reading a text can find: codes S001 to S099, one small class each.

The docstring of a class is its page, `example` a text that shows it, `instead` what to write. A test finds the problem
in every example and none in what to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem
from stratc.dsl.source import Span

_HEADER = 'strategy "Example"\ntrade   SPY on 1 day\naccount cash USD\n\n'
_RULE = _HEADER + "rule enter\n  when flat\n  then "


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLong(Problem):
    """A file may hold one million characters. A strategy that long was made by a machine, and no person could review
    it; split it, or keep the data in a table beside the strategy."""

    code: ClassVar[str] = "S001"
    title: ClassVar[str] = "the file has {characters} characters, and {most} are allowed"
    help: ClassVar[str] = "keep tables of numbers in a data file and read them with `--data`"

    characters: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUtf8(Problem):
    """Strategies are UTF-8 text. Some editors save as UTF-16 or in an older encoding: choose UTF-8 when saving."""

    code: ClassVar[str] = "S002"
    title: ClassVar[str] = "the file is not UTF-8: {what}"
    help: ClassVar[str] = "save it again with the encoding UTF-8"

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotText(Problem):
    """The file holds a zero byte, which no text does: it is an archive, a picture, a program or a table."""

    code: ClassVar[str] = "S003"
    title: ClassVar[str] = "the file is not text: byte {offset} is zero"
    help: ClassVar[str] = "give the strategy's own file, which ends in `.strat`"

    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCharacter(Problem):
    """A character that cannot be seen stands in the text. It usually came in by copying from a document or terminal."""

    code: ClassVar[str] = "S004"
    title: ClassVar[str] = "an invisible control character ({name}) stands here"
    label: ClassVar[str] = "delete it"
    example: ClassVar[str] = _HEADER + "let fast = sma(close,\x07 50)\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\n"

    name: str

    def fix(self) -> Fix:
        return Fix(title="delete it", edits=(Edit(self.span, ""),), safe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TooDeep(Problem):
    """Expressions may be nested sixty-four deep, operators in a row included. Beyond that nobody can read them, and
    every tool that reads a tree would need a deeper stack."""

    code: ClassVar[str] = "S005"
    title: ClassVar[str] = "this is nested deeper than {most} levels"
    help: ClassVar[str] = "give a part of it a name with `let`"
    example: ClassVar[str] = _HEADER + "let x = " + "(" * 70 + "close" + ")" * 70 + "\n"
    instead: ClassVar[str] = _HEADER + "let x = close\n"

    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStatement(Problem):
    """A line that is not indented begins a statement, and its first word says which: `strategy`, `trade`, `account`,
    `input`, `let`, `rule`, `cap`, `halt at`, `keep at least`, `stop distance at least`."""

    code: ClassVar[str] = "S010"
    title: ClassVar[str] = "no statement begins with {found}"
    label: ClassVar[str] = "expected `input`, `let`, `rule`, `cap` or `halt at`"
    help: ClassVar[str] = "indent the line if it belongs to the one before"
    example: ClassVar[str] = _HEADER + "buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexpected(Problem):
    """Something stands where the clause needs something else. The label names what could stand there."""

    code: ClassVar[str] = "S011"
    title: ClassVar[str] = "unexpected {found} in {clause}"
    label: ClassVar[str] = "expected {expected}"
    example: ClassVar[str] = _HEADER + "let fast = sma(close, 50) 3\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50) * 3\n"

    found: str
    clause: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndsEarly(Problem):
    """The clause stops before it is complete. A clause goes on over the next line when that line is indented."""

    code: ClassVar[str] = "S012"
    title: ClassVar[str] = "{clause} ends too early"
    label: ClassVar[str] = "expected {expected}"
    example: ClassVar[str] = _HEADER + "let fast =\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\n"

    clause: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misspelt(Problem):
    """A word is almost a word of the language. Words of the language are written in small letters."""

    code: ClassVar[str] = "S013"
    title: ClassVar[str] = "unknown word `{found}`"
    label: ClassVar[str] = "did you mean `{meant}`?"
    example: ClassVar[str] = _HEADER + "rule enter\n  whne flat\n  then buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    found: str
    meant: str
    certain: bool

    def fix(self) -> Fix:
        return Fix(title=f"write `{self.meant}`", edits=(Edit(self.span, self.meant),), safe=self.certain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sell(Problem):
    """There is no `sell`, because it means two things: leave a position that you hold, or open one that gains when the
    price falls. `exit` reduces a position and never turns it around; `short` opens a short one."""

    code: ClassVar[str] = "S014"
    title: ClassVar[str] = "`sell` can mean two things, so it is not a word of the language"
    label: ClassVar[str] = "write `exit` or `short`"
    example: ClassVar[str] = _RULE + "sell 100 shares\n"
    instead: ClassVar[str] = _RULE + "short 100 shares\n"

    def helps(self) -> tuple[str, ...]:
        return (
            "to leave a position that the strategy holds, write `exit`, as in `exit all`",
            "to open a position that gains when the price falls, write `short`, as in `short 100 shares`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSupported(Problem):
    """This part of the language is designed and not built yet. Nothing is compiled from a strategy that uses it."""

    code: ClassVar[str] = "S015"
    title: ClassVar[str] = "{what} is not supported yet"
    example: ClassVar[str] = _RULE + "allocate 95% of equity to top 50 by close\n"
    instead: ClassVar[str] = _RULE + "buy 95% of equity\n"

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Indented(Problem):
    """Statements begin at the margin; what is indented belongs to the statement above it. A binding or limit inside a
    rule would look as if it held for that rule only, and it does not."""

    code: ClassVar[str] = "S016"
    title: ClassVar[str] = "`{word}` begins a statement and must not be indented"
    example: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\n  let slow = sma(close, 200)\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\nlet slow = sma(close, 200)\n"

    word: str
    indent: Span

    def fix(self) -> Fix:
        return Fix(title="remove the indentation", edits=(Edit(self.indent, ""),), safe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotIndented(Problem):
    """The clauses of a rule are indented under its `rule` line, so that one sees where the rule ends."""

    code: ClassVar[str] = "S017"
    title: ClassVar[str] = "`{word}` belongs to a rule and must be indented"
    example: ClassVar[str] = _HEADER + "rule enter\n  when flat\nthen buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    word: str

    def fix(self) -> Fix:
        return Fix(title="indent it", edits=(Edit(Span(self.span.start, self.span.start), "  "),), safe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRule(Problem):
    """`when`, `then`, `every` and `at most` are clauses of a rule. A rule begins with `rule` and its name."""

    code: ClassVar[str] = "S018"
    title: ClassVar[str] = "`{word}` stands outside a rule"
    help: ClassVar[str] = "begin a rule above it, as in `rule enter`"
    example: ClassVar[str] = _HEADER + "when flat\nthen buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsThen(Problem):
    """An action follows the word `then`, so that a reader sees where the condition ends. Only the legs of `one of`
    stand on lines of their own."""

    code: ClassVar[str] = "S019"
    title: ClassVar[str] = "`{word}` needs `then` before it"
    example: ClassVar[str] = _HEADER + "rule enter\n  when flat\n  buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    word: str

    def fix(self) -> Fix:
        return Fix(title="write `then`", edits=(Edit(Span(self.span.start, self.span.start), "then "),), safe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclosedText(Problem):
    """A quoted text begins here and has no second quotation mark on its line."""

    code: ClassVar[str] = "S020"
    title: ClassVar[str] = "this text has no closing quotation mark"
    example: ClassVar[str] = 'strategy "Example\ntrade SPY on 1 day\naccount cash USD\n'
    instead: ClassVar[str] = 'strategy "Example"\ntrade SPY on 1 day\naccount cash USD\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpairedBracket(Problem):
    """Brackets come in pairs, `(` with `)` and `[` with `]`, and the inner one closes first."""

    code: ClassVar[str] = "S021"
    title: ClassVar[str] = "this `{bracket}` has no partner"
    example: ClassVar[str] = _HEADER + "let fast = sma(close, 50\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\n"

    bracket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignSign(Problem):
    """A sign from mathematics, typography or another programming language. Conditions are written in words: `is`,
    `is not`, `and`, `or`, `not`; quotation marks are straight."""

    code: ClassVar[str] = "S022"
    title: ClassVar[str] = "`{sign}` is not a sign of the language"
    label: ClassVar[str] = "write {meant}"
    example: ClassVar[str] = _HEADER + "rule enter\n  when close == open\n  then buy 100 shares\n"
    instead: ClassVar[str] = _HEADER + "rule enter\n  when close is open\n  then buy 100 shares\n"

    sign: str
    meant: str
    text: str | None

    def fix(self) -> Fix | None:
        if self.text is None:
            return None
        return Fix(title=f"write {self.meant}", edits=(Edit(self.span, self.text),), safe=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedComparison(Problem):
    """A comparison compares two values. To say that a value lies between two others, write two comparisons or a
    range: `rsi(close, 2) in 10..30`."""

    code: ClassVar[str] = "S023"
    title: ClassVar[str] = "comparisons cannot be chained"
    label: ClassVar[str] = "this compares the outcome of the comparison before it"
    help: ClassVar[str] = "write `a < b and b < c`, or `b in a..c`"
    example: ClassVar[str] = _HEADER + "rule enter\n  when 10 < close < 20\n  then buy 100 shares\n"
    instead: ClassVar[str] = _HEADER + "rule enter\n  when close in 10..20\n  then buy 100 shares\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownUnit(Problem):
    """What follows a number is its unit. The units are %, bps, x, R; ticks, pips, points; shares, contracts, units,
    coins, round lots; bars, sessions, seconds, min, hours, days, weeks, months; and currency codes such as USD."""

    code: ClassVar[str] = "S024"
    title: ClassVar[str] = "`{found}` is not a unit"
    help: ClassVar[str] = "units are `%`, `bps`, `x`, `R`, `ticks`, `pips`, `shares`, `bars`, `min`, `days`, `USD` …"
    example: ClassVar[str] = _RULE + "buy 100 shaers\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    found: str
    meant: str | None
    certain: bool

    def helps(self) -> tuple[str, ...]:
        return (f"did you mean `{self.meant}`?",) if self.meant else (self.help,)

    def fix(self) -> Fix | None:
        if self.meant is None:
            return None
        return Fix(title=f"write `{self.meant}`", edits=(Edit(self.span, self.meant),), safe=self.certain)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNumber(Problem):
    """Digits may be grouped with single underscores, `8_000`; a decimal point has digits on both sides; commas part
    arguments and never digits."""

    code: ClassVar[str] = "S025"
    title: ClassVar[str] = "`{found}` is not a number"
    help: ClassVar[str] = "write numbers as `50`, `0.5` or `8_000`"
    example: ClassVar[str] = _HEADER + "let step = 1e5\n"
    instead: ClassVar[str] = _HEADER + "let step = 100_000\n"

    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchTime(Problem):
    """Times of day run from 00:00 to 24:00, hours first, with two digits for minutes and seconds."""

    code: ClassVar[str] = "S026"
    title: ClassVar[str] = "there is no time of day `{text}`"
    example: ClassVar[str] = _HEADER + "rule enter\n  every day, at 25:00\n  then buy 100 shares\n"
    instead: ClassVar[str] = _HEADER + "rule enter\n  every day, at 15:00\n  then buy 100 shares\n"

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchDay(Problem):
    """Dates are written year-month-day, and the day must be in the calendar."""

    code: ClassVar[str] = "S027"
    title: ClassVar[str] = "there is no day `{text}` in the calendar"
    example: ClassVar[str] = _RULE + "buy 100 shares\n       good until 2026-02-30\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n       good until 2026-02-28\n"

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedWord(Problem):
    """The words that hold the language together cannot be names, so that a line reads one way only."""

    code: ClassVar[str] = "S028"
    title: ClassVar[str] = "`{word}` is a word of the language and cannot be a name"
    help: ClassVar[str] = "choose another name, such as `{word}_1`"
    example: ClassVar[str] = _HEADER + "let every = sma(close, 50)\n"
    instead: ClassVar[str] = _HEADER + "let average = sma(close, 50)\n"

    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadName(Problem):
    """Names of inputs, bindings and rules begin with a small letter and go on with letters, digits and `_`, a to z.
    Words in capitals are instruments, currencies and places."""

    code: ClassVar[str] = "S029"
    title: ClassVar[str] = "`{found}` cannot be a name here"
    help: ClassVar[str] = "names begin with a small letter, as in `{meant}`"
    example: ClassVar[str] = _HEADER + "let Fast = sma(close, 50)\n"
    instead: ClassVar[str] = _HEADER + "let fast = sma(close, 50)\n"

    found: str
    meant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNeedsSeries(Problem):
    """`of` with an instrument names one of its series: `close of QQQ`. A calculation is made of such series, so the
    instrument is written inside it."""

    code: ClassVar[str] = "S030"
    title: ClassVar[str] = "only a series can be `of {symbol}`"
    label: ClassVar[str] = "this is a calculation"
    help: ClassVar[str] = "name the instrument inside it, as in `sma(close of {symbol}, 50)`"
    example: ClassVar[str] = _HEADER + "let other = sma(close, 50) of QQQ\n"
    instead: ClassVar[str] = _HEADER + "let other = sma(close of QQQ, 50)\n"

    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverNeedsCall(Problem):
    """`over` gives a calculation its window: `highest(high) over first 15 min of session`. What stands before it says
    what to calculate."""

    code: ClassVar[str] = "S031"
    title: ClassVar[str] = "`over` needs a calculation before it"
    label: ClassVar[str] = "this is no calculation"
    help: ClassVar[str] = "say what to take of it, as in `highest(high) over session so far`"
    example: ClassVar[str] = _HEADER + "let top = high over session so far\n"
    instead: ClassVar[str] = _HEADER + "let top = highest(high) over session so far\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTwice(Problem):
    """Each part of an entry, and each of `every` and `at most` in a rule, is said once; else one of the two would be
    ignored."""

    code: ClassVar[str] = "S032"
    title: ClassVar[str] = "{what} is said twice"
    label: ClassVar[str] = "said before; remove one of the two"
    example: ClassVar[str] = _RULE + "buy 100 shares\n       stop loss at low\n       stop loss at low[1]\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n       stop loss at low\n"

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSize(Problem):
    """An entry says how much: an amount after `buy` or `short`, or `risking` an amount with a stop loss. The language
    has no default size."""

    code: ClassVar[str] = "S033"
    title: ClassVar[str] = "`{action}` does not say how much"
    help: ClassVar[str] = "write an amount, as in `buy 100 shares`, `buy 90% of equity` or `buy risking 1% of equity`"
    example: ClassVar[str] = _RULE + "buy at next open\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares at next open\n"

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyIfNeedsTarget(Problem):
    """`only if` makes a target a condition of the entry, so it follows a target."""

    code: ClassVar[str] = "S034"
    title: ClassVar[str] = "`only if` needs a target before it"
    help: ClassVar[str] = "write the target first, as in `target high[5], only if target >= 2R`"
    example: ClassVar[str] = _RULE + "buy 100 shares\n       only if target >= 2R\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n       target high[5], only if target >= 2R\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class BelongsToEntry(Problem):
    """Stop loss, target, risk and time in force belong to entries. An exit has an amount and an order type."""

    code: ClassVar[str] = "S035"
    title: ClassVar[str] = "this belongs to an entry, not to an exit"
    example: ClassVar[str] = _RULE + "exit all\n       target 2R\n"
    instead: ClassVar[str] = _RULE + "exit all\n"


_LEGS = _RULE + "one of\n         buy   at stop high\n         short at stop low\n       risking 1% of equity\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class BelongsToGroup(Problem):
    """The legs of `one of` share their size and their time: whichever fills first cancels the rest, so both are said
    once, after the legs."""

    code: ClassVar[str] = "S036"
    title: ClassVar[str] = "size and time belong to `one of` as a whole, not to one leg"
    help: ClassVar[str] = "write it on a line after the legs, indented less than they are"
    example: ClassVar[str] = _LEGS.replace("stop high", "stop high, good for 5 bars")
    instead: ClassVar[str] = _LEGS + "       good for 5 bars\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class BelongsToLeg(Problem):
    """Order type, stop loss and target are different for each leg of `one of`, so each leg has its own."""

    code: ClassVar[str] = "S037"
    title: ClassVar[str] = "order type, stop loss and target belong to each leg of `one of`"
    help: ClassVar[str] = "write it on the line of the leg, after a comma"
    example: ClassVar[str] = _LEGS + "       stop loss at low\n"
    instead: ClassVar[str] = _LEGS.replace("stop high", "stop high, stop loss at low")


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFewLegs(Problem):
    """`one of` places several entries of which the first that fills cancels the rest; each leg is a line that begins
    with `buy` or `short`."""

    code: ClassVar[str] = "S038"
    title: ClassVar[str] = "`one of` needs at least two legs"
    help: ClassVar[str] = "write each leg on a line of its own, beginning with `buy` or `short`"
    example: ClassVar[str] = _LEGS.replace("         short at stop low\n", "")
    instead: ClassVar[str] = _LEGS


@dataclass(frozen=True, slots=True, kw_only=True)
class NoEntryToContinue(Problem):
    """A line that begins with `stop loss at`, `target`, `risking`, `at limit` or `good until` goes on with the action
    above it, and there is none."""

    code: ClassVar[str] = "S039"
    title: ClassVar[str] = "there is no action for this line to go on with"
    help: ClassVar[str] = "write it below a `then` line"
    example: ClassVar[str] = _HEADER + "rule enter\n  when flat\n  target 2R\n  then buy 100 shares\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n       target 2R\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAction(Problem):
    """A rule does something: it has at least one `then`."""

    code: ClassVar[str] = "S040"
    title: ClassVar[str] = "rule `{name}` does nothing"
    help: ClassVar[str] = "add an action, as in `then buy 100 shares`"
    example: ClassVar[str] = _HEADER + "rule enter\n  when flat\n"
    instead: ClassVar[str] = _RULE + "buy 100 shares\n"

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegIsNoEntry(Problem):
    """The legs of `one of` are entries of which one fills. Leaving a position has no alternative to cancel."""

    code: ClassVar[str] = "S041"
    title: ClassVar[str] = "a leg of `one of` must be `buy` or `short`"
    example: ClassVar[str] = _LEGS.replace("short at stop low", "exit all")
    instead: ClassVar[str] = _LEGS
