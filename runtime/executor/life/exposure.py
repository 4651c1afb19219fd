"""What the account's position in an instrument could come to, at worst.

Everything that may still fill is counted as if it did: working, sent, unknown and escalated orders, both orders of a
replace, all alternatives of a group, and fills that the venue claims and has not shown.
"""

from __future__ import annotations

from msgspec import Struct

from stratc.runtime.executor.life.state import DeskState, Role
from stratc.runtime.model.order import Side


class Exposure(Struct, frozen=True, kw_only=True):
    """Lots, signed as positions are: `least` if only sales filled, `most` if only purchases did."""

    position: int
    least: int
    most: int


def worst_case_exposure(state: DeskState, instrument: str) -> Exposure:
    position = state.positions.get(instrument, 0)
    orders = [order for order in state.orders.values() if order.terms.instrument == instrument]
    bought = sum(order.may_still_fill for order in orders if order.terms.side is Side.BUY)
    sold = sum(order.may_still_fill for order in orders if order.terms.side is Side.SELL)
    return Exposure(position=position, least=position - sold, most=position + bought)


def strategy_position(state: DeskState, instrument: str) -> int:
    """What our own orders made of the position; a person's and what was adopted left out."""
    own = {key for key, order in state.orders.items() if order.role is not Role.EXTERNAL}
    lines = [line for line in state.bookings.values() if line.instrument == instrument]
    return sum(line.lots for line in lines if line.cl_ord_id in own)
