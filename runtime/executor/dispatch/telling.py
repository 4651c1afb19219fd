"""What one step of the desk says in the journal beside its event: commands, alarms, halts, and orders that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Raw

from stratc.runtime.executor.life.commands import Cancel, Command, HaltInstrument, RaiseAlarm, Replace, Submit
from stratc.runtime.executor.life.encoding import encode
from stratc.runtime.executor.life.state import DeskState, OrderLife
from stratc.runtime.journal import kinds
from stratc.runtime.model.record import record

NEW: Final = "new"


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
    for command in commands:
        yield from _command(command)


def _status(was: OrderLife | None, order: OrderLife) -> kinds.Status:
    return kinds.Status(
        before=NEW if was is None else was.status.name.lower(),
        after=order.status.name.lower(),
        cum_qty=str(order.booked),
        leaves_qty=str(order.leaves),
        flags=tuple(sorted(flag.value for flag in order.flags)),
    )


def _command(command: Command) -> Iterator[Told]:
    """What changes something at the venue, and what a person should know. Questions and appointments are made again
    after a restart, and what is told to the strategy is how its orders stand."""
    match command:
        case Submit() | Cancel() | Replace():
            yield Told(body=kinds.Command(command=Raw(encode(command))), cl_ord_id=command.cl_ord_id)
        case RaiseAlarm():
            told = f"{command.instrument or ''} {command.text}".strip()
            body = kinds.Alarm(name=command.alarm.value, severity="warning", told=told)
            yield Told(body=body, cl_ord_id=command.cl_ord_id)
        case HaltInstrument(instrument=instrument):
            yield Told(body=kinds.Halt(scope=f"instrument {instrument}", why="see the alarm beside it"), cl_ord_id=None)
        case _:
            return
