"""Problems with what is known beside prices: one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

TABLE = "events earnings of each instrument\n"
SCORE = "advice news_score: number in -1..1 from claude, fresh for 30 min\n"
ENTER = "rule enter\n  when flat and close > open and news_score >= 0\n  then buy 10 shares at next open\n"
LEAVE = "rule leave\n  when long and close < open\n  then exit all at next open"


@record
class UnknownValueKind(Problem):
    """A series measures something: a share of a whole, a plain number, a count of things, or a price."""

    code: ClassVar[str] = "N250"
    title: ClassVar[str] = "`{name}` is no kind of value"
    label: ClassVar[str] = "unknown kind"
    help: ClassVar[str] = "write {known}{near}"
    example: ClassVar[str] = "data discount of each instrument: percent"
    instead: ClassVar[str] = "data discount of each instrument: ratio\nlet cheap = discount < -10%"

    name: str
    known: str
    near: str


@record
class PriceOfNothing(Problem):
    """A price is that of one instrument, so a table of prices has rows for each of them."""

    code: ClassVar[str] = "N251"
    title: ClassVar[str] = "`{name}` is a price and belongs to no instrument"
    label: ClassVar[str] = "a price of what?"
    help: ClassVar[str] = "write `{name} of each instrument: price`, or call it a `number`"
    example: ClassVar[str] = "data net_value: price\nlet cheap = close < net_value"
    instead: ClassVar[str] = "data net_value of each instrument: price\nlet cheap = close < net_value"

    name: str


@record
class BadBounds(Problem):
    """The range of a series is closed, known before the run, and measured as the series is: a row of the table that
    lies outside it is refused."""

    code: ClassVar[str] = "N252"
    title: ClassVar[str] = "the range of `{name}` {why}"
    label: ClassVar[str] = "no range of this series"
    help: ClassVar[str] = "write for example `{name}: {sample}`"
    example: ClassVar[str] = "data discount of each instrument: ratio in -1..1\nlet cheap = discount < -10%"
    instead: ClassVar[str] = "data discount of each instrument: ratio in -100%..100%\nlet cheap = discount < -10%"

    name: str
    why: str
    sample: str


@record
class NotAnEvent(Problem):
    """`sessions until`, `days since`, `is today` and `is confirmed` are asked of a table of events."""

    code: ClassVar[str] = "N253"
    title: ClassVar[str] = "`{name}` is no table of events"
    label: ClassVar[str] = "has no date"
    help: ClassVar[str] = "declare it with `events {name} of each instrument`, or `events {name}` for the whole market"
    example: ClassVar[str] = "let pace = close - open\nlet near = sessions until pace <= 3"
    instead: ClassVar[str] = f"{TABLE}let near = sessions until earnings <= 3"

    name: str


@record
class EventHasNoValue(Problem):
    """An event has a date, no value: what can be asked is how far away it is, and whether its date is known."""

    code: ClassVar[str] = "T377"
    title: ClassVar[str] = "`{name}` is an event and has no value"
    label: ClassVar[str] = "which of its readings?"
    help: ClassVar[str] = "write `sessions until {name}`, `days since {name}` or `{name} is known`"
    example: ClassVar[str] = f"{TABLE}let near = earnings <= 3"
    instead: ClassVar[str] = f"{TABLE}let near = sessions until earnings <= 3"

    name: str


@record
class AdviceMayOnlyVeto(Problem):
    """What a model says is not to be trusted with money. It may keep an entry from being made: in `no entries when`, or
    in the `when` of a rule that does nothing but enter. It reaches no size, price, stop loss, target, exit, weight or
    limit, neither itself nor through anything that is computed from it."""

    code: ClassVar[str] = "T375"
    title: ClassVar[str] = "`{name}` is advice and cannot decide {what}"
    label: ClassVar[str] = "advice reaches this"
    help: ClassVar[str] = (
        "advice may veto entries only: write `no entries when …`, or ask it in the `when` of a rule that only enters"
    )
    example: ClassVar[str] = f"{SCORE}{ENTER}rule leave\n  when long and news_score < 0\n  then exit all at next open"
    instead: ClassVar[str] = f"{SCORE}{ENTER}{LEAVE}"

    name: str
    what: str


@record
class AdviceAlone(Problem):
    """A rule that enters because a model says so is decided by the model. Without the advice the rule's other
    conditions must still say when to enter; the advice only holds it back."""

    code: ClassVar[str] = "T376"
    title: ClassVar[str] = "the entry of `{rule}` would be decided by `{name}` alone"
    label: ClassVar[str] = "nothing of the market is asked"
    help: ClassVar[str] = "say with `and` what of the market must hold; advice may only hold the entry back"
    example: ClassVar[str] = (
        f"{SCORE}rule enter\n  when flat and news_score > 0.5\n  then buy 10 shares at next open\n{LEAVE}"
    )
    instead: ClassVar[str] = f"{SCORE}{ENTER}{LEAVE}"

    rule: str
    name: str


@record
class AdvicePassedBy(Problem):
    """Where advice is missing or stale there is no entry. A condition that can hold without it (`or`, `is unknown`)
    would enter all the same."""

    code: ClassVar[str] = "T378"
    title: ClassVar[str] = "this can hold without `{name}`, which is advice"
    label: ClassVar[str] = "an entry without fresh advice"
    help: ClassVar[str] = "join it with `and`: missing or stale advice means no entry"
    example: ClassVar[str] = (
        f"{SCORE}rule enter\n  when flat and close > open and (news_score >= 0 or close > high[1])\n"
        f"  then buy 10 shares at next open\n{LEAVE}"
    )
    instead: ClassVar[str] = f"{SCORE}{ENTER}{LEAVE}"

    name: str


@record
class AdviceNeverStale(Problem):
    """Advice is of a moment. Without `fresh for` the word of last week would still count."""

    code: ClassVar[str] = "C451"
    title: ClassVar[str] = "`{name}` does not say how long its advice is fresh"
    label: ClassVar[str] = "would never be stale"
    help: ClassVar[str] = "add `, fresh for 30 min` (or `2 days`, …): older advice counts as missing"
    example: ClassVar[str] = f"advice news_score: number in -1..1 from claude\n{ENTER}{LEAVE}"
    instead: ClassVar[str] = f"{SCORE}{ENTER}{LEAVE}"

    name: str


@record
class FreshUnclear(Problem):
    """How long a value is fresh is a duration that is written down: it is counted from the moment of `known_at`."""

    code: ClassVar[str] = "C452"
    title: ClassVar[str] = "`fresh for` takes a duration, and this is {found}"
    label: ClassVar[str] = "no duration"
    help: ClassVar[str] = "write for example `fresh for 30 min` or `fresh for 45 days`"
    example: ClassVar[str] = "data t_bill: ratio, fresh for 45\nlet dear = t_bill > 5%"
    instead: ClassVar[str] = "data t_bill: ratio, fresh for 45 days\nlet dear = t_bill > 5%"

    found: str


@record
class SilentWhileUnknown(Problem):
    """While no date of the next event is known, how far away it is is unknown, and a rule does not fire on what is
    unknown: an exit before earnings would not be made. Which of the two is meant has to be said."""

    code: ClassVar[str] = "C450"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{rule}` is silent while no date of `{event}` is known"
    label: ClassVar[str] = "unknown without a date"
    example: ClassVar[str] = (
        f"{TABLE}rule enter\n  when flat and close > open\n  then buy 10 shares at next open\n"
        "rule leave\n  when long and sessions until earnings <= 2\n  then exit all at next open"
    )
    instead: ClassVar[str] = (
        f"{TABLE}rule enter\n  when flat and close > open\n  then buy 10 shares at next open\n"
        "rule leave\n  when long and (sessions until earnings <= 2 or earnings is unknown)\n"
        "  then exit all at next open"
    )

    rule: str
    event: str

    def helps(self) -> tuple[str, ...]:
        return ("write `or {event} is unknown` where it shall act then, `and {event} is known` where silence is meant",)


UNIVERSE = "trade universe top_500 on 1 day"
BUY = "rule enter\n  when flat and close > open\n  then buy 1% of equity at next open\n"


@record
class NoUniverse(Problem):
    """`in universe` asks whether the instrument is a member of the universe that the header trades."""

    code: ClassVar[str] = "N254"
    title: ClassVar[str] = "this strategy trades no universe"
    label: ClassVar[str] = "in which universe?"
    help: ClassVar[str] = "write `trade universe NAME on 1 day` in the header, or leave the condition out"
    example: ClassVar[str] = "let inside = in universe"
    instead: ClassVar[str] = f"{UNIVERSE}, leavers exit\nlet inside = in universe"


@record
class SharedByHowMany(Problem):
    """A universe changes its size, and its table knows instruments that are no members today. Shares of an amount need
    a number of places."""

    code: ClassVar[str] = "N255"
    title: ClassVar[str] = "the members of `{universe}` are not counted, so an amount cannot be shared by all of them"
    label: ClassVar[str] = "how many?"
    help: ClassVar[str] = "write `to top 50 by …`, or `to each` with the amount for one instrument"
    example: ClassVar[str] = (
        f"{UNIVERSE}\nrule rebalance\n  every month, on last session\n"
        "  then allocate 95% of equity equally, at next open"
    )
    instead: ClassVar[str] = (
        f"{UNIVERSE}\nrule rebalance\n  every month, on last session\n"
        "  then allocate 95% of equity to top 2 by close / close[20] - 1, equally, at next open"
    )

    universe: str


@record
class LeaversUnsaid(Problem):
    """An instrument that leaves the universe is not bought any more. What becomes of a position in it is a choice that
    changes the result, so it has to be made in the text."""

    code: ClassVar[str] = "C453"
    title: ClassVar[str] = "what becomes of a position whose instrument leaves `{universe}`?"
    label: ClassVar[str] = "not said"
    example: ClassVar[str] = f"{UNIVERSE}\n{BUY}{LEAVE}"
    instead: ClassVar[str] = f"{UNIVERSE}, leavers exit\n{BUY}{LEAVE}"

    universe: str

    def helps(self) -> tuple[str, ...]:
        return (
            "write `, leavers exit` behind the header's bars: it is sold at the next open",
            "or `, leavers stay`: the strategy's own exits decide",
            "or a rule of your own, `when long and not in universe`",
        )
