"""The fill model, a table a rule: bars, what is ordered after which bar, and the fills worked out by hand."""

from __future__ import annotations

from math import nan

import pytest

from stratc.runtime.engine import codes as K
from tests.runtime.engine.scripted import Enter, Exit, OneOf, run

pytestmark = pytest.mark.fast

FLAT = (100, 100, 100, 100)


def limit(price, **more):
    return Enter(kind=K.KIND_LIMIT, limit=price, **more)


def stop(price, **more):
    return Enter(kind=K.KIND_STOP, stop=price, **more)


def stop_limit(price, limit_price, **more):
    return Enter(kind=K.KIND_STOP_LIMIT, stop=price, limit=limit_price, **more)


SHORT = {"side": K.SELL}

# name: (bars after the first, entries after the first bar, fills as (row, role, signed lots, ticks))
ENTRIES = {
    "market at the next open": ([(101, 105, 99, 102)], [Enter()], [(1, "entry", 10, 101)]),
    "market waits for a bar with prices": (
        [(nan, nan, nan, nan), (103, 105, 99, 102)],
        [Enter()],
        [(2, "entry", 10, 103)],
    ),
    "an open off the grid rounds against a buyer": ([(101.4, 105, 99, 102)], [Enter()], [(1, "entry", 10, 102)]),
    "and against a seller": ([(101.6, 105, 99, 102)], [Enter(**SHORT)], [(1, "entry", -10, 101)]),
    "buy limit at its price": ([(100, 101, 95, 98)], [limit(97)], [(1, "entry", 10, 97)]),
    "buy limit at a better open": ([(94, 101, 93, 98)], [limit(97)], [(1, "entry", 10, 94)]),
    "buy limit out of reach": ([(100, 101, 98, 98)], [limit(97)], []),
    "sell limit at its price": ([(100, 106, 95, 98)], [limit(104, **SHORT)], [(1, "entry", -10, 104)]),
    "sell limit at a better open": ([(107, 108, 95, 98)], [limit(104, **SHORT)], [(1, "entry", -10, 107)]),
    "buy stop at its price": ([(100, 106, 95, 98)], [stop(104)], [(1, "entry", 10, 104)]),
    "buy stop gapped": ([(106, 108, 95, 98)], [stop(104)], [(1, "entry", 10, 106)]),
    "sell stop at its price": ([(100, 106, 95, 98)], [stop(97, **SHORT)], [(1, "entry", -10, 97)]),
    "sell stop gapped": ([(93, 106, 90, 98)], [stop(97, **SHORT)], [(1, "entry", -10, 93)]),
    "stop limit inside": ([(100, 106, 95, 98)], [stop_limit(104, 105)], [(1, "entry", 10, 104)]),
    "stop limit gapped within its limit": ([(105, 106, 95, 98)], [stop_limit(104, 105)], [(1, "entry", 10, 105)]),
    "stop limit gapped beyond, comes back": ([(107, 108, 95, 98)], [stop_limit(104, 105)], [(1, "entry", 10, 105)]),
    "stop limit gapped beyond, stays": ([(107, 108, 106, 107)], [stop_limit(104, 105)], []),
    "stop limit gapped beyond, rests at its limit": (
        [(107, 108, 106, 107), (106, 106, 105, 105)],
        [stop_limit(104, 105)],
        [(2, "entry", 10, 105)],
    ),
    "once triggered a limit like any other": (
        [(107, 108, 106, 107), (103, 103, 101, 102)],
        [stop_limit(104, 105)],
        [(2, "entry", 10, 103)],
    ),
    "stop limit whose limit is short of its stop waits a bar": (
        [(100, 106, 95, 98), (103, 103, 101, 102)],
        [stop_limit(104, 102)],
        [(2, "entry", 10, 102)],
    ),
    "immediate or cancel: only the open": ([(100, 101, 95, 98)], [limit(97, life=(K.LIFE_IMMEDIATE_OR_CANCEL, 0))], []),
    "fill or kill at the open": (
        [(97, 101, 95, 98)],
        [limit(97, life=(K.LIFE_FILL_OR_KILL, 0))],
        [(1, "entry", 10, 97)],
    ),
    "limits are rounded to trade less": ([(100, 101, 97, 98)], [limit(97.9)], [(1, "entry", 10, 97)]),
    "stops are rounded away": ([(100, 104, 97, 98)], [stop(103.1)], [(1, "entry", 10, 104)]),
}


@pytest.mark.parametrize(("bars", "entries", "fills"), ENTRIES.values(), ids=ENTRIES)
def test_entries(bars, entries, fills):
    assert run([FLAT, *bars], {0: entries}).fills == fills


# name: (bars after the first, entry after the first bar, exits by row, fills after the entry's)
PROTECTED = {
    "stop loss at its price": ([FLAT, (100, 101, 94, 95)], Enter(loss=96), {}, [(2, "stop", -10, 96)]),
    "stop loss gapped": ([FLAT, (93, 101, 92, 95)], Enter(loss=96), {}, [(2, "stop", -10, 93)]),
    "stop loss in the entry's own bar": ([(100, 101, 94, 95)], Enter(loss=96), {}, [(1, "stop", -10, 96)]),
    "an open beyond the stop loss is out at once": ([(95, 97, 94, 95)], Enter(loss=96), {}, [(1, "stop", -10, 95)]),
    "target at its price": (
        [FLAT, (100, 106, 99, 105)],
        Enter(target=(K.TARGET_PRICE, 105)),
        {},
        [(2, "target", -10, 105)],
    ),
    "target at a better open": (
        [FLAT, (107, 108, 99, 105)],
        Enter(target=(K.TARGET_PRICE, 105)),
        {},
        [(2, "target", -10, 107)],
    ),
    "target in the bar of an entry at the open": (
        [(100, 106, 99, 105)],
        Enter(target=(K.TARGET_PRICE, 105)),
        {},
        [(1, "target", -10, 105)],
    ),
    "no target in the bar of an entry inside": (
        [(100, 106, 96, 105), (105, 105, 105, 105)],
        limit(97, target=(K.TARGET_PRICE, 104)),
        {},
        [(2, "target", -10, 105)],
    ),
    "the worst is assumed of a stop entry": (
        [(100, 106, 94, 105)],
        stop(104, loss=96),
        {},
        [(1, "stop", -10, 96)],
    ),
    "stop before target": (
        [FLAT, (100, 106, 94, 105)],
        Enter(loss=96, target=(K.TARGET_PRICE, 105)),
        {},
        [(2, "stop", -10, 96)],
    ),
    "but a target that the open passed comes first": (
        [FLAT, (106, 106, 94, 105)],
        Enter(loss=96, target=(K.TARGET_PRICE, 105)),
        {},
        [(2, "target", -10, 106)],
    ),
    "target at a distance from the entry": (
        [(101, 101, 101, 101), (101, 108, 101, 105)],
        Enter(target=(K.TARGET_DISTANCE, 5)),
        {},
        [(2, "target", -10, 106)],
    ),
    "target in multiples of the risk taken": (
        [(102, 102, 102, 102), (102, 120, 102, 105)],
        Enter(loss=96, target=(K.TARGET_R_MULTIPLE, 2)),
        {},
        [(2, "target", -10, 114)],
    ),
    "a short's stop loss": ([FLAT, (100, 106, 99, 105)], Enter(loss=104, **SHORT), {}, [(2, "stop", 10, 104)]),
    "a short's target": (
        [FLAT, (100, 101, 94, 95)],
        Enter(target=(K.TARGET_PRICE, 96), **SHORT),
        {},
        [(2, "target", 10, 96)],
    ),
    "exit at market before the stop loss": (
        [FLAT, (98, 99, 94, 95)],
        Enter(loss=96),
        {1: [Exit()]},
        [(2, "exit", -10, 98)],
    ),
    "half out, the rest stays protected": (
        [FLAT, (98, 99, 94, 95)],
        Enter(loss=96),
        {1: [Exit(portion=(K.PORTION_FRACTION, 0.5))]},
        [(2, "exit", -5, 98), (2, "stop", -5, 96)],
    ),
    "exit limit after the stop loss": (
        [FLAT, (100, 106, 94, 95)],
        Enter(loss=96),
        {1: [Exit(kind=K.KIND_LIMIT, limit=105)]},
        [(2, "stop", -10, 96)],
    ),
    "exit stop before exit limit": (
        [FLAT, (100, 106, 94, 95)],
        Enter(),
        {
            1: [
                Exit(portion=(K.PORTION_QUANTITY, 4), kind=K.KIND_LIMIT, limit=105),
                Exit(portion=(K.PORTION_QUANTITY, 4), kind=K.KIND_STOP, stop=97),
            ]
        },
        [(2, "exit", -4, 97), (2, "exit", -4, 105)],
    ),
    "exits never exceed the position": (
        [FLAT, (98, 99, 94, 95)],
        Enter(),
        {1: [Exit(portion=(K.PORTION_QUANTITY, 7)), Exit()]},
        [(2, "exit", -7, 98), (2, "exit", -3, 98)],
    ),
}


@pytest.mark.parametrize(("bars", "entry", "exits", "fills"), PROTECTED.values(), ids=PROTECTED)
def test_protection_and_exits(bars, entry, exits, fills):
    assert run([FLAT, *bars], {0: [entry], **exits}).fills[1:] == fills


UP, DOWN = stop(104, loss=96), stop(96, side=K.SELL, loss=104)
ONE_OF = {
    "the first that fills cancels the other": (
        [(100, 105, 98, 104), (100, 100, 90, 95)],
        [(1, "entry", 10, 104), (2, "stop", -10, 96)],
    ),
    "both in reach: nearer the open first, then its stop": (
        [(102, 105, 95, 98)],
        [(1, "entry", 10, 104), (1, "stop", -10, 96)],
    ),
    "nearer below": ([(98, 105, 95, 98)], [(1, "entry", -10, 96), (1, "stop", 10, 104)]),
    "gapped at the open": ([(95, 99, 95, 98)], [(1, "entry", -10, 95)]),
}


@pytest.mark.parametrize(("bars", "fills"), ONE_OF.values(), ids=ONE_OF)
def test_one_of(bars, fills):
    done = run([FLAT, *bars], {0: [OneOf(entries=(UP, DOWN))]})
    assert done.fills == fills
    assert sorted(done.statuses) == [K.STATUS_FILLED, K.STATUS_CANCELED]


SLIP = {K.SETTING_SLIP_TICKS: 2, K.SETTING_SLIP_RATE: 0.01}
SLIPPED = {
    "market buys dearer": (SLIP, [Enter()], (100, 105, 95, 98), [(1, "entry", 10, 103)]),
    "market sells cheaper": (SLIP, [Enter(**SHORT)], (100, 105, 95, 98), [(1, "entry", -10, 97)]),
    "stops slip": (SLIP, [stop(104)], (100, 105, 95, 98), [(1, "entry", 10, 108)]),
    "limits do not": (SLIP, [limit(97)], (100, 105, 95, 98), [(1, "entry", 10, 97)]),
    "a stop limit slips to its limit at most": (
        SLIP,
        [stop_limit(104, 105)],
        (100, 105, 95, 98),
        [(1, "entry", 10, 105)],
    ),
    "a fraction of a tick rounds against": ({K.SETTING_SLIP_TICKS: 0.5}, [Enter()], FLAT, [(1, "entry", 10, 101)]),
    "a cap of slippage keeps the entry out": ({**SLIP, K.SETTING_CAP_SLIPPAGE: 0.01}, [Enter()], FLAT, []),
    "through: a touch is not enough": ({K.SETTING_LIMIT_FILL: K.LIMIT_THROUGH}, [limit(97)], (100, 101, 97, 98), []),
    "through: beyond is": (
        {K.SETTING_LIMIT_FILL: K.LIMIT_THROUGH},
        [limit(97)],
        (100, 101, 96, 98),
        [(1, "entry", 10, 97)],
    ),
}


@pytest.mark.parametrize(("settings", "entries", "bar", "fills"), SLIPPED.values(), ids=SLIPPED)
def test_fill_models(settings, entries, bar, fills):
    assert run([FLAT, bar], {0: entries}, settings=settings).fills == fills


DAYS = {
    "a day order ends with its session": ([FLAT, FLAT, (97, 97, 97, 97)], [0, 0, 1], {0: [limit(97)]}, []),
    "one placed on the last bar works in the next session": (
        [FLAT, (97, 97, 97, 97)],
        [0, 1],
        {0: [limit(97)]},
        [(1, "entry", 10, 97)],
    ),
    "and ends with that": ([FLAT, FLAT, (97, 97, 97, 97)], [0, 1, 2], {0: [limit(97)]}, []),
    "market at the last bar fills at the next there is": (
        [FLAT, (97, 97, 97, 97)],
        [0, 1],
        {0: [Enter()]},
        [(1, "entry", 10, 97)],
    ),
    "next open waits for a session's first bar": (
        [FLAT, FLAT, (97, 98, 97, 97)],
        [0, 0, 1],
        {0: [Enter(kind=K.KIND_NEXT_OPEN)]},
        [(2, "entry", 10, 97)],
    ),
    "closing auction: the session's last close": (
        [FLAT, FLAT, (98, 99, 97, 97), FLAT],
        [0, 0, 0, 1],
        {0: [Enter(kind=K.KIND_CLOSING_AUCTION)]},
        [(2, "entry", 10, 97)],
    ),
    "on daily bars the next close": (
        [FLAT, (98, 99, 97, 98), FLAT],
        [0, 1, 2],
        {0: [Enter(kind=K.KIND_CLOSING_AUCTION)]},
        [(1, "entry", 10, 98)],
    ),
    "good for two bars": (
        [FLAT, FLAT, FLAT, (97, 97, 97, 97)],
        [0, 0, 0, 0],
        {0: [limit(97, life=(K.LIFE_BARS, 2))]},
        [],
    ),
    "good for three": (
        [FLAT, FLAT, FLAT, (97, 97, 97, 97)],
        [0, 0, 1, 1],
        {0: [limit(97, life=(K.LIFE_BARS, 3))]},
        [(3, "entry", 10, 97)],
    ),
    "good until its date, that of the order": (
        [FLAT, FLAT, (97, 97, 97, 97)],
        [5, 5, 6],
        {0: [limit(97, life=(K.LIFE_DATE, 5))]},
        [],
    ),
    "good until its date, through the session of that": (
        [FLAT, FLAT, FLAT, (97, 97, 97, 97), (97, 97, 97, 97)],
        [5, 5, 6, 6, 7],
        {0: [limit(97, life=(K.LIFE_DATE, 6))]},
        [(3, "entry", 10, 97)],
    ),
    "good until a date that has no bar": (
        [FLAT, FLAT, (97, 97, 97, 97)],
        [5, 6, 9],
        {0: [limit(97, life=(K.LIFE_DATE, 7))]},
        [],
    ),
    "a date that is over": (
        [FLAT, FLAT, (97, 97, 97, 97)],
        [5, 6, 6],
        {0: [limit(97, life=(K.LIFE_DATE, 4))], 1: [limit(97, life=(K.LIFE_DATE, 4))]},
        [],
    ),
    "at market until a date": (
        [FLAT, FLAT, FLAT],
        [5, 6, 7],
        {0: [Enter(life=(K.LIFE_DATE, 6))]},
        [(1, "entry", 10, 100)],
    ),
    "protection outlives the session": (
        [FLAT, FLAT, FLAT, (100, 100, 95, 96)],
        [0, 0, 1, 2],
        {0: [Enter(loss=97)]},
        [(1, "entry", 10, 100), (3, "stop", -10, 97)],
    ),
}


@pytest.mark.parametrize(("bars", "days", "script", "fills"), DAYS.values(), ids=DAYS)
def test_sessions(bars, days, script, fills):
    assert run(bars, script, days=days).fills == fills


# An order sent in an open session, and whether it may work after it.
LIVES = {
    "a day order": (limit(50), False),
    "at market": (Enter(), False),
    "for the closing auction": (Enter(kind=K.KIND_CLOSING_AUCTION), False),
    "immediate or cancel": (limit(50, life=(K.LIFE_IMMEDIATE_OR_CANCEL, 0)), False),
    "good until its own day": (limit(50, life=(K.LIFE_DATE, 5)), False),
    "good until a later day": (limit(50, life=(K.LIFE_DATE, 6)), True),
    "good for bars": (limit(50, life=(K.LIFE_BARS, 9)), True),
    "good until a moment": (limit(50, life=(K.LIFE_UNTIL, 1)), True),
    "for the next open": (Enter(kind=K.KIND_NEXT_OPEN), True),
}


@pytest.mark.parametrize(("order", "outlives"), LIVES.values(), ids=LIVES)
def test_an_order_says_whether_it_outlives_its_session(order, outlives):
    """The guard, the order and its end are told the same, however it ends."""
    asked = []

    def guard(*given):
        asked.append(given[-1])
        return 0

    done = run([FLAT] * 5, {0: [order]}, days=[5, 5, 6, 6, 7], guard=guard, ends={3: 0b10})
    assert asked == [outlives]
    assert done.strategy.told[0] == (True, outlives)
    assert done.strategy.told[1:] in ([(False, outlives)], [])


@pytest.mark.parametrize(("order", "outlives"), LIVES.values(), ids=LIVES)
def test_what_is_sent_after_a_session_outlives_it(order, outlives):
    asked = []

    def guard(*given):
        asked.append(given[-1])
        return 0

    run([FLAT] * 3, {0: [order]}, days=[5, 6, 7], guard=guard)
    assert asked == ([] if order.life == (K.LIFE_DATE, 5) else [True])  # that day is over: nobody is asked


NO_LATER_BAR = {
    "a day order": (limit(97), []),
    "at market": (Enter(), []),
    "immediate or cancel": (limit(97, life=(K.LIFE_IMMEDIATE_OR_CANCEL, 0)), []),
    "good until a later day": (limit(97, life=(K.LIFE_DATE, 6)), [(1, "entry", 10, 97)]),
    "for the next open": (Enter(kind=K.KIND_NEXT_OPEN), [(1, "entry", 10, 97)]),
}


@pytest.mark.parametrize(("order", "fills"), NO_LATER_BAR.values(), ids=NO_LATER_BAR)
def test_an_entry_whose_session_has_no_bar_left_ends_with_it(order, fills):
    """The session's last bars lack, and what must not outlive it does not fill on the next day."""
    found = run([FLAT, (97, 97, 97, 97), FLAT], {0: [order]}, days=[5, 6, 6], open_ended={0})
    assert found.fills == fills


def test_an_exit_waits_for_the_next_bar_there_is():
    found = run([FLAT, FLAT, FLAT], {0: [Enter()], 1: [Exit()]}, days=[5, 5, 6], open_ended={1})
    assert found.fills == [(1, "entry", 10, 100), (2, "exit", -10, 100)]
    assert found.strategy.told[2:] == [(True, True), (False, True)]


def test_good_until_ends_after_the_bar_that_its_clock_names():
    order = limit(97, life=(K.LIFE_UNTIL, 1))
    assert run([FLAT, FLAT, (97, 97, 97, 97)], {0: [order]}, ends={2: 0b10}).fills == [(2, "entry", 10, 97)]
    assert run([FLAT, FLAT, (97, 97, 97, 97)], {0: [order]}, ends={1: 0b10}).fills == []
    assert run([FLAT, FLAT, (97, 97, 97, 97)], {0: [order]}, ends={1: 0b01}).fills == [(2, "entry", 10, 97)]


def test_reverse_is_an_exit_and_an_entry():
    done = run([FLAT, FLAT, (98, 98, 98, 98)], {0: [Enter()], 1: [Enter(side=K.SELL, reverse=True)]})
    assert done.fills == [(1, "entry", 10, 100), (2, "exit", -10, 98), (2, "entry", -10, 98)]


def test_an_entry_against_a_position_fills_in_two_parts():
    done = run([FLAT, FLAT, (98, 98, 98, 98)], {0: [Enter()], 1: [Enter(side=K.SELL, size=(K.SIZE_QUANTITY, 15))]})
    assert done.fills == [(1, "entry", 10, 100), (2, "entry", -10, 98), (2, "entry", -5, 98)]
    assert done.book.position[0] == -5
    assert [event for event in done.strategy.seen if event[0] == "fill"][1:] == [
        ("fill", 0, False, -1, 10, 98, 0),
        ("fill", 0, True, -1, 5, 98, 0),
    ]


def test_exit_all_at_market_replaces_exits_that_rest():
    script = {0: [Enter()], 1: [Exit(kind=K.KIND_LIMIT, limit=110)], 2: [Exit()]}
    done = run([FLAT] * 4, script)
    assert done.fills[1:] == [(3, "exit", -10, 100)]
    assert done.statuses == [K.STATUS_FILLED, K.STATUS_CANCELED, K.STATUS_FILLED]


def test_exits_are_canceled_when_nothing_is_left_to_close():
    script = {0: [Enter(loss=96)], 1: [Exit(kind=K.KIND_LIMIT, limit=110)]}
    assert run([FLAT, FLAT, (95, 95, 95, 95)], script).statuses == [K.STATUS_FILLED, K.STATUS_CANCELED]


def test_an_exit_never_lacks_a_slot():
    """The oldest working exit gives way."""
    exits = [Exit(portion=(K.PORTION_QUANTITY, 1), kind=K.KIND_LIMIT, limit=110 + k) for k in range(6)]
    done = run([FLAT, FLAT, FLAT], {0: [Enter()], 1: exits}, slots=4)
    assert done.strategy.answers[1:] == [0, 1, 2, 3, 0, 1]
    assert done.statuses[1:] == [K.STATUS_CANCELED] * 2 + [K.STATUS_WORKING] * 4


KEEP = {K.SETTING_KEEP_SESSIONS: 1}


def test_keep_at_least_holds_back_every_exit():
    bars = [FLAT, FLAT, (95, 95, 95, 95), (94, 94, 94, 94)]
    script = {0: [Enter(loss=97)], 1: [Exit()]}
    assert run(bars, script, days=[0, 0, 0, 1], settings=KEEP).fills[1:] == [(3, "exit", -10, 94)]
