"""What can be wrong inside one clause: codes S005, S011 to S015, S020 to S031, S042, S050 and S051.

The same conventions as in `stratc.dsl.diagnostics`, which holds what can be wrong with files and statements.
"""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem
from stratc.dsl.diagnostics import EXAMPLE_HEADER, EXAMPLE_RULE
from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class TooDeep(Problem):
    """Expressions may be nested sixty-four deep, operators in a row included. Beyond that nobody can read them, and
    every tool that reads a tree would need a deeper stack."""

    code: ClassVar[str] = "S005"
    title: ClassVar[str] = "this is nested deeper than {most} levels"
    help: ClassVar[str] = "give a part of it a name with `let`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let x = " + "(" * 70 + "close" + ")" * 70 + "\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let x = close\n"

    most: int


@record
class Unexpected(Problem):
    """Something stands where the clause needs something else. The label names what could stand there."""

    code: ClassVar[str] = "S011"
    title: ClassVar[str] = "unexpected {found} in {clause}"
    label: ClassVar[str] = "expected {expected}"
    example: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50) 3\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50) * 3\n"

    found: str
    clause: str
    expected: str


@record
class EndsEarly(Problem):
    """The clause stops before it is complete. A clause goes on over the next line when that line is indented."""

    code: ClassVar[str] = "S012"
    title: ClassVar[str] = "{clause} ends too early"
    label: ClassVar[str] = "expected {expected}"
    example: ClassVar[str] = EXAMPLE_HEADER + "let fast =\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    clause: str
    expected: str


@record
class Misspelt(Problem):
    """A word is almost a word of the language. Words of the language are written in small letters."""

    code: ClassVar[str] = "S013"
    title: ClassVar[str] = "unknown word `{found}`"
    label: ClassVar[str] = "did you mean `{meant}`?"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  whne flat\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    found: str
    meant: str
    certain: bool

    def fix(self) -> Fix:
        return Fix(title=f"write `{self.meant}`", edits=(Edit(self.span, self.meant),), safe=self.certain)


@record
class Sell(Problem):
    """There is no `sell`, because it means two things: leave a position that you hold, or open one that gains when the
    price falls. `exit` reduces a position and never turns it around; `short` opens a short one."""

    code: ClassVar[str] = "S014"
    title: ClassVar[str] = "`sell` can mean two things, so it is not a word of the language"
    label: ClassVar[str] = "write `exit` or `short`"
    example: ClassVar[str] = EXAMPLE_RULE + "sell 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "short 100 shares\n"

    def helps(self) -> tuple[str, ...]:
        return (
            "to leave a position that the strategy holds, write `exit`, as in `exit all`",
            "to open a position that gains when the price falls, write `short`, as in `short 100 shares`",
        )


@record
class NotSupported(Problem):
    """This part of the language is designed and not built yet. Nothing is compiled from a strategy that uses it."""

    code: ClassVar[str] = "S015"
    title: ClassVar[str] = "{what} is not supported yet"
    example: ClassVar[str] = EXAMPLE_RULE + "legs 2 of equity\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 95% of equity\n"

    what: str


@record
class UnclosedText(Problem):
    """A quoted text begins here and has no second quotation mark on its line."""

    code: ClassVar[str] = "S020"
    title: ClassVar[str] = "this text has no closing quotation mark"
    example: ClassVar[str] = 'strategy "Example\ntrade SPY on 1 day\naccount cash USD\n'
    instead: ClassVar[str] = 'strategy "Example"\ntrade SPY on 1 day\naccount cash USD\n'


@record
class UnpairedBracket(Problem):
    """Brackets come in pairs, `(` with `)` and `[` with `]`, and the inner one closes first."""

    code: ClassVar[str] = "S021"
    title: ClassVar[str] = "this `{bracket}` has no partner"
    example: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    bracket: str


@record
class ForeignSign(Problem):
    """A sign from mathematics, typography or another programming language. Conditions are written in words: `is`,
    `is not`, `and`, `or`, `not`; quotation marks are straight."""

    code: ClassVar[str] = "S022"
    title: ClassVar[str] = "`{sign}` is not a sign of the language"
    label: ClassVar[str] = "write {meant}"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when close == open\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when close is open\n  then buy 100 shares\n"

    sign: str
    meant: str
    text: str | None
    partner: Span | None

    def fix(self) -> Fix | None:
        if self.text is None:
            return None
        spans = (self.span,) if self.partner is None else (self.span, self.partner)
        return Fix(title=f"write {self.meant}", edits=tuple(Edit(span, self.text) for span in spans), safe=True)


@record
class ChainedComparison(Problem):
    """A comparison compares two values. To say that a value lies between two others, write two comparisons or a
    range: `rsi(close, 2) in 10..30`."""

    code: ClassVar[str] = "S023"
    title: ClassVar[str] = "comparisons cannot be chained"
    label: ClassVar[str] = "this compares the outcome of the comparison before it"
    help: ClassVar[str] = "write `a < b and b < c`, or `b in a..c`"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when 10 < close < 20\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when close in 10..20\n  then buy 100 shares\n"


@record
class UnknownUnit(Problem):
    """What follows a number is its unit. The units are %, bps, x, R; ticks, pips, points; shares, contracts, units,
    coins, round lots, lots, mini lots, micro lots; bars, sessions, seconds, min, hours, days, weeks, months; and
    currency codes such as USD."""

    code: ClassVar[str] = "S024"
    title: ClassVar[str] = "`{found}` is not a unit"
    help: ClassVar[str] = "units are `%`, `bps`, `x`, `R`, `ticks`, `pips`, `shares`, `bars`, `min`, `days`, `USD` …"
    example: ClassVar[str] = EXAMPLE_RULE + "buy 100 shaers\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n"

    found: str
    meant: str | None
    certain: bool

    def helps(self) -> tuple[str, ...]:
        return (f"did you mean `{self.meant}`?",) if self.meant else (self.help,)

    def fix(self) -> Fix | None:
        if self.meant is None:
            return None
        return Fix(title=f"write `{self.meant}`", edits=(Edit(self.span, self.meant),), safe=self.certain)


@record
class BadNumber(Problem):
    """Digits may be grouped with single underscores, `8_000`; a decimal point has digits on both sides; commas part
    arguments and never digits."""

    code: ClassVar[str] = "S025"
    title: ClassVar[str] = "`{found}` is not a number"
    help: ClassVar[str] = "write numbers as `50`, `0.5` or `8_000`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let step = 1e5\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let step = 100_000\n"

    found: str


@record
class NoSuchTime(Problem):
    """Times of day run from 00:00 to 24:00, hours first, with two digits for minutes and seconds."""

    code: ClassVar[str] = "S026"
    title: ClassVar[str] = "there is no time of day `{text}`"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  every day, at 25:00\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  every day, at 15:00\n  then buy 100 shares\n"

    text: str


@record
class NoSuchDay(Problem):
    """Dates are written year-month-day, and the day must be in the calendar."""

    code: ClassVar[str] = "S027"
    title: ClassVar[str] = "there is no day `{text}` in the calendar"
    example: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       good until 2026-02-30\n"
    instead: ClassVar[str] = EXAMPLE_RULE + "buy 100 shares\n       good until 2026-02-28\n"

    text: str


@record
class ReservedWord(Problem):
    """The words that hold the language together cannot be names, so that a line reads one way only."""

    code: ClassVar[str] = "S028"
    title: ClassVar[str] = "`{word}` is a word of the language and cannot be a name"
    help: ClassVar[str] = "choose another name, such as `{word}_1`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let every = sma(close, 50)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let average = sma(close, 50)\n"

    word: str


@record
class BadName(Problem):
    """Names of inputs, bindings and rules begin with a small letter and go on with letters, digits and `_`, a to z.
    Words in capitals are instruments, currencies and places."""

    code: ClassVar[str] = "S029"
    title: ClassVar[str] = "`{found}` cannot be a name here"
    help: ClassVar[str] = "names begin with a small letter, as in `{meant}`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let Fast = sma(close, 50)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let fast = sma(close, 50)\n"

    found: str
    meant: str


@record
class OverNeedsCall(Problem):
    """`over` gives a calculation its window, `highest(high) over first 15 min of session`, as `since entry` and `across
    instruments` do. What stands before them says what to calculate."""

    code: ClassVar[str] = "S031"
    title: ClassVar[str] = "`{phrase}` needs a calculation before it"
    label: ClassVar[str] = "this is no calculation"
    help: ClassVar[str] = "say what to take of it, as in `highest(high) over session so far`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let top = high over session so far\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let top = highest(high) over session so far\n"

    phrase: str = "over"


@record
class HalfPhrase(Problem):
    """Some things are said in several words that belong together, such as `crosses above`, `halt at` or `session so
    far`. Here only the first of them stands."""

    code: ClassVar[str] = "S042"
    title: ClassVar[str] = "`{found}` is only the beginning of a phrase"
    label: ClassVar[str] = "expected {expected}"
    example: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when close crosses open\n  then buy 100 shares\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "rule enter\n  when close crosses above open\n  then buy 100 shares\n"

    found: str
    expected: str
    begun: Span | None = None
    phrase: str = ""

    def fix(self) -> Fix | None:
        if self.begun is None:
            return None
        return Fix(title=f"write `{self.phrase}`", edits=(Edit(self.begun, self.phrase),), safe=True)


@record
class NoParameters(Problem):
    """A function is a formula of the values that it is called with. Without any it is the same formula everywhere, and
    that is a binding."""

    code: ClassVar[str] = "S050"
    title: ClassVar[str] = "the function `{name}` has no parameter"
    label: ClassVar[str] = "nothing between the parentheses"
    help: ClassVar[str] = "write `let {name} = …` for a value, or name what it depends on, `let {name}(price) = …`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let middle() = midpoint(high, low)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let middle = midpoint(high, low)\n"

    name: str

    def fix(self) -> Fix:
        return Fix("make it a binding", (Edit(self.span, ""),), safe=True)


@record
class NotAFunction(Problem):
    """Parentheses with arguments stand behind the name of a function. A function of a block has the block's name before
    it, with a dot, and nothing else."""

    code: ClassVar[str] = "S051"
    title: ClassVar[str] = "what is called here is no function"
    label: ClassVar[str] = "only the name of a block can stand before the dot"
    help: ClassVar[str] = "write `calendar.near(close, 3)` for the function `near` of the block `calendar`"
    example: ClassVar[str] = EXAMPLE_HEADER + "let x = macd(close).signal(3)\n"
    instead: ClassVar[str] = EXAMPLE_HEADER + "let x = macd(close).signal[3]\n"
