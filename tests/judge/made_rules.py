"""Made-up rules over every construct of the language, by choices that anyone may make: a machine, or a sequence.

What is generated always compiles: an order is asked only at orders, an instrument only where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
Choose = Callable[[Sequence[T]], T]

HEAD = """rule made_up "made up"
  in force from 2000-01-01
  param days = 3 from 2000-01-01 cite "none" confidence D
  param rate = 37.5% from 2000-01-01 cite "none" confidence D
  table weights
    ABC = 2 from 2000-01-01 cite "none" confidence D
    OTHER = 0.5 from 2000-01-01 cite "none" confidence D
"""
OF_ORDERS = ("order", "opening order", "closing order", "long order", "short order")
OF_FILLS = ("fill", "opening fill", "closing fill", "long fill", "short fill")
OF_ENDS = ("order done", "opening order done")
OF_INSTRUMENTS = (*OF_ORDERS, *OF_FILLS, *OF_ENDS, "locate")
OF_ACCOUNT = ("mark", "new day", "deposit", "withdrawal", "reset")
FIELDS = {
    **dict.fromkeys(OF_ORDERS, ("order.quantity", "order.price", "order.value")),
    **dict.fromkeys(OF_FILLS, ("fill.quantity", "fill.price", "fill.value")),
    "locate": ("locate.quantity",),
    "deposit": ("deposit.amount",),
    "withdrawal": ("withdrawal.amount",),
}
TRUTHS = {
    **dict.fromkeys(OF_ORDERS, ("order.buys", "order.at_market", "order.meets_own_order", "order outlives session")),
    **dict.fromkeys(OF_ENDS, ("order outlives session",)),
    **dict.fromkeys(OF_FILLS, ("fill.buys",)),
}
MONEY = ("value", "amount", "equity")
LOCAL = (
    "price",
    "price at last close",
    "long_quantity",
    "short_quantity_after",
    "long_quantity_after",
    "working_buy_quantity",
    "working_sell_quantity",
    "weights[instrument.symbol] * short_quantity",
)


def make_rule(choose: Choose) -> str:
    """Two events with a condition, two numbers kept per instrument, and requirements that use them."""
    lines = [
        f"define marked per instrument: event {_event_where(choose, ('mark', *OF_INSTRUMENTS))}",
        f"define own per instrument: {_local_number(choose, extra=('marked',))}",
        f"define flag per instrument: {_happened(choose, ('marked', *OF_INSTRUMENTS, *OF_ACCOUNT))}",
        f"define seldom: event {_event_where(choose, OF_INSTRUMENTS, local=('own', 'flag'))}",
        f"define lasting: event opening order where {choose(('', 'not '))}order outlives session",
        f"define kept: {_number(choose, ('seldom', *OF_INSTRUMENTS, *OF_ACCOUNT))}",
    ]
    for _ in range(2):
        event = choose((*OF_INSTRUMENTS, *OF_ACCOUNT, "seldom"))
        local = event in OF_INSTRUMENTS
        lines.append(f"at {event} require {_condition(choose, event, local=local)}")
    if choose((True, False)):
        lines.append(f"never {choose(('own > 3', 'flag and kept > 1', 'number of instruments where flag > 1'))}")
    if choose((True, False)):
        lines.append(f"except sometimes: {_happened(choose, OF_INSTRUMENTS)}")
    return HEAD + "\n".join(f"  {line}" for line in lines) + "\n"


def _event_where(choose: Choose, events: Sequence[str], local: Sequence[str] = ()) -> str:
    event = choose(events)
    asked = [f"price > {choose(('0.09', '0.1'))}", "price < price at last close", "long_quantity > 0"]
    asked += [*TRUTHS.get(event, ()), *(f"not {each}" for each in TRUTHS.get(event, ()))]
    asked += [f"{each} > {_amount(choose, each)}" for each in FIELDS.get(event, ())]
    asked += ["own > 1", "not flag"] if local else []
    return f"{event} where ({choose(asked)})" if choose((True, True, False)) else event


def _amount(choose: Choose, field: str) -> str:
    if any(word in field for word in MONEY):
        return choose(("0 USD", "1_500 USD", "9 USD"))
    return choose(("0.095", "0.1", "1", "2"))


def _reach(choose: Choose, events: Sequence[str]) -> str:
    return choose(
        (
            "today",
            f"in last {choose((1, 2, 5))} business days",
            "in last days business days",
            f"in last {choose((1, 2, 4))} calendar days",
            "in last days calendar days",
            f"since {choose(events)}",
            f"today since {choose(events)}",
        )
    )


def _number(choose: Choose, events: Sequence[str]) -> str:
    """A number of the account, kept in registers."""
    event = choose(events)
    weighed = [f"rate * ({each})" if choose((True, False)) else each for each in FIELDS.get(event, ())]
    weighed = [each for each in weighed if not any(word in each for word in MONEY)]
    forms = [
        f"count of {event} {_reach(choose, events)}",
        "count of opening order not yet done",
        "count of lasting not yet done",
        "count of lasting today",
        f"business days since {event}",
        f"calendar days since {event}",
        "number of instruments where flag",
        "total of own",
        "total of (own - long_quantity)",
        f"highest (number of instruments where flag) {choose(('today', f'since {event}'))}",
        f"highest (total of own) {choose(('today', f'since {event}'))}",
        *(f"sum of ({each}) over {event} {_reach(choose, events)}" for each in weighed),
    ]
    return choose(forms)


def _local_number(choose: Choose, extra: Sequence[str]) -> str:
    event = choose((*OF_INSTRUMENTS, "new day", "reset", *extra))
    forms = [
        f"count of {event} {_reach(choose, (*OF_INSTRUMENTS, *OF_ACCOUNT, *extra))}",
        f"calendar days since {event}",
        f"highest ({choose(LOCAL)}) {choose(('today', f'since {event}'))}",
        f"max({choose(LOCAL)}, {choose(LOCAL)}) - rate",
        f"sum of ({choose(LOCAL)}) over {event} {_reach(choose, OF_INSTRUMENTS)}",
    ]
    return choose(forms)


def _happened(choose: Choose, events: Sequence[str]) -> str:
    tail = choose(("", " today", f" with no {choose(events)} since", f" today with no {choose(events)} since"))
    return f"{choose(events)} happened{tail}"


def _condition(choose: Choose, event: str, *, local: bool) -> str:
    counted = f"count of {choose((*OF_INSTRUMENTS, 'seldom'))}"
    forms = [
        f"kept {choose(('<=', '<', '>=', 'is not'))} {choose((0, 1, 2, 5))}",
        f"not {_happened(choose, (*OF_INSTRUMENTS, *OF_ACCOUNT))}",
        f"{counted} in last {choose((1, 2, 60, 3_600))} seconds <= {choose((0, 1, 2))}",
        f"{choose((1, 2))} + count of {choose(OF_INSTRUMENTS)} in last 1 min < {choose((2, 3, 4))}",
        f"highest equity {choose(('today', 'since reset'))} <= {choose((10_000, 20_000))} USD",
        "rate * total of (exposure_after) <= equity - 9_000 USD",
        f"number of instruments where (own > {choose((0, 1, 3))}) <= {choose((0, 1))}",
        f"sum of {choose(('deposit.amount over deposit', 'withdrawal.amount over withdrawal'))} today <= 12 USD",
    ]
    if local:
        forms += ["not flag", f"own <= {choose((0, 1, 2))}", f"price <= {choose(('0.09', '0.1', '0.11'))}"]
        forms += [f"not {each}" for each in TRUTHS.get(event, ())]
        forms += [f"{each} <= {_amount(choose, each)}" for each in FIELDS.get(event, ())]
    one, two = choose(forms), choose(forms)
    return choose((one, f"{one} or {two}", f"{one} and {two}", f"not ({one}) or {two}"))


def make_guard(choose: Choose) -> str:
    """A guard of a made rule, for every opening or for those of one side."""
    event = choose(("opening order", "short order", "long order", "opening order where (own > 0)"))
    tested = choose(
        (
            _condition(choose, "opening order", local=True),
            f"not ({_condition(choose, 'opening order', local=True)})",
            "order outlives session and kept > 1",
            "order outlives session or count of lasting not yet done > 0",
            f"long_quantity_after + short_quantity_after > {choose((50, 100))}",
            f"order.value > {choose((500, 900))} USD or order.meets_own_order",
            f"{_condition(choose, 'opening order', local=True)} and total of long_value_after > 1_000 USD",
        )
    )
    return f"  guard at {event}: deny when {tested}\n"
