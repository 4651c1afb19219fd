"""The working copy of a desk's state within one step. What begins as a copy ends as the next state."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from stratc.runtime.executor.life.commands import (
    Command,
    HaltInstrument,
    QueryOrder,
    RaiseAlarm,
    TakeSnapshot,
    Tell,
    WakeAt,
)
from stratc.runtime.executor.life.happening import Alarm
from stratc.runtime.executor.life.policy import Patience
from stratc.runtime.executor.life.state import DeskState, Group, OrderLife, Role

POLLS_BACKED_OFF: Final = 8


class Draft:
    """Mutable, and known to nobody outside of the step that made it."""

    def __init__(self, state: DeskState, now_ns: int) -> None:
        self.now_ns = now_ns
        self.venue = state.venue
        self.orders = dict(state.orders)
        self.groups = dict(state.groups)
        self.bookings = dict(state.bookings)
        self.standing = dict(state.standing)
        self.waiting = dict(state.waiting)
        self.positions = dict(state.positions)
        self.differences = dict(state.differences)
        self.halted = state.halted
        self.connected = state.connected
        self.reconciled = state.reconciled
        self.asked = state.asked
        self.snapshot_ask = state.snapshot_ask
        self.wake_ns = state.wake_ns
        self.commands: list[Command] = []
        self.touched: set[str] = set()
        self.regrouped: set[str] = set()

    @property
    def patience(self) -> Patience:
        return self.venue.patience

    def finished(self) -> DeskState:
        return DeskState(
            venue=self.venue,
            orders=self.orders,
            groups=self.groups,
            bookings=self.bookings,
            standing=self.standing,
            waiting=self.waiting,
            positions=self.positions,
            differences=self.differences,
            halted=self.halted,
            connected=self.connected,
            reconciled=self.reconciled,
            asked=self.asked,
            snapshot_ask=self.snapshot_ask,
            wake_ns=self.wake_ns,
        )

    def put(self, order: OrderLife) -> OrderLife:
        self.orders[order.cl_ord_id] = order
        self.touched.add(order.cl_ord_id)
        return order

    def put_group(self, group: Group) -> Group:
        self.groups[group.group] = group
        self.regrouped.add(group.group)
        return group

    def alarm(self, alarm: Alarm, *, cl_ord_id: str | None, instrument: str | None, text: str) -> None:
        self.commands.append(RaiseAlarm(alarm=alarm, cl_ord_id=cl_ord_id, instrument=instrument, text=text))

    def tell(self, order: OrderLife, text: str) -> None:
        self.commands.append(Tell(cl_ord_id=order.cl_ord_id, status=order.status, text=text))

    def halt(self, instrument: str) -> None:
        if instrument not in self.halted:
            self.halted |= {instrument}
            self.commands.append(HaltInstrument(instrument=instrument))

    def wake_order(self, order: OrderLife, after_ns: int) -> OrderLife:
        """The order is looked at again after so long; an earlier appointment is void."""
        due_ns = self.now_ns + after_ns
        self.commands.append(WakeAt(due_ns=due_ns, cl_ord_id=order.cl_ord_id))
        return self.put(replace(order, wake_ns=due_ns))

    def wake_desk(self, after_ns: int) -> None:
        self.wake_ns = self.now_ns + after_ns
        self.commands.append(WakeAt(due_ns=self.wake_ns, cl_ord_id=None))

    def ask_for(self, order: OrderLife) -> OrderLife:
        """Asks how the order stands; without a connection it is asked for when there is one."""
        order = self.put(replace(order, doubted=True))
        if self.connected and order.role is not Role.EXTERNAL:
            self.asked += 1
            self.commands.append(QueryOrder(ask=self.asked, cl_ord_id=order.cl_ord_id))
        elif self.connected:
            self.take_snapshot()
        return self.wake_order(order, self.patience.poll_ns * min(order.polls + 1, POLLS_BACKED_OFF))

    def take_snapshot(self) -> None:
        """Asks for everything, unless the same was asked within this step."""
        if not self.connected or any(isinstance(command, TakeSnapshot) for command in self.commands):
            return
        self.asked += 1
        self.snapshot_ask = self.asked
        self.commands.append(TakeSnapshot(ask=self.asked))
        self.wake_desk(self.patience.answer_ns)
