"""Short histories of orders in words: every line is an event of the desk or an expectation. `histories.txt` has them.

Orders are called by their part: `a`, `b` … for single ones (and replacements), `entry`, `stop1`, `target1`, `exit1`,
`undo1`, `member1`, `first`, `triggered1`, and `person1` for what came from elsewhere. Every event goes through its
bytes, and at the end the desk is built once more from them: a replay that differs fails the history.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from stratc.runtime.executor.life.commands import Cancel, QueryOrder, RaiseAlarm, Replace, Submit, TakeSnapshot
from stratc.runtime.executor.life.desk import step
from stratc.runtime.executor.life.encoding import decode_event, digest, encode
from stratc.runtime.executor.life.events import (
    CancelAsked,
    CloseAsked,
    Connected,
    Disconnected,
    HaltReleased,
    Intended,
    PositionAdopted,
    Reported,
    Restarted,
    Sent,
    Woke,
)
from stratc.runtime.executor.life.exposure import strategy_position, worst_case_exposure
from stratc.runtime.executor.life.policy import Idempotency, Patience, VenueTerms
from stratc.runtime.executor.life.state import Role, new_desk
from stratc.runtime.model.ids import client_order_id
from stratc.runtime.model.intent import (
    Bracket,
    Emergency,
    EmergencyExit,
    Intent,
    OneCancelsOther,
    OneTriggersOther,
    Replacement,
    Single,
)
from stratc.runtime.model.order import OrderKind, OrderTerms, OrdStatus, Side, TimeInForce
from stratc.runtime.model.report import (
    AcceptancePending,
    Acknowledged,
    Ambiguity,
    Busted,
    Canceled,
    CancelPending,
    CancelRejected,
    Corrected,
    DoneForDay,
    DuplicateId,
    Expired,
    Filled,
    Malformed,
    NoAnswer,
    NotSent,
    OrderSeen,
    OutcomeUnknown,
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
from tests.orders.approving import approved

PATIENCE = Patience(
    answer_ns=5,
    settle_ns=20,
    poll_ns=10,
    snapshot_ns=1000,
    polls_to_alarm=2,
    polls_to_halt=3,
    polls_to_escalate=4,
    cancels_max=2,
    resends_max=1,
)
INSTRUMENT = "ES"
NAMES = {Role.ENTRY: "entry", Role.FIRST: "first", Role.EXTERNAL: "person", Role.STOP_LOSS: "stop"}
LETTERS = "abcdefgh"
PLAIN = {
    "ack": Acknowledged,
    "acceptance-pending": AcceptancePending,
    "duplicate-id": DuplicateId,
    "cancel-pending": CancelPending,
    "replace-pending": ReplacePending,
    "done-for-day": DoneForDay,
    "suspended": Suspended,
}
SAID = {
    "reject": Rejected,
    "not-sent": NotSent,
    "cancel-rejected": CancelRejected,
}
RAW = {"strange": Strange, "malformed": Malformed}
STATUS_WORDS = {
    "working": OrdStatus.LIVE,
    "filled": OrdStatus.FILLED,
    "canceled": OrdStatus.CANCELED,
    "rejected": OrdStatus.REJECTED,
    "expired": OrdStatus.EXPIRED,
    "replaced": OrdStatus.REPLACED,
    "calculated": OrdStatus.PENDING_NEW,
}


def terms(side: str, lots: str | int, kind: OrderKind = OrderKind.MARKET, life: str = "") -> OrderTerms:
    return OrderTerms(
        instrument=INSTRUMENT,
        side=Side.BUY if side == "buy" else Side.SELL,
        lots=int(lots),
        kind=kind,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL if life == "ioc" else TimeInForce.GOOD_TILL_CANCEL,
        reduce_only=life == "reducing",
    )


class Story:
    """One history: the desk, and what it said and did so far."""

    def __init__(self, venue: Idempotency = Idempotency.HARD) -> None:
        self.now = 0
        self.begin = self.state = new_desk(VenueTerms(idempotency=venue, patience=PATIENCE))
        self.events: list[bytes] = []
        self.alarms: list[str] = []
        self.did: Counter[str] = Counter()
        self.asks: dict[str, int] = {}
        self.early: dict[str, int] = {}
        self.executions = 0
        self.last_commands: tuple = ()

    def take(self, event) -> None:
        written = encode(event)
        self.events.append(written)
        self.state, commands = step(self.state, decode_event(written))
        self.last_commands = commands
        for command in commands:
            match command:
                case RaiseAlarm(alarm=alarm):
                    self.alarms.append(alarm.value)
                case Submit(cl_ord_id=key) | Replace(cl_ord_id=key):
                    self.did[f"sends {self.name(key)}"] += 1
                case Cancel(cl_ord_id=key):
                    self.did[f"cancels {self.name(key)}"] += 1
                case QueryOrder(cl_ord_id=key, ask=ask):
                    self.did[f"asks {self.name(key)}"] += 1
                    self.asks[self.name(key)] = ask
                case TakeSnapshot(ask=ask):
                    self.did["asks desk"] += 1
                    self.asks["desk"] = ask

    def report(self, report) -> None:
        self.take(Reported(at_ns=self.now, report=report))

    def names(self) -> dict[str, str]:
        """What each order is called here."""
        names: dict[str, str] = {}
        count: Counter[Role] = Counter()
        for key, order in self.state.orders.items():
            count[order.role] += 1
            number = count[order.role]
            if order.role is Role.SINGLE:
                names[LETTERS[number - 1]] = key
            elif order.role in (Role.ENTRY, Role.FIRST) and number == 1:
                names[NAMES[order.role]] = key
            else:
                names[f"{NAMES.get(order.role, order.role.value)}{number}"] = key
        return names

    def name(self, key: str) -> str:
        return next(name for name, other in self.names().items() if other == key)

    def key(self, name: str) -> str:
        return self.names()[name]

    def order(self, name: str):
        return self.state.orders[self.key(name)]

    # events

    def intend(self, plan, valid_ns: int = 10_000) -> None:
        number = len(self.state.orders)
        intent = Intent(
            cl_ord_id=client_order_id("tests", "story", number),
            strategy="story",
            rule=None,
            plan=plan,
            valid_until_ns=self.now + valid_ns,
        )
        self.take(Intended(at_ns=self.now, approved=approved(intent, number)))

    def wake(self, name: str) -> None:
        order = None if name == "desk" else self.order(name)
        due = self.state.wake_ns if order is None else order.wake_ns
        assert due is not None, f"{name} has no appointment"
        self.now = max(self.now, due)
        self.take(Woke(at_ns=self.now, cl_ord_id=None if order is None else order.cl_ord_id, due_ns=due))

    def seen(self, name: str, word: str, cum: int) -> OrderSeen:
        order = self.order(name)
        key = order.cl_ord_id
        return OrderSeen(
            cl_ord_id=None if key.startswith("venue:") else key,
            order_id=order.order_id or f"v-{name}",
            status=STATUS_WORDS[word],
            cum_lots=cum,
            terms=order.terms,
        )

    def execution(self, name: str, lots: int, exec_id: str, price: str = "100", cum: int | None = None) -> Filled:
        if name in self.names():
            order = self.order(name)
            side, key, order_id = order.terms.side, order.cl_ord_id, order.order_id
        else:
            side, key, order_id = Side.BUY if lots > 0 else Side.SELL, None, name
        return Filled(
            cl_ord_id=None if key is None or key.startswith("venue:") else key,
            order_id=order_id,
            exec_id=exec_id,
            instrument=INSTRUMENT,
            side=side,
            lots=abs(lots),
            price=Decimal(price),
            cum_lots=cum,
        )

    def snapshot(self, words: str) -> None:
        """`open a 2, person b9 buy 3; closed a canceled 2; fills e1 a 2; position 2`; what is missing is empty."""
        parts = dict(part.strip().split(" ", 1) for part in words.split(";") if part.strip())
        missing = parts.pop("without", "").split()
        self.report(
            Snapshot(
                ask=self.asks["desk"],
                open_orders=tuple(self._listed(each) for each in split(parts.pop("open", ""))),
                closed_orders=None
                if "closed" in missing
                else tuple(self._listed(e) for e in split(parts.pop("closed", ""))),
                executions=None
                if "fills" in missing
                else tuple(self._execution(e) for e in split(parts.pop("fills", ""))),
                positions=self._positions(parts.pop("position", None)),
            )
        )
        assert not parts, parts

    def _positions(self, lots: str | None):
        return None if lots is None else (PositionSeen(instrument=INSTRUMENT, lots=int(lots)),)

    def _listed(self, words: str) -> OrderSeen:
        match words.split():
            case ["person", order_id, side, lots]:
                return OrderSeen(
                    cl_ord_id=None, order_id=order_id, status=OrdStatus.LIVE, cum_lots=0, terms=terms(side, lots)
                )
            case [name, word, cum]:
                return self.seen(name, word, int(cum))
            case [name, cum]:
                return self.seen(name, "working", int(cum))
        raise ValueError(words)

    def _execution(self, words: str) -> Filled:
        exec_id, name, lots = words.split()
        return self.execution(name, int(lots), exec_id)

    # one line

    def tell(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        self.now += 1
        if (handled := getattr(self, f"do_{verb.replace('-', '_')}", None)) is not None:
            handled(rest)
        elif verb in PLAIN:
            self.report(PLAIN[verb](cl_ord_id=self.key(rest)))
        elif verb in SAID:
            self.report(SAID[verb](cl_ord_id=self.key(rest), text="the venue says so"))
        elif verb in RAW:
            self.report(RAW[verb](cl_ord_id=self.key(rest), raw="39=?"))
        else:
            self.expect(line)

    def do_buy(self, rest: str) -> None:
        lots, _, life = rest.partition(" ")
        self.intend(Single(order=terms("buy", lots, life=life)))

    def do_sell(self, rest: str) -> None:
        lots, _, life = rest.partition(" ")
        self.intend(Single(order=terms("sell", lots, life=life)))

    def do_bracket(self, rest: str) -> None:
        """`bracket 5`, `bracket 5 target`, with `retries N` and `halting`."""
        words = rest.split()
        retries = int(words[words.index("retries") + 1]) if "retries" in words else 1
        then = EmergencyExit.HALT_AND_ALARM if "halting" in words else EmergencyExit.CLOSE_AT_MARKET
        self.intend(
            Bracket(
                entry=terms("buy", words[0]),
                stop_ticks=90,
                target_ticks=110 if "target" in words else None,
                emergency=Emergency(retries=retries, then=then),
            )
        )

    def do_oco(self, rest: str) -> None:
        self.intend(OneCancelsOther(orders=tuple(terms(*each.split()) for each in split(rest))))

    def do_oto(self, rest: str) -> None:
        first, *then = split(rest)
        self.intend(OneTriggersOther(first=terms(*first.split()), then=tuple(terms(*each.split()) for each in then)))

    def do_replace(self, rest: str) -> None:
        name, lots = rest.split()
        self.intend(Replacement(replaces=self.key(name), order=terms("buy", lots)))

    def do_sent(self, rest: str) -> None:
        self.take(Sent(at_ns=self.now, cl_ord_id=self.key(rest)))

    def do_works(self, rest: str) -> None:
        """Sent and acknowledged."""
        self.do_sent(rest)
        self.report(Acknowledged(cl_ord_id=self.key(rest), order_id=f"v-{rest}"))

    def do_lost(self, rest: str) -> None:
        name, _, why = rest.partition(" ")
        self.report(OutcomeUnknown(cl_ord_id=self.key(name), why=Ambiguity(why or "connection_lost")))

    def do_fill(self, rest: str) -> None:
        """`fill a 2`, with `id e1`, `at 100.5`, `cum 2`."""
        name, lots, *more = rest.split()
        options = dict(zip(more[::2], more[1::2], strict=True))
        self.executions += 1
        cum = options.get("cum")
        exec_id = options.get("id", f"e{self.executions}")
        price = options.get("at", "100")
        self.report(self.execution(name, int(lots), exec_id, price, None if cum is None else int(cum)))

    def do_bust(self, rest: str) -> None:
        self.report(Busted(exec_id=f"{rest}-bust", ref_exec_id=rest))

    def do_correct(self, rest: str) -> None:
        ref, lots, price = rest.split()
        self.report(Corrected(exec_id=f"{ref}-corrected-{lots}", ref_exec_id=ref, lots=int(lots), price=Decimal(price)))

    def do_cancel(self, rest: str) -> None:
        self.take(CancelAsked(at_ns=self.now, cl_ord_id=self.key(rest)))

    def do_canceled(self, rest: str) -> None:
        name, _, cum = rest.partition(" cum ")
        self.report(Canceled(cl_ord_id=self.key(name), cum_lots=int(cum) if cum else None))

    def do_expired(self, rest: str) -> None:
        name, _, cum = rest.partition(" cum ")
        self.report(Expired(cl_ord_id=self.key(name), cum_lots=int(cum) if cum else None))

    def do_restated(self, rest: str) -> None:
        name, lots = rest.split()
        self.report(Restated(cl_ord_id=self.key(name), lots=int(lots)))

    def do_replaced(self, rest: str) -> None:
        new, old, lots = rest.split()
        self.report(Replaced(cl_ord_id=self.key(new), replaces=self.key(old), lots=int(lots), order_id=f"v-{new}"))

    def do_replace_rejected(self, rest: str) -> None:
        new, old = rest.split()
        self.report(ReplaceRejected(cl_ord_id=self.key(new), replaces=self.key(old), text="the venue says so"))

    def do_answer(self, rest: str) -> None:
        """`answer a working`, `answer a filled 2`, `answer a not-found`, to the question that was asked last."""
        name, word, *cum = rest.split()
        ask = self.asks[name]
        found = None if word == "not-found" else self.seen(name, word, int(cum[0]) if cum else 0)
        self.report(StatusAnswer(ask=ask, cl_ord_id=self.key(name), found=found))

    def do_no_answer(self, rest: str) -> None:
        self.report(NoAnswer(ask=self.asks[rest]))

    def do_snapshot(self, rest: str) -> None:
        self.snapshot(rest)

    def do_same(self, rest: str) -> None:
        """A second time, and nothing but the desk's own appointment may change."""
        before = self.state
        self.snapshot(rest.removeprefix("snapshot").strip())
        assert self.state == before, "the same snapshot again changed something"

    def do_remember(self, rest: str) -> None:
        """`remember a early`: the question asked last is answered later by `answer-early a`."""
        name, _ = rest.split()
        self.early[name] = self.asks[name]

    def do_answer_early(self, rest: str) -> None:
        name, _ = rest.split()
        self.report(StatusAnswer(ask=self.early[name], cl_ord_id=self.key(name), found=None))

    def do_later(self, rest: str) -> None:
        self.now += int(rest)

    def do_again(self, rest: str) -> None:
        """The last event once more."""
        self.take(decode_event(self.events[-1]))

    def do_wake(self, rest: str) -> None:
        self.wake(rest)

    def do_connect(self, rest: str) -> None:
        self.take(Connected(at_ns=self.now))

    def do_disconnect(self, rest: str) -> None:
        self.take(Disconnected(at_ns=self.now))

    def do_restart(self, rest: str) -> None:
        self.take(Restarted(at_ns=self.now))

    def do_close(self, rest: str) -> None:
        self.take(CloseAsked(at_ns=self.now, group=self.order(rest).group))

    def do_adopt(self, rest: str) -> None:
        self.take(
            PositionAdopted(at_ns=self.now, adoption_id=f"adopted-{self.now}", instrument=INSTRUMENT, lots=int(rest))
        )

    def do_release(self, rest: str) -> None:
        self.take(HaltReleased(at_ns=self.now, instrument=INSTRUMENT))

    # expectations

    def expect(self, line: str) -> None:
        match re.split(r",? +", line.strip()):
            case [name, "is", status]:
                assert self.order(name).status.name == status, f"{name} is {self.order(name).status.name}"
            case [name, "booked", share]:
                order = self.order(name)
                assert f"{order.booked}/{order.terms.lots}" == share, f"{name} booked {order.booked}/{order.terms.lots}"
            case ["no", name]:
                assert name not in self.names(), sorted(self.names())
            case ["position", lots]:
                position = self.state.positions.get(INSTRUMENT, 0)
                assert position == int(lots), f"position {position}"
            case ["own", "position", lots]:
                position = strategy_position(self.state, INSTRUMENT)
                assert position == int(lots), f"own position {position}"
            case ["paid", money]:
                paid = sum((line.lots * line.price for line in self.state.bookings.values()), Decimal(0))
                assert paid == Decimal(money), f"paid {paid}"
            case ["worst", least, most]:
                worst = worst_case_exposure(self.state, INSTRUMENT)
                assert (worst.least, worst.most) == (int(least), int(most)), worst
            case ["alarms", *_]:
                wanted = line.removeprefix("alarms").strip()
                said = ", ".join(self.alarms) or "none"
                assert said == wanted, f"alarms {said}"
            case ["sends" | "asks" | "cancels" as verb, name, count]:
                assert self.did[f"{verb} {name}"] == int(count), f"{verb} {name} {self.did[f'{verb} {name}']}"
            case ["flags", name, *_]:
                flags = ", ".join(sorted(flag.value for flag in self.order(name).flags)) or "none"
                assert flags == line.split(" ", 2)[2], f"flags {name} {flags}"
            case ["halted"]:
                assert INSTRUMENT in self.state.halted
            case ["not", "halted"]:
                assert INSTRUMENT not in self.state.halted
            case ["reconciled"]:
                assert self.state.reconciled
            case ["not", "reconciled"]:
                assert not self.state.reconciled
            case ["quiet"]:
                assert not self.last_commands, self.last_commands
            case _:
                raise ValueError(f"nobody knows what `{line}` means")

    def replayed(self) -> str:
        state = self.begin
        for written in self.events:
            state, _ = step(state, decode_event(written))
        return digest(state)


def split(words: str) -> list[str]:
    return [each.strip() for each in words.split(",") if each.strip()]


def told(lines: list[str]) -> Story:
    """The history after its lines; the first may name the venue's class."""
    first, lines = (lines[0], lines[1:]) if lines[0].startswith("venue ") else ("venue A", lines)
    story = Story(Idempotency(first.split()[1]))
    if lines and lines[0] != "unconnected":
        story.do_connect("")
        story.do_snapshot("position 0")
    for line in lines:
        if line == "unconnected":
            continue
        try:
            story.tell(line)
        except AssertionError as wrong:
            raise AssertionError(f"at `{line}`: {wrong}") from wrong
    return story
