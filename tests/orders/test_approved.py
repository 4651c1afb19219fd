"""Nothing becomes an order that the gate has not approved."""

from __future__ import annotations

import msgspec
import pytest

from stratc.runtime.executor.gate.approved import Approved
from stratc.runtime.executor.life.encoding import decode_event, encode
from stratc.runtime.executor.life.events import Intended
from stratc.runtime.model.intent import Intent, Single
from tests.orders.approving import approved
from tests.orders.story import terms

pytestmark = pytest.mark.fast

INTENT = Intent(cl_ord_id="S1", strategy="s", rule=None, plan=Single(order=terms("buy", 1)), valid_until_ns=1)


@pytest.mark.parametrize("seal", [None, object(), "seal"])
def test_nobody_else_makes_an_approval(seal):
    with pytest.raises(TypeError, match="only the gate approves"):
        Approved(seal, number=1, intent=INTENT)


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        approved(INTENT).intent = None


def test_it_survives_a_journal():
    event = Intended(at_ns=5, approved=approved(INTENT, 7))
    assert decode_event(encode(event)) == event


@pytest.mark.parametrize("text", [b"", b"{}", b'{"type":"Nothing"}', b'{"type":"Sent","at_ns":"x","cl_ord_id":"a"}'])
def test_what_is_no_event_is_refused(text):
    with pytest.raises((msgspec.ValidationError, msgspec.DecodeError)):
        decode_event(text)
