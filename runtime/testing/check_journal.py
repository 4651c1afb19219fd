"""The conformance kit of the journal's port: what every store must do, as checks that a test suite runs one by one.

    @pytest.mark.parametrize("check", CHECKS)
    def test_my_store(check, opener):
        check(opener)

An opener opens a journal over the store under test, for a trading day: the same journal at each call, which must have
been closed before, and with a clock that moves on. A check raises `AssertionError` with what was expected.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stratc.runtime.journal.failure import EntryRefused, JournalAhead, JournalClosed, JournalHeld
from stratc.runtime.journal.journal import Journal
from stratc.runtime.journal.kinds import Alarm, Halt, Head, Opened, Sealed
from stratc.runtime.journal.record import Entry, Record

Opener = Callable[[str], Journal]
Check = Callable[[Opener], None]
FIRST_DAY: Final = "2026-11-27"
SECOND_DAY: Final = "2026-11-30"


def alarm(journal: Journal, told: str, *, order: str | None = None, cause: int | None = None) -> Entry:
    body = Alarm(name="test", severity="notice", told=told)
    return Entry(at=journal.clock(), actor="kit", body=body, cl_ord_id=order, cause=cause)


def told(records: list[Record]) -> list[str]:
    return [body.told for record in records if isinstance(body := record.read(), Alarm)]


def all_of(journal: Journal) -> list[Record]:
    return list(journal.since(1))


def check_what_is_committed_is_there_again(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        written = [journal.append(alarm(journal, f"{number} ü\x00\n")) for number in range(50)]
        journal.commit()
        before = all_of(journal)
    with opener(FIRST_DAY) as journal:
        after = all_of(journal)
        assert after[: len(before)] == before, "records changed between closing and opening"
        assert [each.sequence for each in after] == list(range(1, len(after) + 1)), "sequences have gaps"
        assert set(written) <= {each.sequence for each in after}
        assert told(after) == [f"{number} ü\x00\n" for number in range(50)]


def check_what_is_not_committed_is_not_read(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        sequence = journal.append(alarm(journal, "waiting"))
        assert journal.record(sequence) is None, "a record was visible before its commit"
        journal.commit()
        assert journal.record(sequence) is not None


def check_records_are_found(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        first = journal.append(alarm(journal, "root", order="S01"))
        second = journal.append(alarm(journal, "leaf", order="S01", cause=first))
        third = journal.append(alarm(journal, "other", order="S02", cause=second))
        journal.commit()
        assert told(list(journal.of_order("S01"))) == ["root", "leaf"]
        assert told(list(journal.of_order("S03"))) == []
        assert [each.sequence for each in journal.of_kind("alarm")] == [first, second, third]
        assert [each.sequence for each in journal.causes_of(third)] == [third, second, first]
        assert [each.sequence for each in journal.effects_of(first)] == [second, third]
        assert journal.record(third + 1_000) is None


def check_a_bad_entry_changes_nothing(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        before = journal.next_sequence
        for entry in (alarm(journal, "x", cause=before), alarm(journal, "x", order="white space")):
            try:
                journal.append(entry)
            except EntryRefused:
                continue
            raise AssertionError("an entry that is no record was taken")
        assert journal.next_sequence == before
        assert journal.write(alarm(journal, "good")) == before


def check_a_day_is_sealed(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        order = journal.write(alarm(journal, "yesterday", order="S01"))
        journal.roll(SECOND_DAY)
        journal.write(alarm(journal, "today", order="S01", cause=order))
        assert told(list(journal.of_order("S01"))) == ["yesterday", "today"]
        kinds = [each.kind for each in all_of(journal)]
        sealed = kinds.index(Sealed.kind)
        assert kinds[sealed + 1 : sealed + 3] == [Head.kind, Opened.kind], kinds
    with opener(SECOND_DAY) as journal:
        assert told(list(journal.of_kind("alarm"))) == ["yesterday", "today"]
    try:
        opener(FIRST_DAY)
    except JournalAhead:
        return
    raise AssertionError("a day that is over was opened again")


def check_a_later_day_opens_its_own_segment(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        journal.write(alarm(journal, "yesterday"))
    with opener(SECOND_DAY) as journal:
        assert [body.day for each in journal.of_kind("opened") if isinstance(body := each.read(), Opened)] == [
            FIRST_DAY,
            SECOND_DAY,
        ]


def check_a_halt_is_signed_at_once(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        body = Halt(scope="account", why="the kit says so")
        halted = journal.write(Entry(at=journal.clock(), actor="human:kit", body=body))
        head = journal.record(halted + 1)
        assert head is not None
        assert head.kind == Head.kind
        assert journal.unsigned == 0


def check_a_second_writer_is_refused(opener: Opener) -> None:
    with opener(FIRST_DAY) as journal:
        try:
            opener(FIRST_DAY)
        except JournalHeld:
            journal.write(alarm(journal, "still mine"))
        else:
            raise AssertionError("two writers have one journal")


def check_a_closed_journal_takes_nothing(opener: Opener) -> None:
    journal = opener(FIRST_DAY)
    journal.close()
    try:
        journal.append(alarm(journal, "late"))
    except JournalClosed:
        return
    raise AssertionError("a closed journal took a record")


CHECKS: Final[tuple[Check, ...]] = (
    check_what_is_committed_is_there_again,
    check_what_is_not_committed_is_not_read,
    check_records_are_found,
    check_a_bad_entry_changes_nothing,
    check_a_day_is_sealed,
    check_a_later_day_opens_its_own_segment,
    check_a_halt_is_signed_at_once,
    check_a_second_writer_is_refused,
    check_a_closed_journal_takes_nothing,
)
