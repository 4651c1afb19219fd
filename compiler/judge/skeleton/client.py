"""Whether a rule's guard is enough, against the most general client: an adversary who sends, fills, cancels and closes
orders as he likes, in parts too, while days pass and the equity at each close is anything.

Only the guard stands between him and a breach. What the order management promises (A-oms) he keeps: an exit never
exceeds the position, working entries are canceled before a position is closed. Every state is seen, or too many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from stratc.compiler.ir.observer import EventKind, Observer, PerInstrument
from stratc.compiler.judge.observe import NO_INSTRUMENT
from stratc.compiler.judge.skeleton.account import AccountSide, Holding
from stratc.compiler.judge.skeleton.bounded import Cells
from stratc.compiler.judge.skeleton.registers import BROKEN, MODELLED, Registers, Unrepresentable
from stratc.compiler.judge.terms import walk
from stratc.runtime.model.record import record

STATES_MAX: Final = 20_000
WORKING_MAX: Final = 2
QUESTIONS_MAX: Final = 3
# What a client sends. What is asked of every event is asked of these; what is asked of marks or locates is not decided.
SENT: Final = MODELLED


class Ticket(NamedTuple):
    """A working entry: its side, and whether it outlives its session."""

    side: int
    outlives: bool


class Client(NamedTuple):
    """What the adversary has: positions by sign, entries that work, and how the questions of the day are answered."""

    positions: tuple[int, ...]
    working: tuple[tuple[Ticket, ...], ...]
    answers: tuple[bool, ...]


@record
class Sufficiency:
    """`proved`: no client breaks the rule with its guard on. Else `steps` are the shortest that do, or `note` says why
    nobody knows."""

    proved: bool
    states: int
    steps: tuple[str, ...]
    note: str


@record
class Promises:
    """What the client keeps to. Without `cancels_first` he may close while entries work; `whole` fills are in one
    piece; `day_orders` end with their session."""

    cancels_first: bool = True
    whole: bool = False
    day_orders: bool = False


def guard_is_sufficient(
    observer: Observer, promises: Promises | None = None, *, states_max: int = STATES_MAX
) -> Sufficiency:
    """Whether the guards of an observer keep its requirements, over all of its instruments.

    A rule whose guard compares money at its own time is not decided here: only the equity at the last close, which
    stays as it is for a day, is the same to the guard and to what it guards.
    """
    try:
        return _Game(observer, promises or Promises()).play(states_max)
    except Unrepresentable:
        return Sufficiency(proved=False, states=0, steps=(), note="the rule asks for events that no client sends")


class Event(NamedTuple):
    """One event of a move: of which instrument and side, what the client has then, how long an order of it lives."""

    kind: EventKind
    instrument: int
    side: int
    client: Client
    outlives: bool | None


Move = tuple[str, tuple[Event, ...], Client]
State = tuple[Client, Cells]


class _Game:
    def __init__(self, observer: Observer, promises: Promises) -> None:
        self._observer = observer
        self._promises = promises
        most = WORKING_MAX * len(observer.instruments)
        self._registers = Registers(observer, guards=True, working_most=most)
        if any(not trigger.kinds <= SENT and not trigger.kinds >= SENT for trigger in self._registers.triggers):
            raise Unrepresentable
        self._questions = len(self._registers.reading.questions)
        # To a rule that asks for no position both sides are alike.
        self._sides = (1, -1) if self._registers.asks else (1,)
        self._places = range(max(observer.instruments, default=-1) + 1)
        # Where nothing tells the instruments apart, which of them is which does not matter.
        self._alike = tuple(observer.instruments) == tuple(self._places) and not _tells_apart(observer)

    def play(self, states_max: int) -> Sufficiency:
        if self._questions > QUESTIONS_MAX:
            return Sufficiency(proved=False, states=0, steps=(), note="the rule asks too much of the equity")
        seen: set[State] = set()
        waiting: deque[tuple[State, tuple[str, ...]]] = deque()
        for answers in self._answers():
            none = tuple(0 for _ in self._places)
            start = (Client(none, tuple(() for _ in self._places), answers), self._registers.start)
            seen.add(start)
            waiting.append((start, ()))
        while waiting:
            (client, cells), path = waiting.popleft()
            for name, events, after in self._moves(client, cells):
                for told in self._told(cells, events, after):
                    if told is None:
                        return Sufficiency(proved=False, states=len(seen), steps=(*path, name), note="")
                    state = self._sorted(told)
                    if state not in seen:
                        seen.add(state)
                        waiting.append((state, (*path, name)))
            if len(seen) > states_max:
                return Sufficiency(proved=False, states=len(seen), steps=(), note="there are too many states")
        return Sufficiency(proved=True, states=len(seen), steps=(), note="")

    def _sorted(self, state: State) -> State:
        """The same state with its instruments in an order that is always the same, where they are alike."""
        client, cells = state
        if not self._alike or len(self._places) == 1:
            return state
        columns = self._registers.columns(cells)
        order = tuple(sorted(self._places, key=lambda i: (client.positions[i], client.working[i], columns[i])))
        sorted_client = client._replace(
            positions=tuple(client.positions[i] for i in order), working=tuple(client.working[i] for i in order)
        )
        return sorted_client, self._registers.rearranged(cells, order)

    def _answers(self) -> Iterator[tuple[bool, ...]]:
        return product((False, True), repeat=self._questions)

    def _told(self, cells: Cells, events: tuple[Event, ...], after: Client) -> Iterator[State | None]:
        """The states after a move's events; None where one of them may break the rule."""
        ways = [cells]
        for event in events:
            account = self._account(event.client, event.side, outlives=event.outlives)
            found = [each for way in ways for each in self._registers.step(way, event.kind, event.instrument, account)]
            if any(outcome == BROKEN for _, outcome in found):
                yield None
                return
            ways = [way for way, _ in found]
        yield from ((after, way) for way in dict.fromkeys(ways))

    def _account(self, client: Client, side: int, *, outlives: bool | None) -> AccountSide:
        if not self._registers.asks:
            return AccountSide(holdings=(), side=side, outlives=outlives, answers=client.answers)
        holdings = []
        for position, working in zip(client.positions, client.working, strict=True):
            sides = {each.side for each in working}
            holdings.append(Holding(position=position, buys=1 in sides, shorts=-1 in sides))
        return AccountSide(
            holdings=tuple(holdings),
            side=side,
            outlives=outlives,
            answers=client.answers,
        )

    # ── moves ──

    def _moves(self, client: Client, cells: Cells) -> Iterator[Move]:
        for i in self._observer.instruments:
            yield from self._orders(client, cells, i)
            yield from self._fills(client, i)
            if client.positions[i]:
                yield from self._closes(client, i)
        yield from self._days(client)

    def _orders(self, client: Client, cells: Cells, i: int) -> Iterator[Move]:
        if len(client.working[i]) >= WORKING_MAX:
            return
        lives = (False,) if self._promises.day_orders else (False, True)
        for side, outlives in product(self._sides, lives):
            ticket = Ticket(side=side, outlives=outlives)
            after = _with_working(client, i, (*client.working[i], ticket))
            # What is being decided counts in what comes after it.
            if self._registers.may_allow(cells, i, self._account(after, side, outlives=outlives)):
                name = f"order{' overnight' if outlives else ''}"
                yield name, (Event(EventKind.ORDER_OPENING, i, side, after, outlives),), after

    def _fills(self, client: Client, i: int) -> Iterator[Move]:
        for number, ticket in enumerate(client.working[i]):
            left = _with_working(client, i, (*client.working[i][:number], *client.working[i][number + 1 :]))
            yield "cancel", (_done(i, left, ticket),), left
            if client.positions[i] == -ticket.side:
                continue
            filled = _with_position(left, i, ticket.side)
            fill = Event(EventKind.FILL_OPENING, i, ticket.side, filled, None)
            yield "fill", (fill, _done(i, filled, ticket)), filled
            if not self._promises.whole:
                partly = _with_position(client, i, ticket.side)
                yield "partial fill", (Event(EventKind.FILL_OPENING, i, ticket.side, partly, None),), partly

    def _closes(self, client: Client, i: int) -> Iterator[Move]:
        side = -client.positions[i]
        events: list[Event] = []
        if self._promises.cancels_first:
            working = client.working[i]
            client = _with_working(client, i, ())
            events += [_done(i, client, ticket) for ticket in working]
        sent = (*events, Event(EventKind.ORDER_CLOSING, i, side, client, None))
        for name, after in (("close", _with_position(client, i, 0)), ("partial close", client)):
            filled = Event(EventKind.FILL_CLOSING, i, side, after, None)
            yield name, (*sent, filled, Event(EventKind.DONE_CLOSING, i, 0, after, None)), after

    def _days(self, client: Client) -> Iterator[Move]:
        """Orders of the day that is over end first; what the account is worth at its close is anything."""
        events: list[Event] = []
        for i in self._observer.instruments:
            ended = [each for each in client.working[i] if not each.outlives]
            client = _with_working(client, i, tuple(each for each in client.working[i] if each.outlives))
            events += [_done(i, client, ticket) for ticket in ended]
        for answers in self._answers():
            begun = client._replace(answers=answers)
            yield "day", (*events, Event(EventKind.NEW_DAY, NO_INSTRUMENT, 0, begun, None)), begun


def _tells_apart(observer: Observer) -> bool:
    """Whether the rule has another number for one instrument than for another."""
    terms = [each.condition for each in observer.requirements] + [each.deny_when for each in observer.guards]
    terms += [each.trigger.where for each in observer.requirements if each.trigger.where is not None]
    for register in observer.registers:
        triggers = [each for each in (register.up, register.down, register.reset) if each is not None]
        terms += [each.where for each in triggers if each.where is not None]
        terms += [each for each in (register.weight, register.condition) if each is not None]
    return any(isinstance(part, PerInstrument) for term in terms for part in walk(term))


def _done(i: int, client: Client, ticket: Ticket) -> Event:
    return Event(EventKind.DONE_OPENING, i, 0, client, ticket.outlives)


def _with_working(client: Client, i: int, working: tuple[Ticket, ...]) -> Client:
    return client._replace(working=(*client.working[:i], tuple(sorted(working)), *client.working[i + 1 :]))


def _with_position(client: Client, i: int, position: int) -> Client:
    return client._replace(positions=(*client.positions[:i], position, *client.positions[i + 1 :]))
