"""One strategy of the fixed range, run: what it made use of, and whether the past depends on what comes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.causality import census
from tests.causality.files import Files
from tests.causality.running import Ready, Seen, files_of, first_difference, interpret, prepared
from tests.causality.strategies import make


@dataclass(frozen=True)
class Measured:
    """A run over everything, its files, and the constructs that text, program and run hold."""

    seed: int
    files: Files
    ready: Ready
    whole: Seen
    used: frozenset[str]

    def cut_at(self, moment: int) -> str:
        """The first difference to the run on what was known at that moment; nothing where there is none."""
        part = interpret(prepared(self.ready.compiled.strategy, self.files.until(moment)))
        return first_difference(self.whole, part, moment)

    def moments(self) -> list[int]:
        """Where it may be cut: not before every instrument has a few bars."""
        told = sorted(set(self.whole.closes))
        return told[len(told) // 4 : -2]

    def chosen(self, random: Random) -> int:
        return random.choice(self.moments())


def prepared_and_used(seed: int) -> tuple[Files, Ready, set[str]]:
    """Before any run: what the text and the program hold."""
    strategy = make(seed)
    files = files_of(strategy)
    with census.watched_grammar() as used:
        ready = prepared(strategy, files)
    compilation = ready.compiled.compilation
    for tree in (compilation.tree, compilation.checked.resolved.tree):
        used.update(census.used_by_tree(tree))
    used.update(census.used_by_program(ready.program))
    used.update(f"engine: EVENT_{event.kind.name}" for event in ready.market.feed.market.events)
    return files, ready, used


def measured(seed: int) -> Measured:
    files, ready, used = prepared_and_used(seed)
    whole = interpret(ready)
    used.update(census.used_by_run(whole.result))
    return Measured(seed, files, ready, whole, frozenset(used))
