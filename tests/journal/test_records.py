"""What a record is: one encoding, kinds that are never changed silently, entries that are refused."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratc.runtime.journal.failure import EntryRefused, JournalDamaged, JournalTooNew
from stratc.runtime.journal.kinds import FORMER, KINDS, Alarm, Body, Operator, Report, Status, Stopped
from stratc.runtime.journal.leaf import leaf_bytes
from stratc.runtime.journal.record import ACTOR, BODY_BYTES_MAX, Entry, Moment, check, decode, encode, make_record

pytestmark = pytest.mark.fast
GOLDEN = Path(__file__).with_name("kinds.json")
STATUS = Status(before="live", after="partial", cum_qty="10", leaves_qty="90.5", flags=("late fill",))


def fields_of(body: type[Body]) -> dict[str, str]:
    return {field.name: str(field.type) for field in msgspec.structs.fields(body)}


def test_a_kind_changes_only_with_its_schema(accept):
    """Whoever changes a body's fields gives it the next schema number, and keeps the old class in `FORMER`."""
    found = {f"{kind} {body.schema}": fields_of(body) for kind, body in KINDS.items()}
    found |= {f"{kind} {schema}": fields_of(body) for (kind, schema), body in FORMER.items()}
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    if accept:
        GOLDEN.write_text(text)
    assert json.loads(GOLDEN.read_text()) == found


def test_every_kind_says_what_it_is():
    assert len(KINDS) == len(Body.__subclasses__()), "two kinds have one word"
    for kind, body in KINDS.items():
        assert kind, body
        assert kind.islower()
        assert body.__doc__
        assert body.__doc__ != Body.__doc__
        assert all((kind, earlier) in FORMER for earlier in range(1, body.schema)), f"{kind}: an earlier schema is lost"


def test_no_body_holds_a_binary_fraction():
    for kind, body in KINDS.items():
        assert "float" not in str(fields_of(body)), kind


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=5))
def test_the_same_body_has_the_same_bytes(why, arguments):
    body = Operator(command="c", arguments=arguments, why=why)
    turned = Operator(command="c", arguments=dict(reversed(arguments.items())), why=why)
    assert encode(body) == encode(turned)
    assert decode("operator", 1, encode(body)) == body


@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=5))
def test_a_body_is_what_any_json_writes(why, arguments):
    """An export, written again without spaces, has the bytes that the leaf hash is of."""
    data = encode(Operator(command="c", arguments=arguments, why=why))
    assert json.dumps(json.loads(data), ensure_ascii=False, separators=(",", ":")).encode() == data


@given(st.binary(max_size=200))
def test_what_the_venue_said_is_kept_raw(raw):
    body = Report(venue="v", channel="c", raw=raw)
    assert decode("report", 1, encode(body)) == body


REFUSED = [
    (lambda: Alarm(name="", severity="notice", told=""), "length >= 1"),
    (lambda: Alarm(name="n", severity="loud", told=""), "Invalid enum value"),
    (lambda: msgspec.structs.replace(STATUS, cum_qty=501.25), "Expected `str`"),
    (lambda: msgspec.structs.replace(STATUS, cum_qty="5e2"), "matching regex"),
    (lambda: msgspec.structs.replace(STATUS, cum_qty="NaN"), "matching regex"),
    (lambda: msgspec.structs.replace(STATUS, cum_qty="01"), "matching regex"),
    (lambda: msgspec.structs.replace(STATUS, flags=["late"]), "would not be read back"),
    (lambda: Stopped(why="w", working_orders=1.5, unknown_orders=0), "Expected `int"),
    (lambda: Alarm(name="n", severity="notice", told="\ud800"), "surrogates"),
    (lambda: Report(venue="v", channel="c", raw=bytes(BODY_BYTES_MAX)), "the limit is"),
    (lambda: Operator(command="c", arguments={"lots": 1}, why="w"), "Expected `str`"),
    (lambda: Body(), "no kind of the journal"),
]


@pytest.mark.parametrize(("make", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_a_body_that_would_not_be_read_back_is_refused(make, told):
    with pytest.raises(EntryRefused, match=told):
        encode(make())


def test_a_kind_of_somebody_else_is_refused():
    """A class with a kind's word is not that kind: the table is closed."""
    stranger = type("Stranger", (msgspec.Struct,), {"kind": "fill", "schema": 1})()
    with pytest.raises(EntryRefused, match="no kind of the journal"):
        encode(stranger)


ENTRIES = [
    ({"actor": ""}, "actor"),
    ({"actor": "two words"}, "actor"),
    ({"actor": "x" * 201}, "actor"),
    ({"cl_ord_id": ""}, "client order id"),
    ({"cl_ord_id": "ü"}, "client order id"),
    ({"cause": 0}, "not before it"),
    ({"cause": 7}, "not before it"),
    ({"cause": -1}, "not before it"),
    ({"at": Moment(-1, 0)}, "wall time"),
    ({"at": Moment(0, 1 << 63)}, "monotonic time"),
]


@pytest.mark.parametrize(("changed", "told"), ENTRIES)
def test_an_entry_that_is_no_record_is_refused(changed, told):
    good = {"at": Moment(1, 1), "actor": "tests", "body": STATUS, "cl_ord_id": "S1", "cause": 6}
    check(Entry(**good), 7)
    with pytest.raises(EntryRefused, match=told):
        check(Entry(**{**good, **changed}), 7)


def test_newer_and_damaged_bodies_are_told_apart():
    with pytest.raises(JournalTooNew, match="newer stratc"):
        decode("status", 2, encode(STATUS))
    with pytest.raises(JournalTooNew, match="newer stratc"):
        decode("horoscope", 1, b"{}")
    with pytest.raises(JournalDamaged, match="cannot be read"):
        decode("status", 1, b"{}")


def test_the_leaf_of_a_record_never_changes():
    """Whoever changes the bytes of a leaf makes every journal that there is unverifiable."""
    entry = Entry(at=Moment(1_795_000_000_000_000_000, 12), actor="g@1", body=STATUS, cl_ord_id="S1", cause=6)
    found = make_record(entry, 7, encode(STATUS))
    assert found.leaf() == found.leaf_hash
    by_hand = (
        bytes(7) + b"\x07" + (1_795_000_000_000_000_000).to_bytes(8) + (12).to_bytes(8) + (6).to_bytes(8)
        + (1).to_bytes(4) + (3).to_bytes(4) + (6).to_bytes(4) + (2).to_bytes(4) + len(found.body).to_bytes(4)
        + b"g@1statusS1" + found.body
    )  # fmt: skip
    assert found.leaf_hash == sha256(b"\x00" + by_hand).digest()
    assert found.leaf_hash.hex() == "3a15d9b20eb76d15c30ede317fd01c61b37bf1f112d1cd172c66fcd512c80e7d"


@given(st.tuples(*[st.text(ACTOR_ALPHABET := "ab", min_size=0, max_size=3)] * 3), st.binary(max_size=3), st.data())
def test_no_two_records_have_one_leaf(texts, body, data):
    """Lengths stand before the texts, so what belongs to one cannot be taken for a part of the next."""
    others = data.draw(st.tuples(*[st.text(ACTOR_ALPHABET, max_size=3)] * 3))
    one = leaf_bytes(1, 1, 1, texts[0], texts[1], texts[2] or None, None, 1, body)
    other = leaf_bytes(1, 1, 1, others[0], others[1], others[2] or None, None, 1, body)
    assert (one == other) == (texts == others)


def test_actors_may_be_people_or_strategies():
    for actor in ("human:alice", "golden_cross@6f1c2a", "stratc"):
        assert ACTOR.fullmatch(actor)
