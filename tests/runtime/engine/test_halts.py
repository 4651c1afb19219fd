"""Halts: when they trip, what they cancel, deny, keep and flatten, and when they end."""

from __future__ import annotations

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.model.denial import DenialReason
from tests.runtime.engine.scripted import Enter, Exit, run

pytestmark = pytest.mark.fast

LAST_CLOSE, PEAK, START = K.BASELINE_LAST_CLOSE, K.BASELINE_PEAK, K.BASELINE_START
SESSION, RELEASED = K.UNTIL_NEXT_SESSION, K.UNTIL_RELEASED
THOUSAND = (K.SIZE_QUANTITY, 1000)  # one tick is a tenth of a percent of the start


def bar(price):
    return (price, price, price, price)


def halted_rows(prices, halt, days=None, script=None):
    """The rows at whose end an entry of rule 7 is denied by a halt; 1000 lots are held from row 1 on."""
    asked = {r: [Enter(rule=7, kind=K.KIND_LIMIT, limit=1)] for r in range(1, len(prices))}
    done = run(
        [bar(price) for price in prices],
        {0: [Enter(size=THOUSAND)], **asked, **(script or {})},
        days=days,
        halts=[halt],
    )
    return [row for row, reason in done.denials if reason == DenialReason.HALTED], done


BASELINES = {
    "of the start": ([100, 100, 105, 91, 90, 110], (START, 0.01, 0, RELEASED), None, [4, 5]),
    "of the peak": ([100, 100, 105, 95, 94, 110], (PEAK, 0.01, 0, RELEASED), None, [4, 5]),
    "of the last close": ([100, 100, 105, 96, 94, 110], (LAST_CLOSE, 0.01, 0, RELEASED), [0, 0, 0, 1, 1, 1], [4, 5]),
    "until the next session": ([100, 100, 90, 91, 91, 91], (LAST_CLOSE, 0.01, 0, SESSION), [0, 0, 0, 0, 1, 1], [2, 3]),
    "reached exactly is reached": ([100, 100, 90], (START, 0.01, 0, RELEASED), None, [2]),
    "not quite": ([100, 100, 91], (START, 0.01, 0, RELEASED), None, []),
}


@pytest.mark.parametrize(("prices", "halt", "days", "rows"), BASELINES.values(), ids=BASELINES)
def test_when_it_trips_and_ends(prices, halt, days, rows):
    assert halted_rows(prices, halt, days)[0] == rows


def test_working_entries_are_canceled_and_protection_stays():
    script = {0: [Enter(size=THOUSAND, loss=80)], 1: [Enter(kind=K.KIND_LIMIT, limit=1)]}
    done = run([bar(p) for p in (100, 100, 90, 79)], script, halts=[(START, 0.01, 0, RELEASED)])
    assert done.statuses == [K.STATUS_FILLED, K.STATUS_CANCELED]
    assert done.fills[1:] == [(3, "stop", -1000, 79)]


def test_flatten_exits_at_the_next_bar_in_place_of_other_exits():
    script = {0: [Enter(size=THOUSAND)], 1: [Exit(kind=K.KIND_LIMIT, limit=200)]}
    done = run([bar(p) for p in (100, 100, 90, 85, 85)], script, halts=[(START, 0.01, 1, RELEASED)])
    assert done.fills[1:] == [(3, "flatten", -1000, 85)]
    assert [event for event in done.strategy.seen if event[0] == "order"][-1] == ("order", 0, False, -1, 1000, 90)
    assert done.statuses == [K.STATUS_FILLED, K.STATUS_CANCELED, K.STATUS_FILLED]


def test_each_instrument_is_flattened():
    script = {1: [Enter(size=THOUSAND), Enter(i=1, side=K.SELL, size=THOUSAND)]}
    prices = (100, 100, 100, 100, 80, 105, 80, 105)
    done = run([bar(p) for p in prices], script, instruments=[0, 1] * 4, halts=[(START, 0.01, 1, RELEASED)])
    assert done.fills[2:] == [(6, "flatten", -1000, 80), (7, "flatten", 1000, 105)]


def test_two_halts_end_apart():
    halts = [(LAST_CLOSE, 0.01, 0, SESSION), (START, 0.02, 0, RELEASED)]
    done = run([bar(p) for p in (100, 100, 90, 80, 80)], {0: [Enter(size=THOUSAND)]}, days=[0, 0, 0, 0, 1], halts=halts)
    assert done.book.halted == 1
    assert done.book.totals()[-2:] == [1, 1]


def test_a_halt_denies_and_never_an_exit():
    script = {3: [Exit()]}
    rows, done = halted_rows([100, 100, 90, 90, 90], (START, 0.01, 0, RELEASED), script=script)
    assert rows == [2, 4]
    assert done.fills[-1] == (4, "exit", -1000, 90)
