"""An intent as the gate looks at it: its orders, which of them open, and what all orders could come to with them.

An order reduces if it is against the position and for no more than the position less the exits that may still fill, or
if it is triggered by another one of the intent and undoes no more than that one fills.
The exits of a bracket follow its entry: only whether the venue takes them is asked. Alternatives and triggered orders
count as if all of them filled, and a replacement beside the order that it replaces, since both may live.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from stratc.runtime.executor.gate.limits import Limits
from stratc.runtime.executor.gate.view import Traded, View
from stratc.runtime.executor.life.exposure import Exposure, worst_case_exposure
from stratc.runtime.executor.life.state import DeskState
from stratc.runtime.model.intent import (
    Bracket,
    Intent,
    OneCancelsOther,
    OneTriggersOther,
    Replacement,
    Single,
    stop_loss_of,
    target_of,
)
from stratc.runtime.model.order import OrderTerms, Side


def orders_of(intent: Intent) -> tuple[OrderTerms, ...]:
    """Every order of the intent but the exits that a bracket makes for itself."""
    match intent.plan:
        case Single(order=order) | Replacement(order=order) | Bracket(entry=order):
            return (order,)
        case OneCancelsOther(orders=orders):
            return orders
        case OneTriggersOther(first=first, then=then):
            return (first, *then)
        case _:
            assert_never(intent.plan)


def exits_of(intent: Intent) -> tuple[OrderTerms, ...]:
    """The exits that a bracket makes for itself, as they will be for all of its entry."""
    if not isinstance(intent.plan, Bracket):
        return ()
    lots = intent.plan.entry.lots
    found = (stop_loss_of(intent.plan, lots), target_of(intent.plan, lots))
    return tuple(terms for terms in found if terms is not None)


class Asked:
    """One question to the gate. Worked out where it is asked for, and once."""

    def __init__(self, intent: Intent, view: View, limits: Limits, decided_ticks: int | None) -> None:
        self.intent = intent
        self.view = view
        self.limits = limits
        self.decided_ticks = decided_ticks
        self.orders = orders_of(intent)
        self.sent = (*self.orders, *exits_of(intent))
        self._exposures: dict[str, Exposure] = {}

    def traded(self, terms: OrderTerms) -> Traded:
        return self.view.instruments[terms.instrument]

    def exposure(self, instrument: str) -> Exposure:
        """Before the intent."""
        if instrument not in self._exposures:
            self._exposures[instrument] = worst_case_exposure(self.view.desk, instrument)
        return self._exposures[instrument]

    def left_to_reduce(self, terms: OrderTerms) -> int:
        """Lots of the position that no working exit is for; none, where the order is on the position's side."""
        against = -terms.side * self.view.desk.positions.get(terms.instrument, 0)
        return max(0, against - exits_at_work(self.view.desk, terms, self.replaced))

    def reduces(self, terms: OrderTerms) -> bool:
        """Whether it takes something off the position and cannot turn it. Of alternatives one is filled."""
        return terms.lots <= self.left_to_reduce(terms)

    @cached_property
    def replaced(self) -> str | None:
        plan = self.intent.plan
        return plan.replaces if isinstance(plan, Replacement) else None

    @cached_property
    def openings(self) -> tuple[OrderTerms, ...]:
        plan = self.intent.plan
        first = plan.first if isinstance(plan, OneTriggersOther) else None
        return tuple(terms for terms in self.orders if not (_unwinds(terms, first) or self.reduces(terms)))

    def price(self, terms: OrderTerms) -> int:
        """The worst price that is known of it, in ticks: its own or the quote's."""
        quote = self.traded(terms).quote
        known = [ticks for ticks in (terms.limit_ticks, terms.stop_ticks) if ticks is not None]
        return max([*known, *([quote.ask_ticks] if quote is not None else [])], default=0)

    def notional(self, terms: OrderTerms) -> Decimal:
        return self.traded(terms).value(terms.lots, self.price(terms))

    def with_intent(self, instrument: str) -> Exposure:
        """If everything filled that may, and all openings of the intent."""
        now = self.exposure(instrument)
        lots = dict.fromkeys(Side, 0)
        for terms in self.openings:
            if terms.instrument == instrument:
                lots[terms.side] += terms.lots
        return Exposure(position=now.position, least=now.least - lots[Side.SELL], most=now.most + lots[Side.BUY])

    def worst_value(self, instrument: str, exposure: Exposure) -> Decimal:
        """The larger side at the market's price, or at the dearest of the intent's orders where that is worse."""
        traded = self.view.instruments[instrument]
        prices = [self.price(terms) for terms in self.openings if terms.instrument == instrument]
        market = [traded.quote.ask_ticks] if traded.quote is not None else []
        return traded.value(max(abs(exposure.least), abs(exposure.most)), max([*prices, *market], default=0))

    def touched(self) -> Iterator[str]:
        """Instruments with an opening, each once."""
        return iter(dict.fromkeys(terms.instrument for terms in self.openings))


def exits_at_work(desk: DeskState, terms: OrderTerms, replaced: str | None) -> int:
    """Lots on the order's side that may still fill. Of orders of one group that exclude each other the most counts, and
    an order that is about to be replaced does not."""
    singles, groups = 0, dict[str, dict[str, int]]()
    for key, order in desk.orders.items():
        if (order.terms.instrument, order.terms.side) != (terms.instrument, terms.side) or key == replaced:
            continue
        plan = desk.groups[order.group].plan if order.group in desk.groups else None
        if isinstance(plan, Bracket | OneCancelsOther):
            part = order.role.value if isinstance(plan, Bracket) else key
            parts = groups.setdefault(order.group, {})
            parts[part] = parts.get(part, 0) + order.may_still_fill
        else:
            singles += order.may_still_fill
    return singles + sum(max(parts.values()) for parts in groups.values())


def _unwinds(terms: OrderTerms, first: OrderTerms | None) -> bool:
    """Whether a triggered order takes off again what the first one brings."""
    if first is None or terms is first:
        return False
    return (terms.instrument, terms.side) == (first.instrument, first.side.other) and terms.lots <= first.lots
