"""Hypothesis chooses venue, plan, faults and what comes next; what must hold holds, and a replay gives the same desk.

A second machine tells the desk anything at all, true or not: it may not break, book twice or lose count, whatever a
venue says.
"""

from __future__ import annotations

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from stratc.runtime.executor.life.desk import step
from stratc.runtime.executor.life.encoding import decode_event, digest, encode
from stratc.runtime.executor.life.events import (
    CancelAsked,
    CloseAsked,
    Connected,
    Disconnected,
    GoneForSure,
    Reported,
    Restarted,
    Sent,
    Woke,
)
from stratc.runtime.executor.life.exposure import worst_case_exposure
from stratc.runtime.executor.life.policy import Idempotency, VenueTerms
from stratc.runtime.executor.life.state import new_desk
from stratc.runtime.executor.life.table import CLOSED
from stratc.runtime.model.order import OrdStatus, Side
from stratc.runtime.model.report import (
    AcceptancePending,
    Acknowledged,
    Busted,
    Canceled,
    CancelPending,
    CancelRejected,
    Corrected,
    DoneForDay,
    DuplicateId,
    Expired,
    Filled,
    NoAnswer,
    OrderSeen,
    PositionSeen,
    Rejected,
    Replaced,
    ReplacePending,
    ReplaceRejected,
    Restated,
    Snapshot,
    StatusAnswer,
    Strange,
    Suspended,
)
from tests.orders.oracle import wrongs
from tests.orders.scenarios import SCENARIOS, terms
from tests.orders.world import INSTRUMENT, PATIENCE, Budget, begin, intended, next_worlds

PLANS = [plan for _, plan, _ in SCENARIOS.values()]
FAULTS = ("losses", "early", "cuts", "deaths", "swaps", "twice", "hides", "rejects", "cancels", "closes", "replaces")


class TrueVenue(RuleBasedStateMachine):
    """A venue that keeps its books, and messages that get lost."""

    @initialize(
        venue=st.sampled_from(Idempotency),
        plan=st.sampled_from(PLANS),
        faults=st.integers(0, 8),
        often=st.fixed_dictionaries({name: st.integers(0, 2) for name in FAULTS}),
    )
    def start(self, venue, plan, faults, often):
        self.world = begin(venue, plan, Budget(faults=faults, fills=4, **often))
        self.first = self.world.desk
        self.world = replace(self.world, journal=())
        self.wrong: list[str] = []

    @rule(choice=st.integers(0, 63))
    def goes_on(self, choice):
        choices = list(next_worlds(self.world))
        if choices:
            _, after = choices[choice % len(choices)]
            self.wrong = list(wrongs(self.world, after))
            self.world = after

    @invariant()
    def nothing_is_wrong(self):
        assert not getattr(self, "wrong", [])

    def teardown(self):
        if hasattr(self, "world"):
            assert replayed(self.first, self.world.journal) == digest(self.world.desk)


def replayed(state, journal) -> str:
    for written in journal:
        state, _ = step(state, decode_event(written))
    return digest(state)


KEYS = st.integers(0, 7)
LOTS = st.integers(0, 6)
PRICES = st.sampled_from([Decimal("99.5"), Decimal(100), Decimal("100.25")])
IDS = st.integers(0, 5).map("e{}".format)
PLAIN = (
    Acknowledged, AcceptancePending, DuplicateId, CancelPending, ReplacePending, DoneForDay, Suspended, Canceled,
    Expired,
)  # fmt: skip
SAID = (Rejected, CancelRejected)


class AnyVenue(RuleBasedStateMachine):
    """A venue that says whatever it likes of orders that exist or not."""

    @initialize(venue=st.sampled_from(Idempotency), plan=st.sampled_from(PLANS))
    def start(self, venue, plan):
        self.begin = self.state = new_desk(VenueTerms(idempotency=venue, patience=PATIENCE))
        self.journal: list[bytes] = []
        self.intents = 1
        self.take(Connected(at_ns=0))
        self.snapshot([], 0, 0, 0)
        self.take(intended(plan, 0))

    def take(self, event):
        written = encode(event)
        self.journal.append(written)
        self.state, _ = step(self.state, decode_event(written))

    def key(self, number):
        keys = sorted(self.state.orders)
        return keys[number % len(keys)] if keys else "nobody's"

    def report(self, report):
        self.take(Reported(at_ns=0, report=report))

    @rule(plan=st.sampled_from(PLANS))
    def intends(self, plan):
        if self.intents < 3:
            self.take(intended(plan, self.intents))
            self.intents += 1

    @rule(kind=st.sampled_from((Connected, Disconnected, Restarted)))
    def connection(self, kind):
        self.take(kind(at_ns=0))

    @rule(key=KEYS, kind=st.sampled_from((Sent, CancelAsked, GoneForSure)))
    def of_an_order(self, key, kind):
        self.take(kind(at_ns=0, cl_ord_id=self.key(key)))

    @rule(key=KEYS)
    def closes(self, key):
        self.take(CloseAsked(at_ns=0, group=self.key(key)))

    @rule(key=KEYS)
    def wakes(self, key):
        order = self.state.orders.get(self.key(key))
        if order is not None and order.wake_ns is not None:
            self.take(Woke(at_ns=0, cl_ord_id=order.cl_ord_id, due_ns=order.wake_ns))

    @rule(key=KEYS, kind=st.sampled_from(PLAIN))
    def plain(self, key, kind):
        self.report(kind(cl_ord_id=self.key(key)))

    @rule(key=KEYS, kind=st.sampled_from(SAID))
    def said(self, key, kind):
        self.report(kind(cl_ord_id=self.key(key), text="so"))

    @rule(key=KEYS, lots=LOTS)
    def changed(self, key, lots):
        self.report(Restated(cl_ord_id=self.key(key), lots=lots))
        self.report(Strange(cl_ord_id=self.key(key), raw="39=7"))

    @rule(new=KEYS, old=KEYS, lots=LOTS, done=st.booleans())
    def replaced(self, new, old, lots, done):
        new, old = self.key(new), self.key(old)
        if done:
            self.report(Replaced(cl_ord_id=new, replaces=old, lots=lots))
        else:
            self.report(ReplaceRejected(cl_ord_id=new, replaces=old, text="so"))

    def fill(self, key, exec_id, lots, price):
        order = self.state.orders.get(self.key(key))
        return Filled(
            cl_ord_id=self.key(key),
            order_id=None,
            exec_id=f"{self.key(key)}/{exec_id}",
            instrument=INSTRUMENT,
            side=Side.BUY if order is None else order.terms.side,
            lots=lots + 1,
            price=price,
        )

    @rule(key=KEYS, exec_id=IDS, lots=LOTS, price=PRICES)
    def fills(self, key, exec_id, lots, price):
        self.report(self.fill(key, exec_id, lots, price))

    @rule(key=KEYS, exec_id=IDS, number=st.integers(0, 2), lots=LOTS, price=PRICES, busts=st.booleans())
    def amends(self, key, exec_id, number, lots, price, busts):
        ref = f"{self.key(key)}/{exec_id}"
        if busts:
            self.report(Busted(exec_id=f"{ref}/bust{number}", ref_exec_id=ref))
        else:
            self.report(Corrected(exec_id=f"{ref}/correct{number}", ref_exec_id=ref, lots=lots, price=price))

    def seen(self, key, status, cum):
        return OrderSeen(cl_ord_id=self.key(key), order_id="v", status=status, cum_lots=cum, terms=terms(Side.BUY, 3))

    @rule(key=KEYS, status=st.none() | st.sampled_from(OrdStatus), cum=LOTS, late=st.integers(0, 2))
    def answers(self, key, status, cum, late):
        found = None if status is None else self.seen(key, status, cum)
        self.report(StatusAnswer(ask=max(self.state.asked - late, 0), cl_ord_id=self.key(key), found=found))

    @rule(keys=st.lists(KEYS, max_size=2), cum=LOTS, lots=st.integers(-3, 3), late=st.integers(0, 2))
    def snapshot(self, keys, cum, lots, late):
        ask = max(self.state.asked - late, 0)
        shown = Snapshot(
            ask=ask,
            open_orders=tuple(self.seen(key, OrdStatus.LIVE, cum) for key in keys),
            closed_orders=(),
            executions=(),
            positions=(PositionSeen(instrument=INSTRUMENT, lots=lots),),
        )
        self.report(shown)
        self.report(NoAnswer(ask=ask))

    @invariant()
    def books_balance(self):
        if not hasattr(self, "state"):
            return
        state = self.state
        lines = state.bookings.values()
        assert state.positions.get(INSTRUMENT, 0) == sum(line.lots for line in lines)
        for key, order in state.orders.items():
            booked = sum(line.lots for line in lines if line.cl_ord_id == key)
            assert order.terms.side * order.booked == booked
            assert order.booked >= 0
            assert order.status in CLOSED or not order.terms.lots or order.may_still_fill >= order.leaves
        worst = worst_case_exposure(state, INSTRUMENT)
        assert worst.least <= worst.position <= worst.most

    def teardown(self):
        if hasattr(self, "state"):
            assert replayed(self.begin, self.journal) == digest(self.state)


TestTrueVenue = TrueVenue.TestCase
TestTrueVenue.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
TestAnyVenue = AnyVenue.TestCase
TestAnyVenue.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
