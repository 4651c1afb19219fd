"""A program run as it is written: the executable specification that generated code must equal bit for bit.

Maps a `Program` to the strategy that the engine asks, bar after bar: `signals` after a bar's fills and mark, `decide`
when all bars of a moment are in. Assumes a verified program. What depends only on bars is computed once a bar; what
reads the account is computed where a rule needs it, so that a rule sees the orders of the rules before it. What is
remembered (delays, windows, indicators) of the account is its value when the bar came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Final, assert_never

from stratc.compiler.delegates import NO_GUARDS, Guards
from stratc.compiler.ir.meaning import calculate, combine, compare, compare_across
from stratc.compiler.ir.memory import LongerBar, Memory, Value, memory_of, numbers
from stratc.compiler.ir.nodes import (
    Across,
    AllocateIntent,
    Among,
    Anchor,
    Arithmetic,
    AtEntry,
    Book,
    Column,
    Compare,
    Constant,
    Datum,
    Delay,
    EnterIntent,
    ExitIntent,
    Flow,
    Follow,
    Indicate,
    Intent,
    IsKnown,
    Kind,
    Levels,
    Logic,
    MoveStopIntent,
    Node,
    NodeId,
    Of,
    OneOfIntent,
    Output,
    Parameter,
    PriceStep,
    Program,
    Reached,
    Rule,
    Sample,
    Select,
    Side,
    Since,
    SinceEntry,
    Step,
    Time,
)
from stratc.compiler.ir.uses import (
    SEEN,
    allocation_of,
    column_requests,
    ending_requests,
    entries,
    joining,
    longer_bars,
    reading_book,
    recomputed,
    remembering,
    roots,
    sampling,
)
from stratc.dsl.stdlib import catalogue
from stratc.runtime.engine import allocation, codes, flows, halts, ladders, orders, stops, trailing, words
from stratc.runtime.engine.book import Book as Account
from stratc.runtime.engine.columns import Columns
from stratc.runtime.model import clock
from stratc.runtime.model.clock import HigherBar

UNKNOWN: Final[dict[Kind, Value]] = {Kind.NUMBER: nan, Kind.TRUTH: None}


class InterpretedStrategy:
    """One run of a program. Takes what the generated class takes; `clocks` are sequences instead of addresses.

    `values` may be read: the values of the last bar, a list an instrument, by node id, unless they read the account.
    """

    def __init__(
        self,
        program: Program,
        columns: Columns,
        clocks: Sequence[Sequence[float]],
        parameters: Sequence[float],
        steps: Sequence[float],
        guards: Guards = NO_GUARDS,
    ) -> None:
        self.program, self.columns = program, columns
        self.instruments = len(steps) // len(Step)
        self.steps = [
            dict(zip(Step, steps[len(Step) * i : len(Step) * (i + 1)], strict=True)) for i in range(self.instruments)
        ]
        self.clocks = dict(zip(column_requests(program), clocks, strict=True))
        self.parameters = dict(zip((declared.name for declared in program.inputs), parameters, strict=True))
        self.books = reading_book(program)
        self.recomputed = {node: recomputed(program, node, self.books) for node in roots(program)}
        needed = remembering(program)
        computed = [node for node in program.nodes if node.id in needed or node.id not in self.books]
        joined, longer = joining(program), longer_bars(program)
        self.fixed = [node for node in computed if isinstance(node.operation, Constant | Parameter | PriceStep)]
        of_bar = [node for node in computed if node.bars is None and node.id not in joined]
        sampled = sampling(program)
        self.sampled = [node for node in of_bar if node.id in sampled]
        self.per_bar = [node for node in of_bar if node.id not in sampled]
        self.per_moment = [node for node in computed if node.id in joined]
        self.per_close = {bars: [node for node in computed if node.bars == bars] for bars in longer}
        self.longer: list[dict[HigherBar, LongerBar]] = [{} for _ in range(self.instruments)]
        self.memory: list[dict[NodeId, Memory]] = [{} for _ in range(self.instruments)]
        self.values: list[list[Value]] = [[] for _ in range(self.instruments)]
        self.outputs: list[dict[NodeId, tuple[float, ...]]] = [{} for _ in range(self.instruments)]
        for i in range(self.instruments):
            self.begin_again(None, i)
        self.rows, self.ends = [0] * self.instruments, ending_requests(program)
        self.deny_opening = guards.deny_opening
        self.observe_order = guards.observe_order
        self.observe_order_done = guards.observe_order_done
        self.observe_fill = guards.observe_fill
        self.observe_locate = guards.observe_locate
        self.observe_new_day = guards.observe_new_day
        self.observe_mark = guards.observe_mark

    def begin_again(self, book: Account | None, i: int) -> None:
        """Nothing is remembered of instrument `i`."""
        kept = ((node.id, memory_of(node, self.parameters)) for node in self.program.nodes)
        self.memory[i] = {node: memory for node, memory in kept if memory}
        self.longer[i] = {bars: LongerBar() for bars in self.per_close}
        self.values[i], self.outputs[i] = [UNKNOWN[node.kind] for node in self.program.nodes], {}

    def signals(self, book: Account, r: int, i: int) -> None:
        """Takes in bar `r` of instrument `i`, after its fills and its mark."""
        self.rows[i] = r
        self._evaluate(book, i, self.fixed)
        for bars in self.per_close:
            self._begin(book, i, bars)
        self._evaluate(book, i, self.sampled)
        for bars in self.per_close:
            self._take_in(book, i, bars)
        self._evaluate(book, i, self.per_bar)
        if self.ends:
            book.ends[i] = sum(1 << bit for bit, request in enumerate(self.ends) if self.clocks[request][r] == 1)
        if self.program.entry_hours:
            request, start, end = self.program.entry_hours
            second = self.clocks[request][r]
            inside = start <= second < end if start < end else second >= start or second < end
            book.outside_hours[i] = 0 if inside else 1

    def _evaluate(self, book: Account, i: int, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self.values[i][node.id] = self._on_bar(book, i, node)

    def _phase(self, i: int, bars: HigherBar) -> int:
        return int(self.clocks[clock.Window(kind=bars)][self.rows[i]])

    def _begin(self, book: Account, i: int, bars: HigherBar) -> None:
        """Begins a longer bar; the one before, where its last part is missing, closes with the first bar after it."""
        if self._phase(i, bars) & clock.BEGUN:
            longer = self.longer[i][bars]
            self._evaluate(book, i, self.per_close[bars] if longer.taken else ())
            longer.begin()

    def _take_in(self, book: Account, i: int, bars: HigherBar) -> None:
        """Joins the bar to the longer one, and what is sampled on it; the last one closes it."""
        longer, phase = self.longer[i][bars], self._phase(i, bars)
        if phase & clock.INSIDE and longer.begun:
            longer.take(*(float(getattr(self.columns, SEEN[name])[self.rows[i]]) for name in LongerBar.COLUMNS))
            longer.samples = {node.id: self.values[i][node.id] for node in self.sampled}
        if phase & clock.ENDED and longer.taken:
            self._evaluate(book, i, self.per_close[bars])
            longer.end()

    def _on_bar(self, book: Account, i: int, node: Node) -> Value:
        """The node's value when the bar comes in, from the values before it in the list."""
        given = [self.values[i][argument] for argument in node.arguments]
        memory = self.memory[i].get(node.id)
        if memory is None:
            return self._value(book, i, node, given)
        if isinstance(node.operation, Anchor):
            given.append(float(self.clocks[node.operation.window][self.rows[i]]))
        if isinstance(node.operation, SinceEntry):
            given.append(float(words.phase_since_entry(book, i)))
        if isinstance(node.operation, AtEntry):
            given.append(float(words.phase_at_entry(book, i)))
        result = memory.push(given)
        if isinstance(result, tuple):
            self.outputs[i][node.id] = result
            return result[0]
        return result

    def _value(self, book: Account, i: int, node: Node, given: Sequence[Value]) -> Value:
        """The value of a node without memory, from the values of its arguments."""
        match node.operation:
            case Constant(value=value):
                return value
            case Parameter(name=name):
                value = self.parameters[name]
                return value if node.kind is Kind.NUMBER else value != 0.0
            case PriceStep(step=size):
                return self.steps[i][size]
            case Column(name=name) if node.bars is not None:
                return self.longer[i][node.bars].value(name)
            case Sample():
                assert node.bars is not None
                return self.longer[i][node.bars].samples[node.arguments[0]]
            case Column(name=name):
                return float(getattr(self.columns, SEEN[name])[self.rows[i]])
            case Time(request=request) | Datum(request=request):
                return float(self.clocks[request][self.rows[i]])
            case Book(word=word):
                said: Value = getattr(words, f"word_{word}")(book, i)
                return said
            case Arithmetic(operator=arithmetic):
                return calculate(arithmetic, numbers(given))
            case Compare(operator=comparison):
                return compare(comparison, *given)
            case Logic(operator=logic):
                return combine(logic, [None if value is None else bool(value) for value in given])
            case IsKnown():
                return given[0] is not None and given[0] == given[0]
            case Among(instruments=those):
                return i in those
            case Select():
                return UNKNOWN[node.kind] if given[0] is None else given[1] if given[0] else given[2]
            case Of(instrument=number):
                return self.values[number][node.arguments[0]]
            case Across(beside=beside):
                return compare_across(beside, i, self._of_all(book, node.arguments[0]))
            case Output(name=name):
                return self._output(i, node.arguments[0], name)
            case Reached(step=step):
                return bool(int(given[0] or 0) >> step & 1)
            case Indicate() | Delay() | Anchor() | Follow() | Since() | SinceEntry() | AtEntry():
                return self.values[i][node.id]
            case _:
                assert_never(node.operation)

    def _of_all(self, book: Account, node: NodeId) -> list[Value]:
        """A node's value for each traded instrument, unknown where it has no bar at this moment."""
        traded = range(len(self.program.instruments))
        return [self.values[j][node] if book.fresh[j] else None for j in traded]

    def _output(self, i: int, source: NodeId, name: str) -> float:
        operation = self.program.nodes[source].operation
        assert isinstance(operation, Indicate)
        indicator = catalogue.lookup(operation.stem)
        assert indicator is not None
        values = self.outputs[i].get(source, numbers([self.values[i][source]]) * len(indicator.outputs))
        return values[[output.name for output in indicator.outputs].index(name)]

    def _asked(self, book: Account, i: int, node: NodeId) -> Value:
        """The node's value at this moment, for a rule."""
        values, fresh = self.values[i], dict[NodeId, Value]()
        for each in self.recomputed[node]:
            asked = self.program.nodes[each]
            given = [fresh[a] if a in self.books else values[a] for a in asked.arguments]
            fresh[each] = self._value(book, i, asked, given)
        return fresh[node] if node in self.books else values[node]

    def _number(self, book: Account, i: int, node: NodeId | None) -> float:
        """An amount or a price, nan where unknown; 0 where the intent has none, and says so by its kind."""
        return 0.0 if node is None else numbers([self._asked(book, i, node)])[0]

    def join_bars(self, book: Account) -> None:
        """All bars of a moment are in: what reads other instruments is computed."""
        for i in range(self.instruments):
            if book.fresh[i]:
                self._evaluate(book, i, self.per_moment)

    def decide(self, book: Account, r: int) -> None:
        """Tries the rules in the order of the text, each for the traded instruments in order that have a new bar."""
        self.join_bars(book)
        for number, flow in enumerate(self.program.flows, len(self.program.rules)):
            self._move_money(book, number, flow)
        for k, when in enumerate(self.program.halts_when, len(self.program.halts)):
            traded = (i for i in range(len(self.program.instruments)) if book.fresh[i])
            if any(self._asked(book, i, when.condition) is True for i in traded):
                halts.halt_now(book, self, k)
        for i in range(len(self.program.instruments)):
            if book.fresh[i] and self.program.no_entries:
                conditions = (each.condition for each in self.program.no_entries)
                barring = (k for k, node in enumerate(conditions, 1) if self._asked(book, i, node) is not False)
                halts.bar_entries(book, self, i, next(barring, 0))
        for number, rule in enumerate(self.program.rules):
            if intent := allocation_of(rule):
                self._allocate(book, number, rule, intent)
                continue
            if rule.both:
                self._enter_both(book, number, rule)
                continue
            for i in range(len(self.program.instruments)):
                if book.fresh[i] and self._is_due(i, rule) and self._holds(book, i, rule.condition):
                    self._carry_out(book, i, number, rule)

    def _move_money(self, book: Account, number: int, flow: Flow) -> None:
        """A flow is due with the first instrument that is."""
        traded = range(len(self.program.instruments))
        due = next((i for i in traded if book.fresh[i] and self.clocks[flow.schedule][self.rows[i]] == 1), None)
        if due is not None:
            amount = self._number(book, due, flow.amount)
            flows.plan_flow(book, number, code(f"PERIOD_{flow.period.name}"), amount, flow.withdraw)

    def _is_due(self, i: int, rule: Rule) -> bool:
        return rule.schedule is None or self.clocks[rule.schedule][self.rows[i]] == 1

    def _holds(self, book: Account, i: int, condition: NodeId | None) -> bool:
        return condition is None or self._asked(book, i, condition) is True

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
                orders.choose_lots(book, code(f"LOTS_{intent.lots.name}"))
                orders.exit_position(
                    book,
                    self,
                    i,
                    number,
                    code(f"PORTION_{intent.portion.name}"),
                    self._number(book, i, intent.node),
                    code(f"KIND_{intent.order.kind.name}"),
                    self._number(book, i, intent.order.limit_price),
                    self._number(book, i, intent.order.stop_price),
                )
            case AllocateIntent():
                raise AssertionError("an allocation is carried out once for all instruments")
            case MoveStopIntent(node=node, looser=looser):
                kind = codes.MOVE_BREAK_EVEN if node is None else codes.MOVE_PRICE
                stops.move_stop(book, i, number, kind, self._number(book, i, node), looser)
            case _:
                assert_never(intent)

    def _allocate(self, book: Account, number: int, rule: Rule, intent: AllocateIntent) -> None:
        """One decision for the instruments that have a new bar and are due; the first of them answers for all."""
        traded = range(len(self.program.instruments))
        due = [i for i in traded if book.fresh[i] and self._is_due(i, rule)]
        if not due or not self._holds(book, due[0], rule.condition):
            return
        ranking, band = intent.ranking, intent.band
        allocation.begin_offers(book)
        for i in due:
            score = self._number(book, i, ranking.score if ranking else None)
            weight = 1.0 if intent.weight is None else self._number(book, i, intent.weight)
            allocation.offer(book, i, self._holds(book, i, intent.where), score, weight)
        allocation.allocate(
            book,
            self,
            number,
            self._number(book, due[0], intent.amount),
            code(f"SHARE_{intent.share.name}"),
            ranking.places if ranking else len(traded),
            ranking.shorts if ranking else 0,
            code(f"RANK_{ranking.rank.name}") if ranking else codes.RANK_HIGHEST,
            code(f"BAND_{band.kind.name}") if band else codes.BAND_NONE,
            self._number(book, due[0], band.node if band else None),
            intent.new_cash,
            code(f"KIND_{intent.order.kind.name}"),
        )

    def _enter_both(self, book: Account, number: int, rule: Rule) -> None:
        """Both entries or neither, where all holds for both instruments."""
        legs = [(leg.instrument or 0, leg) for leg in entries(rule)]
        if all(book.fresh[i] and self._is_due(i, rule) and self._holds(book, i, rule.condition) for i, _ in legs):
            (i, one), (j, other) = legs
            first = self._enter(book, i, number, one, 0)
            if first >= 0 and self._enter(book, j, number, other, 0) < 0:
                orders.take_back(book, self, i, first)

    def _enter(self, book: Account, i: int, number: int, entry: EnterIntent, group: int) -> int:
        at_most, target, life = entry.at_most, entry.target, entry.time_in_force
        term = self.ends.index(life.clock) if life.clock else life.bars or 0
        if entry.locate:
            orders.after_locate(book)
        if entry.trail:
            distance = self._number(book, i, entry.trail.node)
            trailing.trail_next_entry(book, code(f"TRAIL_{entry.trail.kind.name}"), distance)
        if entry.levels:
            self._enter_levels(book, i, number, entry, entry.levels)
            return 0  # asked for by pairs alone, and a pair has no levels
        placed: int = orders.enter(
            book,
            self,
            i,
            number,
            codes.BUY if entry.side is Side.BUY else codes.SELL,
            code(f"SIZE_{entry.amount.kind.name}"),
            self._number(book, i, entry.amount.node),
            code(f"SIZE_{at_most.kind.name}") if at_most else codes.SIZE_NONE,
            self._number(book, i, at_most.node if at_most else None),
            code(f"KIND_{entry.order.kind.name}"),
            self._number(book, i, entry.order.limit_price),
            self._number(book, i, entry.order.stop_price),
            codes.STOP_NONE if entry.stop_loss is None else codes.STOP_PRICE,
            self._number(book, i, entry.stop_loss),
            code(f"TARGET_{target.kind.name}") if target else codes.TARGET_NONE,
            self._number(book, i, target.node if target else None),
            code(f"LIFE_{life.life.name}"),
            term,
            group,
            entry.reverse,
        )
        return placed

    def _enter_levels(self, book: Account, i: int, number: int, entry: EnterIntent, levels: Levels) -> None:
        at_most, target, life = entry.at_most, entry.target, entry.time_in_force
        ladders.enter_levels(
            book,
            self,
            i,
            number,
            codes.BUY if entry.side is Side.BUY else codes.SELL,
            code(f"SIZE_{entry.amount.kind.name}"),
            self._number(book, i, entry.amount.node),
            code(f"SIZE_{at_most.kind.name}") if at_most else codes.SIZE_NONE,
            self._number(book, i, at_most.node if at_most else None),
            levels.number,
            levels.count,
            code(f"SPACING_{levels.spacing.name}"),
            self._number(book, i, entry.order.limit_price),
            self._number(book, i, levels.last),
            codes.STOP_NONE if entry.stop_loss is None else codes.STOP_PRICE,
            self._number(book, i, entry.stop_loss),
            codes.TARGET_NEXT_LEVEL if levels.to_next else code(f"TARGET_{target.kind.name if target else 'NONE'}"),
            self._number(book, i, target.node if target else None),
            code(f"LIFE_{life.life.name}"),
            self.ends.index(life.clock) if life.clock else life.bars or 0,
        )


def code(name: str) -> int:
    """The engine's number of this name."""
    number: int = getattr(codes, name)
    return number
