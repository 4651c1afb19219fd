"""What a program's text says of sizes and times: the facts that proofs by syntax and intervals rest on.

Maps a `Program` to a `Shape`. Bounds are multiples of equity at the moment of an order, working orders included; None
where the text gives no bound. Everything is an over-approximation: what is not recognised is unbounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from stratc.compiler.ir.nodes import (
    AllocateIntent,
    Amount,
    BandKind,
    Book,
    BookWord,
    BoundUnit,
    Cap,
    CapKind,
    EnterIntent,
    MoveStopIntent,
    OneOfIntent,
    Program,
    Rule,
    Share,
    Side,
    SizingKind,
)
from stratc.compiler.ir.observer import Observer
from stratc.compiler.ir.uses import allocation_of, conjuncts, entries, shorts_of
from stratc.compiler.judge.amounts import lower, multiple_of_equity, upper
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class Shape:
    """What is known of a program: bounds as multiples of equity; reasons name lines.

    `position` bounds an instrument's exposure at its own opening orders, `per_instrument` at every opening order of
    the program, `gross` that of all instruments together.

    `one_sided`: at an order an instrument has exposure on one side only. `one_leg`: never two open tax lots of one
    instrument. `no_same_day_close`: a position is never closed on the day on which it was opened.
    `day_trades`: at most so many within so many sessions. `open_ended`: nobody knows how many instruments there are, so
    nothing is bounded by adding them up.
    """

    buys: bool
    shorts: bool
    needs_flat: bool
    one_sided: bool
    one_leg: bool
    no_same_day_close: bool
    day_trades: tuple[int, int] | None
    position: Fraction | None
    per_instrument: Fraction | None
    gross: Fraction | None
    why_sizes: str
    why_sides: str
    why_one_leg: str
    why_no_same_day_close: str
    why_day_trades: str
    open_ended: bool


def read_shape(program: Program) -> Shape:
    """The shape of a program."""
    wanted = [entry for rule in program.rules for entry in entries(rule)]
    # An allocation adds to what is held, so with one nothing rests on being flat.
    allocates = any(allocation_of(rule) for rule in program.rules)
    needs_flat = not allocates and all(asks_flat(program, rule) for rule in program.rules if any(entries(rule)))
    sides = {entry.side for entry in wanted} | allocated_sides(program)
    both_at_once = any(len({leg.side for leg in group.legs}) > 1 for group in _groups(program))
    position, why_position = _position_bound(program, needs_flat=needs_flat)
    gross, why_gross = _cap_bound(program, {CapKind.LEVERAGE, CapKind.GROSS})
    # With several instruments a position made earlier may have outgrown a shrunken equity: only caps that are tested
    # on all of them at every order bound it then.
    if len(program.instruments) == 1 and _less(position, gross):
        gross, why_gross = position, why_position
    day_trades, why_day_trades = _day_trade_cap(program)
    overnight, why_overnight = _never_closes_same_day(program, wanted, needs_flat=needs_flat, allocates=allocates)
    shape = Shape(
        buys=Side.BUY in sides,
        shorts=Side.SELL_SHORT in sides,
        needs_flat=needs_flat,
        one_sided=len(sides) < 2 or (needs_flat and not both_at_once),
        one_leg=needs_flat,
        no_same_day_close=overnight,
        day_trades=day_trades,
        position=_smaller(position, gross),
        per_instrument=gross,
        gross=gross,
        why_sizes=why_gross,
        why_sides=_why_sides(sides),
        why_one_leg=f"every entry asks for `flat` ({_lines(program, _entry_spans(program))})" if wanted else "no entry",
        why_no_same_day_close=why_overnight,
        why_day_trades=why_day_trades,
        open_ended=bool(program.universe),
    )
    return after_withdrawals(shape) if any(flow.withdraw for flow in program.flows) else shape


def after_withdrawals(shape: Shape) -> Shape:
    """The shape where money may leave the account at any time: an order was sized by an equity that is no more."""
    return replace(shape, position=None, per_instrument=None, gross=None, why_sizes="")


def sessions_are_days(program: Program, observer: Observer) -> bool:
    """Whether a session of the account, which caps count, is a business day of the rule, where calendars are alike.

    A rule's day begins with the first bar of its own instruments, the account's with that of any that is traded or
    read: on a day on which only others have bars the cap's window moves on and the rule's does not.
    """
    about = {program.instruments[place] for place in observer.instruments}
    return not program.reads and about == set(program.instruments)


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def asks_flat(program: Program, rule: Rule) -> bool:
    """Whether a rule fires only where its instrument is flat, and none of its entries turns a position around."""
    if program.shares:  # that a place is flat says nothing of the others of its instrument
        return False
    if rule.condition is None or rule.both or any(entry.reverse or entry.levels for entry in entries(rule)):
        return False
    if sum(1 for intent in rule.intents if isinstance(intent, EnterIntent | OneOfIntent)) > 1:
        return False
    together = conjuncts(program, rule.condition)
    return any(program.nodes[node].operation == Book(BookWord.FLAT) for node in together)


def _groups(program: Program) -> Iterator[OneOfIntent]:
    return (intent for rule in program.rules for intent in rule.intents if isinstance(intent, OneOfIntent))


def _moves(program: Program) -> Iterator[MoveStopIntent]:
    return (intent for rule in program.rules for intent in rule.intents if isinstance(intent, MoveStopIntent))


def entry_multiple(program: Program, entry: EnterIntent) -> Fraction | None:
    """The largest value of an entry as a multiple of equity."""
    bounds = [_amount_multiple(program, entry.amount)]
    bounds += [_amount_multiple(program, entry.at_most)] if entry.at_most is not None else []
    return min((bound for bound in bounds if bound is not None), default=None)


def _amount_multiple(program: Program, amount: Amount) -> Fraction | None:
    match amount.kind:
        case SizingKind.NOTIONAL:
            return multiple_of_equity(program, amount.node)
        case SizingKind.RISK:
            distance = max(
                (lower(program, cap.bound) or Fraction(0) for cap in _caps(program, CapKind.STOP_DISTANCE)),
                default=Fraction(0),
            )
            risk = multiple_of_equity(program, amount.node)
            return None if distance <= 0 or risk is None else risk / distance
        case SizingKind.QUANTITY:
            return None


def _position_bound(program: Program, *, needs_flat: bool) -> tuple[Fraction | None, str]:
    """The smallest of what caps and, where every entry asks for flat, the entries' own sizes allow."""
    bound, why = _cap_bound(program, {CapKind.LEVERAGE, CapKind.GROSS, CapKind.POSITION})
    targets = _targets_bound(program)
    if _less(targets, bound):
        where = _lines(program, (intent.span for intent in _allocations(program)))
        return targets, f"a target is at most {percent(targets or Fraction(0))} of equity ({where})"
    if not needs_flat:
        return bound, why
    largest = Fraction(0)
    for rule in program.rules:
        for intent in rule.intents:
            legs = intent.legs if isinstance(intent, OneOfIntent) else tuple(entries_of(intent))
            multiples = [entry_multiple(program, leg) for leg in legs]
            if any(multiple is None for multiple in multiples):
                return bound, why
            largest = max(largest, sum((multiple for multiple in multiples if multiple is not None), Fraction(0)))
    if bound is not None and bound <= largest:
        return bound, why
    where = _lines(program, _entry_spans(program))
    return largest, f"an entry is at most {percent(largest)} of equity and made only when flat ({where})"


def allocated_sides(program: Program) -> set[Side]:
    """The sides on which allocations open positions."""
    found = _allocations(program)
    shorts = {Side.SELL_SHORT} if any(shorts_of(intent) for intent in found) else set()
    return shorts | ({Side.BUY} if found else set())


def _allocations(program: Program) -> list[AllocateIntent]:
    return [intent for rule in program.rules if (intent := allocation_of(rule))]


def _targets_bound(program: Program) -> Fraction | None:
    """The largest target of one instrument, where nothing but allocations opens positions.

    An allocation buys no more than target less position, and cancels the purchases that work. With weights one
    instrument may get all there is; shared equally, one place's part. With short places a position may turn round, and
    what it grew to counts until it is closed: then only caps bound it.
    """
    if any(any(entries(rule)) for rule in program.rules) or Side.SELL_SHORT in allocated_sides(program):
        return None
    largest: Fraction | None = None
    for intent in _allocations(program):
        amount = multiple_of_equity(program, intent.amount)
        if amount is None or amount < 0:
            return None
        places = intent.ranking.places if intent.ranking else len(program.instruments)
        target = amount if intent.share is Share.EACH or intent.weight is not None else amount / places
        most = _with_new_cash(program, intent, target)
        if most is None:
            return None
        largest = most if largest is None or most > largest else largest
    return largest


def _with_new_cash(program: Program, intent: AllocateIntent, target: Fraction) -> Fraction | None:
    """The most that one instrument gets: new cash buys up to the edge of its band."""
    if not intent.new_cash or intent.band is None:
        return target
    if intent.band.kind is BandKind.OF_TARGET:
        band = upper(program, intent.band.node)
        return None if band is None or band < 0 else target * (1 + band)
    width = multiple_of_equity(program, intent.band.node)
    return None if width is None or width < 0 else target + width


def entries_of(intent: object) -> Iterator[EnterIntent]:
    if isinstance(intent, EnterIntent):
        yield intent


# ── caps ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _caps(program: Program, kind: CapKind) -> list[Cap]:
    return [cap for cap in program.caps if cap.kind is kind]


def _cap_bound(program: Program, kinds: set[CapKind]) -> tuple[Fraction | None, str]:
    """The smallest cap of these kinds that is a multiple of equity."""
    found: tuple[Fraction | None, str] = (None, "")
    for cap in program.caps:
        relative = cap.unit in {BoundUnit.RATIO_OF_EQUITY, BoundUnit.RATIO}
        bound = upper(program, cap.bound) if cap.kind in kinds and relative else None
        if _less(bound, found[0]):
            found = (
                bound,
                f"`cap {cap.kind}` allows {percent(bound or Fraction(0))} of equity ({place(program, cap.span)})",
            )
    return found


def _day_trade_cap(program: Program) -> tuple[tuple[int, int] | None, str]:
    """The cap in force, of two the last: the engine keeps one window."""
    for cap in _caps(program, CapKind.DAY_TRADES)[-1:]:
        bound = upper(program, cap.bound)
        if bound is not None and bound >= 0:
            where = place(program, cap.span)
            return (int(bound), cap.sessions), f"`cap day_trades {int(bound)} per {cap.sessions} sessions` ({where})"
    return None, ""


def _never_closes_same_day(
    program: Program, wanted: list[EnterIntent], *, needs_flat: bool, allocates: bool
) -> tuple[bool, str]:
    """`keep at least` holds back every fill that would reduce; on daily bars only stops and targets close so soon."""
    if not wanted and not allocates:
        return True, "nothing is ever opened"
    for cap in _caps(program, CapKind.KEEP_SESSIONS):
        bound = lower(program, cap.bound)
        if bound is not None and bound >= 1:
            return True, f"`keep at least {int(bound)} session` holds every exit back ({place(program, cap.span)})"
    protective = any(entry.stop_loss is not None or entry.target or entry.trail or entry.levels for entry in wanted)
    protective = protective or any(_moves(program))
    if program.interval_seconds >= DAY_SECONDS and needs_flat and not protective:
        return True, "bars are whole days, entries ask for `flat` and no stop or target can close on the entry's day"
    return False, ""


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def percent(value: Fraction) -> str:
    """`95%` or `2x`."""
    return f"{float(value):g}x" if value > 1 else f"{float(value * 100):g}%"


def place(program: Program, span: Span) -> str:
    """`line 12`; nothing where a program was built without text."""
    return program.line(span).text


def _entry_spans(program: Program) -> list[Span]:
    return [entry.span for rule in program.rules for entry in entries(rule)]


def _lines(program: Program, spans: Iterable[Span]) -> str:
    return ", ".join(dict.fromkeys(place(program, span) for span in spans))


def _why_sides(sides: set[Side]) -> str:
    if not sides:
        return "the program has no entry"
    if len(sides) == 2:
        return "positions of one instrument are netted, an entry against a position closes it first"
    return "the program never sells short" if Side.BUY in sides else "the program never buys to open"


def _less(one: Fraction | None, two: Fraction | None) -> bool:
    return one is not None and (two is None or one < two)


def _smaller(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    return one if _less(one, two) else two
