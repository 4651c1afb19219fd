"""Caps that say `then reduce`: when they sell, how much, in which place of other orders, and what counts it.

The account starts with a million, so that 1,000 lots at 100 are a tenth of it.
"""

from __future__ import annotations

import pytest

from stratc.runtime.engine import codes as K
from stratc.runtime.model.denial import DenialReason
from tests.runtime.engine.scripted import Enter, Exit, run

pytestmark = pytest.mark.fast

THOUSAND = (K.SIZE_QUANTITY, 1000)
FIVE_HUNDRED = (K.SIZE_QUANTITY, 500)
LONG = {0: [Enter(size=THOUSAND)]}
SHORT = {0: [Enter(size=THOUSAND, side=K.SELL)]}
RISE = (100, 100, 110, 110, 110)


def played(prices, script, settings, **more):
    return run([(price,) * 4 for price in prices], script, settings=settings, **more)


BROUGHT_BACK = {
    # At 110 equity is 1,010,000, of which a tenth buys 918.2 lots.
    "leverage": (RISE, LONG, {K.SETTING_REDUCE_LEVERAGE: 0.1}, [(3, "reduce", -82, 110)]),
    "gross as a share": (RISE, LONG, {K.SETTING_REDUCE_GROSS_RATIO: 0.1}, [(3, "reduce", -82, 110)]),
    "position as a share": (RISE, LONG, {K.SETTING_REDUCE_POSITION_RATIO: 0.1}, [(3, "reduce", -82, 110)]),
    # 105,000 is 954.5 lots at 110.
    "money": (RISE, LONG, {K.SETTING_REDUCE_POSITION_MONEY: 105_000}, [(3, "reduce", -46, 110)]),
    "gross in money": (RISE, LONG, {K.SETTING_REDUCE_GROSS_MONEY: 105_000}, [(3, "reduce", -46, 110)]),
    "the tighter of two": (
        RISE,
        LONG,
        {K.SETTING_REDUCE_POSITION_MONEY: 105_000, K.SETTING_REDUCE_POSITION_RATIO: 0.1},
        [(3, "reduce", -82, 110)],
    ),
    "units": ((100, 100, 100), LONG, {K.SETTING_REDUCE_POSITION_UNITS: 750}, [(2, "reduce", -250, 100)]),
    "exactly at the cap": (RISE, LONG, {K.SETTING_REDUCE_POSITION_MONEY: 110_000}, []),
    # A short position grows as prices rise while equity shrinks to 990,000: 900 lots.
    "short": (RISE, SHORT, {K.SETTING_REDUCE_LEVERAGE: 0.1}, [(3, "reduce", 100, 110)]),
    "nothing is left": ((100, 100, 1_200, 1_200), SHORT, {K.SETTING_REDUCE_LEVERAGE: 0.1}, [(3, "reduce", 1000, 1200)]),
    # 1,010,000 / 1,020,000 / …: each rise is followed.
    "again and again": (
        (100, 100, 110, 121, 121, 121),
        LONG,
        {K.SETTING_REDUCE_LEVERAGE: 0.1},
        # 918 lots at 121 are 111,078; equity is 1,010,000 + 1000 * 11 = 1,021,000, of which a tenth is 843.8 lots.
        [(3, "reduce", -82, 121), (4, "reduce", -75, 121)],
    ),
    "without the words nothing is sold": (RISE, LONG, {K.SETTING_CAP_LEVERAGE: 0.1001}, []),
}


@pytest.mark.parametrize(("prices", "script", "settings", "wanted"), BROUGHT_BACK.values(), ids=BROUGHT_BACK)
def test_what_is_brought_back(prices, script, settings, wanted):
    assert played(prices, script, settings).fills[1:] == wanted


TOGETHER = {0: [Enter(size=THOUSAND), Enter(i=1, size=FIVE_HUNDRED)]}
# Rows in turn; instrument 0 rises to 110, instrument 1 stays.
PAIR = (100, 100, 100, 100, 110, 100, 110, 100)
EACH = [0, 1] * 4
# Gross is 160,000 of an equity of 1,010,000: with a tenth and a half 151,500, each keeps 0.946875 of its lots.
PROPORTION = [(6, "reduce", -54, 110), (7, "reduce", -27, 100)]


def test_of_several_each_gives_its_part():
    done = played(PAIR, {1: TOGETHER[0]}, {K.SETTING_REDUCE_GROSS_RATIO: 0.15}, instruments=EACH)
    assert done.fills[2:] == PROPORTION


@pytest.mark.parametrize(
    ("groups", "wanted"), [((1, 1), PROPORTION), ((1, 2), []), ((0, 0), [])], ids=("one group", "two", "none")
)
def test_a_group_together(groups, wanted):
    settings = {K.SETTING_REDUCE_GROUP_RATIO: 0.15}
    assert played(PAIR, {1: TOGETHER[0]}, settings, instruments=EACH, groups=groups).fills[2:] == wanted


def test_one_side_together():
    settings = {K.SETTING_REDUCE_SIDE_RATIO: 0.15}
    assert played(PAIR, {1: TOGETHER[0]}, settings, instruments=EACH).fills[2:] == PROPORTION
    against = {1: [Enter(size=THOUSAND), Enter(i=1, size=FIVE_HUNDRED, side=K.SELL)]}
    assert played(PAIR, against, settings, instruments=EACH).fills[2:] == []


def test_what_a_rule_exits_at_market_is_gone_already():
    script = {**LONG, 2: [Exit(portion=(K.PORTION_QUANTITY, 80))]}
    done = played(RISE, script, {K.SETTING_REDUCE_LEVERAGE: 0.1})
    assert done.fills[1:] == [(3, "exit", -80, 110), (3, "reduce", -2, 110)]


def test_an_exit_that_waits_for_a_price_gives_way():
    script = {**LONG, 1: [Exit(kind=K.KIND_LIMIT, limit=200)]}
    done = played(RISE, script, {K.SETTING_REDUCE_LEVERAGE: 0.1})
    assert done.fills[1:] == [(3, "reduce", -82, 110)]
    assert done.statuses[1] == K.STATUS_CANCELED


def test_what_would_add_is_canceled_and_nothing_else():
    resting = {"kind": K.KIND_LIMIT, "life": (K.LIFE_BARS, 9)}
    adding, against = Enter(limit=1, **resting), Enter(limit=900, side=K.SELL, **resting)
    done = played(RISE, {**LONG, 1: [adding, against]}, {K.SETTING_REDUCE_LEVERAGE: 0.1})
    assert done.statuses[1:3] == [K.STATUS_CANCELED, K.STATUS_WORKING]
    kept = played((100,) * 5, {**LONG, 1: [adding, against]}, {K.SETTING_REDUCE_LEVERAGE: 0.1})
    assert kept.statuses[1:3] == [K.STATUS_WORKING, K.STATUS_WORKING]


def test_keep_at_least_holds_it_back_and_it_is_ordered_once():
    settings = {K.SETTING_REDUCE_LEVERAGE: 0.1, K.SETTING_KEEP_SESSIONS: 1}
    done = played((*RISE, 110), LONG, settings, days=[0, 0, 0, 0, 0, 1])
    assert done.fills[1:] == [(5, "reduce", -82, 110)]


def test_on_the_day_of_the_entry_it_is_a_day_trade():
    """With one day trade made, a cap of one denies what could become a second."""
    settings = {K.SETTING_CAP_DAY_TRADES: 1, K.SETTING_CAP_DAY_TRADES_SESSIONS: 5}
    script = {**LONG, 4: [Enter()]}
    days = [0, 0, 0, 0, 1]
    assert not played(RISE, script, settings, days=days).denials
    reducing = {**settings, K.SETTING_REDUCE_LEVERAGE: 0.1}
    assert [reason for _, reason in played(RISE, script, reducing, days=days).denials] == [DenialReason.CAP_DAY_TRADES]


def test_a_halt_does_not_hold_it_back():
    halts = [(K.BASELINE_START, 0.005, 0, K.UNTIL_RELEASED)]
    done = played(RISE, SHORT, {K.SETTING_REDUCE_LEVERAGE: 0.1}, halts=halts)
    assert done.fills[1:] == [(3, "reduce", 100, 110)]
