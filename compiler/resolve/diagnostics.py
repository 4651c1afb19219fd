"""Problems with names and with the header: N codes, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Label, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record


def _written(span: Span, text: str, *, safe: bool = True) -> Fix | None:
    return Fix(f"write `{text}`", (Edit(span, text),), safe=safe) if text else None


@record
class UnknownName(Problem):
    """A word stands for a column of the bar, an account word, an `input` or a `let`. This one is none of them."""

    code: ClassVar[str] = "N201"
    title: ClassVar[str] = "nothing is called `{name}`"
    label: ClassVar[str] = "unknown name"
    example: ClassVar[str] = "let fast = sma(clos, 50)"
    instead: ClassVar[str] = "let fast = sma(close, 50)"

    name: str
    near: str = ""
    phrase: str = ""
    certain: bool = False
    sure: bool = False

    def helps(self) -> tuple[str, ...]:
        if self.phrase:
            return ("what other platforms call `{name}` is written {phrase}",)
        if self.near:
            return ("did you mean `{near}`?",)
        return ("declare it with `let {name} = …` or `input {name} = …`, or use open, high, low, close or volume",)

    def fix(self) -> Fix | None:
        return _written(self.span, self.near, safe=self.sure) if self.certain else None


@record
class UnknownIndicator(Problem):
    """A call names an indicator of the standard library or one of min, max, abs and midpoint."""

    code: ClassVar[str] = "N202"
    title: ClassVar[str] = "there is no indicator called `{name}`"
    label: ClassVar[str] = "unknown indicator"
    example: ClassVar[str] = "let fast = moving_average(close, 50)"
    instead: ClassVar[str] = "let fast = sma(close, 50)"

    name: str
    near: str = ""
    phrase: str = ""
    certain: bool = False
    sure: bool = False
    known: str = ""

    def helps(self) -> tuple[str, ...]:
        if self.phrase:
            return ("what other platforms call `{name}` is written {phrase}",)
        return ("did you mean `{near}`?",) if self.near else ("there are {known}",)

    def fix(self) -> Fix | None:
        return _written(self.span, self.near, safe=self.sure) if self.certain else None


@record
class NoChance(Problem):
    """Slices of random sizes hide a large order from others, and a backtest of them proves nothing of the next run.
    What a slice is follows from the time, from what is left and from the volume that has been traded.
    """

    code: ClassVar[str] = "N291"
    title: ClassVar[str] = "`{name}` would be another number in every run, and nothing here is left to chance"
    label: ClassVar[str] = "no decision could be repeated or explained"
    help: ClassVar[str] = "write what the size follows from: `min(100 shares, 1_000 shares - position - on_order)`"
    example: ClassVar[str] = "rule slice\n  when position < 1_000 shares\n  then buy random() * 100 shares"
    instead: ClassVar[str] = (
        "rule slice\n  when position < 1_000 shares\n  then buy min(100 shares, 1_000 shares - position - on_order)"
    )

    name: str


@record
class DuplicateName(Problem):
    """Everything has a name, and no two things share one, or an order could not be traced to its line."""

    code: ClassVar[str] = "N203"
    title: ClassVar[str] = "`{name}` is declared twice"
    label: ClassVar[str] = "declared again here"
    help: ClassVar[str] = "give one of them another name, for example `{name}_2`"
    example: ClassVar[str] = "let fast = sma(close, 50)\nlet fast = sma(close, 20)"
    instead: ClassVar[str] = "let slow = sma(close, 50)\nlet fast = sma(close, 20)"

    name: str
    first: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.first, "first declared here"),)


@record
class UsedBeforeDefinition(Problem):
    """A program is read from top to bottom: a name can be used below the line that declares it."""

    code: ClassVar[str] = "N204"
    title: ClassVar[str] = "`{name}` is used before it is declared"
    label: ClassVar[str] = "used here"
    help: ClassVar[str] = "move the declaration of `{name}` above this line"
    example: ClassVar[str] = "let gap = fast - close\nlet fast = sma(close, 50)"
    instead: ClassVar[str] = "let fast = sma(close, 50)\nlet gap = fast - close"

    name: str
    declared: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.declared, "declared here"),)


@record
class ShadowsWord(Problem):
    """A word of the language has one meaning everywhere: a binding may not take it."""

    code: ClassVar[str] = "N205"
    title: ClassVar[str] = "`{name}` is a word of the language and cannot be declared"
    label: ClassVar[str] = "already means something"
    help: ClassVar[str] = "choose another name, for example `my_{name}`"
    example: ClassVar[str] = "let close = sma(high, 50)"
    instead: ClassVar[str] = "let smooth = sma(high, 50)"

    name: str


@record
class MissingHeaderLine(Problem):
    """A strategy says what it is called, what it trades on which bars, and in which account."""

    code: ClassVar[str] = "N206"
    title: ClassVar[str] = "the `{word}` line is missing"
    help: ClassVar[str] = "write `{text}` at the top of the file"
    example: ClassVar[str] = (
        'strategy "No account"\ntrade SPY on 1 day\n\nrule enter\n  when flat\n  then buy 10 shares'
    )
    instead: ClassVar[str] = (
        'strategy "With account"\ntrade SPY on 1 day\naccount cash USD\n\nrule enter\n  when flat\n  then buy 10 shares'
    )

    word: str
    text: str


@record
class DuplicateHeaderLine(Problem):
    """Each line of the header stands once."""

    code: ClassVar[str] = "N207"
    title: ClassVar[str] = "a second `{word}` line"
    label: ClassVar[str] = "only one can hold"
    help: ClassVar[str] = "remove one of the two lines"
    example: ClassVar[str] = "trade SPY on 1 day\ntrade QQQ on 1 day"
    instead: ClassVar[str] = "trade SPY, QQQ on 1 day"

    word: str
    first: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.first, "the first is here"),)


@record
class UnknownInstrument(Problem):
    """A symbol is a US ticker, a pair such as `EUR/USD`, a futures root, or described in `instruments.toml`."""

    code: ClassVar[str] = "N208"
    title: ClassVar[str] = "the instrument `{symbol}` is not known"
    label: ClassVar[str] = "unknown instrument"
    note: ClassVar[str] = "{reason}"
    help: ClassVar[str] = (
        'describe it in an `instruments.toml` beside the strategy: a table `["{symbol}"]` with kind, currency, tick '
        "and calendar"
    )
    example: ClassVar[str] = "trade SPYDER on 1 day"
    instead: ClassVar[str] = "trade SPY on 1 day"

    symbol: str
    reason: str


@record
class UnknownAccountKind(Problem):
    """The kind of the account decides which rules apply."""

    code: ClassVar[str] = "N209"
    title: ClassVar[str] = "`{name}` is no kind of account"
    label: ClassVar[str] = "unknown kind"
    help: ClassVar[str] = "write one of cash, margin, portfolio_margin, futures, forex, crypto, cfd{near}"
    example: ClassVar[str] = "account margn USD"
    instead: ClassVar[str] = "account margin USD"

    name: str
    near: str
    sure: str = ""

    def fix(self) -> Fix | None:
        return _written(self.span, self.sure)


@record
class UnknownCurrency(Problem):
    """Currencies are written as their codes of three capital letters."""

    code: ClassVar[str] = "N210"
    title: ClassVar[str] = "`{name}` is no currency that is known"
    label: ClassVar[str] = "unknown currency"
    help: ClassVar[str] = "write the account's currency as its code, such as `USD`{near}"
    example: ClassVar[str] = "account margin USX"
    instead: ClassVar[str] = "account margin USD"

    name: str
    near: str


@record
class UnknownZone(Problem):
    """A zone is a city whose clocks are known, `UTC`, or a name of the IANA base such as `America/New_York`."""

    code: ClassVar[str] = "N212"
    title: ClassVar[str] = "the time zone `{name}` is not known"
    label: ClassVar[str] = "unknown zone"
    help: ClassVar[str] = "write {near} or an IANA name such as `Europe/London`"
    example: ClassVar[str] = "trade SPY on 5 min\nrule leave\n  when time in 15:00..15:30 Londn\n  then exit all"
    instead: ClassVar[str] = "trade SPY on 5 min\nrule leave\n  when time in 15:00..15:30 London\n  then exit all"

    name: str
    near: str
    sure: str = ""

    def fix(self) -> Fix | None:
        return _written(self.span, self.sure)


@record
class UnknownOutput(Problem):
    """A dot asks an indicator of several outputs for one of them."""

    code: ClassVar[str] = "N213"
    title: ClassVar[str] = "`{function}` has no output called `{name}`"
    label: ClassVar[str] = "unknown output"
    example: ClassVar[str] = "let top = bollinger(close, 20).top"
    instead: ClassVar[str] = "let top = bollinger(close, 20).upper"

    function: str
    name: str
    known: str
    sure: str = ""
    phrase: str = ""

    def helps(self) -> tuple[str, ...]:
        return ("write {phrase}",) if self.phrase else ("write one of {known}",)

    def fix(self) -> Fix | None:
        return _written(self.span, self.sure)


@record
class DuplicateInstrument(Problem):
    """The header names each instrument once."""

    code: ClassVar[str] = "N214"
    title: ClassVar[str] = "`{symbol}` is named twice"
    label: ClassVar[str] = "again here"
    help: ClassVar[str] = "remove one of the two"
    example: ClassVar[str] = "trade SPY, QQQ, SPY on 1 day"
    instead: ClassVar[str] = "trade SPY, QQQ on 1 day"

    symbol: str


@record
class InstrumentNotNamed(Problem):
    """The header names every instrument that is looked at: `trade` those that are traded, `read` the others."""

    code: ClassVar[str] = "N240"
    title: ClassVar[str] = "`{symbol}` is neither traded nor read"
    label: ClassVar[str] = "not in the header"
    help: ClassVar[str] = "write `read {symbol}` below the `trade` line{near}"
    example: ClassVar[str] = "trade SPY on 1 day\nlet other = close of QQQ"
    instead: ClassVar[str] = "trade SPY on 1 day\nread QQQ\nlet other = close of QQQ"

    symbol: str
    near: str


@record
class LegOfNoPair(Problem):
    """`close of one` and `close of other` are of the legs of a pair, where the header trades pairs: `trade pairs of KO,
    PEP, MCD on 1 day`. Behind `of` no other name may be called `one` or `other`."""

    code: ClassVar[str] = "N262"
    title: ClassVar[str] = "`{leg}` is the leg of a pair, and no pairs are traded"
    label: ClassVar[str] = "no leg here"
    help: ClassVar[str] = (
        "trade pairs, `trade pairs of KO, PEP on 1 day`; or name the instrument, or call the value otherwise"
    )
    example: ClassVar[str] = "trade SPY, QQQ on 1 day\nlet gap = close of one / close of other"
    instead: ClassVar[str] = "trade SPY, QQQ on 1 day\nlet gap = close of SPY / close of QQQ"

    leg: str


@record
class UnusedInstrument(Problem):
    """An instrument that is read costs data and time; one that no rule looks at is a slip."""

    code: ClassVar[str] = "N241"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{symbol}` is read in the header and nowhere else"
    label: ClassVar[str] = "never looked at"
    help: ClassVar[str] = "write for example `close of {symbol}` in a rule, or remove it"
    example: ClassVar[str] = "trade SPY on 1 day\nread QQQ\nlet own = close"
    instead: ClassVar[str] = "trade SPY on 1 day\nread QQQ\nlet other = close of QQQ"

    symbol: str


@record
class UnknownCap(Problem):
    """A cap bounds one of the things that the engine counts at every order."""

    code: ClassVar[str] = "N215"
    title: ClassVar[str] = "there is no cap on `{name}`"
    label: ClassVar[str] = "unknown cap"
    help: ClassVar[str] = "write one of position, gross, leverage, orders, slippage, entries, day_trades{near}"
    example: ClassVar[str] = "cap positon 90% of equity"
    instead: ClassVar[str] = "cap position 90% of equity"

    name: str
    near: str
    sure: str = ""

    def fix(self) -> Fix | None:
        return _written(self.span, self.sure)


@record
class NotSupportedYet(Problem):
    """The language has a place for this, and this version cannot run it. Nothing is approximated silently."""

    code: ClassVar[str] = "N216"
    title: ClassVar[str] = "{what} is not supported yet"
    help: ClassVar[str] = "{instead_of_it}"
    example: ClassVar[str] = "let before = cash at last close"
    instead: ClassVar[str] = "let before = cash[1]"

    what: str
    instead_of_it: str


@record
class NoRules(Problem):
    """A strategy without a rule never places an order."""

    code: ClassVar[str] = "N217"
    title: ClassVar[str] = "the strategy has no rule"
    help: ClassVar[str] = "add `rule NAME` with a `when` and a `then` below it"
    example: ClassVar[str] = 'strategy "Empty"\ntrade SPY on 1 day\naccount cash USD'
    instead: ClassVar[str] = (
        'strategy "Filled"\ntrade SPY on 1 day\naccount cash USD\nrule enter\n  when flat\n  then buy 10 shares'
    )


@record
class CallMissing(Problem):
    """An indicator needs its arguments in parentheses."""

    code: ClassVar[str] = "N218"
    title: ClassVar[str] = "`{name}` is an indicator and needs its arguments"
    label: ClassVar[str] = "no parentheses here"
    help: ClassVar[str] = "write `{form}`"
    example: ClassVar[str] = "let fast = sma"
    instead: ClassVar[str] = "let fast = sma(close, 50)"

    name: str
    form: str


@record
class NotCallable(Problem):
    """Parentheses with arguments belong to indicators; a series takes a number of bars in brackets."""

    code: ClassVar[str] = "N219"
    title: ClassVar[str] = "`{name}` takes no arguments"
    label: ClassVar[str] = "not an indicator"
    help: ClassVar[str] = "for the value of some bars ago write `{name}[1]`"
    example: ClassVar[str] = "let before = close(1)"
    instead: ClassVar[str] = "let before = close[1]"

    name: str


@record
class BadInterval(Problem):
    """Bars last so many seconds, minutes or hours, or one day."""

    code: ClassVar[str] = "N220"
    title: ClassVar[str] = "`{text}` is no length of a bar"
    label: ClassVar[str] = "not a bar"
    help: ClassVar[str] = "write a length such as `5 min`, `1 hour` or `1 day`"
    example: ClassVar[str] = "trade SPY on 5 shares"
    instead: ClassVar[str] = "trade SPY on 5 min"

    text: str


@record
class UnusedName(Problem):
    """A declaration that nothing reads is a leftover or a slip of the pen."""

    code: ClassVar[str] = "N221"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the {what} `{name}` is never used"
    label: ClassVar[str] = "declared here"
    help: ClassVar[str] = "use it in a rule or remove the line"
    example: ClassVar[str] = "let fast = sma(close, 50)"
    instead: ClassVar[str] = (
        "let fast = sma(close, 50)\nrule enter\n  when flat and close > fast\n  then buy 10 shares at next open\n"
        "rule leave\n  when long and close < fast\n  then exit all at next open"
    )

    what: str
    name: str


@record
class NestedTooDeep(Problem):
    """Formulas nest up to a limit, the bindings that they read included, so that every check ends quickly."""

    code: ClassVar[str] = "N222"
    title: ClassVar[str] = "`{name}` is nested more than {limit} levels deep"
    label: ClassVar[str] = "too deep"
    help: ClassVar[str] = "shorten the chain of bindings that lead to `{name}`"
    example: ClassVar[str] = "let x0 = close\n" + "\n".join(f"let x{n} = x{n - 1} - x{n - 1}[1]" for n in range(1, 80))
    instead: ClassVar[str] = "let x0 = close\nlet x1 = x0 - x0[1]"

    name: str
    limit: int


@record
class CurrencyMissing(Problem):
    """The account line names the currency that money is counted in."""

    code: ClassVar[str] = "N211"
    title: ClassVar[str] = "the account line does not say in which currency"
    label: ClassVar[str] = "no currency"
    help: ClassVar[str] = "write its code at the end of the line: `account {kind} USD`"
    example: ClassVar[str] = "account margin"
    instead: ClassVar[str] = "account margin USD"

    kind: str


_DIP = "sequence dip\n  first low < low[1]\n  then  close > open within 6 bars as back\n"
_BELOW = "  when flat\n  then buy 10 shares\n       stop loss at {stop}"


@record
class NotASequence(Problem):
    """`on` names the sequence that a rule waits for; a condition stands behind `when`."""

    code: ClassVar[str] = "N223"
    title: ClassVar[str] = "`{name}` is no sequence"
    label: ClassVar[str] = "not a sequence"
    help: ClassVar[str] = "write `when {name}` for a condition, or the name of a `sequence`"
    example: ClassVar[str] = f"let up = close > open\nrule enter\n  on up\n{_BELOW.format(stop='low')}"
    instead: ClassVar[str] = f"let up = close > open\nrule enter\n  when up\n{_BELOW.format(stop='low')}"

    name: str


@record
class StepHasNoValue(Problem):
    """A step of a sequence is the bar on which it came true; a dot asks for a column of that bar."""

    code: ClassVar[str] = "N224"
    title: ClassVar[str] = "`{name}` is a step of a sequence and has no value of its own"
    label: ClassVar[str] = "a step, not a value"
    help: ClassVar[str] = "write `{name}.low` or `{name}.high[2]`: what stood there on the bar of the step"
    example: ClassVar[str] = f"{_DIP}rule enter\n  on dip\n{_BELOW.format(stop='back')}"
    instead: ClassVar[str] = f"{_DIP}rule enter\n  on dip\n{_BELOW.format(stop='back.low')}"

    name: str
