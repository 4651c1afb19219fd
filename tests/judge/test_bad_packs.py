"""What is no pack refuses with its place and its reason, whatever stands in its files: it never crashes later."""

from __future__ import annotations

from pathlib import Path

import pytest

from stratc.compiler.judge.load import FILE_BYTES_MAX, load_pack, load_packs
from stratc.compiler.judge.pack import PackRefused, read_pack

pytestmark = pytest.mark.fast

HEAD = 'id = "p"\ntitle = "t"\njurisdiction = "US"\nauthority = "a"\nowner = "o"\nversion = "1"\n'
POLICY = """[[policies]]
broker = "X"
names = ["x"]
says = "moves"
source = "its page"
confidence = "S"
retrieved = 2026-11-20
moved_on = 2026-06-04
"""
SOURCE = '[[sources]]\ntitle = "t"\nurl = "u"\nretrieved = 2026-11-20\n'
RULE = "---\nid: twice\n---\n"


def test_the_pack_of_these_tests_is_one():
    read = read_pack("p", {"pack.toml": HEAD + SOURCE, "brokers.toml": POLICY.replace('"x"', '"ẞX"')})
    assert read.policies[0].names == ("ssx",)
    assert read.sources[0].url == "u"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("moved_on = 2026-06-04", 'moved_on = "soon"', "`moved_on` is no day"),
        ("moved_on = 2026-06-04", "moved_on = 2026-06-04T00:00:00", "`moved_on` is no day"),
        ("moved_on = 2026-06-04", "moved_on = 0001-01-01", "`moved_on` is no day"),
        ("retrieved = 2026-11-20", "retrieved = 3", "`retrieved` is no day"),
        ('names = ["x"]', 'names = "abc"', "`names` is no list of texts"),
        ('names = ["x"]', "names = []", "`names` is no list of texts"),
        ('names = ["x"]', "names = [3]", "`names` is no list of texts"),
        ('says = "moves"', "says = 3", "`says` is no text"),
        ('broker = "X"', 'broker = ""', "`broker` is no text"),
        ("[[policies]]", "[[policy]]", "it has `policy`"),
        ("[[policies]]", "[policies]", "`policies` is no list"),
        (POLICY, "policies = 3", "`policies` is no list"),
        (POLICY, "policies = [3]", "`policies` is no list"),
    ],
)
def test_policies_of_other_kinds_refuse_the_pack(old, new, told):
    assert old in POLICY
    with pytest.raises(PackRefused, match=r"p/brokers\.toml") as refused:
        read_pack("p", {"pack.toml": HEAD, "brokers.toml": POLICY.replace(old, new)})
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "1"', "version = 1", "`version` is no text"),
        ('id = "p"', 'id = ["p"]', "`id` is no text"),
        ('title = "t"\nj', 'title = "a\\nb"\nj', "`title` is no text on one line"),
        ('version = "1"', 'version = "1"\nrequires = 1', "`requires` reads as in `stratc >= 0.1`"),
        ('version = "1"', 'version = "1"\nrequires = "stratc 1"', "`requires` reads as in `stratc >= 0.1`"),
        ('version = "1"', 'version = "1"\nrequires = "stratc >= 99.1"', "requires stratc >= 99.1, and this is stratc"),
        (SOURCE, "sources = 3", "`sources` is no list"),
        (SOURCE, "sources = [3]", "`sources` is no list"),
        ('url = "u"\n', "", "a text `url`"),
        ('url = "u"', "url = 3", "a text `url`"),
        ("2026-11-20", '"today"', "a day `retrieved`"),
        ("2026-11-20\n", "2026-11-20\nread = 1\n", "a day `retrieved`"),
    ],
)
def test_metadata_of_other_kinds_refuse_the_pack(old, new, told):
    assert old in HEAD + SOURCE
    with pytest.raises(PackRefused, match=r"p/pack\.toml") as refused:
        read_pack("p", {"pack.toml": (HEAD + SOURCE).replace(old, new)})
    assert told in str(refused.value)


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "packs" / "p"
    made.mkdir(parents=True)
    (made / "pack.toml").write_text(HEAD)
    (made / "rule.md").write_text(RULE)
    return made


def test_what_leads_out_of_the_folder_refuses_it(folder, tmp_path):
    (tmp_path / "other.md").write_text(RULE)
    (folder / "link.md").symlink_to(tmp_path / "other.md")
    with pytest.raises(PackRefused, match=r"p/link\.md is a link that leads out"):
        load_pack(folder)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("x.MD", b"", "ends in `.MD`"),
        ("x.Toml", b"", "ends in `.Toml`"),
        ("x.md", b"\xff", "p/x.md is not UTF-8 text"),
        ("x.md", b" " * (FILE_BYTES_MAX + 1), "the limit is 1,000,000"),
    ],
)
def test_a_file_that_is_no_text_of_a_pack_refuses_it(folder, name, data, told):
    (folder / name).write_bytes(data)
    with pytest.raises(PackRefused) as refused:
        load_pack(folder)
    assert told in str(refused.value)


def test_a_link_to_nothing_refuses_the_pack(folder):
    (folder / "link.md").symlink_to(folder / "nothing.md")
    with pytest.raises(PackRefused, match=r"p/link\.md is no file"):
        load_pack(folder)


def test_two_rules_of_one_id_are_refused(folder):
    (folder / "again.md").write_text(RULE)
    with pytest.raises(PackRefused, match=r"the rule `twice` is there twice, in p/again\.md and in p/rule\.md"):
        load_packs((folder.parent,))


@pytest.mark.parametrize(
    ("name", "pack", "told"), [("q", "p", "the pack `p` is there twice"), ("p", "q", "the folder `p` is there twice")]
)
def test_two_packs_of_one_name_are_refused(folder, tmp_path, name, pack, told):
    other = tmp_path / "more" / name
    other.mkdir(parents=True)
    (other / "pack.toml").write_text(HEAD.replace('id = "p"', f'id = "{pack}"'))
    with pytest.raises(PackRefused, match=told):
        load_packs((folder.parent, other.parent))
