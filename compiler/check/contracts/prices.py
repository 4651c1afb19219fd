"""What is done with prices that are joined over rolls, and with volatilities: is the result what its unit says?"""

from __future__ import annotations

from math import sqrt

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import is_constant
from stratc.compiler.check.contracts.check import joined_by_difference, rolled_roots
from stratc.compiler.check.contracts.diagnostics import DailyForAnnual, LevelsDisagree, ReturnsOfWhat
from stratc.compiler.check.timing.clock import is_open_every_day, session_seconds
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Indicator, Wants
from stratc.dsl.syntax import Binary, BinaryOperator, Call, Expression, History, Name, walk
from stratc.dsl.types import RATIO, UNKNOWN, Money, Price, PriceDiff, Stated

SESSIONS_A_YEAR = 252
DAYS_A_YEAR = 365


def check_adjusted(typing: Typing) -> None:
    """Every ratio of joined prices, and every amount over a volatility."""
    difference = joined_by_difference(typing.resolved)
    rolled = {root.symbol for root in rolled_roots(typing.resolved)}
    for node in walk(typing.resolved.tree):
        match node:
            case Call() if difference and _reads_levels(node, typing):
                typing.tell(LevelsDisagree(span=node.span, text=typing.text(node)))
            case Binary() if rolled and _weighs_another(node, rolled, typing):
                what = f"`{typing.text(node)}`, with the price of another future that rolls,"
                remedy = "compare its price with prices of its own: levels and distances need nothing else"
                typing.tell(NotSupportedYet(span=node.span, what=what, instead_of_it=remedy))
            case Binary(operator=BinaryOperator.DIVIDE):
                if difference and _is_return(node, typing):
                    typing.tell(ReturnsOfWhat(span=node.span, text=typing.text(node)))
                _check_volatility(node, typing)
            case _:
                pass


def _reads_levels(call: Call, typing: Typing) -> bool:
    """Whether the call's value depends on how high its prices lie."""
    indicator = catalogue.lookup(call.function.text)
    return indicator is not None and indicator.of_levels and _takes_prices(call, indicator, typing)


def _takes_prices(call: Call, indicator: Indicator, typing: Typing) -> bool:
    written = [typing.types.get(argument.value, UNKNOWN) for argument in call.arguments]
    own = any(part.wants is Wants.PRICE and part.column for part in indicator.inputs)
    return own or any(isinstance(kind, Price) for kind in written)


def _weighs_another(node: Binary, rolled: set[str], typing: Typing) -> bool:
    """Whether a price of another future is multiplied, divided, or held against an amount as it is written."""
    kinds = [typing.types.get(side, UNKNOWN) for side in (node.left, node.right)]
    others = any(isinstance(kind, Price | PriceDiff) and kind.of in rolled for kind in kinds)
    product = node.operator in (BinaryOperator.MULTIPLY, BinaryOperator.DIVIDE, BinaryOperator.OF)
    return others and (product or any(isinstance(kind, Stated) for kind in kinds))


def _is_return(node: Binary, typing: Typing) -> bool:
    """A price over an earlier one, where nothing is said of how prices are joined."""
    said = typing.resolved.roll is not None and typing.resolved.roll.adjusted
    prices = all(isinstance(typing.types.get(side, UNKNOWN), Price) for side in (node.left, node.right))
    return not said and prices and any(isinstance(part, History) for part in walk(node))


def _check_volatility(node: Binary, typing: Typing) -> None:
    """An amount or a fixed share over the deviation of one bar's returns is meant for a year and many times too large.

    A share that changes from bar to bar (a return over its deviation) is a score, which has no scale to be wrong in.
    """
    amount = typing.types.get(node.left, UNKNOWN)
    fixed = amount == RATIO and is_constant(node.left, typing.resolved)
    if not (isinstance(amount, Money) or fixed) or typing.types.get(node.right, UNKNOWN) != RATIO:
        return
    divisor = _meaning(node.right, typing)
    if isinstance(divisor, Call) and divisor.function.text == "stdev":
        what = "the amount" if isinstance(amount, Money) else "the share"
        typing.tell(
            DailyForAnnual(
                span=node.right.span, text=typing.text(node.right), what=what, times=bars_a_year_root(typing)
            )
        )


def _meaning(expression: Expression, typing: Typing) -> Expression:
    """What a name stands for, followed to its formula."""
    while isinstance(expression, Name):
        bound = typing.resolved.binding(expression.text)
        if bound is None:
            return expression
        expression = bound
    return expression


def bars_a_year_root(typing: Typing) -> int:
    """The square root of how many bars a year has: by what a bar's deviation is smaller than a year's."""
    header = typing.header
    sessions = DAYS_A_YEAR if is_open_every_day(header) else SESSIONS_A_YEAR
    bars = 1.0 if header.daily or not header.interval_seconds else session_seconds(header) / header.interval_seconds
    return round(sqrt(sessions * bars))
