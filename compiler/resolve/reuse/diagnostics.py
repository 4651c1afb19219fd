"""What can be wrong with functions and blocks: codes N275 to N289."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Label, Problem, Severity
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

_HEAD = 'strategy "Example"\ntrade SPY on 1 day\naccount cash USD\n'
_RULES = (
    "rule enter\n  when flat and {entry}\n  then buy 10 shares at market\n"
    "rule leave\n  when long and close < open\n  then exit all at market\n"
)
_SPREAD = "let spread(a, b) = (a - b) / b\n"
_ENTRY = _RULES.format(entry="spread(close, open) > 1%")
_HOURLY = "trade SPY on 1 hour\nlet body(a) = a - open\n"
_BLOCK = "\nblock month_end\ninput days = 3\nrule leave_early\n  when bars_held > days\n  then exit all at market\n"
_PLAIN = _HEAD + "{use}\n" + _RULES.format(entry="close > open")
_USING = _PLAIN + _BLOCK


@record
class WrongNumberOfArguments(Problem):
    """A function is called with one value for each of its parameters, in their order or by their names."""

    code: ClassVar[str] = "N275"
    title: ClassVar[str] = "`{name}` {what}"
    label: ClassVar[str] = "in this call"
    help: ClassVar[str] = "call it as `{form}`"
    example: ClassVar[str] = _SPREAD + _RULES.format(entry="spread(close) > 1%")
    instead: ClassVar[str] = _SPREAD + _ENTRY

    name: str
    what: str
    form: str
    declared: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.declared, "declared here"),)


@record
class FunctionCallsItself(Problem):
    """A function that calls itself might never end, and no bound of what it costs could be known. Averages that carry
    on from bar to bar are indicators: `ema`, `rma`."""

    code: ClassVar[str] = "N276"
    title: ClassVar[str] = "`{name}` calls itself"
    label: ClassVar[str] = "inside its own body"
    help: ClassVar[str] = "write out what it computes; for a value that carries on use an indicator such as `ema`"
    example: ClassVar[str] = "let fade(a) = a + fade(a[1]) / 2\n" + _RULES.format(entry="fade(close) > open")
    instead: ClassVar[str] = "let fade(a) = ema(a, 3)\n" + _RULES.format(entry="fade(close) > open")

    name: str


@record
class FunctionAsValue(Problem):
    """A function has a value only where it is called."""

    code: ClassVar[str] = "N277"
    title: ClassVar[str] = "`{name}` is a function and needs its arguments"
    label: ClassVar[str] = "no parentheses here"
    help: ClassVar[str] = "call it as `{form}`"
    example: ClassVar[str] = _SPREAD + _RULES.format(entry="spread > 1%")
    instead: ClassVar[str] = _SPREAD + _ENTRY

    name: str
    form: str
    declared: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.declared, "declared here"),)


@record
class ParameterTwice(Problem):
    """Each parameter has a name of its own."""

    code: ClassVar[str] = "N278"
    title: ClassVar[str] = "`{function}` has two parameters `{name}`"
    label: ClassVar[str] = "again"
    help: ClassVar[str] = "call one of them otherwise"
    example: ClassVar[str] = "let spread(a, a) = a / a[1] - 1\n" + _ENTRY
    instead: ClassVar[str] = _SPREAD + _ENTRY

    function: str
    name: str
    first: Span

    def labels(self) -> tuple[Label, ...]:
        return (Label(self.first, "first here"),)


@record
class ShadowingParameter(Problem):
    """A word has one meaning in a text. A parameter that hid a word or another name would give it a second one."""

    code: ClassVar[str] = "N279"
    title: ClassVar[str] = "the parameter `{name}` is {what}"
    label: ClassVar[str] = "would hide it"
    help: ClassVar[str] = "call the parameter otherwise, `a_{name}` for example"
    example: ClassVar[str] = "let spread(close, b) = (close - b) / b\n" + _ENTRY
    instead: ClassVar[str] = _SPREAD + _ENTRY

    name: str
    what: str
    declared: Span | None

    def labels(self) -> tuple[Label, ...]:
        return () if self.declared is None else (Label(self.declared, "declared here"),)


@record
class UnusedParameter(Problem):
    """A parameter that the body does not read changes nothing: a leftover, or a slip of the pen in the body."""

    code: ClassVar[str] = "N280"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{function}` does not read its parameter `{name}`"
    label: ClassVar[str] = "never read"
    help: ClassVar[str] = "use it in the body, or take it out here and in every call"
    example: ClassVar[str] = "let spread(a, b) = a / a[1] - 1\n" + _ENTRY
    instead: ClassVar[str] = _SPREAD + _ENTRY

    function: str
    name: str


@record
class FunctionOverWindow(Problem):
    """`over` and `across instruments` want a calculation of many values, such as `highest` or `sum`; a function is a
    formula of one bar's. The window may stand in its body."""

    code: ClassVar[str] = "N281"
    title: ClassVar[str] = "`{name}` is a function, and gathers nothing over a window or across instruments"
    label: ClassVar[str] = "not a calculation of many values"
    help: ClassVar[str] = "say what is to be taken of its values, as in `highest({name}(…)) over session so far`"
    example: ClassVar[str] = _HOURLY + _RULES.format(entry="body(close) over session so far > 1 USD")
    instead: ClassVar[str] = _HOURLY + _RULES.format(entry="highest(body(close)) over session so far > 1 USD")

    name: str


@record
class CallTooLarge(Problem):
    """A call is written out before it is checked. Functions that call functions can make that huge, so it is bounded,
    in depth and in size."""

    code: ClassVar[str] = "N282"
    title: ClassVar[str] = "written out, this call of `{name}` is too large"
    label: ClassVar[str] = "more than {limit} levels deep, or too many parts"
    help: ClassVar[str] = "give what it is called with a name by `let`, or call fewer functions in functions"
    example: ClassVar[str] = (
        "let f0(a) = a + a[1]\n"
        + "".join(f"let f{n}(a) = f{n - 1}(a) + f{n - 1}(a[1])\n" for n in range(1, 20))
        + _RULES.format(entry="f19(close) > open")
    )
    instead: ClassVar[str] = "let f0(a) = a - a[1]\n" + _RULES.format(entry="f0(close) > 1 USD")

    name: str
    limit: int


@record
class NoSuchBlock(Problem):
    """`use` names a file beside the strategy, a block of such a file, or a block that stands in the same text below a
    line `block NAME`. Paths begin at the folder of the file that they stand in."""

    code: ClassVar[str] = "N283"
    title: ClassVar[str] = "there is no block {what}"
    label: ClassVar[str] = "not found"
    example: ClassVar[str] = _PLAIN.format(use='use "month_end.strat"')
    instead: ClassVar[str] = _USING.format(use="use month_end")

    what: str
    advice: str

    def helps(self) -> tuple[str, ...]:
        return (self.advice.replace("{", "{{").replace("}", "}}"),)


@record
class PathLeavesFolder(Problem):
    """A strategy is read with what lies in its own folder and below, and with nothing else, so that a text from
    elsewhere cannot read another file of the computer."""

    code: ClassVar[str] = "N284"
    title: ClassVar[str] = "`{path}` {why}"
    label: ClassVar[str] = "not a path below the strategy's folder"
    help: ClassVar[str] = 'write a path that goes down from here, such as "overlays/month_end.strat"'
    example: ClassVar[str] = _PLAIN.format(use='use "../month_end.strat"')
    instead: ClassVar[str] = _USING.format(use="use month_end")

    path: str
    why: str


@record
class BlocksInCircle(Problem):
    """A block may use blocks, a few levels deep, and never itself."""

    code: ClassVar[str] = "N285"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "used here"
    help: ClassVar[str] = "move what both need into a block of its own"
    example: ClassVar[str] = _USING.format(use="use month_end") + "use month_end as again\n"
    instead: ClassVar[str] = _USING.format(use="use month_end")

    what: str


@record
class NotInBlock(Problem):
    """What is traded, on which bars and in which account is the strategy's to say. A block holds what fits any
    strategy: inputs, bindings, functions, sequences, rules and limits, and `read` for what else it looks at."""

    code: ClassVar[str] = "N286"
    title: ClassVar[str] = "a block has no `{word}` line"
    label: ClassVar[str] = "belongs to a strategy"
    help: ClassVar[str] = "take the line out of the block"
    example: ClassVar[str] = _USING.format(use="use month_end") + "trade QQQ on 1 day\n"
    instead: ClassVar[str] = _USING.format(use="use month_end")

    word: str


@record
class NoSuchInput(Problem):
    """`with` sets inputs of the block, each once, to a number or to an input of the text that uses it."""

    code: ClassVar[str] = "N287"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "cannot be set so"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = _USING.format(use="use month_end with day = 2")
    instead: ClassVar[str] = _USING.format(use="use month_end with days = 2")

    what: str
    advice: str


@record
class NameOfBlock(Problem):
    """What a block declares is read by the block's name, a dot and its own: `calendar.days`. That name is the file's or
    the block's, or the one behind `as`; it must be a name, and nobody else's."""

    code: ClassVar[str] = "N288"
    title: ClassVar[str] = "{what}"
    label: ClassVar[str] = "needs a name of its own"
    help: ClassVar[str] = "give it one: `use … as another_name`"
    example: ClassVar[str] = _USING.format(use="use month_end\nuse month_end")
    instead: ClassVar[str] = _USING.format(use="use month_end\nuse month_end as late")

    what: str


@record
class UnusedBlock(Problem):
    """A block that has no rule and no limit does something only where one of its names is read."""

    code: ClassVar[str] = "N289"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the block `{name}` does nothing here"
    label: ClassVar[str] = "it has no rule and no limit, and nothing of it is read"
    help: ClassVar[str] = "read one of its names, such as `{sample}`, or take the line out"
    example: ClassVar[str] = _PLAIN.format(use="use month_end") + "\nblock month_end\nlet late = close > open\n"
    instead: ClassVar[str] = _USING.format(use="use month_end")

    name: str
    sample: str
