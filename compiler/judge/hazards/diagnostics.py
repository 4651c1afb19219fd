"""Hazards told: sizes without a limit, and orders without an end."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem, Severity
from stratc.runtime.model.record import record

MORE = "rule more\n  when not short and close < sma(close, 20)\n  then buy 5% of equity\n"
FADE = "rule enter\n  when flat and close > sma(close, 20)\n  then buy risking 1% of equity\n       stop loss at low\n"
AGAIN = (
    "trade   SPY on 5 min, regular session\n"
    "rule enter\n  when flat and close > open\n  then buy 10% of equity\n       stop loss at close * 0.995\n"
)
SLICES = "trade   SPY on 5 min, regular session\nrule slices\n  when time in 10:00..15:30 and position < 1_000 shares\n"
LEAVE = "rule leave\n  when long and close > sma(close, 50)\n  then exit all"


@record
class AddsWithoutEnd(Problem):
    """Adding to a position that loses makes the loss grow faster than the price falls. A program may do it as often as
    its condition says, so something must say when it is enough: a cap on units or on the position, or a condition such
    as `units_held < 4` or `invested < 20_000 USD`.
    """

    code: ClassVar[str] = "R016"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{rule}` may add to a losing position, and nothing says when it is enough"
    label: ClassVar[str] = "may be made while the position loses, any number of times"
    help: ClassVar[str] = "write `cap units 4 per instrument` or `cap position 100% of equity`, or ask for `flat`"
    example: ClassVar[str] = f"{MORE}{LEAVE}"
    instead: ClassVar[str] = f"{MORE}{LEAVE}\ncap  position 40% of equity"

    rule: str


@record
class StopMayVanish(Problem):
    """The size is the risk divided by the distance to the stop loss. A stop loss that comes as near as a bar's low, or
    as a range that can be nothing, makes the position as large as one likes, and a gap then loses many times the risk.
    """

    code: ClassVar[str] = "R017"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the stop loss of `{rule}` may come so near that nothing bounds the size of this order"
    label: ClassVar[str] = "sized by the distance to a stop loss that may be nothing"
    help: ClassVar[str] = "write `, at most 90% of equity` behind the size, or `stop distance at least 0.5%` as a limit"
    example: ClassVar[str] = f"{FADE}{LEAVE}"
    instead: ClassVar[str] = f"{FADE}{LEAVE}".replace("1% of equity", "1% of equity, at most 90% of equity")

    rule: str


@record
class EntersAgainAtOnce(Problem):
    """A condition that stays true enters again on the bar after a stop loss or a target took the position out, and so
    on: each time a commission, a spread and a loss, until the condition ends or the money does.
    """

    code: ClassVar[str] = "R018"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{rule}` may enter again on every bar that its own stop loss or target takes it out of"
    label: ClassVar[str] = "its condition may still hold on the next bar, and nothing limits how often"
    help: ClassVar[str] = "add `at most 1 per session` to the rule, or `bars_since_exit >= 10 bars` to its condition"
    example: ClassVar[str] = f"{AGAIN}{LEAVE}"
    instead: ClassVar[str] = f"{AGAIN}  at most 1 per session\n{LEAVE}"

    rule: str


@record
class ExitsWhatItEnters(Problem):
    """Where the exit's condition holds whenever the entry's does, a position is closed on the bar after it was opened,
    and opened again on the next: orders without end, which pay spread and commission each time.
    """

    code: ClassVar[str] = "R019"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = (
        "`{leaving}` closes whatever `{rule}` opens as soon as it is open, and `{rule}` opens it again"
    )
    label: ClassVar[str] = "opens while the exit's condition holds too"
    help: ClassVar[str] = (
        "give the exit a condition that does not hold at the entry, or the entry `at most 1 per session`"
    )
    example: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n  then buy 10% of equity\n"
        "rule leave\n  when long and close > open\n  then exit all"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n  then buy 10% of equity\n"
        "rule leave\n  when long and close < open\n  then exit all"
    )

    rule: str
    leaving: str


@record
class GrowsAfterLosses(Problem):
    """A size that grows with every loss (a martingale) wins small sums often and loses everything once: after ten
    losses in a row a doubling size is a thousand times the first.
    """

    code: ClassVar[str] = "R021"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the size of `{rule}` grows after losses, and nothing bounds it"
    label: ClassVar[str] = "larger after each loss"
    help: ClassVar[str] = "write `, at most 20% of equity` behind the size, or `losses_in_a_row < 3` into the condition"
    example: ClassVar[str] = (
        f"rule enter\n  when flat and close > sma(close, 20)\n  then buy (1 + losses_in_a_row) * 5% of equity\n{LEAVE}"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > sma(close, 20)\n"
        f"  then buy (1 + losses_in_a_row) * 5% of equity, at most 20% of equity\n{LEAVE}"
    )

    rule: str


@record
class OrdersPileUp(Problem):
    """`flat` is false while an entry works; `not long` is not. A rule that does not ask for `flat` places a new order
    on every bar while the earlier ones still wait, and all of them may fill.
    """

    code: ClassVar[str] = "R022"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "`{rule}` may place a new order on every bar while its earlier ones still wait"
    label: ClassVar[str] = "waits for its price, and the rule does not wait for it"
    help: ClassVar[str] = "ask for `flat`, which no working entry leaves true, or write `at most 1 per session`"
    example: ClassVar[str] = (
        "rule enter\n  when not long and not short and close > open\n"
        f"  then buy 10 shares at limit close * 0.98\n       good for 10 bars\n{LEAVE}"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > open\n"
        f"  then buy 10 shares at limit close * 0.98\n       good for 10 bars\n{LEAVE}"
    )

    rule: str


@record
class ForgetsWhatWorks(Problem):
    """What is still missing is what is neither held nor on order: orders that wait may all fill, and then more is
    bought than was meant.
    """

    code: ClassVar[str] = "R025"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "the size of `{rule}` counts what is held, and not the entries that still wait"
    label: ClassVar[str] = "may fill beside orders that were sent before"
    help: ClassVar[str] = "count them too: `position + on_order`"
    example: ClassVar[str] = f"{SLICES}  then buy min(100 shares, 1_000 shares - position) at limit close\n{LEAVE}"
    instead: ClassVar[str] = (
        f"{SLICES}  then buy min(100 shares, 1_000 shares - position - on_order) at limit close\n{LEAVE}"
    )

    rule: str


@record
class DivisorMayVanish(Problem):
    """A share of equity divided by a range or a volatility that can be nothing buys as much as one likes in a quiet
    market, right before it moves.
    """

    code: ClassVar[str] = "R023"
    severity: ClassVar[Severity] = Severity.WARNING
    title: ClassVar[str] = "what the size of `{rule}` is divided by may shrink to nothing, and nothing bounds the order"
    label: ClassVar[str] = "divided by something that may be nothing"
    help: ClassVar[str] = "write `, at most 90% of equity` behind the size, or a `cap position` for the whole program"
    example: ClassVar[str] = (
        f"rule enter\n  when flat and close > sma(close, 20)\n  then buy 10% of equity / volatility(20)\n{LEAVE}"
    )
    instead: ClassVar[str] = (
        "rule enter\n  when flat and close > sma(close, 20)\n"
        f"  then buy 10% of equity / volatility(20), at most 90% of equity\n{LEAVE}"
    )

    rule: str
