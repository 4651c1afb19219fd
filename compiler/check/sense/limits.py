"""Limits that make sense: bounds within reach whatever the inputs are, and no cap said twice.

Asks only bounds whose units are right; what has a wrong unit has been told.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.limits import BASELINES, share_of_equity, shared_by, threshold_share
from stratc.compiler.check.sense.diagnostics import CapTwice, TooManyHalts
from stratc.compiler.check.sense.reach import NOUGHT, ONE, Reach, check_reach
from stratc.dsl.source import Span
from stratc.dsl.syntax import Cap, Floor
from stratc.dsl.types import UNKNOWN, Quantity

HALTS_MAX: Final = 8  # as many as the engine keeps
CAPS: Final = {
    "position": Reach(wanted="more than nought", sample="95% of equity", low=NOUGHT, low_included=False),
    "units": Reach(wanted="a whole number, at least 1", sample="4 per instrument", low=ONE, whole=True),
    "gross": Reach(wanted="more than nought", sample="150% of equity", low=NOUGHT, low_included=False),
    "leverage": Reach(wanted="more than nought", sample="2x", low=NOUGHT, low_included=False),
    "orders": Reach(wanted="at least 1", sample="5 per second", low=ONE),
    "slippage": Reach(wanted="nought or more and less than the price", sample="10 bps", low=NOUGHT, high=ONE),
    "entries": Reach(wanted="at least 1", sample="1 per session", low=ONE),
    "day_trades": Reach(wanted="nought or more", sample="3 per 5 sessions", low=NOUGHT),
}
KEEP: Final = Reach(wanted="a whole number of sessions, nought or more", sample="1 session", low=NOUGHT, whole=True)
DISTANCE: Final = Reach(
    wanted="more than nought and less than the price", sample="0.1%", low=NOUGHT, low_included=False, high=ONE
)
FALL: Final = Reach(wanted="more than 0% and at most 100%", sample="3%", low=NOUGHT, low_included=False, high=ONE)


def check_sense_of_limits(typing: Typing) -> None:
    """Every cap, floor and halt by itself, then the caps and floors together."""
    resolved = typing.resolved
    for cap in resolved.caps:
        if cap.kind.text in CAPS:
            share = share_of_equity(cap.bound, resolved)
            amount = cap.bound if share is None else share
            check_reach(f"cap {cap.kind.text}", amount, cap.bound, CAPS[cap.kind.text], typing)
    for floor in resolved.floors:
        what = "keep at least" if floor.kind == "keep" else "stop distance at least"
        check_reach(what, floor.bound, floor.bound, KEEP if floor.kind == "keep" else DISTANCE, typing)
    for halt in resolved.halts:
        fall = threshold_share(halt, resolved)
        if fall is not None:
            sample = f"{FALL.sample} of {BASELINES[halt.measure]}"
            check_reach(f"halt at {halt.measure.value}", fall, halt.threshold, FALL, typing, sample)
    halts = sorted((*resolved.halts, *resolved.halts_when), key=lambda halt: halt.span.start)
    for halt_too_many in halts[HALTS_MAX:]:
        typing.tell(TooManyHalts(span=halt_too_many.span, most=HALTS_MAX))
    _check_twice(typing)


def _check_twice(typing: Typing) -> None:
    """Caps on one thing in one unit, and floors of one kind."""
    said: dict[tuple[str, str], Span] = {}
    limits: list[Cap | Floor] = [*typing.resolved.caps, *typing.resolved.floors]
    for limit in sorted(limits, key=lambda each: each.span.start):
        key = _key(limit, typing)
        if key is None:
            continue
        if key in said:
            typing.tell(CapTwice(span=limit.span, what=key[0], first=said[key]))
        else:
            said[key] = limit.span


def _key(limit: Cap | Floor, typing: Typing) -> tuple[str, str] | None:
    """What is bounded and in which unit: a share of equity, money or a quantity; None where the bound is wrong."""
    found = typing.types.get(limit.bound, UNKNOWN)
    wrong = any(limit.span.start <= problem.span.start < limit.span.end for problem in typing.problems)
    if found == UNKNOWN or wrong:
        return None
    if isinstance(limit, Floor):
        return ("keep at least" if limit.kind == "keep" else "stop distance at least"), ""
    if share_of_equity(limit.bound, typing.resolved) is not None:
        return f"cap {limit.kind.text}{_shared(limit)}", "share"
    return f"cap {limit.kind.text}{_shared(limit)}", "quantity" if isinstance(found, Quantity) else "amount"


def _shared(limit: Cap) -> str:
    """` per group`, ` per side`; an instrument is what a cap is on where it does not say."""
    shared = shared_by(limit.per)
    return f" per {shared}" if shared not in ("", "instrument") else ""
