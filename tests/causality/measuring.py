"""One strategy of the fixed range, run: what it made use of, and whether the past depends on what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from random import Random

from stratc.runtime.engine import codes
from tests.causality import census
from tests.causality.files import Files, Row
from tests.causality.running import Ready, Seen, files_of, first_difference, interpret, prepared
from tests.causality.strategies import make

HIGHER = 1.03


@dataclass(frozen=True)
class Measured:
    """A run over everything, its files, and the constructs that its text and its program hold."""

    seed: int
    files: Files
    ready: Ready
    held: frozenset[str]

    @cached_property
    def whole(self) -> Seen:
        return interpret(self.ready)

    @property
    def used(self) -> frozenset[str]:
        return self.held | frozenset(census.used_by_run(self.whole.result))

    def on(self, files: Files) -> Seen:
        return interpret(prepared(self.ready.compiled.strategy, files, self.ready.compiled))

    def cut_at(self, moment: int) -> str:
        """The first difference to the run on what was known at that moment; nothing where there is none."""
        return first_difference(self.whole, self.on(self.files.until(moment)), moment)

    def moments(self) -> list[int]:
        """Where it may be cut: behind the first bars, where every instrument has its bar and its next one.

        A schedule whose moment falls among bars that lack belongs to the last bar before them, and that they lack is
        known only when they do not come.
        """
        at: dict[int, set[str]] = {}
        for key in next(iter(self.whole.first.values())):
            at.setdefault(key[1], set()).add(key[0])
        told = sorted(at)
        # An instrument whose bars have ended lacks every one from then on.
        so_far = accumulate((at[moment] for moment in told), set.union)
        whole = [
            now for (now, after), all_of in zip(pairwise(told), so_far, strict=False) if at[now] == at[after] == all_of
        ]
        return [moment for moment in whole if told[len(told) // 4] <= moment <= told[-3]]

    def too_early(self) -> str:
        """The first order that was filled no later than on the bar on whose close it was decided.

        A position whose bars have ended is closed out at once, at the last mark: no bar follows that could fill it.
        """
        orders, fills = self.whole.result.order_log, self.whole.result.fill_log
        ids, rows = (orders[place :: codes.PLACED_WIDTH] for place in (codes.PLACED_ID, codes.PLACED_ROW))
        placed = dict(zip(ids, rows, strict=True))
        for at in range(0, len(fills), codes.FILL_WIDTH):
            order, row = fills[at + codes.FILL_ORDER], fills[at + codes.FILL_ROW]
            if order in placed and row <= placed[order] and fills[at + codes.FILL_ROLE] != codes.ROLE_CLOSE_OUT:
                return f"order {order} of row {placed[order]} was filled on row {row}"
        return ""

    def knows_its_own_bar(self, random: Random) -> str:
        """Whether a stop loss that a long position left by stands elsewhere where that very bar reaches higher."""
        found = list(self.stopped())
        if not found:
            return ""
        row, symbol = random.choice(found)
        name = f"{symbol.replace('/', '')}.csv"
        if name not in self.files.rows:
            return ""  # a future's bars are those of its contracts
        closed = self.whole.closes[row]
        bars = tuple(higher(bar) if bar.known_ns == closed else bar for bar in self.files.rows[name])
        raised = self.on(replace(self.files, rows=self.files.rows | {name: bars}))
        told = (
            [line for moment, line in seen.log(codes.LOG_FILLS) if moment == closed and is_stopped(line, symbol)]
            for seen in (self.whole, raised)
        )
        left, right = told
        return (
            ""
            if left == right
            else f"the stop loss of {symbol} on row {row} knows the high of its bar: {left}, {right}"
        )

    def stopped(self) -> Iterator[tuple[int, str]]:
        """The rows on which nothing happened but that stop losses of a long position were filled."""
        fills = self.whole.result.fill_log
        lines = [fills[at : at + codes.FILL_WIDTH] for at in range(0, len(fills), codes.FILL_WIDTH)]
        for row in sorted({line[codes.FILL_ROW] for line in lines}):
            there = [line for line in lines if line[codes.FILL_ROW] == row]
            roles = {(line[codes.FILL_ROLE], line[codes.FILL_SIDE]) for line in there}
            if roles == {(codes.ROLE_STOP_LOSS, codes.SELL)}:
                yield row, self.ready.symbols[there[0][codes.FILL_INSTRUMENT]]


def is_stopped(line: tuple[object, ...], symbol: str) -> bool:
    """Whether a fill is one of this instrument's stop losses; an entry above may well be filled by a higher bar."""
    return line[0] == symbol and line[1 + codes.FILL_ROLE] == codes.ROLE_STOP_LOSS


def higher(bar: Row) -> Row:
    """The same bar with a higher high, on the price's last digit."""
    cells = bar.text.split(",")
    digits = len(cells[2].partition(".")[2])
    cells[2] = f"{round(float(cells[2]) * HIGHER, 2):.{digits}f}"
    return replace(bar, text=",".join(cells))


def measured(seed: int) -> Measured:
    """The strategy of a seed, read and compiled, with what its text and its program hold."""
    strategy = make(seed)
    files = files_of(strategy)
    with census.watched_grammar() as used:
        ready = prepared(strategy, files)
    compilation = ready.compiled.compilation
    for tree in (compilation.tree, compilation.checked.resolved.tree):
        used.update(census.used_by_tree(tree))
    used.update(census.used_by_program(ready.program))
    used.update(f"engine: EVENT_{event.kind.name}" for event in ready.market.feed.market.events)
    return Measured(seed, files, ready, frozenset(used))


def interpreted(seed: int) -> Measured:
    """The same without a census."""
    strategy = make(seed)
    files = files_of(strategy)
    return Measured(seed, files, prepared(strategy, files), frozenset())
