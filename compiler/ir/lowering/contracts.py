"""`roll`, `leave` and `group` → the rules by which contracts follow one another, and who shares limits."""

from __future__ import annotations

from stratc.compiler.check.contracts.check import counts_to, rolled_roots, sessions_before
from stratc.compiler.ir.lowering.adjusted import adjustment
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.nodes import InstrumentGroup
from stratc.compiler.resolve.symbols import Resolved
from stratc.runtime.model.contracts import Adjustment, Before, LeaveRule, RollBy, RollRule, split


def lower_roll(resolved: Resolved, builder: Builder) -> RollRule | None:
    line, roots = resolved.roll, rolled_roots(resolved)
    if line is None or not roots:
        return None
    return RollRule(
        by=RollBy(line.by) if line.by else RollBy.DAYS,
        sessions=sessions_before(line, resolved),
        before=Before(counts_to(line, (each.symbol for each in roots))),
        adjusted=adjustment(builder) or Adjustment.DIFFERENCE,
    )


def lower_leave(resolved: Resolved) -> LeaveRule | None:
    line = resolved.leave
    if line is None or not any(split(each.symbol) for each in resolved.header.instruments):
        return None
    return LeaveRule(sessions=sessions_before(line, resolved), before=Before(line.before))


def lower_groups(resolved: Resolved) -> tuple[InstrumentGroup, ...]:
    places = {each.symbol: place for place, each in enumerate(resolved.header.instruments)}
    return tuple(
        InstrumentGroup(
            name=group.name.text,
            members=tuple(places[member.symbol] for member in group.instruments),
            span=group.span,
        )
        for group in resolved.groups
    )
