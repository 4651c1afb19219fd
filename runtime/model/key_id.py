"""What a key is called that signs packs, journals and artefacts: by its digest, so that no two keys have one name."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

SCHEME: Final = "ed25519"
ID_DIGITS: Final = 32


def key_id(public_key: str) -> str:
    """The name of a public key that is given in hexadecimal digits; raises `ValueError` where it is not."""
    return f"{SCHEME}:{sha256(bytes.fromhex(public_key)).hexdigest()[:ID_DIGITS]}"
