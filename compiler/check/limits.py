"""Limits: inputs and their ranges, caps, floors and halts: each with its unit, each fixed before the run."""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article, sample_quantity
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import constant, is_constant
from stratc.compiler.check.diagnostics import BoundUnclear, InputUnclear, NothingDrifts, ThresholdUnclear
from stratc.compiler.check.kinds import type_of
from stratc.compiler.resolve.symbols import Resolved
from stratc.compiler.resolve.words import CAP_KINDS
from stratc.dsl.syntax import (
    AtMost,
    Baseline,
    Binary,
    BinaryOperator,
    Cap,
    Clock,
    Expression,
    Floor,
    Halt,
    HaltMeasure,
    Input,
    LastClose,
    Missing,
    Name,
    Number,
    Unary,
    UnaryOperator,
)
from stratc.dsl.types import (
    BOOL,
    COUNT,
    DATE,
    R_MULTIPLE,
    RATIO,
    SESSIONS,
    TEXT,
    UNKNOWN,
    PriceDiff,
    Quantity,
    Stated,
    Type,
    comparable,
)

BASELINES = {
    HaltMeasure.DAILY_LOSS: "equity at last close",
    HaltMeasure.DRAWDOWN: "peak equity",
    HaltMeasure.LOSS: "start equity",
}
EXPOSURE_CAPS = frozenset({"position", "gross", "leverage"})
COUNT_CAPS = frozenset({"orders", "entries", "day_trades"})
SHARED_CAPS = frozenset({"position", "units"})


# ── inputs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_input(stated: Input, typing: Typing) -> None:
    """An input's default and range are numbers written here, in one unit, in order."""
    found = type_of(stated.default, typing)
    ends = (stated.range.low, stated.range.high) if stated.range is not None else ()
    for part in (stated.default, *ends):
        kind = type_of(part, typing)
        if isinstance(part, Missing) or kind == UNKNOWN:
            typing.blamed.add(stated.name.text)
            return
        if kind in (BOOL, DATE, TEXT, R_MULTIPLE) or written_value(part) is None:
            _tell_input(stated, part, "must be a number that is written here", typing)
            return
        stepped = isinstance(kind, PriceDiff | Quantity)
        mixed = not comparable(kind, found) or (stepped and not same_step(part, stated.default))
        if part is not stated.default and mixed:
            _tell_mixed(stated, ends, typing)
            return
    _check_order(stated, ends, typing)


def _tell_mixed(stated: Input, ends: tuple[Expression, ...], typing: Typing) -> None:
    """A default and a range in different units: told where one stands alone, with the unit of the others."""
    parts = (stated.default, *ends)
    units = [part.unit if isinstance(part, Number) else "" for part in parts]
    common = max(units, key=units.count)
    odd = next(part for part, unit in zip(parts, units, strict=True) if unit != common or len(set(units)) == 1)
    beside = ends[0] if odd is stated.default else stated.default
    kind, other = (article(type_of(part, typing)) for part in (odd, beside))
    kinds = [word.partition(" in ")[0] for word in (kind, other)]
    if kinds[0] == kinds[1]:
        # Steps and lots of several sizes are one kind: then their own words tell them apart.
        kind, other = (f"{word} in {unit}" for word, unit in zip(kinds, _two_units(odd, common), strict=True))
    why = f"is {kind}, and its range has {other}" if odd is stated.default else f"is {other}, and its range has {kind}"
    low, high = (_in_unit(end, common, typing) for end in ends)
    first, default, last = (written_value(part) for part in (ends[0], stated.default, ends[1]))
    inside = first is None or default is None or last is None or first <= default <= last
    meant = _in_unit(stated.default, common, typing) if inside else high
    _tell_input(stated, odd, why, typing, f"{meant} in {low}..{high}")


def _two_units(odd: Expression, common: str) -> tuple[str, str]:
    """The unit of one that stands alone, and that of the others."""
    return (odd.unit if isinstance(odd, Number) else "another unit"), common


def _in_unit(part: Expression, unit: str, typing: Typing) -> str:
    if not isinstance(part, Number):
        return typing.text(part)
    return f"{part.value:f}{'' if unit in ('', '%', 'x', 'R') else ' '}{unit}"


def written_value(expression: Expression) -> Decimal | None:
    """A number or time of day that is written here, in its own unit; None for everything that is computed."""
    match expression:
        case Number(value=value):
            return value
        case Clock(second_of_day=second):
            return Decimal(second)
        case Unary(operator=UnaryOperator.MINUS, operand=Number(value=value)):
            return -value
        case _:
            return None


def same_step(one: Expression, other: Expression) -> bool:
    return isinstance(one, Number) and isinstance(other, Number) and one.unit.rstrip("s") == other.unit.rstrip("s")


def _check_order(stated: Input, ends: tuple[Expression, ...], typing: Typing) -> None:
    if not ends:
        return
    values = [in_base(part, typing) for part in (ends[0], stated.default, ends[1])]
    low, default, high = values
    if low is None or default is None or high is None:
        return
    first, last = (typing.text(end) for end in ends)
    if low > high:
        form = f"{typing.text(stated.default)} in {last}..{first}"
        _tell_input(stated, ends[1], "has a range whose end is below its start", typing, form)
    elif not low <= default <= high:
        form = f"{first if default < low else last} in {first}..{last}"
        _tell_input(stated, stated.default, "has a default outside its range", typing, form)


def in_base(part: Expression, typing: Typing) -> Decimal | None:
    value = constant(part, typing.resolved)
    return written_value(part) if value is None else value


def _tell_input(stated: Input, part: Expression, why: str, typing: Typing, form: str = "") -> None:
    customary = "1% in 0.25%..2%" if typing.types.get(stated.default) == RATIO else "14 in 2..100"
    sample = form or customary
    typing.blamed.add(stated.name.text)
    typing.tell(InputUnclear(span=part.span, name=stated.name.text, why=why, sample=sample))


# ── caps and floors ──────────────────────────────────────────────────────────────────────────────────────────────────


def check_cap(cap: Cap, typing: Typing) -> None:
    found = type_of(cap.bound, typing)
    if cap.reduce and cap.kind.text in CAP_KINDS and cap.kind.text not in EXPOSURE_CAPS:
        typing.tell(NothingDrifts(span=cap.span, kind=cap.kind.text))
    if cap.kind.text not in CAP_KINDS:
        return
    what = f"cap {cap.kind.text}"
    wanted = _why_not_a_bound(cap, found, typing)
    if wanted:
        sample = f"{what} {_cap_sample(cap.kind.text, typing)}"
        typing.tell(BoundUnclear(span=cap.bound.span, what=what, wanted=wanted, found=article(found), sample=sample))
        return
    _check_cap_period(cap, typing)


def _cap_sample(kind: str, typing: Typing) -> str:
    samples = {
        "position": "95% of equity",
        "units": "4 per instrument",
        "gross": "150% of equity",
        "leverage": "2x",
        "orders": "5 per second",
        "slippage": "10 bps",
        "entries": "1 per session",
        "day_trades": "3 per 5 sessions",
    }
    return samples[kind]


def _why_not_a_bound(cap: Cap, found: Type, typing: Typing) -> str:
    """What the bound of a cap must be instead; empty where it is right."""
    if found == UNKNOWN:
        return ""
    kind = cap.kind.text
    if kind in ("position", "gross"):
        shared = shared_by(cap.per) in ("group", "side")
        units = (
            kind == "position"
            and not shared
            and isinstance(found, Quantity)
            and is_constant(cap.bound, typing.resolved)
        )
        fixed = isinstance(found, Stated) and is_constant(cap.bound, typing.resolved)
        right = share_of_equity(cap.bound, typing.resolved) is not None or units or fixed
        also = f", an amount of money or a quantity such as `{sample_quantity(typing.header)}`"
        return "" if right else "a fixed share of equity" + (also if kind == "position" else " or an amount of money")
    wanted = RATIO if kind in ("leverage", "slippage") else COUNT
    if found == wanted and is_constant(cap.bound, typing.resolved):
        return ""
    return "a fixed ratio" if wanted == RATIO else "a whole number"


def share_of_equity(bound: Expression, resolved: Resolved) -> Expression | None:
    """The share in `95% of equity`, fixed before the run."""
    if isinstance(bound, Binary) and bound.operator is BinaryOperator.OF:
        whole = isinstance(bound.right, Name) and bound.right.text == "equity"
        if whole and is_constant(bound.left, resolved):
            return bound.left
    return None


def _check_cap_period(cap: Cap, typing: Typing) -> None:
    kind, per = cap.kind.text, cap.per
    if kind in SHARED_CAPS and (per is None or shared_by(per)):
        return
    if kind not in COUNT_CAPS:
        if per is not None:
            wanted = "`per instrument`, `per group` or `per side`" if kind in SHARED_CAPS else "no period"
            _tell_period(cap, wanted, f"cap {kind} {_cap_sample(kind, typing)}", typing)
        return
    sample = f"cap {kind} {_cap_sample(kind, typing)}"
    if kind == "orders":
        if not (isinstance(per, Name) and per.text == "second"):
            _tell_period(cap, "`per second`", sample, typing)
    elif sessions_of(per) is None:
        _tell_period(cap, "`per session` or `per 5 sessions`", sample, typing)


def shared_by(per: Expression | None) -> str:
    """Who shares a cap: instrument | group | side; empty where that is not what it says."""
    return per.text if isinstance(per, Name) and per.text in ("instrument", "group", "side") else ""


def sessions_of(per: Expression | None) -> int | None:
    """The sessions of a counting cap's period; a day is the trading day, a session."""
    if isinstance(per, Name) and per.text in ("session", "day"):
        return 1
    whole = isinstance(per, Number) and per.value == per.value.to_integral_value() and 1 <= per.value <= 1_000
    return int(per.value) if isinstance(per, Number) and whole and per.unit in ("session", "sessions") else None


def _tell_period(cap: Cap, wanted: str, sample: str, typing: Typing) -> None:
    span = cap.per.span if cap.per is not None else cap.bound.span
    found = f"`{typing.text(cap.per)}`" if cap.per is not None else "no period"
    typing.tell(BoundUnclear(span=span, what=f"cap {cap.kind.text}", wanted=wanted, found=found, sample=sample))


def check_floor(floor: Floor, typing: Typing) -> None:
    found = type_of(floor.bound, typing)
    keep = floor.kind == "keep"
    wanted = SESSIONS if keep else RATIO
    if found == UNKNOWN or (found == wanted and is_constant(floor.bound, typing.resolved)):
        return
    what = "keep at least" if keep else "stop distance at least"
    sample = f"{what} {'1 session' if keep else '0.1%'}"
    words = "a number of sessions" if keep else "a fixed share of the price"
    typing.tell(BoundUnclear(span=floor.bound.span, what=what, wanted=words, found=article(found), sample=sample))


def check_at_most(limit: AtMost, typing: Typing) -> None:
    count = limit.count
    if isinstance(count, Number) and not (count.unit == "" and 1 <= count.value == count.value.to_integral_value()):
        sample = f"at most 1 per {limit.period}"
        found = f"`{typing.text(count)}`"
        typing.tell(
            BoundUnclear(
                span=count.span, what="at most", wanted="a whole number of entries", found=found, sample=sample
            )
        )


# ── halts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_halt(halt: Halt, typing: Typing) -> None:
    found = type_of(halt.threshold, typing)
    if found == UNKNOWN or threshold_share(halt, typing.resolved) is not None:
        return
    baseline = BASELINES[halt.measure]
    typing.tell(ThresholdUnclear(span=halt.threshold.span, measure=halt.measure.value, baseline=baseline))


def threshold_share(halt: Halt, resolved: Resolved) -> Expression | None:
    """The share in `3% of equity at last close`, where the baseline is the measure's own."""
    threshold = halt.threshold
    if not isinstance(threshold, Binary) or threshold.operator is not BinaryOperator.OF:
        return None
    if not is_constant(threshold.left, resolved):
        return None
    base = threshold.right
    match halt.measure:
        case HaltMeasure.DAILY_LOSS:
            right = isinstance(base, LastClose) and base.word.text == "equity"
        case HaltMeasure.DRAWDOWN:
            right = isinstance(base, Baseline) and base.text.split() == ["peak", "equity"]
        case HaltMeasure.LOSS:
            right = isinstance(base, Baseline) and base.text.split() == ["start", "equity"]
    return threshold.left if right else None
