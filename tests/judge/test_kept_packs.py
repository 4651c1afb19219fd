"""A pack that was kept is the pack that is read, and what is damaged, foreign or writable by others is not believed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.pack import Pack, PackSource
from stratc.compiler.shell import kept, kept_packs, record_text
from stratc.compiler.shell.kept_packs import MODULES, read_kept_pack
from stratc.compiler.shell.record_text import decode, encode, kinds_of

pytestmark = pytest.mark.fast

KINDS = kinds_of(MODULES)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "stratc" / "packs"


def refuse_reading(name, texts):
    raise AssertionError(f"{name} was read again")


def test_what_was_kept_is_what_is_read(cache, monkeypatch):
    read = load_packs()
    assert load_packs((), read_kept_pack) == read
    monkeypatch.setattr(kept_packs, "read_pack", refuse_reading)
    assert load_packs((), read_kept_pack) == read
    assert len(list(cache.iterdir())) == len(read)


def test_another_text_is_another_entry(cache):
    texts = {"pack.toml": 'id="p"\ntitle="t"\njurisdiction="US"\nauthority="a"\nowner="o"\nversion="1"\n'}
    first = read_kept_pack("p", texts)
    second = read_kept_pack("p", {"pack.toml": texts["pack.toml"].replace('version="1"', 'version="2"')})
    assert (first.version, second.version) == ("1", "2")


@pytest.mark.parametrize("damaged", ["", "{", "null", "[]", '["record","os.system","x"]', '["tuple"]', '["date","x"]'])
def test_a_damaged_entry_is_made_again(cache, damaged):
    """Whether its seal is broken or not: a seal keeps out accidents alone."""
    read = load_packs((), read_kept_pack)
    whole = {file: file.read_text("utf-8") for file in cache.iterdir()}
    for sealed in (True, False):
        for file in whole:
            seal = kept.seal_of("packs", file.stem, damaged) if sealed else kept.seal_of("packs", file.stem, "")
            file.write_text(f"{seal}\n{damaged}", "utf-8")
        assert load_packs((), read_kept_pack) == read
        assert {file: file.read_text("utf-8") for file in cache.iterdir()} == whole


def test_a_byte_that_was_altered_is_seen(cache, monkeypatch):
    """A number of a rule that another hand put there would be another law."""
    read = load_packs((), read_kept_pack)
    for file in cache.iterdir():
        text = file.read_text("utf-8")
        number = text.rindex('["fraction","') + len('["fraction","') if '["fraction","' in text else len(text) // 2
        other = "7" if text[number] != "7" else "8"
        file.write_text(f"{text[:number]}{other}{text[number + 1 :]}", "utf-8")
    assert load_packs((), read_kept_pack) == read
    monkeypatch.setattr(kept_packs, "read_pack", refuse_reading)
    assert load_packs((), read_kept_pack) == read


def test_an_entry_under_another_name_is_made_again(cache):
    read = load_packs((), read_kept_pack)
    texts = [file.read_text("utf-8") for file in sorted(cache.iterdir())]
    for file, text in zip(sorted(cache.iterdir()), [*texts[1:], texts[0]], strict=True):
        file.write_text(text, "utf-8")
    assert load_packs((), read_kept_pack) == read
    assert [file.read_text("utf-8") for file in sorted(cache.iterdir())] == texts


def test_a_folder_that_others_can_write_is_not_read(cache, monkeypatch):
    load_packs((), read_kept_pack)
    cache.chmod(0o777)
    monkeypatch.setattr(kept, "decode", refuse_reading)
    assert load_packs((), read_kept_pack) == load_packs()


def test_where_nothing_can_be_kept_packs_are_read(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert load_packs((), read_kept_pack) == load_packs()


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        0.1,
        "text",
        (),
        (1, ("a",)),
        frozenset({"b", "a", "c"}),
        {"key": (Fraction(1, 3), Decimal("1.50"))},
        date(2026, 6, 4),
        PackSource(title="t", url="u", retrieved=date(2026, 1, 1)),
    ],
)
def test_values_come_back(value):
    assert decode(json.loads(json.dumps(encode(value))), KINDS) == value


def test_only_known_kinds_are_made():
    with pytest.raises(KeyError):
        decode(["record", f"{record_text.__name__}.Kinds", 1], KINDS)
    with pytest.raises(TypeError):
        encode(object())
    assert KINDS[f"{Pack.__module__}.Pack"] is Pack
