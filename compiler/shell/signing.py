"""Signatures of rule packs and lock files, on disk; the keys are those that sign journals too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.reading import read_bytes
from stratc.runtime.model.key_id import key_id

if TYPE_CHECKING:
    from stratc.compiler.judge.kit.signature import NotAsPinned, Pin, Signature
    from stratc.compiler.judge.pack import Pack
    from stratc.runtime.journal.keys import Signer

LOCK_BYTES_MAX = 1_000_000


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a key, as a refusal."""
    from stratc.runtime.journal.keys import KeyRefused

    try:
        yield
    except KeyRefused as problem:
        raise Refused(problem.message, problem.remedy) from None


def new_key(path: Path) -> str:
    """Make a key: `path` for the private half, readable by its owner only, `path`.pub for the public one; its id."""
    from stratc.runtime.journal.keys import make_key

    with told():
        return make_key(path)


def load_key(path: Path) -> Signer:
    """A private key that nobody but its owner can read."""
    from stratc.runtime.journal.keys import load_signer

    with told():
        return load_signer(path)


def load_public_key_id(path: Path) -> str:
    """The id of the key in a public key's file."""
    from stratc.runtime.journal.keys import load_public_key

    with told():
        return key_id(load_public_key(path))


def sign(pack: Pack, listing: str, key: Signer) -> Signature:
    """The signature of a pack whose files have that listing."""
    from stratc.compiler.judge.kit.signature import Signature, message

    return Signature(
        pack=pack.id,
        version=pack.version,
        public_key=key.public_key,
        signature=key.sign(message(pack.id, pack.version, listing)),
        listing=listing,
    )


def is_genuine(signature: Signature) -> bool:
    """Whether the key in the signature signed what it says."""
    from stratc.runtime.journal.keys import is_signed_by

    with told():
        return is_signed_by(signature.public_key, signature.signature, signature.message)


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
