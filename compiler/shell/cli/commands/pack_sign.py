"""`stratc pack sign` and `stratc pack verify`: who answers for a pack's texts, and whether they are still those."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stratc.compiler.shell.cli.commands.pack import pack_group
from stratc.compiler.shell.cli.options import Json, Packs
from stratc.compiler.shell.cli.output import print_json, print_text, say
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.packs import load_one_pack, pack_folders, refuse_twin_packs, texts_of
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

    if key is not None and new_key is not None:
        raise Refused("both a key and a new one", "sign with --key FILE, or make one with --new-key FILE")
    if pack is not None:
        # Before a key is made: what cannot be signed leaves none behind.
        fit_to_sign(pack)
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


def fit_to_sign(folder: Path) -> Pack:
    """The pack in a folder, or a refusal where `pack test` would not pass it; mutants are not asked."""
    from stratc.compiler.judge.kit.testing import report_on

    loaded = load_one_pack(folder)
    report = report_on(loaded, lambda *_: None, mutating=False)
    if not report.passes(Fraction(0)):
        failed = [
            f"{each.rule}: {each.scenario}" for rule in report.rules for each in rule.scenarios if not each.passed
        ]
        wrong = [each.rule.id for each in report.rules if each.has_errors]
        first = (*failed, *wrong, "a pack without rules")[0]
        raise Refused(
            f"{loaded.id} is not signed: {first} does not pass",
            f"see stratc pack test {loaded.name} --packs {folder.resolve().parent}",
            code=PROBLEMS,
        )
    return loaded


def write_signature_of(folder: Path, key: Path) -> dict[str, object]:
    """Sign the pack in a folder; what does not pass its own tests is not signed."""
    from stratc.compiler.judge.kit.signature import SIGNATURE_FILE, write_signature
    from stratc.compiler.judge.pack import digest_of, listing
    from stratc.compiler.shell import signing

    private = signing.load_key(key)
    loaded = fit_to_sign(folder)
    signed = listing(loaded.name, texts_of(folder))
    if digest_of(signed) != loaded.digest:
        raise Refused(f"{folder} was changed while it was tested", "sign it again", code=PROBLEMS)
    signature = signing.sign(loaded, signed, private)
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
    from stratc.compiler.judge.kit.signature import write_lock
    from stratc.compiler.shell import signing

    if update and lock is None:
        raise Refused("--update without --lock", "name the lock file: --lock packs.lock --update")
    known = tuple(signing.load_public_key_id(path) for path in trusted or ())
    chosen = folders or pack_folders(packs or ())
    loaded = [(folder, load_one_pack(folder)) for folder in chosen]
    refuse_twin_packs([pack for _, pack in loaded])
    results = [verified(folder, pack, known) for folder, pack in loaded]
    moved: tuple[NotAsPinned, ...] = ()
    wrong = any(not each["ok"] for each in results)
    if lock is not None and update and not wrong:
        replace_file(lock, write_lock([pinned(folder, pack) for folder, pack in loaded]))
        say(f"wrote {lock}")
    elif update:
        say(f"{lock} was not written: a signature is wrong")
    elif lock is not None:
        pins = signing.read_pins(lock)
        moved = signing.not_as_pinned(pins, loaded)
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

    waived = len(pack.waivers)
    beside = f"; {waived} waiver{'s' * (waived > 1)} beside it, which no signature covers" if waived else ""
    named = {"pack": pack.id, "version": pack.version, "digest": pack.digest, "waivers": waived}
    signature = signing.read_signature_of(folder)
    if signature is None:
        told = "not signed" + ", and a signer is asked for" * bool(trusted)
        return {**named, "ok": not trusted, "signer": None, "trusted": False, "changed": [], "told": told + beside}
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
        "told": (problem or f"as signed by {signature.key_id}{stranger}") + beside,
    }


def pinned(folder: Path, pack: Pack) -> Pin:
    from stratc.compiler.judge.kit.signature import Pin
    from stratc.compiler.shell import signing

    signature = signing.read_signature_of(folder)
    signer = "" if signature is None else signature.key_id
    return Pin(id=pack.id, version=pack.version, digest=pack.digest, signer=signer)


def register(app: typer.Typer) -> None:
    group = pack_group(app)
    group.command("sign")(sign_pack)
    group.command("verify")(verify_packs)
