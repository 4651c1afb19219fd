"""What a program does: its rules tried in the order of the text, and their intents carried out on the engine's book."""

from __future__ import annotations

from typing import assert_never

from stratc.compiler.interpret.values import Values
from stratc.compiler.ir.nodes import (
    AllocateIntent,
    EnterIntent,
    ExitIntent,
    Flow,
    Intent,
    Levels,
    MoveStopIntent,
    NodeId,
    NoteIntent,
    OneOfIntent,
    Rule,
    Side,
)
from stratc.compiler.ir.uses import (
    allocation_of,
    entries,
    legs_of,
    tried,
)
from stratc.runtime.engine import allocation, codes, flows, halts, ladders, logs, orders, stops, trailing
from stratc.runtime.engine.book import Book as Account


class InterpretedStrategy(Values):
    """One run of a program, for the engine: `signals` after a bar's fills and mark, `decide` when a moment is in."""

    def decide(self, book: Account, r: int) -> None:
        """Tries the rules in the order of the text, each for the traded instruments in order that have a new bar."""
        self.join_bars(book)
        for number, flow in enumerate(self.program.flows, len(self.program.rules)):
            self._move_money(book, number, flow)
        for k, when in enumerate(self.program.halts_when, len(self.program.halts)):
            traded = (i for i in range(len(self.program.instruments)) if book.fresh[i])
            if any(self.asked(book, i, when.condition) is True for i in traded):
                halts.halt_now(book, self, k)
        for i in range(len(self.program.instruments)):
            if book.fresh[i] and self.program.no_entries:
                conditions = (each.condition for each in self.program.no_entries)
                barring = (k for k, node in enumerate(conditions, 1) if self.asked(book, i, node) is not False)
                halts.bar_entries(book, self, i, next(barring, 0))
        for number, rule in enumerate(self.program.rules):
            if intent := allocation_of(rule):
                self._allocate(book, number, rule, intent)
                continue
            if rule.both:
                for i in tried(self.program) if self.program.pairs else (0,):
                    self._enter_both(book, i, number, rule)
                continue
            for place in tried(self.program):
                # A pair is asked at its first leg, or at the other where that has no bar: its exits need no more.
                for i in [j for j in legs_of(self.program, place) if book.fresh[j]][:1]:
                    if self._is_due(book, i, rule) and self._holds(book, i, rule.condition):
                        self._carry_out(book, i, number, rule)

    def _move_money(self, book: Account, number: int, flow: Flow) -> None:
        """A flow is due with the first instrument that is."""
        traded = range(len(self.program.instruments))
        due = next((i for i in traded if book.fresh[i] and self.clocks[flow.schedule][self.rows[i]] == 1), None)
        if due is not None:
            amount = self.number(book, due, flow.amount)
            flows.plan_flow(book, self, number, code(f"PERIOD_{flow.period.name}"), amount, flow.withdraw)

    def _is_due(self, book: Account, i: int, rule: Rule) -> bool:
        """Whether an instrument is due, or a leg of its pair that has a bar now."""
        clock = None if rule.schedule is None else self.clocks[rule.schedule]
        return clock is None or any(book.fresh[j] and clock[self.rows[j]] == 1 for j in legs_of(self.program, i))

    def _holds(self, book: Account, i: int, condition: NodeId | None) -> bool:
        return condition is None or self.asked(book, i, condition) is True

    def _carry_out(self, book: Account, i: int, number: int, rule: Rule) -> None:
        if rule.limit and any(entries(rule)):
            count, period = rule.limit.count, code(f"PERIOD_{rule.limit.period.name}")
            orders.rule_may_enter(book, i, number, count, period, rule.limit.across_instruments)
        for intent in rule.intents:
            self._carry_out_intent(book, i, number, intent)

    def _carry_out_intent(self, book: Account, i: int, number: int, intent: Intent) -> None:
        match intent:
            case EnterIntent():
                self._enter(book, i, number, intent, 0)
            case OneOfIntent():
                group = orders.next_group(book)
                for leg in intent.legs:
                    self._enter(book, i, number, leg, group)
            case ExitIntent():
                for place in legs_of(self.program, i):
                    orders.choose_lots(book, code(f"LOTS_{intent.lots.name}"))
                    orders.exit_position(
                        book,
                        self,
                        place,
                        number,
                        code(f"PORTION_{intent.portion.name}"),
                        self.number(book, i, intent.node),
                        code(f"KIND_{intent.order.kind.name}"),
                        self.number(book, i, intent.order.limit_price),
                        self.number(book, i, intent.order.stop_price),
                    )
            case AllocateIntent():
                raise AssertionError("an allocation is carried out once for all instruments")
            case MoveStopIntent(node=node, looser=looser):
                kind = codes.MOVE_BREAK_EVEN if node is None else codes.MOVE_PRICE
                stops.move_stop(book, i, number, kind, self.number(book, i, node), looser)
            case NoteIntent():
                logs.write_note(book, i, number)
            case _:
                assert_never(intent)

    def _allocate(self, book: Account, number: int, rule: Rule, intent: AllocateIntent) -> None:
        """One decision for the instruments that have a new bar and are due; the first of them answers for all."""
        traded = range(len(self.program.instruments))
        due = [i for i in traded if book.fresh[i] and self._is_due(book, i, rule)]
        if not due or not self._holds(book, due[0], rule.condition):
            return
        ranking, band = intent.ranking, intent.band
        allocation.begin_offers(book)
        for i in due:
            score = self.number(book, i, ranking.score if ranking else None)
            weight = 1.0 if intent.weight is None else self.number(book, i, intent.weight)
            allocation.offer(book, i, self._holds(book, i, intent.where), score, weight)
        allocation.allocate(
            book,
            self,
            number,
            self.number(book, due[0], intent.amount),
            code(f"SHARE_{intent.share.name}"),
            ranking.places if ranking else len(traded),
            ranking.shorts if ranking else 0,
            ranking.part if ranking else 0.0,
            ranking.short_part if ranking else 0.0,
            code(f"RANK_{ranking.rank.name}") if ranking else codes.RANK_HIGHEST,
            code(f"BAND_{band.kind.name}") if band else codes.BAND_NONE,
            self.number(book, due[0], band.node if band else None),
            intent.new_cash,
            intent.locate,
            code(f"KIND_{intent.order.kind.name}"),
        )

    def _enter_both(self, book: Account, i: int, number: int, rule: Rule) -> None:
        """Both entries or neither, where all holds for both instruments; of the pair `i`, where it holds for that."""
        one, other = entries(rule)
        places = [i + (leg.instrument or 0) for leg in (one, other)]
        asked = [i, i] if self.program.pairs else places
        tries = all(book.fresh[j] and self._is_due(book, j, rule) for j in places)
        if tries and all(self._holds(book, j, rule.condition) for j in asked):
            first = self._enter(book, asked[0], number, one, 0, place=places[0])
            if first >= 0 and self._enter(book, asked[1], number, other, 0, place=places[1]) < 0:
                orders.take_back(book, self, places[0], first)

    def _enter(
        self, book: Account, i: int, number: int, entry: EnterIntent, group: int, *, place: int | None = None
    ) -> int:
        """Enter instrument `i`, or `place` with what is read of `i`."""
        target = entry.target
        if entry.locate:
            orders.after_locate(book)
        if entry.trail:
            distance = self.number(book, i, entry.trail.node)
            trailing.trail_next_entry(book, code(f"TRAIL_{entry.trail.kind.name}"), distance)
        if entry.levels:
            return self._enter_levels(book, i, number, entry, entry.levels)
        placed: int = orders.enter(
            book,
            self,
            i if place is None else place,
            number,
            *self._size(book, i, entry),
            code(f"KIND_{entry.order.kind.name}"),
            self.number(book, i, entry.order.limit_price),
            self.number(book, i, entry.order.stop_price),
            *self._stop_loss(book, i, entry),
            code(f"TARGET_{target.kind.name}") if target else codes.TARGET_NONE,
            self.number(book, i, target.node if target else None),
            *self._life(entry),
            group,
            entry.reverse,
        )
        return placed

    def _enter_levels(self, book: Account, i: int, number: int, entry: EnterIntent, levels: Levels) -> int:
        target, spacing = entry.target, code(f"SPACING_{levels.spacing.name}")
        ends = (self.number(book, i, entry.order.limit_price), self.number(book, i, levels.last))
        ladders.lay_levels(book, levels.number, levels.count, spacing, *ends)
        placed: int = ladders.enter_levels(
            book,
            self,
            i,
            number,
            *self._size(book, i, entry),
            *self._stop_loss(book, i, entry),
            codes.TARGET_NEXT_LEVEL if levels.to_next else code(f"TARGET_{target.kind.name if target else 'NONE'}"),
            self.number(book, i, target.node if target else None),
            *self._life(entry),
        )
        return placed

    def _size(self, book: Account, i: int, entry: EnterIntent) -> tuple[int, int, float, int, float]:
        """Side, amount and what clips it, as the engine takes them."""
        at_most = entry.at_most
        return (
            codes.BUY if entry.side is Side.BUY else codes.SELL,
            code(f"SIZE_{entry.amount.kind.name}"),
            self.number(book, i, entry.amount.node),
            code(f"SIZE_{at_most.kind.name}") if at_most else codes.SIZE_NONE,
            self.number(book, i, at_most.node if at_most else None),
        )

    def _stop_loss(self, book: Account, i: int, entry: EnterIntent) -> tuple[int, float]:
        kind = codes.STOP_NONE if entry.stop_loss is None else codes.STOP_PRICE
        return kind, self.number(book, i, entry.stop_loss)

    def _life(self, entry: EnterIntent) -> tuple[int, int]:
        life = entry.time_in_force
        term = self.ends.index(life.clock) if life.clock else life.bars or life.last or 0
        return code(f"LIFE_{life.life.name}"), term


def code(name: str) -> int:
    """The engine's number of this name."""
    number: int = getattr(codes, name)
    return number
