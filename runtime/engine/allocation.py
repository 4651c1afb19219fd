"""Allocation: one decision for all instruments at a moment's end, from what each is offered with to orders for each.

A rule that allocates calls `begin_offers`, then `offer` for every instrument that has a bar at this moment and is due,
then `allocate`. What is chosen gets a target in lots, below zero in a short place; everything else that was offered is
brought to zero. Orders are target less position, what reduces before what opens, both through the same gate and guards
as any order: what reduces is never denied, purchases count the proceeds of the sales that work as cash. A position that
turns round is brought to zero by one order and opened by another. An instrument that was not offered (it has no bar
now) keeps its position, and what it holds is taken off what its side has to share.

With short places each side gets half of the amount, and what ranks at both ends goes to neither. A place that nobody
fills stays in cash. Ties in the ranking go to the instrument that comes first.
"""

from __future__ import annotations

from math import fabs, isnan

import cython

from stratc.runtime.engine.book import Book
from stratc.runtime.engine.codes import (
    BAND_NONE,
    BAND_OF_TARGET,
    BUY,
    DENIED_NO_CONVERSION_RATE,
    DENIED_UNKNOWN_VALUE,
    DENIED_ZERO_QUANTITY,
    LIFE_DAY,
    OFFER_CHOSEN,
    OFFER_ELIGIBLE,
    OFFER_NO_RATE,
    OFFER_NONE,
    OFFER_REFUSED,
    OFFER_SHORTED,
    RANK_HIGHEST,
    RANK_LOWEST,
    ROLE_ENTRY,
    ROLE_EXIT,
    SELL,
    SHARE_EACH,
    SHARE_OWN,
    SHARE_STATED,
    SIZE_NOTIONAL,
    STOP_NONE,
    TARGET_NONE,
)
from stratc.runtime.engine.currency import is_rate_known, rate_at
from stratc.runtime.engine.exposure import side_exposure
from stratc.runtime.engine.gate import denial
from stratc.runtime.engine.logs import deny
from stratc.runtime.engine.new_cash import invest_new_cash, keep_targets
from stratc.runtime.engine.orders import after_locate, draft, draft_price, draft_protection, place_exit, place_guarded
from stratc.runtime.engine.sizing import size
from stratc.runtime.engine.slots import cancel_entries, cancel_exits, cancel_exits_of, working_exit_lots
from stratc.runtime.engine.strategy import Strategy


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def begin_offers(book: Book) -> cython.void:
    """Forget the offers of the allocation before."""
    i: cython.long
    for i in range(book.instruments):
        book.offer[i] = OFFER_NONE


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def offer(
    book: Book, i: cython.long, eligible: cython.bint, score: cython.double, weight: cython.double
) -> cython.void:
    """Say what instrument `i` brings: whether its condition holds, what ranks it and what weighs it.

    Where no rate of its currency is known it cannot be decided on, as if it had no bar. An unknown score, and a weight
    that is unknown, not positive or too large to add up, are not eligible.
    """
    weighs: cython.bint = weight > 0.0 and weight < 1e100
    if not is_rate_known(book, i):
        book.offer[i] = OFFER_NO_RATE
        return
    book.offer[i] = OFFER_ELIGIBLE if eligible and weighs and not isnan(score) else OFFER_REFUSED
    book.offer_score[i] = score
    book.offer_weight[i] = weight


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def allocate(
    book: Book,
    strategy: Strategy,
    rule: cython.long,
    amount: cython.double,
    share: cython.long,
    places: cython.long,
    shorts: cython.long,
    part: cython.double,
    short_part: cython.double,
    rank: cython.long,
    band_kind: cython.long,
    band: cython.double,
    new_cash: cython.bint,
    located: cython.bint,
    order_kind: cython.long,
) -> cython.void:
    """Choose `places` of the eligible by RANK_HIGHEST or RANK_LOWEST score, `shorts` to sell short from the other end
    of the ranking, and order what brings all to target.

    `amount` is money: for all places together by SHARE_PLACES, for each one chosen by SHARE_EACH, and by SHARE_STATED a
    weight is the part of it that the instrument gets; by SHARE_OWN the weights are the money of each. `band` is a
    fraction of the target for BAND_OF_TARGET and money for BAND_MONEY; what is off by no more is left alone, unless its
    target is zero. `part` and `short_part`, where they are not nought, are the places as fractions of those eligible.
    Shares are `located` before they are sold short. `order_kind` is a kind without a price. With an unknown amount or
    band nothing is ordered (UNKNOWN_VALUE, once).
    """
    i: cython.long
    eligible: cython.long = count_eligible(book)
    deny_without_rate(book, rule)
    if (isnan(amount) and share != SHARE_OWN) or (band_kind != BAND_NONE and isnan(band)):
        deny_first(book, rule)
        return
    if part > 0.0:
        places = part_of(eligible, part)
    if short_part > 0.0:
        shorts = part_of(eligible, short_part)
    if shorts > 0:
        choose_sides(book, places, shorts, rank)
        set_targets(book, rule, amount / 2.0, share, places, OFFER_CHOSEN, order_kind)
        set_targets(book, rule, amount / 2.0, share, shorts, OFFER_SHORTED, order_kind)
    else:
        choose(book, places, rank, OFFER_CHOSEN)
        if share == SHARE_EACH:
            places = places_taken(book)
            amount = amount * places
        set_targets(book, rule, amount, share, places, OFFER_CHOSEN, order_kind)
    if new_cash:
        keep_targets(book)
    for i in range(book.instruments):
        if book.offer[i] != OFFER_NONE:
            cancel_entries(book, strategy, i)
            cancel_exits_of(book, strategy, i, rule)
            keep_in_band(book, i, band_kind, band)
            reduce_to_target(book, strategy, i, rule, order_kind)
    if new_cash:
        invest_new_cash(book, rule, band_kind, band)
    for i in range(book.instruments):
        if book.offer[i] >= OFFER_CHOSEN:
            raise_to_target(book, strategy, i, rule, order_kind, located)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def count_eligible(book: Book) -> cython.long:
    i: cython.long
    eligible: cython.long = 0
    for i in range(book.instruments):
        eligible += 1 if book.offer[i] == OFFER_ELIGIBLE else 0
    return eligible


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def part_of(eligible: cython.long, part: cython.double) -> cython.long:
    """A fraction of the eligible, rounded down, one at least; 29% of 100 are 29, whatever the product is in binary."""
    places: cython.long = cython.cast(cython.long, part * eligible + 1e-9)
    return places if places > 1 else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def deny_first(book: Book, rule: cython.long) -> cython.void:
    """Log the unknown once, under the first instrument that was offered."""
    i: cython.long
    for i in range(book.instruments):
        if book.offer[i] != OFFER_NONE:
            deny(book, i, rule, DENIED_UNKNOWN_VALUE, 0)
            return


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def deny_without_rate(book: Book, rule: cython.long) -> cython.void:
    """Log every instrument that no rate of its currency is known for; from then on it is as one without a bar."""
    i: cython.long
    for i in range(book.instruments):
        if book.offer[i] == OFFER_NO_RATE:
            book.offer[i] = OFFER_NONE
            deny(book, i, rule, DENIED_NO_CONVERSION_RATE, 0)


# ── targets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def choose_sides(book: Book, places: cython.long, shorts: cython.long, rank: cython.long) -> cython.void:
    """Mark the first of the ranking as chosen and the last as shorted. Where there are fewer eligible instruments than
    places, those in the middle stand at both ends: they are neither."""
    eligible: cython.long = count_eligible(book)
    choose(book, places if places < eligible - shorts else eligible - shorts, rank, OFFER_CHOSEN)
    choose(
        book,
        shorts if shorts < eligible - places else eligible - places,
        RANK_HIGHEST if rank == RANK_LOWEST else RANK_LOWEST,
        OFFER_SHORTED,
    )


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def choose(book: Book, places: cython.long, rank: cython.long, mark: cython.long) -> cython.void:
    """Mark the best of the eligible instruments, as many as there are places."""
    _place: cython.long
    i: cython.long
    best: cython.long
    for _place in range(places):
        best = -1
        for i in range(book.instruments):
            if book.offer[i] == OFFER_ELIGIBLE and (best < 0 or is_better(book, i, best, rank)):
                best = i
        if best < 0:
            return
        book.offer[best] = mark


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def places_taken(book: Book) -> cython.long:
    """How many are chosen, or held and cannot be decided on now. Who may join a universe one day has no place yet."""
    i: cython.long
    taken: cython.long = 0
    for i in range(book.instruments):
        if book.offer[i] == OFFER_CHOSEN or (book.offer[i] == OFFER_NONE and side_exposure(book, i, BUY) > 0):
            taken += 1
    return taken if taken > 0 else 1


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def is_better(book: Book, i: cython.long, other: cython.long, rank: cython.long) -> cython.bint:
    """Whether an instrument ranks before another; equal ones do not, so the first of them is kept."""
    if rank == RANK_LOWEST:
        return book.offer_score[i] < book.offer_score[other]
    return book.offer_score[i] > book.offer_score[other]


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def set_targets(
    book: Book,
    rule: cython.long,
    total: cython.double,
    share: cython.long,
    places: cython.long,
    mark: cython.long,
    order_kind: cython.long,
) -> cython.void:
    """The lots of each instrument with this mark, zero for those with none: its weight's part of the places that are
    filled, or where weights are parts of the total, of that; or the money that is its weight."""
    i: cython.long
    side: cython.long = SELL if mark == OFFER_SHORTED else BUY
    money: cython.double
    chosen: cython.double = 0.0
    weights: cython.double = 0.0
    for i in range(book.instruments):
        if book.offer[i] == mark:
            chosen += 1.0
            weights += book.offer_weight[i]
    # Beyond this no instrument has lots enough, and the product with a weight stays finite.
    total = total if total < 1e18 else 1e18
    wanted: cython.double = total * weights if share == SHARE_STATED else total * chosen / places
    filled: cython.double = shareable(book, total, wanted, side)
    for i in range(book.instruments):
        if book.offer[i] < OFFER_CHOSEN:
            book.offer_lots[i] = 0
        if book.offer[i] == mark:
            draft(book, i, rule, ROLE_ENTRY, side, order_kind, LIFE_DAY, 0, 0)
            draft_price(book, i, 0.0, 0.0)
            money = filled * (book.offer_weight[i] / weights)
            if share == SHARE_OWN:
                money = book.offer_weight[i] if book.offer_weight[i] < 1e18 else 1e18
            book.offer_lots[i] = side * size(book, i, SIZE_NOTIONAL, money)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def shareable(book: Book, total: cython.double, wanted: cython.double, side: cython.long) -> cython.double:
    """What is wanted, or what the instruments that cannot be decided on now leave of a side's total."""
    j: cython.long
    kept: cython.double = 0.0
    for j in range(book.instruments):
        if book.offer[j] == OFFER_NONE:
            kept += side_exposure(book, j, side) / book.quanta_per_money
    return wanted if wanted < total - kept else total - kept


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def keep_in_band(book: Book, i: cython.long, band_kind: cython.long, band: cython.double) -> cython.void:
    """Where a position is off its target by no more than the band, it is the target."""
    off: cython.double = fabs((book.offer_lots[i] - book.position[i]) * 1.0)
    side: cython.long = -1 if book.position[i] < 0 else 1
    if band_kind == BAND_NONE or side * book.offer_lots[i] <= 0 or book.position[i] == 0:
        return
    if band_kind == BAND_OF_TARGET:
        if off <= band * (side * book.offer_lots[i]):
            book.offer_lots[i] = book.position[i]
    elif (
        off * fabs(book.mark[i] * 1.0) * book.tick_value[i] * rate_at(book, i, book.mark[i])
        <= band * book.quanta_per_money
    ):
        book.offer_lots[i] = book.position[i]


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def reduce_to_target(
    book: Book, strategy: Strategy, i: cython.long, rule: cython.long, order_kind: cython.long
) -> cython.void:
    """Sell what is held beyond the target and not being sold already, or buy back what is short beyond it.

    Where the position turns round all of it goes now: other exits would meet what is opened on the other side. Once
    trading is halted nothing is opened, and the exits that work, a halt's own among them, stay.
    """
    side: cython.long = -1 if book.position[i] < 0 else 1
    kept: cython.longlong = side * book.offer_lots[i]
    if book.position[i] != 0 and kept < 0:
        if book.halted == 0:
            cancel_exits(book, strategy, i)
        kept = 0
    lots: cython.longlong = side * book.position[i] - kept - working_exit_lots(book, i)
    if book.position[i] == 0 or lots <= 0:
        return
    draft(book, i, rule, ROLE_EXIT, -side, order_kind, LIFE_DAY, 0, 0)
    draft_protection(book, i, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_price(book, i, 0.0, 0.0)
    place_exit(book, strategy, i, lots)


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def raise_to_target(
    book: Book, strategy: Strategy, i: cython.long, rule: cython.long, order_kind: cython.long, located: cython.bint
) -> cython.void:
    """Buy or sell short what the position lacks, all of the target where it turns round; exits of other rules that work
    do not make the order larger."""
    reason: cython.long = 0
    side: cython.long = SELL if book.offer[i] == OFFER_SHORTED else BUY
    wanted: cython.longlong = side * book.offer_lots[i]
    held: cython.longlong = side * book.position[i] if side * book.position[i] > 0 else 0
    if wanted <= held and (wanted != 0 or book.position[i] != 0):
        return
    if located and side == SELL:
        after_locate(book)
    draft(book, i, rule, ROLE_ENTRY, side, order_kind, LIFE_DAY, 0, 0)
    draft_protection(book, i, STOP_NONE, 0.0, TARGET_NONE, 0.0)
    draft_price(book, i, 0.0, 0.0)
    book.draft_funded = True
    book.draft_lots = wanted - held
    if book.marked[i] == 0:
        reason = DENIED_UNKNOWN_VALUE
    elif book.draft_lots <= 0:
        reason = DENIED_ZERO_QUANTITY
    else:
        reason = denial(book, i)
    if reason != 0:
        deny(book, i, rule, reason, 0)
        return
    place_guarded(book, strategy, i)
