"""Every short trace: two observers side by side, breadth first over all that can happen to a small account.

The product of the two machines and the account is explored; moments from which everything goes on alike are met once.
With guards off the breach is compared, with guards on the denial. An order that both refuse leads nowhere new, and so
does a breach of both: only the first one counts. Numbers are chosen where the observers' own constants lie: at each
amount and one unit to its side, at each rate of an order's value.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import MONEY, QUANTITIES, EventKind, Observer, Signal
from stratc.compiler.judge.kit.cases import Case
from stratc.compiler.judge.kit.reading import VALUES, Interest, demands_alike, guards_alike, interest_of
from stratc.compiler.judge.kit.stories import action, story
from stratc.compiler.judge.kit.twin import TwinStage
from stratc.compiler.judge.scenario_ending import CURRENCY_DEFAULT, LEVERAGE
from stratc.compiler.judge.scenario_run import Stage
from stratc.compiler.judge.scenario_text import Action, Day, Scenario, Verb
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

EQUITY: Final = Fraction(10_000)
VALUE: Final = Fraction(10_000)
PRICE: Final = Fraction(10)
TICKETS: Final = frozenset({Signal.FILL_OLDER_TICKETS, Signal.FILL_OLDER_SAME_SIZE, Signal.FILL_WHOLE_TICKET})
HELD_MAX = 2
TICKETS_MAX = 3
WORKING_MAX = 2
TICKET_SIZES: Final = (Fraction(1), Fraction(2))
# What both sides of a day are called in a path.
NIGHT: Final = None
Path = tuple[Action | None, ...]


@record
class Explored:
    """`story` is the shortest trace on which the two differ, if one was met. Every trace of `actions` actions and
    nights was met; `all_of_them` where there are no others, whatever their length."""

    story: Scenario | None
    actions: int
    all_of_them: bool
    states: int


@record
class World:
    """What may happen in this exploration: of the instruments of the account something happens in the first `moved`."""

    day: date
    instruments: tuple[Instrument, ...]
    moved: int
    bases: tuple[bool, ...]
    interest: Interest
    equities: tuple[Fraction, ...]
    values: tuple[Fraction, ...]


def explore(one: Observer, two: Observer, case: Case, *, states_max: int, actions_max: int) -> Explored:
    """The shortest trace on which one observer allows what the other refuses."""
    found: list[Explored] = []
    for guarded, alike in ((False, demands_alike), (True, guards_alike)):
        if not alike(one, two):
            most = min((each.actions - 1 for each in found if each.story is not None), default=actions_max)
            found.append(_search(one, two, case, guarded=guarded, states_max=states_max, actions_max=most))
    with_story = [each for each in found if each.story is not None]
    states = sum(each.states for each in found)
    if with_story:
        return replace(with_story[-1], states=states)
    return Explored(
        story=None,
        actions=min((each.actions for each in found), default=0),
        all_of_them=all(each.all_of_them for each in found),
        states=states,
    )


def _search(one: Observer, two: Observer, case: Case, *, guarded: bool, states_max: int, actions_max: int) -> Explored:
    world = world_of(one, two, case)
    waiting: deque[tuple[TwinStage, Fraction, Path]] = deque()
    for equity in world.equities:
        waiting.append((beginning(one, two, world, equity, guarded=guarded), equity, ()))
    seen = {stage.key() for stage, _, _ in waiting}
    while waiting:
        stage, equity, path = waiting.popleft()
        if len(path) >= actions_max or len(seen) > states_max:
            return Explored(story=None, actions=len(path), all_of_them=False, states=len(seen))
        for move in moves_of(stage, path, world):
            after = stage.copy()
            after.move(move)
            if after.parted:
                told = told_as(case, equity, (*path, move))
                return Explored(story=told, actions=len(path) + 1, all_of_them=False, states=len(seen))
            if not after.ended and (key := after.key()) not in seen:
                seen.add(key)
                waiting.append((after, equity, (*path, move)))
    return Explored(story=None, actions=actions_max, all_of_them=True, states=len(seen))


def world_of(one: Observer, two: Observer, case: Case) -> World:
    """What may happen to tell these two apart in this case."""
    interest = interest_of((one, two))
    values, equities = _numbers(interest)
    instruments = case.instruments
    moved = min(interest.instruments_max, len(instruments))
    bases = tuple(each.base == CURRENCY_DEFAULT for each in instruments)
    return World(
        day=case.day,
        moved=moved,
        instruments=instruments,
        bases=bases,
        interest=interest,
        equities=equities,
        values=values,
    )


def beginning(one: Observer, two: Observer, world: World, equity: Fraction, *, guarded: bool) -> TwinStage:
    """The first moment, with so much money."""
    return TwinStage(
        one, two, story((("equity", equity), ("as_of", world.day)), ()), world.instruments, guarded=guarded
    )


def told_as(case: Case, equity: Fraction, path: Path) -> Scenario:
    """The path as a scenario of its case."""
    days: list[list[Action]] = [[]]
    for move in path:
        if move is NIGHT:
            days.append([])
        else:
            days[-1].append(move)
    factor = case.instruments[0].leverage_factor
    leverage = ((LEVERAGE, Fraction(factor)),) if factor != 1 else ()
    told = tuple(Day(number=number, actions=tuple(actions)) for number, actions in enumerate(days, 1) if actions)
    return story((("equity", equity), *case.facts, *leverage, ("as_of", case.day)), told)


# ── what may happen ──────────────────────────────────────────────────────────────────────────────────────────────────


def _numbers(interest: Interest) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Values of orders, and equities that lie where a constant decides."""
    if not interest.signals & MONEY:
        return (PRICE,), (EQUITY,)
    amounts = {near for each in interest.amounts for near in (each - 1, each, each + 1)}
    if not interest.signals & VALUES:
        return (PRICE,), tuple(sorted(amounts or {EQUITY}))
    values = tuple(sorted({VALUE, Fraction(1)} | {each / 2 for each in interest.amounts}))
    edges = {rate * value for rate in (*interest.rates, Fraction(1)) for value in values}
    near = {equity for edge in edges for equity in (edge - 1, edge)}
    return values, tuple(sorted(each for each in amounts | near if each > 0))


def moves_of(stage: Stage, path: Path, world: World) -> Iterator[Action | None]:
    for instrument, each in enumerate(world.instruments[: world.moved]):
        yield from _of_instrument(stage, instrument, each.symbol, path, world)
    if world.interest.signals & MONEY and len(world.equities) > 1:
        yield from _transfers(stage, world)
    if world.interest.days and (not path or path[-1] is NIGHT or _something(path)):
        yield NIGHT


def _something(path: Path) -> bool:
    return any(each is not NIGHT for each in path)


def _of_instrument(stage: Stage, instrument: int, symbol: str, path: Path, world: World) -> Iterator[Action]:
    signals = world.interest.signals
    account = stage.account
    held = [each for each in account.tickets if each.instrument == instrument]
    working = [each for each in account.works if each.instrument == instrument]
    by_ticket = bool(signals & TICKETS)
    if len(held) < (TICKETS_MAX if by_ticket else HELD_MAX) and len(working) < WORKING_MAX:
        unit = unit_of(world, instrument)
        yield from _openings(symbol, unit, path, world, by_ticket=by_ticket)
    if held and by_ticket:
        for each in held:
            yield replace(action(Verb.EXIT, "", 0, PRICE), ticket=each.name)
    elif held:
        quantity = sum((each.quantity for each in held), Fraction(0))
        yield action(Verb.EXIT, symbol, quantity, account.mark[instrument])
    if working:
        yield action(Verb.CANCEL, symbol, 0, 0)
        if Signal.ORDER_OUTLIVES_SESSION in signals:
            # Where nobody asks how long an order lives, one that fills at once is as good.
            yield action(Verb.FILL, symbol, 0, working[0].price)
    if held and (EventKind.MARK in world.interest.kinds or signals & VALUES):
        yield action(Verb.MARK, symbol, 0, held[0].price * Fraction(9, 10))


def unit_of(world: World, instrument: int) -> Fraction:
    """What one of an instrument is worth at the price of every order."""
    multiplier = Fraction(world.instruments[instrument].multiplier)
    return Fraction(1) if world.bases[instrument] else PRICE * multiplier


def _openings(symbol: str, unit: Fraction, path: Path, world: World, *, by_ticket: bool) -> Iterator[Action]:
    """Orders of each value that decides; `unit` is what one of the instrument is worth."""
    signals = world.interest.signals
    sided = QUANTITIES | VALUES | {Signal.ORDER_BUYS, Signal.FILL_BUYS}
    verbs = (Verb.BUY, Verb.SHORT) if signals & sided else (Verb.BUY,)
    sizes = TICKET_SIZES if by_ticket else tuple(value / unit for value in world.values)
    for verb in verbs:
        for size in sizes:
            made = action(verb, symbol, size, PRICE)
            yield replace(made, ticket=f"L{len(path) + 1}") if by_ticket else made
            yield replace(made, works=True)
            if Signal.ORDER_OUTLIVES_SESSION in signals:
                yield replace(made, outlives_session=True)
                yield replace(made, works=True, outlives_session=True)


def first_orders(world: World) -> tuple[Action, ...]:
    """Every opening order that may be the first of a trace."""
    return tuple(
        each
        for number, instrument in enumerate(world.instruments[: world.moved])
        for each in _openings(instrument.symbol, unit_of(world, number), (), world, by_ticket=False)
    )


def _transfers(stage: Stage, world: World) -> Iterator[Action]:
    """Money paid in or out so that equity comes to one of the amounts that decide."""
    equity = stage.account.equity()
    for wanted in world.equities:
        if wanted > equity:
            yield action(Verb.DEPOSIT, "", 0, wanted - equity)
        elif wanted < equity:
            yield action(Verb.WITHDRAW, "", 0, equity - wanted)


def moves_said(one: Observer, two: Observer, case: Case) -> str:
    """In words, what the explored traces are made of."""
    interest = interest_of((one, two))
    count = min(interest.instruments_max, len(case.instruments))
    said = ["orders that fill or wait, exits, cancels"]
    said += ["nights"] if interest.days else []
    said += ["money paid in or out"] if interest.signals & MONEY else []
    return ", ".join(said) + f" in {count} instrument{'s' * (count > 1)}"
