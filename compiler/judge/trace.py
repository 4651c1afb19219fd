"""From a run that breaks a rule to a counterexample that a person can follow: days, orders, fills, the breach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.observer import EventKind
from stratc.compiler.judge.rig import Run
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.search import Found
from stratc.compiler.judge.sizes import place
from stratc.compiler.judge.verdict import Counterexample, TraceEvent
from stratc.compiler.judge.watch import Happening
from stratc.compiler.resolve.symbols import DAY_SECONDS
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.session import calendar
from stratc.runtime.model.zone import zone_of

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DENIED_NOTE: Final = "denied when the rule's guard is on"
SHOWN: Final = {
    EventKind.ORDER_OPENING: "order",
    EventKind.FILL_OPENING: "fill",
    EventKind.FILL_CLOSING: "exit",
}


def counterexample(program: Program, rule: RuleFile, found: Found) -> Counterexample:
    """The story of a breach, with the order that the guard would have refused at its end."""
    run = found.run
    breach = run.watch.breaches[0]
    told = run.watch.happenings[: breach.happening + 1]
    events = list(_events(program, run, told, _refused(found)))
    last = told[-1]
    days = {run.market.opens_ns[each.row] // (DAY_SECONDS * 10**9) for each in told if each.kind in SHOWN}
    demanded = f"breaks `{' '.join(rule.source.slice(breach.requirement.span).split())}`"
    if last.kind in SHOWN:
        note = f"{events[-1].note}; {demanded}" if events[-1].note else demanded
        events[-1] = replace(events[-1], note=note)
    else:
        events.append(_event(program, run, last, "breach", demanded))
    summary = f"{_count(len(events), 'event')} over {_count(len(days), 'session')}: {rule.title}"
    if any(DENIED_NOTE in event.note for event in events):
        summary += "; with the rule's guard on the order so marked is denied"
    return Counterexample(summary=summary, events=tuple(events))


def _refused(found: Found) -> Happening | None:
    """The first order that the guard denies when the same market is played with it on."""
    if found.guarded is None:
        return None
    return next((each for each in found.guarded.watch.happenings if each.denied_by), None)


def _events(program: Program, run: Run, told: list[Happening], refused: Happening | None) -> Iterator[TraceEvent]:
    for each in told:
        if each.kind in SHOWN:
            same = refused is not None and (each.kind, each.row) == (refused.kind, refused.row)
            note = DENIED_NOTE if same else _rule_note(program, each)
            yield _event(program, run, each, SHOWN[each.kind], note)


def _rule_note(program: Program, happening: Happening) -> str:
    if not 0 <= happening.rule < len(program.rules):
        return ""
    rule = program.rules[happening.rule]
    return f"rule {rule.name} ({place(program, rule.span)})"


def _event(program: Program, run: Run, happening: Happening, kind: str, note: str) -> TraceEvent:
    instrument = run.market.instruments[max(happening.instrument, 0)]
    known = happening.lots > 0
    return TraceEvent(
        at=_moment(run, happening, instrument, ordered=kind == "order"),
        kind=kind,
        instrument=instrument.symbol,
        side=("buy" if happening.side > 0 else "sell") if known else "",
        quantity=_plain(happening.lots * instrument.quantity_step) if known else "",
        price=_plain(happening.price_ticks * instrument.tick) if known else "",
        note=note,
    )


def _moment(run: Run, happening: Happening, instrument: Instrument, *, ordered: bool) -> str:
    """Orders go out at their bar's close; a fill at the bar's open price is told at its open, others at its close."""
    row = happening.row
    at_open = not ordered and round(Decimal(run.market.open[row]) / instrument.tick) == happening.price_ticks
    moment_ns = run.market.opens_ns[row] if at_open else run.market.closes_ns[row]
    zone = zone_of(calendar(instrument.regular_calendar).zone)
    return (EPOCH + timedelta(seconds=moment_ns // 10**9)).astimezone(zone).isoformat()


def _plain(value: Decimal) -> str:
    """Without exponent and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")
