"""Ed25519 keys: made into private files, never printed, and read only where nobody else could read them.

One kind of key signs journals and rule packs; nothing that is made here takes the place of a file that is there.

`cryptography` is imported where it is used: who neither signs nor verifies a signature does without.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.runtime.journal.failure import JournalError
from stratc.runtime.model.key_id import key_id

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_BYTES_MAX: Final = 10_000
PUBLIC: Final = ".pub"


class KeyRefused(JournalError):
    """A key that cannot be used or made, and what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


class Signer:
    """Signs heads. The private half stays inside; it shows itself by its public key."""

    __slots__ = ("_key", "public_key")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw().hex()

    @property
    def key_id(self) -> str:
        return key_id(self.public_key)

    def __repr__(self) -> str:
        return f"Signer({self.key_id})"

    def sign(self, message: bytes) -> str:
        return self._key.sign(message).hex()


def make_key(path: Path) -> str:
    """Make `path`, the private half, and `path`.pub, which is given to who verifies; returns the key's id."""
    require_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not path.name:
        raise KeyRefused(f"{path} is no name of a key's file", "name a file that is not there yet")
    public = path.with_name(path.name + PUBLIC)
    for taken in (path, public):
        if taken.exists():
            raise KeyRefused(f"{taken} exists already", "a key is never overwritten: choose another name")
    key = Ed25519PrivateKey.generate()
    private_text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_text = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _write_new(path, private_text, 0o600)
    try:
        _write_new(public, public_text, 0o644)
    except KeyRefused:
        # Half a key is none, and would keep its name from being used again.
        path.unlink()
        raise
    return Signer(key).key_id


def load_signer(path: Path) -> Signer:
    """The private key in a file that nobody but its owner can read."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _read(path)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KeyRefused(f"key {path} can be read by others", f"chmod 600 {path}, and make a new one if they may have")
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        # What the library says could quote the key.
        raise KeyRefused(f"{path} is no private key", "make one: stratc audit key FILE") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyRefused(f"{path} is no Ed25519 key", "make one: stratc audit key FILE")
    return Signer(key)


def load_public_key(path: Path) -> str:
    """The public key in a file, in hexadecimal."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except ValueError:
        raise KeyRefused(f"{path} is no public key", "name the .pub file that was made with the key") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyRefused(f"{path} is no Ed25519 key", "name the .pub file that was made with the key")
    return key.public_bytes_raw().hex()


def is_signed_by(public_key: str, signature: str, message: bytes) -> bool:
    """Whether the key, in hexadecimal, signed that message."""
    require_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def require_cryptography() -> None:
    if find_spec("cryptography") is None:
        raise KeyRefused("signatures need the library `cryptography`", "install it: pip install 'stratc[sign]'")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(KEY_BYTES_MAX + 1)
    except OSError as problem:
        raise KeyRefused(
            f"key {path} cannot be read: {problem.strerror}", "check the path and its permissions"
        ) from None
    if len(data) > KEY_BYTES_MAX:
        raise KeyRefused(f"{path} is no key: it has more than {KEY_BYTES_MAX:,} bytes", "is it the right file?")
    return data


def _write_new(file: Path, data: bytes, mode: int) -> None:
    """All of it or nothing: a file that a full disk cut short would keep its name from being used again."""
    made = False
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        made = True
        with os.fdopen(handle, "wb") as out:
            out.write(data)
    except OSError as problem:
        if made:
            file.unlink(missing_ok=True)
        raise KeyRefused(f"{file} cannot be written: {problem.strerror}", "choose another place") from None
