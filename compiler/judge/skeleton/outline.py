"""What a program may do, without its prices: kinds of orders, rules as what they may place, and the caps that count.

Maps a `Program` to an `Outline`. All that is left out is taken to be possible: a condition that is no word of the
account may hold or not, an entry may be refused, a cap of money never refuses one. What cannot be said here without
leaving behaviour out raises `Unrepresentable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from math import ceil, floor
from typing import Final, assert_never

from stratc.compiler.ir.nodes import (
    AllocateIntent,
    Book,
    BookWord,
    CapKind,
    Compare,
    EnterIntent,
    ExitIntent,
    Halt,
    HaltUntil,
    HaltWhen,
    Intent,
    MoveStopIntent,
    NodeId,
    NoteIntent,
    OneOfIntent,
    OrderKind,
    OrderShape,
    Period,
    Program,
    Rule,
    Side,
)
from stratc.compiler.ir.uses import entries, reach, shorts_of
from stratc.compiler.judge.amounts import interval, lower, upper
from stratc.compiler.judge.skeleton.registers import Unrepresentable
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.source import Span
from stratc.runtime.model.record import record

PLACES_MAX: Final = 3
COUNTED_MAX: Final = 40
# Words that count sessions or bars, each kept up to one more than what it is compared with.
COUNTING: Final = (
    BookWord.SESSIONS_HELD,
    BookWord.BARS_HELD,
    BookWord.SESSIONS_SINCE_EXIT,
    BookWord.BARS_SINCE_EXIT,
    BookWord.ENTRIES_TODAY,
)


class Moment(StrEnum):
    """When in a bar an order may trade."""

    OPEN = "open"
    INSIDE = "inside"  # at its price: at the open or later
    CLOSE = "close"


@record
class EntryKind:
    """Entries that are alike here. `waits`: it trades on a later day than that of its order. `limit`: the number of the
    rule's limit that counts it, or -1. `at` is its first place among the counts of working entries."""

    side: int
    moment: Moment
    waits: bool
    stopped: bool
    one_of: bool
    limit: int
    at: int


@record
class ExitKind:
    moment: Moment
    waits: bool
    at: int


@record
class Enter:
    entry: EntryKind
    reverse: ExitKind | None
    instrument: int | None


@record
class Exit:
    exit: ExitKind


@record
class MoveStop:
    """A stop loss may rest from now on."""


@record
class Allocate:
    entries: tuple[EntryKind, ...]
    exit: ExitKind


Act = Enter | Exit | MoveStop | Allocate


@record
class Firing:
    """One rule: what it may place where its condition may hold, one act after the other."""

    condition: NodeId | None
    acts: tuple[Act, ...]
    limit: int


@record
class Limit:
    """At most `count` entries a period; `resets`: every new day begins one, else any may."""

    count: int
    resets: bool
    across: bool


@record
class Clause:
    """A part of the program that a proof may rest on, and how it is named."""

    key: str
    text: str


@record
class Outline:
    """The skeleton of a program. Caps are None where there is none; `counted` are the words that are kept, each up to a
    number that stands for itself and more. `asks_flat`: the word `flat` is taken at its word. `orderly`: within a bar
    orders trade in the engine's order, else in any. `whole`: an order fills in one piece. `eventless`: no split, merger
    or delisting. `days_alike`: each day of the account is one of the rule's; else some may pass that are none."""

    program: Program
    places: int
    firings: tuple[Firing, ...]
    entries: tuple[EntryKind, ...]
    exits: tuple[ExitKind, ...]
    limits: tuple[Limit, ...]
    keep: int
    day_trades: tuple[int, int] | None
    entered: tuple[int, int] | None
    counted: tuple[tuple[BookWord, int], ...]
    asks_flat: bool
    one_bar_a_day: bool
    flattens: bool
    flatten_bars_entries: bool
    reduces: bool
    orderly: bool
    whole: bool
    eventless: bool
    days_alike: bool

    @property
    def entry_cells(self) -> int:
        return sum(2 if each.waits else 1 for each in self.entries)

    @property
    def exit_cells(self) -> int:
        return sum(2 if each.waits else 1 for each in self.exits)

    def most_of(self, word: BookWord) -> int:
        """What a word is kept up to; nought where it is not."""
        return dict(self.counted).get(word, 0)


# What a proof assumes, tried without first: the key is that of the assumption.
ORDERLY: Final = Clause(key="A-fill", text="orders trade in the engine's order")
WHOLE: Final = Clause(key="A-whole", text="orders fill in one piece")
EVENTLESS: Final = Clause(key="A-corp", text="no split or merger")


def clauses_of(program: Program) -> tuple[Clause, ...]:
    """The parts of a program that may matter to a proof, each with how it is named."""
    return tuple(clause for clause, _ in _found(program))


def _found(program: Program) -> Iterator[tuple[Clause, object]]:
    for kind, name in (
        (CapKind.DAY_TRADES, "day_trades"),
        (CapKind.ENTRIES, "entries"),
        (CapKind.KEEP_SESSIONS, "keep"),
    ):
        caps = [cap for cap in program.caps if cap.kind is kind]
        if caps:
            yield Clause(key=name, text=_cap_text(program, kind)), caps
    for number, rule in enumerate(program.rules):
        if rule.limit is not None and any(entries(rule)):
            text = f"`at most {rule.limit.count} per {rule.limit.period}` of rule {rule.name}"
            yield Clause(key=f"limit {number}", text=f"{text} ({_place(program, [rule.span])})"), rule
    spans = _spans_of(program, BookWord.FLAT)
    if spans:
        yield Clause(key="flat", text=f"entries ask for `flat` ({_place(program, spans)})"), spans
    for word in COUNTING:
        if _compared(program, word) and _spans_of(program, word):
            yield Clause(key=word.value, text=f"`{word}` ({_place(program, _spans_of(program, word))})"), word
    if program.interval_seconds >= DAY_SECONDS:
        yield Clause(key="bars", text="bars are whole days"), None
    if any(order.kind is OrderKind.NEXT_OPEN for order in _shapes(program)) and program.interval_seconds < DAY_SECONDS:
        yield Clause(key="next open", text="orders `at next open` wait for another day"), None
    if any(halt.until is HaltUntil.NEXT_SESSION for halt in _flattening(program)):
        yield Clause(key="halt", text="after a halt that flattens nothing is opened until the next session"), None


def _cap_text(program: Program, kind: CapKind) -> str:
    cap = [each for each in program.caps if each.kind is kind][-1]
    where = f" ({_place(program, [cap.span])})" if _place(program, [cap.span]) else ""
    if kind is CapKind.KEEP_SESSIONS:
        return f"`keep at least {lower(program, cap.bound)} session`{where}"
    return f"`cap {kind} {upper(program, cap.bound)} per {cap.sessions} sessions`{where}"


def _spans_of(program: Program, word: BookWord) -> list[Span]:
    found = {
        program.nodes[each].span
        for rule in program.rules
        if rule.condition is not None
        for each in reach(program, [rule.condition])
        if program.nodes[each].operation == Book(word)
    }
    return sorted(found, key=lambda span: span.start)


def _place(program: Program, spans: Iterable[Span]) -> str:
    return ", ".join(text for text in dict.fromkeys(program.line(span).text for span in spans) if text)


# ── the outline ──────────────────────────────────────────────────────────────────────────────────────────────────────


def outline_of(program: Program, kept: frozenset[str], *, flattened: bool = False, days_alike: bool = True) -> Outline:
    """The skeleton that rests on these clauses only; `flattened`: a rule may close everything, as a halt does. Raises
    `Unrepresentable`."""
    _refuse(program)
    maker = _Maker(program, kept)
    firings = tuple(maker.firing(number, rule) for number, rule in enumerate(program.rules))
    flattening = _flattening(program)
    flattens, reduces = bool(flattening) or flattened, any(cap.reduces for cap in program.caps)
    if flattens or reduces:
        maker.exit_kind(OrderKind.MARKET)
    return Outline(
        program=program,
        places=len(program.instruments),
        firings=firings,
        entries=tuple(maker.entries),
        exits=tuple(maker.exits),
        limits=tuple(maker.limits),
        keep=_keep(program) if "keep" in kept else 0,
        day_trades=_counting_cap(program, CapKind.DAY_TRADES) if "day_trades" in kept else None,
        entered=_counting_cap(program, CapKind.ENTRIES) if "entries" in kept else None,
        counted=tuple((word, most) for word in COUNTING if word.value in kept and (most := _compared(program, word))),
        asks_flat="flat" in kept,
        one_bar_a_day="bars" in kept,
        flattens=flattens,
        flatten_bars_entries="halt" in kept
        and not flattened
        and all(halt.until is HaltUntil.NEXT_SESSION for halt in flattening),
        reduces=reduces,
        orderly=ORDERLY.key in kept,
        whole=WHOLE.key in kept,
        eventless=EVENTLESS.key in kept,
        days_alike=days_alike,
    )


def _flattening(program: Program) -> list[Halt | HaltWhen]:
    halts: list[Halt | HaltWhen] = [*program.halts, *program.halts_when]
    return [halt for halt in halts if halt.flatten]


def _refuse(program: Program) -> None:
    """Places that share an instrument, members that nobody knows, contracts that roll, ladders of entries."""
    unknown = program.shares or program.pairs or bool(program.universe) or program.roll or program.leave
    if unknown or len(program.instruments) > PLACES_MAX:
        raise Unrepresentable
    if any(entry.levels for rule in program.rules for entry in entries(rule)):
        raise Unrepresentable


def _keep(program: Program) -> int:
    """Of several the engine takes the longest; of a range of an input the shortest counts."""
    bounds = [lower(program, cap.bound) for cap in program.caps if cap.kind is CapKind.KEEP_SESSIONS]
    return max((ceil(bound) for bound in bounds if bound is not None), default=0)


def _counting_cap(program: Program, kind: CapKind) -> tuple[int, int] | None:
    """Of two the engine keeps the last; of a range of an input the largest counts."""
    for cap in [each for each in program.caps if each.kind is kind][-1:]:
        bound = upper(program, cap.bound)
        if bound is not None and 0 <= bound <= COUNTED_MAX:
            return floor(bound), cap.sessions
    return None


def _compared(program: Program, word: BookWord) -> int:
    """One more than the largest number that a word is compared with; nought where it is compared with none."""
    most = 0
    for node in program.nodes:
        if isinstance(node.operation, Compare) and len(node.arguments) == 2:
            for one, two in (node.arguments, node.arguments[::-1]):
                high = interval(program, two).high
                if program.nodes[one].operation == Book(word) and high is not None and 0 <= high <= COUNTED_MAX:
                    most = max(most, floor(high) + 1)
    return most


def _shapes(program: Program) -> Iterator[OrderShape]:
    for rule in program.rules:
        yield from (entry.order for entry in entries(rule))
        for intent in rule.intents:
            if isinstance(intent, ExitIntent | AllocateIntent):
                yield intent.order


class _Maker:
    """Kinds of orders as they are met; those that are alike are one."""

    def __init__(self, program: Program, kept: frozenset[str]) -> None:
        self._program = program
        self._kept = kept
        self.entries: list[EntryKind] = []
        self.exits: list[ExitKind] = []
        self.limits: list[Limit] = []

    def firing(self, number: int, rule: Rule) -> Firing:
        limit = -1
        if rule.limit is not None and f"limit {number}" in self._kept and not rule.both:
            limit = len(self.limits)
            daily = rule.limit.period in {Period.SESSION, Period.DAY}
            self.limits.append(Limit(count=rule.limit.count, resets=daily, across=rule.limit.across_instruments))
        acts = tuple(act for intent in rule.intents for act in self._acts(intent, limit))
        # An allocation asks its condition of one instrument for all.
        asked = None if any(isinstance(act, Allocate) for act in acts) else rule.condition
        return Firing(condition=asked, acts=acts, limit=limit)

    def _acts(self, intent: Intent, limit: int) -> Iterator[Act]:
        match intent:
            case EnterIntent():
                yield self._enter(intent, limit, one_of=False)
            case OneOfIntent(legs=legs):
                for leg in legs:
                    yield self._enter(leg, limit, one_of=True)
            case ExitIntent(order=order):
                yield Exit(exit=self.exit_kind(order.kind))
            case MoveStopIntent():
                yield MoveStop()
            case AllocateIntent():
                yield self._allocate(intent)
            case NoteIntent():
                pass
            case _:
                assert_never(intent)

    def _enter(self, entry: EnterIntent, limit: int, *, one_of: bool) -> Enter:
        stopped = entry.stop_loss is not None or entry.target is not None or entry.trail is not None
        side = 1 if entry.side is Side.BUY else -1
        kind = self._entry_kind(side, entry.order.kind, stopped=stopped, one_of=one_of, limit=limit)
        reverse = self.exit_kind(OrderKind.MARKET) if entry.reverse else None
        return Enter(entry=kind, reverse=reverse, instrument=entry.instrument)

    def _allocate(self, intent: AllocateIntent) -> Allocate:
        sides = (1, -1) if shorts_of(intent) else (1,)
        found = tuple(
            self._entry_kind(side, intent.order.kind, stopped=False, one_of=False, limit=-1) for side in sides
        )
        return Allocate(entries=found, exit=self.exit_kind(intent.order.kind))

    def _entry_kind(self, side: int, order: OrderKind, *, stopped: bool, one_of: bool, limit: int) -> EntryKind:
        moment, waits = self._when(order)
        for known in self.entries:
            alike = (known.side, known.moment, known.waits, known.stopped, known.one_of, known.limit)
            if alike == (side, moment, waits, stopped, one_of, limit):
                return known
        at = sum(2 if each.waits else 1 for each in self.entries)
        made = EntryKind(side=side, moment=moment, waits=waits, stopped=stopped, one_of=one_of, limit=limit, at=at)
        self.entries.append(made)
        return made

    def exit_kind(self, order: OrderKind) -> ExitKind:
        moment, waits = self._when(order)
        for known in self.exits:
            if (known.moment, known.waits) == (moment, waits):
                return known
        made = ExitKind(moment=moment, waits=waits, at=sum(2 if each.waits else 1 for each in self.exits))
        self.exits.append(made)
        return made

    def _when(self, order: OrderKind) -> tuple[Moment, bool]:
        match order:
            case OrderKind.MARKET:
                return Moment.OPEN, False
            case OrderKind.NEXT_OPEN:
                return Moment.OPEN, "next open" in self._kept
            case OrderKind.CLOSING_AUCTION:
                return Moment.CLOSE, False
            case OrderKind.LIMIT | OrderKind.STOP | OrderKind.STOP_LIMIT:
                return Moment.INSIDE, False
            case _:
                assert_never(order)
