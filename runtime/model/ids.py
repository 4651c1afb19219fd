"""Client order ids: 18 characters `[A-Z0-9]` that follow from what they name, so a restart asks for the ids it sent.

`S` and 17 characters of base 32 (RFC 4648) hold 85 bits of BLAKE2b: that fits the alphabet of OKX, the 18 characters of
Kraken and every longer field, and a thousand million ids meet with a chance of one in seventy million.
"""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import blake2b
from typing import Final

ID_LENGTH: Final = 18
ID_PATTERN: Final = re.compile(r"S[A-Z2-7]{17}")
DIGEST_BYTES: Final = 11  # 88 bits, of which 17 characters of 5 bits are kept


def client_order_id(deployment: str, strategy: str, intent_number: int) -> str:
    """The id of the order that an intent is for; a venue sees it as `cl_ord_id` [11]."""
    if intent_number < 0:
        raise ValueError(f"intents are numbered from 0, not {intent_number}")
    return _named("order", deployment, strategy, str(intent_number))


def leg_id(cl_ord_id: str, role: str, number: int) -> str:
    """The id of the order of an intent that plays this role in its group, by its number within it."""
    return _named("leg", cl_ord_id, role, str(number))


def request_id(cl_ord_id: str, verb: str, number: int) -> str:
    """The id of a request about an order (FIX gives a cancel a ClOrdID of its own), by its number for that order."""
    return _named("request", cl_ord_id, verb, str(number))


def _named(*parts: str) -> str:
    # Each part is preceded by its length: `ab`, `c` and `a`, `bc` are different names.
    text = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = blake2b(text, digest_size=DIGEST_BYTES, person=b"stratc.order").digest()
    return "S" + b32encode(digest).decode()[: ID_LENGTH - 1]
