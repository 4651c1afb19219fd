"""Problems with units, kinds and orders: T codes, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Edit, Fix, Problem
from stratc.runtime.model.record import record

ENTER = "rule enter\n  when flat\n  then buy 10 shares at next open\n"
LEAVE = "rule leave\n  when long and close < open\n  then exit all at next open"


@record
class CannotCompare(Problem):
    """Two amounts can be compared only when they are measured in the same unit."""

    code: ClassVar[str] = "T301"
    title: ClassVar[str] = "cannot compare {left} with {right}"
    label: ClassVar[str] = "different units"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let calm = rsi(close, 14) < 30%"
    instead: ClassVar[str] = "let calm = rsi(close, 14) < 30"

    left: str
    right: str
    advice: str
    edit: Edit | None = None

    def fix(self) -> Fix | None:
        return Fix(f"write `{self.edit.text}`", (self.edit,), safe=False) if self.edit else None


@record
class CannotAdd(Problem):
    """A sum or a difference needs amounts of one unit; to a price only a price difference can be added."""

    code: ClassVar[str] = "T302"
    title: ClassVar[str] = "cannot {what}"
    label: ClassVar[str] = "different units"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let sum = close + volume"
    instead: ClassVar[str] = "let sum = close + 2 USD"

    what: str
    advice: str


@record
class CannotScale(Problem):
    """A product needs a number or a ratio on one side; equal units divide to a ratio."""

    code: ClassVar[str] = "T303"
    title: ClassVar[str] = "cannot {verb} {left} by {right}"
    label: ClassVar[str] = "this has no unit"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let area = close * high"
    instead: ClassVar[str] = "let area = close * 2"

    verb: str
    left: str
    right: str
    advice: str


@record
class NotAShare(Problem):
    """`of` takes a share, a ratio, of an amount."""

    code: ClassVar[str] = "T304"
    title: ClassVar[str] = "`of` needs a share of an amount, and this is {left} of {right}"
    label: ClassVar[str] = "not a share"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 0.5 of equity at next open"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 50% of equity at next open"

    left: str
    right: str
    advice: str


@record
class ConditionWanted(Problem):
    """`when`, `and`, `or` and `not` take what is true or false."""

    code: ClassVar[str] = "T305"
    title: ClassVar[str] = "a condition is needed here, and this is {found}"
    label: ClassVar[str] = "not true or false"
    help: ClassVar[str] = "compare it with something, for example `{text} > {example_of}`"
    example: ClassVar[str] = "rule enter\n  when close\n  then buy 10 shares at next open"
    instead: ClassVar[str] = "rule enter\n  when close > open\n  then buy 10 shares at next open"

    found: str
    text: str
    example_of: str


@record
class NumberWanted(Problem):
    """Arithmetic and indicators take numbers with their units, not conditions, texts or dates."""

    code: ClassVar[str] = "T306"
    title: ClassVar[str] = "a number is needed here, and this is {found}"
    label: ClassVar[str] = "not a number"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let fast = sma(close > open, 50)"
    instead: ClassVar[str] = "let fast = sma(close - open, 50)"

    found: str
    advice: str


@record
class NoSuchStep(Problem):
    """A pip is a step of a currency pair's price; shares, futures and coins move in ticks. A point of a pair is a tenth
    of a pip to one trader and a whole unit of the price to another, so pairs have none."""

    code: ClassVar[str] = "T307"
    title: ClassVar[str] = "`{symbol}` has no {step}s"
    label: ClassVar[str] = "{step}s belong to other instruments"
    help: ClassVar[str] = "write `{value} {unit}`, or an amount of money: `{value} {currency}`"
    example: ClassVar[str] = "let near = close - open < 5 pips"
    instead: ClassVar[str] = "let near = close - open < 5 ticks"

    symbol: str
    step: str
    value: str
    unit: str
    currency: str


@record
class WrongQuantityUnit(Problem):
    """What one counts belongs to the instrument: shares, contracts, units of a currency, coins."""

    code: ClassVar[str] = "T308"
    title: ClassVar[str] = "`{symbol}` is counted in {wanted}, not in {unit}"
    label: ClassVar[str] = "wrong unit"
    help: ClassVar[str] = "write `{value} {wanted}`"
    example: ClassVar[str] = "trade EUR/USD on 1 day\nrule enter\n  when flat\n  then buy 100 shares"
    instead: ClassVar[str] = "trade EUR/USD on 1 day\nrule enter\n  when flat\n  then buy 100 units"

    symbol: str
    unit: str
    wanted: str
    value: str

    def fix(self) -> Fix | None:
        edit = Edit(self.span, f"{self.value} {self.wanted}")
        return Fix(f"write `{edit.text}`", (edit,), safe=False)


@record
class WrongCurrency(Problem):
    """An amount is in the account's currency or, as a price, in the currency that the instrument is quoted in."""

    code: ClassVar[str] = "T309"
    title: ClassVar[str] = "an amount in {found}, and the account is in {wanted}"
    label: ClassVar[str] = "another currency"
    help: ClassVar[str] = "write the amount in {wanted}: `{value} {wanted}`"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 5_000 EUR at next open"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 5_000 USD at next open"

    found: str
    wanted: str
    value: str


@record
class WrongArguments(Problem):
    """An indicator takes its series first, then its lengths."""

    code: ClassVar[str] = "T310"
    title: ClassVar[str] = "`{name}` takes {wanted}, and here {found}"
    label: ClassVar[str] = "wrong arguments"
    help: ClassVar[str] = "write `{form}`"
    example: ClassVar[str] = "let fast = sma(close)"
    instead: ClassVar[str] = "let fast = sma(close, 50)"

    name: str
    wanted: str
    found: str
    form: str


@record
class WrongArgumentKind(Problem):
    """Some indicators measure only prices or only quantities."""

    code: ClassVar[str] = "T311"
    title: ClassVar[str] = "`{name}` needs {wanted} as its `{argument}`, and this is {found}"
    label: ClassVar[str] = "wrong unit"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let near = midpoint(close, volume)"
    instead: ClassVar[str] = "let near = midpoint(close, open)"

    name: str
    argument: str
    wanted: str
    found: str
    advice: str


@record
class LengthNotConstant(Problem):
    """Memory is bounded before the run: a length is a number written here or an `input`."""

    code: ClassVar[str] = "T312"
    title: ClassVar[str] = "the `{argument}` of `{name}` must be {wanted}"
    label: ClassVar[str] = "{why}"
    help: ClassVar[str] = "write a number such as `{sample}`, or declare `input {argument} = {sample}` and pass it"
    example: ClassVar[str] = "let fast = sma(close, bar)"
    instead: ClassVar[str] = "let fast = sma(close, 14)"

    name: str
    argument: str
    wanted: str
    why: str
    sample: str


@record
class LengthOutOfRange(Problem):
    """Each parameter of an indicator has bounds, so that memory and warm-up stay finite and the formula defined."""

    code: ClassVar[str] = "T313"
    title: ClassVar[str] = "the `{argument}` of `{name}` must be from {low} to {high}, and this is {found}"
    label: ClassVar[str] = "out of range"
    help: ClassVar[str] = "write a number from {low} to {high}, such as `{sample}`"
    example: ClassVar[str] = "let fast = sma(close, 0)"
    instead: ClassVar[str] = "let fast = sma(close, 1)"

    name: str
    argument: str
    low: str
    high: str
    found: str
    sample: str


@record
class NumberTooLarge(Problem):
    """Numbers are computed in doubles, which are exact for whole numbers up to about 10 to the 15th."""

    code: ClassVar[str] = "T314"
    title: ClassVar[str] = "this number has {digits} digits before the point, more than {limit}"
    label: ClassVar[str] = "too large"
    help: ClassVar[str] = "write a number below 10 to the {limit}th"
    example: ClassVar[str] = "let far = close > 1_000_000_000_000_000_000 USD"
    instead: ClassVar[str] = "let far = close > 1_000_000 USD"

    digits: int
    limit: int


@record
class SizeWithoutUnit(Problem):
    """A size is a quantity or an amount of money: half of what is meant must be written."""

    code: ClassVar[str] = "T315"
    title: ClassVar[str] = "`{text}` is {found} and no size"
    label: ClassVar[str] = "of what?"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 0.5 at next open"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 50% of equity at next open"

    text: str
    found: str
    advice: str


@record
class RiskNotMoney(Problem):
    """`risking` says how much money is lost when the stop loss fills."""

    code: ClassVar[str] = "T316"
    title: ClassVar[str] = "`risking` needs an amount of money, and this is {found}"
    label: ClassVar[str] = "not money"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy risking 1% at next open\n       stop loss at low"
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy risking 1% of equity at next open\n       stop loss at low"
    )

    found: str
    advice: str


@record
class StopLossMissing(Problem):
    """Sizing by risk and targets in R are measured from the entry to the stop loss, so there must be one."""

    code: ClassVar[str] = "T317"
    title: ClassVar[str] = "{what} needs a stop loss"
    label: ClassVar[str] = "measured to the stop loss"
    help: ClassVar[str] = "add a line such as `stop loss at {sample}`"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy risking 1% of equity at next open"
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy risking 1% of equity at next open\n       stop loss at low"
    )

    what: str
    sample: str


@record
class PriceWanted(Problem):
    """Limits, stops and stop losses are prices of the instrument, not distances, ratios or bare numbers."""

    code: ClassVar[str] = "T318"
    title: ClassVar[str] = "`{phrase}` needs a price, and this is {found}"
    label: ClassVar[str] = "not a price"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at 2"
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at close - 2 USD"
    )

    phrase: str
    found: str
    advice: str


@record
class TargetUnclear(Problem):
    """A target is a price, a distance from the entry, or a multiple of the initial risk, R."""

    code: ClassVar[str] = "T319"
    title: ClassVar[str] = "`target` needs a price, a price difference or a multiple of R, and this is {found}"
    label: ClassVar[str] = "in which unit?"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at low\n       target 2"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares at next open\n       stop loss at low\n       target 2R"
    )

    found: str
    advice: str


@record
class TrailUnclear(Problem):
    """A trailing stop keeps a distance from the best price since the entry: a price difference, a share of that price,
    or a multiple of the initial risk, R. The distance is fixed with the order."""

    code: ClassVar[str] = "T343"
    title: ClassVar[str] = "`trailing stop` needs a distance from the best price, and this is {found}"
    label: ClassVar[str] = "how far behind?"
    help: ClassVar[str] = "write {advice}"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares at next open\n       trailing stop 2"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares at next open\n       trailing stop 2%"

    found: str
    advice: str


@record
class PortionUnclear(Problem):
    """An exit reduces the position: by all, by half, by a share of it or by a quantity."""

    code: ClassVar[str] = "T320"
    title: ClassVar[str] = "`exit` needs a part of the position, and this is {found}"
    label: ClassVar[str] = "how much of it?"
    help: ClassVar[str] = "write `exit all`, `exit half`, `exit 25% of position` or `exit {sample}`"
    example: ClassVar[str] = f"{ENTER}rule leave\n  when long\n  then exit 0.5"
    instead: ClassVar[str] = f"{ENTER}rule leave\n  when long\n  then exit 50% of position"

    found: str
    sample: str


@record
class BoundUnclear(Problem):
    """Each cap and floor has its unit, and its bound is fixed before the run."""

    code: ClassVar[str] = "T321"
    title: ClassVar[str] = "`{what}` needs {wanted}, and this is {found}"
    label: ClassVar[str] = "wrong bound"
    help: ClassVar[str] = "write `{sample}`"
    example: ClassVar[str] = "cap leverage 2 USD"
    instead: ClassVar[str] = "cap leverage 2x"

    what: str
    wanted: str
    found: str
    sample: str


@record
class NothingDrifts(Problem):
    """`then reduce` sells what the market moved beyond a cap. A cap that counts what the strategy does, its orders,
    entries, units, day trades or slippage, is not moved by prices: it denies orders, and nothing can be reduced."""

    code: ClassVar[str] = "T391"
    title: ClassVar[str] = "`cap {kind}` is nothing that the market moves, so there is nothing to reduce"
    label: ClassVar[str] = "no exposure"
    help: ClassVar[str] = "leave out `then reduce`: orders beyond the cap are denied"
    example: ClassVar[str] = "cap entries 1 per session, then reduce"
    instead: ClassVar[str] = "cap entries 1 per session"

    kind: str


@record
class ThresholdUnclear(Problem):
    """A halt names the share of a baseline that may be lost: the same words would mean different money otherwise."""

    code: ClassVar[str] = "T322"
    title: ClassVar[str] = "`halt at {measure}` needs a share of {baseline}"
    label: ClassVar[str] = "another baseline or unit"
    help: ClassVar[str] = "write `halt at {measure} 3% of {baseline}`"
    example: ClassVar[str] = "halt at daily loss 3%, flatten, until next session"
    instead: ClassVar[str] = "halt at daily loss 3% of equity at last close, flatten, until next session"

    measure: str
    baseline: str


@record
class InputUnclear(Problem):
    """An input is a number with its unit; its range has the same unit and holds the default."""

    code: ClassVar[str] = "T323"
    title: ClassVar[str] = "the input `{name}` {why}"
    label: ClassVar[str] = "here"
    help: ClassVar[str] = "write for example `input {name} = {sample}`"
    example: ClassVar[str] = f"input size = 5% in 10%..20%\n{ENTER}"
    instead: ClassVar[str] = f"input size = 15% in 10%..20%\n{ENTER}"

    name: str
    why: str
    sample: str


@record
class UnitNotHere(Problem):
    """Calendar days, weeks and months are no lengths that bars can be counted in: markets are shut on some."""

    code: ClassVar[str] = "T326"
    title: ClassVar[str] = "`{text}` cannot be used here"
    label: ClassVar[str] = "calendar time"
    help: ClassVar[str] = "write {lengths}"
    example: ClassVar[str] = "let before = close[5 days]"
    instead: ClassVar[str] = "let before = close[5 sessions]"

    text: str
    lengths: str


@record
class LifeUnclear(Problem):
    """An order is good for a number of bars, or for a duration that is a whole number of bars."""

    code: ClassVar[str] = "T328"
    title: ClassVar[str] = "`{phrase}` needs {wanted}"
    label: ClassVar[str] = "this is {found}"
    help: ClassVar[str] = "write `{sample}`"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares at limit low\n       good for 5 shares"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 10 shares at limit low\n       good for 5 bars"

    phrase: str
    wanted: str
    found: str
    sample: str


@record
class NoSign(Problem):
    """`changes sign` is asked of what may lie above nought and below it: a difference, a ratio, a result. Prices and
    times never lie below it (a price that once did was no signal), nor do counts, volumes and indicators such as `rsi`
    and `atr`."""

    code: ClassVar[str] = "T390"
    title: ClassVar[str] = "`{text}` is {found}, which has no sign to change"
    label: ClassVar[str] = "always on one side of nought"
    help: ClassVar[str] = "ask it of a difference, for example `close - sma(close, 50) changes sign`"
    example: ClassVar[str] = "rule enter\n  when flat and close changes sign\n  then buy 10 shares"
    instead: ClassVar[str] = "rule enter\n  when flat and close - sma(close, 50) changes sign\n  then buy 10 shares"

    text: str
    found: str


@record
class NotAnAggregate(Problem):
    """A window gathers one series by highest, lowest, first, last, sum or count."""

    code: ClassVar[str] = "T333"
    title: ClassVar[str] = "`{name}` cannot be taken over a window"
    label: ClassVar[str] = "not an aggregate"
    help: ClassVar[str] = (
        "write one of highest, lowest, first, last, sum, count with one series: `highest(high) over …`"
    )
    example: ClassVar[str] = "trade SPY on 5 min\nlet mean = sma(close, 3) over first 15 min of session"
    instead: ClassVar[str] = "trade SPY on 5 min\nlet top = highest(high) over first 15 min of session"

    name: str


_DIP = "sequence dip\n  first low < low[1]\n  then  close > open {}\n"
_ON_DIP = "rule enter\n  on dip\n  when flat\n  then buy 10 shares\n       stop loss at dip.low"


@record
class StepNeverTrue(Problem):
    """A sequence is one at a time, and a new first step begins it again: a step that needs what cannot be never comes
    true, and neither does the sequence."""

    code: ClassVar[str] = "T340"
    title: ClassVar[str] = "this step can never come true: {why}"
    label: ClassVar[str] = "never true"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _DIP.format("for 3 bars within 2 bars") + _ON_DIP
    instead: ClassVar[str] = _DIP.format("for 3 bars within 6 bars") + _ON_DIP

    why: str
    advice: str


@record
class TooManySteps(Problem):
    """A sequence has a fixed place for each of its steps, so that what it remembers is bounded."""

    code: ClassVar[str] = "T341"
    title: ClassVar[str] = "the sequence `{name}` has more than {limit} steps"
    label: ClassVar[str] = "one too many"
    help: ClassVar[str] = "split it: a step may name another sequence as its condition"
    example: ClassVar[str] = _DIP.format("within 2 bars" + "\n  then  close > open within 2 bars" * 7) + _ON_DIP
    instead: ClassVar[str] = _DIP.format("within 2 bars") + _ON_DIP

    name: str
    limit: int


@record
class OnlyIfUnclear(Problem):
    """`only if` holds a target against the initial risk: an entry whose target is too near is not placed."""

    code: ClassVar[str] = "T342"
    title: ClassVar[str] = "`only if` compares the target with multiples of the initial risk"
    label: ClassVar[str] = "not such a comparison"
    help: ClassVar[str] = "write `only if target >= 2R`, and any other condition in the rule's `when`"
    example: ClassVar[str] = (
        "rule enter\n  when flat\n  then buy 10 shares\n       stop loss at low\n"
        "       target high[5], only if close > open"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n  then buy 10 shares\n       stop loss at low\n"
        "       target high[5], only if target >= 2R"
    )


@record
class NotOfAnInstrument(Problem):
    """Of another instrument only what its bars say can be read: its prices, its volume, and what is calculated of
    them. Positions and money are the account's, and amounts are written for the instrument that is traded."""

    code: ClassVar[str] = "T345"
    title: ClassVar[str] = "this cannot be read of `{symbol}`: {why}"
    label: ClassVar[str] = "no value of `{symbol}`"
    help: ClassVar[str] = "read a series of it, for example `close of {symbol}` or `sma(close of {symbol}, 50)`"
    example: ClassVar[str] = "trade SPY on 1 day\nread QQQ\nlet other = equity of QQQ"
    instead: ClassVar[str] = "trade SPY on 1 day\nread QQQ\nlet other = close of QQQ"

    symbol: str
    why: str


@record
class ChoiceOfTwoKinds(Problem):
    """Both sides of a choice are measured in one unit, because what it gives is used as one value."""

    code: ClassVar[str] = "T346"
    title: ClassVar[str] = "this choice is {one} or {other}"
    label: ClassVar[str] = "two units"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = "let level = if close > open then high else volume"
    instead: ClassVar[str] = "let level = if close > open then high else low"

    one: str
    other: str
    advice: str
