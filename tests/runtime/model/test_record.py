"""A record is what `@dataclass(frozen=True, kw_only=True)` would have made of it."""

from __future__ import annotations

import copy
import importlib
import pickle
import pkgutil
import sys
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields, is_dataclass, replace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.model.record import HashedOnce, record, short_record

pytestmark = pytest.mark.fast


@record
class Place:
    """Somewhere."""

    kind: ClassVar[str] = "place"
    row: int


@record
class Named(Place):
    name: str = "nowhere"
    seen: tuple[int, ...] = ()


@record
class Nothing:
    pass


@record
class ByRow(Place):
    label: str

    def __hash__(self) -> int:
        return self.row


@dataclass(frozen=True, kw_only=True)
class Twin:
    row: int
    name: str = "nowhere"
    seen: tuple[int, ...] = ()


values = st.fixed_dictionaries(
    {"row": st.integers(0, 2)},
    optional={"name": st.sampled_from(["a", "nowhere"]), "seen": st.tuples(st.integers(0, 1))},
)


@given(values, values)
def test_it_is_compared_hashed_and_shown_as_a_dataclass_is(one, other):
    assert (Named(**one) == Named(**other)) == (Twin(**one) == Twin(**other))
    assert hash(Named(**one)) == hash(Twin(**one))
    assert repr(Named(**one)) == repr(Twin(**one)).replace("Twin", "Named")


@given(values)
def test_copies_are_equal(one):
    made = Named(**one)
    assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == replace(made) == made
    assert replace(made, row=7).row == 7


def test_dataclasses_know_it():
    assert is_dataclass(Named)
    assert [each.name for each in fields(Named)] == ["row", "name", "seen"]


def test_kinds_are_not_confused():
    assert Named(row=1) != Place(row=1)
    assert Named(row=1) != {"row": 1, "name": "nowhere", "seen": ()}
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_own_methods_stay():
    assert hash(ByRow(row=5, label="x")) == 5


def test_a_docstring_is_kept_and_none_is_seen_to_be_none():
    assert Place.__doc__ == "Somewhere."
    assert Named.__doc__.startswith("Named(")


@pytest.mark.parametrize("wrong", [{}, {"row": 1, "nmae": "a"}, {"name": "a"}])
def test_what_does_not_fit_is_refused(wrong):
    with pytest.raises(TypeError, match="Named"):
        Named(**wrong)


def test_positions_are_refused():
    with pytest.raises(TypeError):
        Named(1)


def test_it_cannot_be_changed():
    made = Named(row=1)
    with pytest.raises(FrozenInstanceError):
        made.row = 2
    with pytest.raises(FrozenInstanceError):
        del made.row
    with pytest.raises(FrozenInstanceError):
        made.other = 2
    assert made == Named(row=1)


@record
class Branch(HashedOnce):
    label: str
    below: tuple[Branch, ...] = ()


def test_a_hash_is_worked_out_once_and_left_behind():
    leaf, branch = Branch(label="leaf"), Branch(below=(Branch(label="leaf"),), label="branch")
    assert branch == Branch(label="branch", below=(leaf,))
    assert hash(branch) == hash(Branch(label="branch", below=(leaf,))) == branch.known_hash
    assert [each.name for each in fields(branch)] == ["label", "below"]
    assert replace(branch, label="other") != branch
    for same in (copy.copy(branch), copy.deepcopy(branch), pickle.loads(pickle.dumps(branch))):
        assert same == branch
        assert not hasattr(same, "known_hash")
        assert hash(same) == hash(branch)


def every_record() -> list[type]:
    """Every record of every module of stratc."""
    for room in ("stratc.dsl", "stratc.compiler", "stratc.runtime"):
        for found in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if not found.name.endswith(("__main__", "_kernel")):
                importlib.import_module(found.name)
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("stratc.")]
    kinds = {id(kind): kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    return [kind for kind in kinds.values() if "__record_names__" in vars(kind)]


def test_a_record_takes_the_fields_that_dataclasses_know():
    """Both are worked out from the annotations, one when it is defined and the other when it is asked."""
    records = every_record()
    assert len(records) > 600
    for kind in records:
        known = fields(kind)
        assert list(kind.__record_names__) == [each.name for each in known], kind
        assert kind.__record_defaults__ == {each.name: each.default for each in known if each.default is not MISSING}


def test_fields_are_known_whoever_is_asked_first():
    @record
    class Above:
        row: int = 1

    @record
    class Below(Above):
        name: str

    @record
    class Again(Below):
        row: int = 2

    assert [each.name for each in fields(Again(name="a"))] == ["row", "name"]
    assert [each.default for each in fields(Above)] == [1]
    assert fields(Below(name="a"))[0].default == 1
    assert Again(name="a").row == 2
    assert Below(name="a").row == 1


@short_record
class Pair:
    one: int
    other: str = "none"


@dataclass(frozen=True)
class PairTwin:
    one: int
    other: str = "none"


@given(st.integers(0, 2), st.sampled_from(["a", "none"]))
def test_a_short_record_takes_its_fields_by_place(one, other):
    assert Pair(one, other) == Pair(one=one, other=other) == Pair(one, other=other)
    assert (Pair(one) == Pair(one, other)) == (PairTwin(one) == PairTwin(one, other))
    assert repr(Pair(one, other)) == repr(PairTwin(one, other)).replace("Twin", "")
    assert hash(Pair(one, other)) == hash(PairTwin(one, other))
    assert fields(Pair)[0].kw_only is False
    assert replace(Pair(one), other=other) == Pair(one, other)
    match Pair(one, other):
        case Pair(first, second):
            assert (first, second) == (one, other)


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((1, "a", 2), {}), ((1,), {"one": 1}), ((1,), {"two": 2}), ((), {"other": "a"})]
)
def test_what_does_not_fit_a_short_record_is_refused(given, named):
    with pytest.raises(TypeError, match="Pair"):
        Pair(*given, **named)
    with pytest.raises(TypeError):
        PairTwin(*given, **named)
