"""Keys and signatures of rule packs, on disk: Ed25519 by way of `cryptography`, which is imported where it is used.

A private key is a file that only its owner can read; what is made here never takes the place of a file that is there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import read_bytes

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from stratc.compiler.judge.kit.signature import NotAsPinned, Pin, Signature
    from stratc.compiler.judge.pack import Pack

KEY_BYTES_MAX = 10_000
LOCK_BYTES_MAX = 1_000_000
PUBLIC = ".pub"


def require_cryptography() -> None:
    """A refusal where the library that signs is not installed."""
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        raise Refused("signatures need the library `cryptography`", "install it: pip install 'stratc[sign]'")


def new_key(path: Path) -> str:
    """Make a key: `path` for the private half, readable by its owner only, `path`.pub for the public one; its id."""
    require_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not path.name:
        raise Refused(f"{path} is no name of a key's file", "name a file that is not there yet: --new-key FILE")
    public = path.with_name(path.name + PUBLIC)
    for taken in (path, public):
        if taken.exists():
            raise Refused(f"{taken} exists already", "a key is never overwritten: choose another name")
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
    except Refused:
        # Half a key is none, and would keep its name from being used again.
        path.unlink()
        raise
    return _id_of(key.public_key().public_bytes_raw())


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
        raise Refused(f"{file} cannot be written: {problem.strerror}", "choose another place") from None


def load_key(path: Path) -> Ed25519PrivateKey:
    """A private key that nobody but its owner can read."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = read_bytes(path, what="key", most=KEY_BYTES_MAX)
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise Refused(f"key {path} can be read by others", f"chmod 600 {path}, and make a new one if they may have")
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as problem:
        raise Refused(f"key {path} is no private key: {problem}", "make one: stratc pack sign --new-key FILE") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refused(f"key {path} is no Ed25519 key", "make one: stratc pack sign --new-key FILE")
    return key


def load_public_key_id(path: Path) -> str:
    """The id of the key in a public key's file."""
    require_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(read_bytes(path, what="public key", most=KEY_BYTES_MAX))
    except ValueError as problem:
        raise Refused(f"{path} is no public key: {problem}", "name the .pub file of the signer") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Refused(f"{path} is no Ed25519 key", "name the .pub file of the signer")
    return _id_of(key.public_bytes_raw())


def sign(pack: Pack, listing: str, key: Ed25519PrivateKey) -> Signature:
    """The signature of a pack whose files have that listing."""
    from stratc.compiler.judge.kit.signature import Signature, message

    return Signature(
        pack=pack.id,
        version=pack.version,
        public_key=key.public_key().public_bytes_raw().hex(),
        signature=key.sign(message(pack.id, pack.version, listing)).hex(),
        listing=listing,
    )


def is_genuine(signature: Signature) -> bool:
    """Whether the key in the signature signed what it says."""
    require_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
        key.verify(bytes.fromhex(signature.signature), signature.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_signature_of(folder: Path) -> Signature | None:
    """The signature that lies in a pack's folder; None where there is none."""
    from stratc.compiler.judge.kit.signature import SIGNATURE_FILE, NotReadable, read_signature

    path = folder / SIGNATURE_FILE
    if not path.is_file():
        return None
    try:
        return read_signature(read_bytes(path, what="signature", most=LOCK_BYTES_MAX).decode("utf-8"))
    except (NotReadable, UnicodeDecodeError) as problem:
        raise Refused(f"signature {path}: {problem}", "sign the pack again: stratc pack sign") from None


def read_pins(path: Path) -> tuple[Pin, ...]:
    """The pins of a lock file."""
    from stratc.compiler.judge.kit.signature import NotReadable, read_lock

    try:
        return read_lock(read_bytes(path, what="lock file", most=LOCK_BYTES_MAX).decode("utf-8"))
    except (NotReadable, UnicodeDecodeError) as problem:
        raise Refused(
            f"lock file {path}: {problem}", "write it again: stratc pack verify --lock FILE --update"
        ) from None


def not_as_pinned(pins: Sequence[Pin], loaded: Sequence[tuple[Path, Pack]]) -> tuple[NotAsPinned, ...]:
    """How packs, each with its folder, differ from what was pinned, in text or in who answers for it."""
    from stratc.compiler.judge.kit.signature import NotAsPinned, held_to

    signers = {pin.id: pin.signer for pin in pins if pin.signer}
    found = list(held_to(pins, [pack for _, pack in loaded]))
    for folder, pack in loaded:
        if pack.id in signers and (how := _not_by(signers[pack.id], folder, pack)):
            found.append(NotAsPinned(pack=pack.id, how=f"is signed by {how}, pinned with {signers[pack.id]}"))
    return tuple(found)


def _not_by(signer: str, folder: Path, pack: Pack) -> str:
    """By whom else a pack is signed; empty where that signer signed just these texts."""
    from stratc.compiler.judge.load import texts_of
    from stratc.compiler.judge.pack import listing

    signature = read_signature_of(folder)
    if signature is None:
        return "nobody"
    if signature.key_id != signer:
        return signature.key_id
    signed = (signature.pack, signature.version, signature.listing)
    if signed != (pack.id, pack.version, listing(pack.name, texts_of(folder))):
        return f"{signer} with other texts"
    return "" if is_genuine(signature) else "somebody else in that name"


def _id_of(public_key: bytes) -> str:
    from stratc.compiler.judge.kit.signature import key_id

    return key_id(public_key)
