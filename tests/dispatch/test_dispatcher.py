"""Nothing is done before it is durable, and a journal gives back the desk that wrote it."""

from __future__ import annotations

from random import Random

import pytest
from msgspec.json import decode
from msgspec.structs import replace

from stratc.runtime.executor.dispatch.dispatcher import Dispatcher, events_of, fold, resume
from stratc.runtime.executor.dispatch.telling import records_of
from stratc.runtime.executor.gate.approve import Denied
from stratc.runtime.executor.gate.limits import Limits
from stratc.runtime.executor.life.commands import Cancel, Replace, Submit
from stratc.runtime.executor.life.desk import step
from stratc.runtime.executor.life.encoding import decode_event, digest, encode
from stratc.runtime.executor.life.events import (
    Connected,
    Disconnected,
    Event,
    Intended,
    Reported,
    Restarted,
    TermsSet,
    Woke,
)
from stratc.runtime.executor.life.policy import Idempotency, VenueTerms
from stratc.runtime.executor.life.state import DeskState, new_desk
from stratc.runtime.journal import kinds
from stratc.runtime.journal.failure import JournalClosed, JournalFull
from stratc.runtime.journal.journal import Journal
from stratc.runtime.model.intent import Intent
from stratc.runtime.model.order import OrdStatus
from stratc.runtime.model.report import Acknowledged, Snapshot, Strange
from tests.gate.questions import NOW, intent, order, question, with_view
from tests.journal.making import open_in
from tests.orders.scenarios import SCENARIOS
from tests.orders.world import PATIENCE, Budget, begin, next_worlds

VENUE = VenueTerms(idempotency=Idempotency.HARD, patience=PATIENCE)
ACTOR = "golden_cross@6f1c"
ACTS = (Submit, Cancel, Replace)


def history(seed: int) -> tuple[DeskState, list[Event]]:
    """The desk before and the events of a walk through a world in which everything goes wrong that may."""
    random = Random(seed)
    _, plan, _ = random.choice(list(SCENARIOS.values()))
    often = dict.fromkeys(("losses", "early", "cuts", "deaths", "swaps", "twice", "hides", "cancels"), 1)
    world = begin(random.choice(list(Idempotency)), plan, Budget(faults=4, fills=3, **often))
    first, world = world.desk, replace(world, journal=())
    while choices := list(next_worlds(world)):
        _, world = random.choice(choices)
    return first, [decode_event(text) for text in world.journal]


@pytest.mark.parametrize("seed", range(12))
def test_a_journal_gives_back_the_desk_at_every_moment(seed, tmp_path):
    first, events = history(seed)
    assert len(events) > 3
    with open_in(tmp_path) as journal:
        dispatcher = Dispatcher(journal, first, 0)
        states = []
        for event in events:
            expected = step(dispatcher.state, event)
            assert dispatcher.take(event, actor=ACTOR) == expected[1]
            assert digest(dispatcher.state) == digest(expected[0])
            states.append(digest(dispatcher.state))
        kept = list(events_of(journal.of_kind("event")))
    assert kept == events
    assert [digest(fold(first, kept[: n + 1])) for n in range(len(kept))] == states


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_beside_events_follows_from_them(seed, tmp_path):
    first, events = history(seed)
    with open_in(tmp_path) as journal:
        dispatcher = Dispatcher(journal, first, 0)
        for event in events:
            dispatcher.take(event, actor=ACTOR)
        records = list(journal.since(1))
    state, expected = first, []
    for event in events:
        after, commands = step(state, event)
        expected.append(("event", None))
        expected += [(told.body.kind, told.cl_ord_id) for told in records_of(state, after, commands)]
        state = after
    own = [each for each in records if each.kind not in ("opened", "head", "sealed")]
    assert [(each.kind, None if each.kind == "event" else each.cl_ord_id) for each in own] == expected
    # Each names the event that it follows from.
    causes = [each.sequence for each in own if each.kind == "event"]
    assert {each.cause for each in own if each.kind != "event"} <= set(causes)


def test_every_act_is_durable_before_it_is_given_out(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        connect(dispatcher)
        commands = approved(dispatcher)
        (submit,) = [each for each in commands if isinstance(each, ACTS)]
        written = [
            bytes(body.command) for each in journal.of_kind("command") if isinstance(body := each.read(), kinds.Command)
        ]
        assert written == [encode(submit)]
        assert [each.kind for each in journal.of_order(submit.cl_ord_id)] == ["event", "status", "command"]
        assert [each.kind for each in journal.causes_of(last(journal, "command"))] == ["command", "event"]


def connect(dispatcher: Dispatcher) -> None:
    (ask,) = [each.ask for each in dispatcher.take(Connected(at_ns=NOW), actor="executor") if hasattr(each, "ask")]
    nothing = Snapshot(ask=ask, open_orders=(), closed_orders=(), executions=(), positions=())
    dispatcher.take(Reported(at_ns=NOW, report=nothing), actor="venue")
    assert dispatcher.state.reconciled


def approved(dispatcher: Dispatcher, key: str = "S1"):
    asked = question(intent(order(10), cl_ord_id=key), dispatcher.state)
    answer = dispatcher.propose(asked.intent, asked.view, asked.limits, actor=ACTOR)
    assert not isinstance(answer, Denied)
    return answer


def last(journal: Journal, kind: str) -> int:
    return max(each.sequence for each in journal.of_kind(kind))


def test_a_denial_is_durable_and_sends_nothing(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        asked = with_view(question(state=dispatcher.state), halts={"account": "kill"})
        answer = dispatcher.propose(asked.intent, asked.view, Limits(), actor=ACTOR)
        assert isinstance(answer, Denied)
        (denial,) = journal.of_kind("denial")
        assert (denial.read().reason, denial.read().detail) == ("halted", "account is halted: kill")
        assert decode(bytes(denial.read().intent), type=Intent) == asked.intent
        assert not list(journal.of_kind("command"))


def test_an_approval_of_other_books_is_none(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        asked = question()
        with pytest.raises(ValueError, match="other books"):
            dispatcher.propose(asked.intent, asked.view, asked.limits, actor=ACTOR)


def test_a_disk_that_refuses_leaves_everything_as_it_was(tmp_path, monkeypatch):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        connect(dispatcher)
        before = dispatcher.state

        def refuse(_: object) -> None:
            raise JournalFull("the disk is full")

        monkeypatch.setattr(journal._store, "write", refuse)
        with pytest.raises(JournalFull):
            approved(dispatcher)
        assert dispatcher.state is before
        with pytest.raises(JournalClosed):
            approved(dispatcher)
    with open_in(tmp_path) as journal:
        again, _ = resume(journal, VENUE, NOW)
        assert "S1" not in again.state.orders


def test_after_a_restart_what_was_under_way_is_unknown_and_is_asked_for(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, commands = resume(journal, VENUE, NOW)
        assert commands == ()
        connect(dispatcher)
        approved(dispatcher)
        before = dispatcher.state
    with open_in(tmp_path) as journal:
        again, _ = resume(journal, VENUE, NOW + 1)
        assert digest(again.state) == digest(step(before, Restarted(at_ns=NOW + 1))[0])
        assert again.state.orders["S1"].status is OrdStatus.UNKNOWN
        asked = again.take(Connected(at_ns=NOW + 2), actor="executor")
        assert not [each for each in asked if isinstance(each, ACTS)]
        assert [each.cl_ord_id for each in asked if hasattr(each, "cl_ord_id") and hasattr(each, "ask")] == ["S1"]
        again.take(Reported(at_ns=NOW + 3, report=Acknowledged(cl_ord_id="S1")), actor="venue")
        assert again.state.orders["S1"].status is OrdStatus.LIVE
        # The number of an approval is used once, whatever happened in between.
        assert max(e.approved.number for e in events_of(journal.of_kind("event")) if isinstance(e, Intended)) == 1


def test_the_same_intent_twice_is_one_order(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        connect(dispatcher)
        approved(dispatcher)
        asked = question(intent(order(10)), dispatcher.state)
        answer = dispatcher.propose(asked.intent, asked.view, asked.limits, actor=ACTOR)
        assert isinstance(answer, Denied)
        assert answer.reason.name == "DUPLICATE_ID"
        assert len(list(journal.of_kind("command"))) == 1


def test_a_new_account_begins_with_nothing_to_do(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, commands = resume(journal, VENUE, NOW)
        assert (digest(dispatcher.state), commands) == (digest(new_desk(VENUE)), ())
        assert list(events_of(journal.of_kind("event"))) == [TermsSet(at_ns=NOW, venue=VENUE)]
        dispatcher.take(Disconnected(at_ns=NOW), actor="executor")
        dispatcher.take(Woke(at_ns=NOW, cl_ord_id=None, due_ns=5), actor="executor")
        assert len(list(journal.of_kind("event"))) == 3


def test_what_happened_under_other_terms_is_stepped_through_under_those(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        connect(dispatcher)
        approved(dispatcher)
        before = dispatcher.state
    slower = replace(VENUE, patience=replace(PATIENCE, answer_ns=1_000, settle_ns=9_000))
    with open_in(tmp_path) as journal:
        again, _ = resume(journal, slower, NOW + 1)
        kept = list(events_of(journal.of_kind("event")))
    # Whatever the venue's terms are now: the old events give the state that was.
    assert digest(fold(new_desk(slower), kept[:-2])) == digest(before)
    assert kept[-2:] == [TermsSet(at_ns=NOW + 1, venue=slower), Restarted(at_ns=NOW + 1)]
    assert again.state.venue == slower
    assert again.state.orders["S1"].wake_ns == NOW + 1 + slower.patience.settle_ns


def test_why_an_instrument_is_halted_stands_in_the_halt(tmp_path):
    with open_in(tmp_path) as journal:
        dispatcher, _ = resume(journal, VENUE, NOW)
        connect(dispatcher)
        approved(dispatcher)
        dispatcher.take(Reported(at_ns=NOW, report=Strange(cl_ord_id="S1", raw="Q")), actor="venue")
        (halt,), (alarm,) = list(journal.of_kind("halt")), list(journal.of_kind("alarm"))
        told = alarm.read().told.removeprefix("SPY ")
        assert (halt.read().scope, halt.read().why) == ("instrument SPY", f"strange: {told}")
        assert alarm.read().severity == "critical"
