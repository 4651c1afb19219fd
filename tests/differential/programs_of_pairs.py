"""Random programs that trade pairs: what is read of a leg, what compares pairs, rules tried for each of them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from stratc.compiler.ir.nodes import (
    Across,
    Among,
    AtEntry,
    Beside,
    Book,
    BookWord,
    Kind,
    LotChoice,
    NodeId,
    OrderKind,
    OrderShape,
    PortionKind,
    Program,
    SinceEntry,
)
from tests.differential.programs import SCHEDULES, Maker, with_money

# Four that are traded in two pairs, and one that is only read: behind the legs of pairs stands what has none.
PLACES, READ = ("I0", "I1", "I2", "I3"), ("I4",)


class PairMaker(Maker):
    def grow(self) -> None:
        """Of every third node or so a value of a leg, of every fifth a comparison of pairs."""
        super().grow()
        chance = self.random.random()
        if chance < 0.35:
            self.keep(self.other())
        elif chance < 0.55:
            self.keep(self.across())

    def word(self) -> NodeId:
        return self.b.book(self.random.choice(list(BookWord)), self.random.choice((0, 1, None)))

    def other(self) -> NodeId:
        """Mostly a value of a leg, now and then one of an instrument by its number."""
        if self.random.random() < 0.3:
            return super().other()
        fit = [node for node in (*self.numbers, *self.truths, *self.on_longer) if self.of_bars(node)]
        return self.b.of_leg(self.random.choice((0, 1)), self.random.choice(fit))

    def across(self) -> NodeId:
        """Beside other pairs: what legs say, where there is such a value."""
        beside = self.random.choice(tuple(Beside))
        wanted = Kind.TRUTH if beside is Beside.COUNT else Kind.NUMBER
        fit = [node for node in (*self.numbers, *self.truths, *self.on_longer) if self.b.kind(node) is wanted]
        fit = [node for node in fit if self.of_legs(node)]
        joined = [node for node in fit if not self.bars_alone(node)]
        return self.b.across(beside, self.random.choice(joined or fit)) if fit else self.number()

    def of_legs(self, node: NodeId) -> bool:
        found = self.b.nodes[node]
        return not isinstance(found.operation, Book | Among | Across | SinceEntry | AtEntry) and all(
            map(self.of_legs, found.arguments)
        )

    def rule(self, index: int) -> None:
        if self.random.random() < 0.6:
            self.pair_rule(index)
            return
        self.b.line(f"rule rule_{index}")
        condition = self.truth() if self.random.random() < 0.85 else None
        schedule = self.random.choice(SCHEDULES) if self.random.random() < 0.3 else None
        half = self.random.random() < 0.4
        portion, node = (PortionKind.FRACTION, self.b.constant(0.5)) if half else (PortionKind.ALL, None)
        shape = OrderShape(kind=self.random.choice((OrderKind.MARKET, OrderKind.NEXT_OPEN)))
        leave = self.b.leave(portion, node, shape, self.random.choice(list(LotChoice)))
        self.b.rule(f"rule_{index}", condition, leave, schedule=schedule)


def make_pairs(random: Random, *, nodes: int = 30, rules: int = 4) -> Program:
    maker = PairMaker(random, len(PLACES))
    for _ in range(nodes):
        maker.grow()
    for index in range(rules):
        maker.rule(index)
    for _ in range(random.choice((0, 0, 1))):
        maker.b.no_entries(maker.truth())
    for _ in range(random.choice((0, 0, 1))):
        maker.b.halt_when(maker.b.logic("and", maker.truth(), maker.truth()))
    program = replace(maker.b.program("made up", PLACES), reads=READ, pairs=True)
    return with_money(program, random)
