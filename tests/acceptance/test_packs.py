"""Rule packs at the command line: tested, compared, explained, signed, pinned."""

from __future__ import annotations

import os
import shutil
from io import FileIO
from pathlib import Path

import pytest

from stratc.compiler.shell.exits import Refused
from stratc.compiler.shell.signing import new_key
from stratc.rules import packs_root
from tests.acceptance.stratc_process import stratc

SHIPPED = packs_root() / "us_finra_day_trading"
STRATEGY = """strategy "idea"
  trade ABC on 1 day

rule enter
  when flat
  then buy 10% of equity
"""
ACCOUNT = '[account]\ntype = "margin"\ncurrency = "USD"\nequity = 8_000\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A new pack."""
    assert stratc("pack", "new", "desk", cwd=tmp_path).code == 0
    return tmp_path / "desk"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


# ── test ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_pack_passes_at_once(desk: Path) -> None:
    tested = stratc("pack", "test", "desk", "--packs", desk.parent, "--json")
    assert tested.code == 0
    (pack,) = tested.document["packs"]
    assert pack["mutation_score"] == 1.0
    assert all(clause["decisive_in"] for rule in pack["rules"] for clause in rule["clauses"])


def test_a_survivor_is_a_question(desk: Path) -> None:
    edit(desk / "position_limit.md", "  expect denied on day 2\n", "")
    outcome = stratc("pack", "test", "desk", "--packs", desk.parent)
    assert outcome.code == 1
    assert "your scenarios do not distinguish" in outcome.stdout
    assert "NOT PASSED" in outcome.stdout
    assert stratc("pack", "test", "desk", "--packs", desk.parent, "--threshold", "50").code == 0


def test_findings_are_told(desk: Path) -> None:
    edit(desk / "position_limit.md", " retrieved 2026-01-02", "")
    outcome = stratc("pack", "test", "desk", "--packs", desk.parent, "--no-mutate")
    assert outcome.code == 1
    assert "R042" in outcome.stdout


# ── diff ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_differs(desk: Path) -> None:
    outcome = stratc("pack", "diff", desk, desk, "--json")
    assert outcome.code == 0
    assert outcome.document["differs"] is False


def test_a_difference_has_a_trace(desk: Path, tmp_path: Path) -> None:
    other = shutil.copytree(desk, tmp_path / "later" / "desk")
    edit(other / "position_limit.md", "positions_max = 2", "positions_max = 3")
    outcome = stratc("pack", "diff", desk, other, "--exit-code")
    assert outcome.code == 1
    assert "old: broken on day 1" in outcome.stdout
    assert 'scenario "as the new version has it"' in outcome.stdout
    files = stratc("pack", "diff", desk / "position_limit.md", other / "position_limit.md", "--json").document
    assert files["rules"][0]["change"] == "different"


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    assert stratc("pack", "diff", tmp_path, tmp_path).code == 2


# ── explain ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_is_explained_from_its_tree(desk: Path) -> None:
    page = stratc("pack", "explain", "house.desk.position_limit", "--packs", desk.parent).stdout
    assert "positions_max = 2 from 2026-01-01: Desk manual 1.1, confidence V (official text)" in page
    edit(desk / "position_limit.md", "<= positions_max", "< positions_max")
    edit(desk / "position_limit.md", "in force from 2026-01-01", "in force from 2026-01-01 announced 2025-11-03")
    again = stratc("pack", "explain", "house.desk.position_limit", "--packs", desk.parent).stdout
    assert "from 2026-01-01 (announced 2025-11-03) until further notice" in again
    assert "is less than `positions_max`" in again


# ── sign, verify, lock ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def signed(desk: Path, tmp_path: Path) -> Path:
    """The pack, signed with the key `officer`."""
    assert stratc("pack", "sign", "--new-key", tmp_path / "officer").code == 0
    assert stratc("pack", "sign", desk, "--key", tmp_path / "officer").code == 0
    return desk


def test_a_signed_pack_verifies(signed: Path, tmp_path: Path) -> None:
    outcome = stratc("pack", "verify", signed, "--key", tmp_path / "officer.pub", "--json")
    assert outcome.code == 0
    (pack,) = outcome.document["packs"]
    assert pack["trusted"] is True
    assert pack["signer"].startswith("ed25519:")
    unknown = stratc("pack", "verify", signed)
    assert unknown.code == 0
    assert "nobody said whose key that is" in unknown.stdout


def test_a_key_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    key = tmp_path / "officer"
    assert stratc("pack", "sign", "--new-key", key).code == 0
    before = key.read_bytes()
    assert stratc("pack", "sign", "--new-key", key).code == 2
    assert key.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of a file are POSIX ones")
def test_a_key_is_for_its_owner_only(tmp_path: Path, desk: Path) -> None:
    key = tmp_path / "officer"
    assert stratc("pack", "sign", "--new-key", key).code == 0
    assert key.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    assert "can be read by others" in stratc("pack", "sign", desk, "--key", key).stderr


@pytest.mark.parametrize(
    ("how", "told"),
    [("change", "position_limit.md was changed"), ("add", "more.md was added"), ("remove", "README.md was removed")],
)
def test_what_is_not_as_signed_is_named(signed: Path, tmp_path: Path, how: str, told: str) -> None:
    match how:
        case "change":
            edit(signed / "position_limit.md", "positions_max = 2", "positions_max = 3")
        case "add":
            (signed / "more.md").write_text("more")
        case _:
            (signed / "README.md").unlink()
    outcome = stratc("pack", "verify", signed, "--key", tmp_path / "officer.pub")
    assert outcome.code == 1
    assert told in outcome.stdout


def test_another_signer_is_not_trusted(signed: Path, tmp_path: Path) -> None:
    assert stratc("pack", "sign", "--new-key", tmp_path / "stranger").code == 0
    assert stratc("pack", "sign", signed, "--key", tmp_path / "stranger").code == 0
    outcome = stratc("pack", "verify", signed, "--key", tmp_path / "officer.pub")
    assert outcome.code == 1
    assert "none of the signers" in outcome.stdout


def test_a_forged_signature_is_found(signed: Path, tmp_path: Path) -> None:
    """The listing of other texts under an old signature; the version that the signature names, changed."""
    edit(signed / "pack.toml", 'version = "2026.1"', 'version = "2026.2"')
    edit(signed / "pack.sig", 'version = "2026.1"', 'version = "2026.2"')
    outcome = stratc("pack", "verify", signed, "--key", tmp_path / "officer.pub")
    assert outcome.code == 1
    assert "not by the key that it names" in outcome.stdout


def test_a_pack_that_fails_is_not_signed(desk: Path, tmp_path: Path) -> None:
    assert stratc("pack", "sign", "--new-key", tmp_path / "officer").code == 0
    edit(desk / "position_limit.md", "positions_max = 2", "positions_max = 3")
    outcome = stratc("pack", "sign", desk, "--key", tmp_path / "officer")
    assert outcome.code == 1
    assert not (desk / "pack.sig").exists()


def test_a_lock_holds_check_to_its_packs(signed: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "idea.strat").write_text(STRATEGY)
    (work / "account.toml").write_text(ACCOUNT)
    command = ("check", work / "idea.strat", "--packs", tmp_path, "--fast")
    without = stratc(*command).code
    lock = work / "packs.lock"
    assert stratc("pack", "verify", "--packs", tmp_path, "--lock", lock, "--update").code == 0
    assert stratc(*command).code == without
    edit(signed / "README.md", "what it does not cover", "nothing")
    refused = stratc(*command)
    assert refused.code == 1
    assert "R046" in refused.stderr
    assert "house.desk" in refused.stderr
    assert "R046" in stratc("pack", "verify", "--packs", tmp_path, "--lock", lock).stdout
    assert stratc("check", work / "idea.strat", "--fast").code == 1
    lock.unlink()
    assert stratc(*command).code == without


def test_a_lock_names_the_signer(signed: Path, tmp_path: Path) -> None:
    lock = tmp_path / "packs.lock"
    assert stratc("pack", "verify", signed, "--lock", lock, "--update").code == 0
    (signed / "pack.sig").unlink()
    outcome = stratc("pack", "verify", signed, "--lock", lock)
    assert outcome.code == 1
    assert "signed by nobody" in outcome.stdout


@pytest.mark.parametrize("text", ["", "format = 2\n", "format = 1\n[[pack]]\nid = 3\n", "format ="])
def test_a_lock_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    lock = tmp_path / "packs.lock"
    lock.write_text(text)
    assert stratc("pack", "verify", SHIPPED, "--lock", lock).code == 2


@pytest.mark.parametrize("what", ["folder", "dangling"])
def test_what_cannot_be_read_in_a_lock_s_place_refuses(tmp_path: Path, what: str) -> None:
    (tmp_path / "idea.strat").write_text(STRATEGY)
    lock = tmp_path / "packs.lock"
    if what == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(tmp_path / "nothing")
    outcome = stratc("check", tmp_path / "idea.strat", "--fast")
    assert outcome.code == 2
    assert f"lock file {lock}" in outcome.stderr


def test_check_asks_for_the_signer_that_was_pinned(signed: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "idea.strat").write_text(STRATEGY)
    lock = work / "packs.lock"
    assert stratc("pack", "verify", "--packs", tmp_path, "--lock", lock, "--update").code == 0
    command = ("check", work / "idea.strat", "--packs", tmp_path, "--fast")
    assert "R046" not in stratc(*command).stderr
    genuine = (signed / "pack.sig").read_text()
    edit(signed / "pack.sig", 'signature = "', 'signature = "00')
    forged = stratc(*command)
    assert forged.code == 1
    assert "R046" in forged.stderr
    assert "is signed by somebody else in that name" in forged.stderr
    (signed / "pack.sig").write_text(genuine)
    assert "R046" not in stratc(*command).stderr
    (signed / "pack.sig").unlink()
    nobody = stratc(*command)
    assert nobody.code == 1
    assert "is signed by nobody" in nobody.stderr


@pytest.mark.parametrize("name", ["/", "."])
def test_what_names_no_file_is_no_key(tmp_path: Path, name: str) -> None:
    outcome = stratc("pack", "sign", "--new-key", name, cwd=tmp_path)
    assert outcome.code == 2
    assert "is no name of a key's file" in outcome.stderr


@pytest.mark.parametrize("how", ["no rules", "no scenario that breaks it"])
def test_what_a_test_does_not_pass_is_not_signed_and_makes_no_key(desk: Path, tmp_path: Path, how: str) -> None:
    rule = desk / "position_limit.md"
    if how == "no rules":
        rule.unlink()
    else:
        rule.write_text(rule.read_text().replace(" retrieved 2026-01-02", ""))
    assert stratc("pack", "test", "desk", "--packs", desk.parent, "--no-mutate").code == 1
    outcome = stratc("pack", "sign", desk, "--new-key", tmp_path / "officer")
    assert outcome.code == 1
    assert "is not signed" in outcome.stderr
    assert not (tmp_path / "officer").exists()


def test_a_key_that_a_full_disk_cut_short_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(FileIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("stratc.runtime.journal.keys.os.fdopen", Full)
    with pytest.raises(Refused, match="No space left"):
        new_key(tmp_path / "officer")
    assert list(tmp_path.iterdir()) == []


def test_one_key_signs(desk: Path, tmp_path: Path) -> None:
    outcome = stratc("pack", "sign", desk, "--key", tmp_path / "a", "--new-key", tmp_path / "b")
    assert outcome.code == 2
    assert not (tmp_path / "b").exists()


def test_what_cannot_be_read_is_neither_explained_nor_compared(desk: Path) -> None:
    edit(desk / "position_limit.md", "from 2026-01-01", "from 2026-02-30")
    explained = stratc("pack", "explain", "house.desk.position_limit", "--packs", desk.parent)
    compared = stratc("pack", "diff", desk, desk)
    for outcome in (explained, compared):
        assert outcome.code == 1
        assert outcome.stdout == ""
        assert "R050" in outcome.stderr


WAIVER = """rule = "house.desk.position_limit"
strategy = "Swing"
digest = "{digest}"
reason = "a pilot with the desk's own money"
author = "A. Trader"
approver = "C. Officer"
granted = 2026-11-01
expires = 2026-12-31
"""


def test_verify_tells_of_waivers_which_no_signature_covers(signed: Path) -> None:
    assert "waiver" not in stratc("pack", "verify", signed).stdout
    (signed / "waivers").mkdir(exist_ok=True)
    (signed / "waivers" / "2026-11-01_swing.toml").write_text(WAIVER.format(digest="0" * 64))
    outcome = stratc("pack", "verify", signed)
    assert outcome.code == 0
    assert "; 1 waiver beside it, which no signature covers" in outcome.stdout
