"""What one step of the desk says in the journal beside its event: commands, alarms, halts, and orders that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from msgspec import Raw

from stratc.runtime.executor.life.commands import Cancel, Command, HaltInstrument, RaiseAlarm, Replace, Submit
from stratc.runtime.executor.life.encoding import encode
from stratc.runtime.executor.life.happening import Alarm
from stratc.runtime.executor.life.state import DeskState, OrderLife
from stratc.runtime.journal import kinds
from stratc.runtime.model.record import record

NEW: Final = "new"
# Money is at risk at this moment, or our books are not the venue's: somebody has to act, not only to know.
CRITICAL: Final = frozenset(
    (
        Alarm.OVERFILL,
        Alarm.DENIED_AT_VENUE,
        Alarm.STRANGE,
        Alarm.ESCALATED,
        Alarm.POSITION_DIFFERS,
        Alarm.PROTECTION_REFUSED,
        Alarm.NAKED,
        Alarm.OVER_EXIT,
        Alarm.EXIT_FAILED,
    )
)


@record
class Told:
    """A record to be, and the order that it is about."""

    body: kinds.Body
    cl_ord_id: str | None


def records_of(before: DeskState, after: DeskState, commands: Iterable[Command]) -> Iterator[Told]:
    """In this order: how orders stand now, then what is done about it."""
    for key, order in after.orders.items():
        was = before.orders.get(key)
        if was is None or was.status is not order.status or was.booked != order.booked:
            yield Told(body=_status(was, order), cl_ord_id=key)
    alarms = [command for command in commands if isinstance(command, RaiseAlarm)]
    for command in commands:
        yield from _command(command, alarms)


def _status(was: OrderLife | None, order: OrderLife) -> kinds.Status:
    return kinds.Status(
        before=NEW if was is None else was.status.name.lower(),
        after=order.status.name.lower(),
        cum_qty=str(order.booked),
        leaves_qty=str(order.leaves),
        flags=tuple(sorted(flag.value for flag in order.flags)),
    )


def _command(command: Command, alarms: Iterable[RaiseAlarm]) -> Iterator[Told]:
    """What changes something at the venue, and what a person should know. Questions and appointments are made again
    after a restart, and what is told to the strategy is how its orders stand."""
    match command:
        case Submit() | Cancel() | Replace():
            yield Told(body=kinds.Command(command=Raw(encode(command))), cl_ord_id=command.cl_ord_id)
        case RaiseAlarm():
            told = f"{command.instrument or ''} {command.text}".strip()
            severity: Literal["warning", "critical"] = "critical" if command.alarm in CRITICAL else "warning"
            body = kinds.Alarm(name=command.alarm.value, severity=severity, told=told)
            yield Told(body=body, cl_ord_id=command.cl_ord_id)
        case HaltInstrument(instrument=instrument):
            why = "; ".join(f"{each.alarm.value}: {each.text}" for each in alarms if each.instrument == instrument)
            scope = f"instrument {instrument}"
            yield Told(body=kinds.Halt(scope=scope, why=why or "an order is unknown for too long"), cl_ord_id=None)
        case _:
            return
