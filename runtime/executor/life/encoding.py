"""Events as bytes and back, and the digest of a state: the same value gives the same bytes, on every machine.

Replaying a journal means decoding its events and stepping through them again; two states are the same when their
digests are.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

import msgspec

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.gate.restoring import restore
from stratc.runtime.executor.life.commands import Command
from stratc.runtime.executor.life.events import Event
from stratc.runtime.executor.life.state import DeskState
from stratc.runtime.model.intent import Intent

DIGEST_BYTES: Final = 16


class WrittenApproval(msgspec.Struct, frozen=True, kw_only=True):
    """An approval as it stands in a journal."""

    number: int
    intent: Intent


def _write(value: Any) -> Any:
    if isinstance(value, Approved):
        return WrittenApproval(number=value.number, intent=value.intent)
    raise NotImplementedError(f"{type(value).__name__} has no place in a journal")


def _read(kind: type, value: Any) -> Any:
    if kind is Approved:
        written = msgspec.convert(value, WrittenApproval, strict=True)
        return restore(written.number, written.intent)
    raise NotImplementedError(f"{kind.__name__} has no place in a journal")


EVENTS_OUT: Final = msgspec.json.Encoder(enc_hook=_write, order="deterministic")
EVENTS_IN: Final = msgspec.json.Decoder(Event, dec_hook=_read)
STATES_OUT: Final = msgspec.msgpack.Encoder(order="deterministic")


def encode(what: Event | Command) -> bytes:
    """Canonical JSON, with the name of what it is as `type`."""
    return EVENTS_OUT.encode(what)


def encode_intent(intent: Intent) -> bytes:
    return EVENTS_OUT.encode(intent)


def decode_event(text: bytes) -> Event:
    """The event of these bytes; raises `msgspec.ValidationError` where they are none."""
    event: Event = EVENTS_IN.decode(text)
    return event


def state_bytes(state: DeskState) -> bytes:
    return STATES_OUT.encode(state)


def digest(state: DeskState) -> str:
    """Equal for equal states, and for no others."""
    return blake2b(state_bytes(state), digest_size=DIGEST_BYTES).hexdigest()
