"""`stratc pack sign` and `stratc pack verify`: who answers for a pack's texts, and whether they are still those."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.cli.commands.pack import pack_group
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import print_json, print_text, say
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.packs import load_one_pack, pack_folders, texts_of
from stratc.compiler.shell.writing import replace_file

if TYPE_CHECKING:
    from stratc.compiler.judge.kit.signature import NotAsPinned, Pin
    from stratc.compiler.judge.pack import Pack

Place = Annotated[Path | None, typer.Argument(metavar="PACK", help="The pack's folder.")]
Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The private key to sign with.")]
NewKey = Annotated[
    Path | None, typer.Option("--new-key", metavar="FILE", help="Make a key: FILE, and FILE.pub to give.")
]
Places = Annotated[list[Path] | None, typer.Argument(metavar="PACK…", help="Folders; all packs if not given.")]
Trusted = Annotated[
    list[Path] | None, typer.Option("--key", metavar="FILE.pub", help="A signer that you trust; others fail.")
]
Lock = Annotated[Path | None, typer.Option("--lock", metavar="FILE", help="A lock file that the packs must be as in.")]
Update = Annotated[bool, typer.Option("--update", help="Write the lock file: pin the packs as they are.")]


def sign_pack(pack: Place = None, key: Key = None, new_key: NewKey = None, json: Json = False) -> None:
    """Sign a pack with an Ed25519 key, or make such a key."""
    from stratc.compiler.shell import signing

    made = None if new_key is None else signing.new_key(new_key)
    if made is not None:
        say(f"made the key {made}: keep {new_key}, give {new_key}.pub to those who verify")
    if pack is None:
        if made is None:
            raise Refused("nothing to sign and no key to make", "stratc pack sign PACK --key FILE, or --new-key FILE")
        if json:
            print_json({"ok": True, "key": made})
        raise typer.Exit(DONE)
    chosen = key or new_key
    if chosen is None:
        raise Refused("no key to sign with", "name it: --key FILE; make one: --new-key FILE")
    written = write_signature_of(pack, chosen)
    if json:
        print_json({"ok": True, **written})
    else:
        print_text(f"{written['file']}: {written['pack']} {written['version']} signed by {written['key']}")


def write_signature_of(folder: Path, key: Path) -> dict[str, object]:
    """Sign the pack in a folder; what fails its own scenarios is not signed."""
    from stratc.compiler.judge.kit.signature import SIGNATURE_FILE, write_signature
    from stratc.compiler.judge.pack import listing, test_pack
    from stratc.compiler.shell import signing

    private = signing.load_key(key)
    loaded = load_one_pack(folder)
    broken = [rule.id for rule in loaded.rules if rule.problems]
    failed = [f"{each.rule}: {each.scenario}" for each in test_pack(loaded) if not each.passed]
    if broken or failed:
        raise Refused(
            f"{loaded.id} is not signed: {(*broken, *failed)[0]} does not pass",
            f"see stratc pack test {loaded.name} --packs {folder.resolve().parent}",
            code=PROBLEMS,
        )
    signature = signing.sign(loaded, listing(loaded.name, texts_of(folder)), private)
    file = folder / SIGNATURE_FILE
    replace_file(file, write_signature(signature))
    named = {"pack": loaded.id, "version": loaded.version, "digest": loaded.digest}
    return {**named, "key": signature.key_id, "file": str(file)}


# ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify_packs(
    folders: Places = None,
    packs: Packs = None,
    trusted: Trusted = None,
    lock: Lock = None,
    update: Update = False,
    json: Json = False,
) -> None:
    """Verify signatures of packs, and that they are as a lock file pins them; exit 1 where they are not."""
    from stratc.compiler.judge.kit.signature import held_to, write_lock
    from stratc.compiler.shell import signing

    if update and lock is None:
        raise Refused("--update without --lock", "name the lock file: --lock packs.lock --update")
    known = tuple(signing.load_public_key_id(path) for path in trusted or ())
    chosen = folders or pack_folders(packs or ())
    loaded = [(folder, load_one_pack(folder)) for folder in chosen]
    results = [verified(folder, pack, known) for folder, pack in loaded]
    moved: tuple[NotAsPinned, ...] = ()
    wrong = any(not each["ok"] for each in results)
    if lock is not None and update and not wrong:
        replace_file(lock, write_lock([pinned(folder, pack) for folder, pack in loaded]))
        say(f"wrote {lock}")
    elif lock is not None:
        pins = signing.read_pins(lock)
        moved = held_to(pins, [pack for _, pack in loaded]) + tuple(other_signers(pins, loaded))
    wrong = wrong or bool(moved)
    if json:
        told = [{"pack": each.pack, "how": each.how} for each in moved]
        print_json({"ok": not wrong, "packs": results, "not_as_locked": told})
    else:
        for each in results:
            print_text(f"{each['pack']} {each['version']}: {each['told']}")
        for other in moved:
            print_text(f"{other.pack}: {other.how} [R046]")
    raise typer.Exit(PROBLEMS if wrong else DONE)


def verified(folder: Path, pack: Pack, trusted: tuple[str, ...]) -> dict[str, object]:
    """What is to be said of one pack's signature; a pack without one is wrong only where signers are named."""
    from stratc.compiler.judge.kit.signature import changes
    from stratc.compiler.judge.pack import listing
    from stratc.compiler.shell import signing

    named = {"pack": pack.id, "version": pack.version, "digest": pack.digest}
    signature = signing.read_signature_of(folder)
    if signature is None:
        told = "not signed" + ", and a signer is asked for" * bool(trusted)
        return {**named, "ok": not trusted, "signer": None, "trusted": False, "changed": [], "told": told}
    changed = changes(signature.listing, listing(pack.name, texts_of(folder)))
    differing = [f"{each.file} was {each.how}" for each in changed]
    if not signing.is_genuine(signature):
        problem = "the signature is not by the key that it names"
    elif (signature.pack, signature.version) != (pack.id, pack.version):
        problem = f"the signature is of {signature.pack} {signature.version}"
    elif differing:
        problem = f"not as signed by {signature.key_id}: {', '.join(differing)}"
    elif trusted and signature.key_id not in trusted:
        problem = f"signed by {signature.key_id}, which is none of the signers that were named"
    else:
        problem = ""
    stranger = "" if trusted else "; nobody said whose key that is: name signers that you trust with --key"
    return {
        **named,
        "ok": not problem,
        "signer": signature.key_id,
        "trusted": not problem and signature.key_id in trusted,
        "changed": [{"file": each.file, "how": each.how} for each in changed],
        "told": problem or f"as signed by {signature.key_id}{stranger}",
    }


def pinned(folder: Path, pack: Pack) -> Pin:
    from stratc.compiler.judge.kit.signature import Pin
    from stratc.compiler.shell import signing

    signature = signing.read_signature_of(folder)
    signer = "" if signature is None else signature.key_id
    return Pin(id=pack.id, version=pack.version, digest=pack.digest, signer=signer)


def other_signers(pins: tuple[Pin, ...], loaded: list[tuple[Path, Pack]]) -> list[NotAsPinned]:
    """Packs that were pinned with a signer and are signed by another one, or by nobody."""
    from stratc.compiler.judge.kit.signature import NotAsPinned

    signers = {pin.id: pin.signer for pin in pins if pin.signer}
    found = []
    for folder, pack in loaded:
        wanted, signer = signers.get(pack.id), pinned(folder, pack).signer
        if wanted is not None and signer != wanted:
            found.append(NotAsPinned(pack=pack.id, how=f"is signed by {signer or 'nobody'}, pinned with {wanted}"))
    return found


def register(app: typer.Typer) -> None:
    group = pack_group(app)
    group.command("sign")(sign_pack)
    group.command("verify")(verify_packs)
