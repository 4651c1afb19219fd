"""`stratc audit`: whether a journal is as it was written, its rows for other programs, and keys that sign it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from stratc.compiler.shell.cli.options import Json
from stratc.compiler.shell.cli.output import print_json, print_text, say
from stratc.compiler.shell.exits import DONE, PROBLEMS, Refused
from stratc.compiler.shell.reading import read_bytes
from stratc.compiler.shell.writing import replacing

if TYPE_CHECKING:
    from stratc.runtime.journal.evidence import Row
    from stratc.runtime.journal.head import SignedHead
    from stratc.runtime.journal.verify import Verdict

HEADS_BYTES_MAX: Final = 100_000_000
Place = Annotated[Path, typer.Argument(metavar="FILE", help="A journal's file, or its folder for all of them.")]
Heads = Annotated[
    list[Path] | None,
    typer.Option("--head", metavar="HEAD", help="Signed heads that left the host, one JSON object a line."),
]
Trusted = Annotated[
    Path | None, typer.Option("--key", metavar="FILE.pub", help="The key that must have signed; others fail.")
]
Out = Annotated[Path | None, typer.Option("-o", "--out", metavar="OUT", help="The file to write; stdout if not given.")]


class Format(StrEnum):
    """How rows are exported."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


As = Annotated[Format, typer.Option("--format", help="Lines of JSON, a CSV table or a Parquet file.")]


@contextmanager
def told() -> Iterator[None]:
    """What cannot be read as a journal, a head or a key, as refusals."""
    from stratc.runtime.journal.evidence import NotEvidence
    from stratc.runtime.journal.keys import KeyRefused

    try:
        yield
    except (NotEvidence, KeyRefused) as problem:
        raise Refused(problem.message, problem.remedy) from None


# ── verify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def verify_journal(place: Place, head: Heads = None, key: Trusted = None, json: Json = False) -> None:
    """Verify a journal: exit 1 where a record is not as it was written, and say which is the first."""
    verdicts, heads = judged(place, head or (), key)
    good = all(verdict.ok for _, verdict in verdicts)
    if json:
        print_json({"ok": good, "segments": [document(path, verdict) for path, verdict in verdicts]})
    else:
        for path, verdict in verdicts:
            print_text(summary(path, verdict))
        for remark in remarks([verdict for _, verdict in verdicts], trusted=key is not None, heads=heads):
            say(remark)
    raise typer.Exit(DONE if good else PROBLEMS)


def judged(place: Path, heads: list[Path] | tuple[()], key: Path | None) -> tuple[list[tuple[Path, Verdict]], int]:
    """The verdict on every segment of a file or a folder, and how many heads from outside were asked."""
    from stratc.runtime.journal.keys import load_public_key
    from stratc.runtime.journal.verify import verify_file, verify_folder

    with told():
        trusted = load_public_key(key) if key else None
        outside = [each for path in heads for each in read_heads(path)]
        if place.is_dir():
            return list(verify_folder(place, heads=outside, public_key=trusted)), len(outside)
        return [(place, verify_file(place, heads=outside, public_key=trusted))], len(outside)


def read_heads(path: Path) -> list[SignedHead]:
    from stratc.runtime.journal.head import NotAHead, read_head

    text = read_bytes(path, what="file of heads", most=HEADS_BYTES_MAX).decode("utf-8", "replace")
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(read_head(line))
        except NotAHead as problem:
            raise Refused(
                f"{path}:{number} is no signed head: {problem}", "name a file that heads were sent to"
            ) from None
    if not found:
        raise Refused(f"{path} holds no signed head", "name a file that heads were sent to")
    return found


def document(path: Path, verdict: Verdict) -> dict[str, Any]:
    told = {name: value for name, value in asdict(verdict).items() if name != "previous"}
    return {"ok": verdict.ok, "file": str(path), **told}


def summary(path: Path, verdict: Verdict) -> str:
    """One line: what was found bad, or what all is good."""
    bad = verdict.first_bad
    if bad is not None:
        return f"{path}: {bad.told} [{bad.how}]"
    signed = f"{verdict.heads:,} heads signed by {verdict.signer}" if verdict.signer else "its heads signed by nobody"
    end = "sealed" if verdict.sealed else "not sealed"
    span = f"{verdict.first_sequence} to {verdict.last_sequence}"
    return f"{path}: {verdict.records:,} records ({span}) as they were written, {signed}, {end}"


def remarks(verdicts: list[Verdict], *, trusted: bool, heads: int) -> Iterator[str]:
    """What was not shown, so that nobody takes silence for more than it is."""
    last = verdicts[-1]
    if last.ok and last.unsigned:
        yield f"  note: no head covers the last {last.unsigned:,} records: the writer runs, or ended without closing"
    if last.signer and not trusted:
        yield "  note: nobody said whose key that is: name the key that you trust with --key"
    if last.ok and not heads:
        yield "  note: that nothing was cut off at the end is shown only by a head that left the host: --head"


# ── export ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def export_journal(place: Place, form: As = Format.JSONL, out: Out = None, json: Json = False) -> None:
    """Export a journal's rows as they stand; exit 1 where they are not as they were written."""
    if out is None and (json or form is Format.PARQUET):
        raise Refused(
            "--json needs stdout for itself" if json else "a Parquet file does not go to stdout", "name a file: -o OUT"
        )
    verdicts, _ = judged(place, (), None)
    bad = [summary(path, verdict) for path, verdict in verdicts if not verdict.ok]
    written = write_rows([path for path, _ in verdicts], form, out)
    for line in bad:
        say(line)
    if json:
        print_json({"ok": not bad, "file": str(out), "format": form.value, "records": written, "problems": bad})
    elif out is not None:
        print_text(f"{out}: {written:,} records")
    raise typer.Exit(PROBLEMS if bad else DONE)


def write_rows(paths: list[Path], form: Format, out: Path | None) -> int:
    from stratc.runtime.journal import export

    counted = Counted(paths)
    if out is None:
        write_text(counted, form, sys.stdout)
        return counted.rows
    with replacing(out) as temporary:
        if form is Format.PARQUET:
            export.write_parquet(counted, temporary)
        else:
            with temporary.open("w", encoding="utf-8", newline="") as file:
                write_text(counted, form, file)
    return counted.rows


def write_text(rows: Counted, form: Format, out: Any) -> None:
    from stratc.runtime.journal import export

    if form is Format.CSV:
        export.write_csv(rows, out)
    else:
        out.writelines(export.lines(rows))


class Counted:
    """The rows of files, one after the other, and how many went by; where one cannot be read, that is said."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths
        self.rows = 0

    def __iter__(self) -> Iterator[Row]:
        from stratc.runtime.journal.evidence import opened, rows

        for path in self._paths:
            with told(), opened(path) as db:
                try:
                    for row in rows(db):
                        self.rows += 1
                        yield row
                except sqlite3.Error as problem:
                    say(f"{path}: the rows after {self.rows:,} cannot be read: {problem}")


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def make_key(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The private half; FILE.pub is the one to give.")],
    json: Json = False,
) -> None:
    """Make a key that signs a journal's heads: FILE, which its owner alone can read, and FILE.pub."""
    from stratc.runtime.journal import keys

    with told():
        made = keys.make_key(file)
    if json:
        print_json({"ok": True, "key": made, "private": str(file), "public": f"{file}{keys.PUBLIC}"})
    else:
        print_text(f"made the key {made}: keep {file}, give {file}{keys.PUBLIC} to those who verify")


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Verify and export the journal, and make keys that sign it.", no_args_is_help=True)
    group.command("verify")(verify_journal)
    group.command("export")(export_journal)
    group.command("key")(make_key)
    app.add_typer(group, name="audit")
