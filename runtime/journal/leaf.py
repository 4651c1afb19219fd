"""The bytes of a record that its leaf hash is taken of. One encoding, which anybody can write again in ten lines.

Sequence, wall nanoseconds, monotonic nanoseconds and cause as signed 64-bit numbers, then the schema and the lengths of
the four texts as unsigned 32-bit ones, all of them big-endian; then actor, kind, client order id and body in UTF-8. No
cause is 0, because sequences begin at 1; no client order id is an empty one, because a client order id has a letter.
"""

from __future__ import annotations

from struct import Struct

FRONT = Struct(">qqqqIIIII")


def leaf_bytes(
    sequence: int, wall_ns: int, mono_ns: int, actor: str, kind: str,
    cl_ord_id: str | None, cause: int | None, schema: int, body: bytes,
) -> bytes:  # fmt: skip
    texts = (actor.encode(), kind.encode(), (cl_ord_id or "").encode(), body)
    lengths = map(len, texts)
    return FRONT.pack(sequence, wall_ns, mono_ns, cause or 0, schema, *lengths) + b"".join(texts)
