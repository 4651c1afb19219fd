"""What names mean: the symbols of a program and its header, found once and read by every later stage.

A `Resolved` holds the tree by kinds of statement and the meaning of every name that it declares. Where a header line
was missing or wrong its field is empty (no instrument, no currency, an interval of 0 seconds): a problem has been told,
and later stages leave out what depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from stratc.compiler.resolve.constants import Followed
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Advice,
    Call,
    Cap,
    Data,
    Events,
    Expression,
    Floor,
    Function,
    Halt,
    HaltWhen,
    Input,
    Let,
    Member,
    Name,
    Node,
    NoEntries,
    Rule,
    Sequence,
    SequenceStep,
    Setting,
    TradeLine,
    Tree,
    Use,
)
from stratc.dsl.syntax import Instrument as Named
from stratc.dsl.syntax.books import Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

DAY_SECONDS: Final = 86_400


@record
class Header:
    """The first lines of a strategy; `anchor` is where to point when a line is missing.

    Rules are tried for each of the `instruments`; the `reads` are read by name only.
    """

    title: str
    instruments: tuple[Instrument, ...]
    reads: tuple[Instrument, ...]
    interval_seconds: int
    trade_line: TradeLine | None
    day_start: str
    account_kind: str
    currency: str
    anchor: Span

    @property
    def daily(self) -> bool:
        return self.interval_seconds >= DAY_SECONDS

    @property
    def universe(self) -> str:
        """The table of members that is traded; empty where instruments are named."""
        line = self.trade_line
        return "" if line is None or line.universe is None else line.universe.text

    @property
    def pairs(self) -> bool:
        """Whether rules are tried for pairs; then each pair has two of the `instruments`, its legs, one behind the
        other."""
        return self.trade_line is not None and self.trade_line.pairs

    @property
    def named(self) -> tuple[Instrument, ...]:
        """Every instrument that a program may name, in the order of their numbers."""
        return (*self.instruments, *self.reads)

    @property
    def legs(self) -> tuple[Instrument, ...]:
        """`one` and `other`, where pairs are traded: like every member of a pair, under the names that rules have."""
        if not self.pairs or not self.instruments:
            return ()
        return tuple(replace(self.instruments[0], symbol=leg) for leg in LEGS)

    @property
    def quote_currency(self) -> str:
        """What prices are quoted in; empty where the instruments differ."""
        found = {instrument.currency for instrument in self.instruments}
        return found.pop() if len(found) == 1 else ""

    @property
    def price_currency(self) -> str:
        """The same as part of a price's type: no amount fits where every instrument has a currency of its own."""
        return self.quote_currency or (EACH_ITS_OWN if self.instruments else "")


# What rules call the two instruments of a pair, in the order of the header.
LEGS: Final = ("one", "other")

EACH_ITS_OWN: Final = "each instrument's currency"

Table = Events | Data | Advice
Declaration = Input | Let | Function | Table | Sequence | SequenceStep


@record
class Given:
    """An input of a block that a line sets: what was written, and the input as the block declares it."""

    setting: Setting
    wanted: Input


@record
class Used:
    """A block that is used: what is before the dot of its names, the line that uses it, and how it is called there."""

    name: str
    use: Use
    block: str


@record
class SleeveOf:
    """A sleeve of a book: what is before the dot of its names, its own title, its part of the equity in percent,
    its instruments with their places in the header, and the currency that it is for (empty where it does not say)."""

    name: str
    title: str
    part: Decimal
    symbols: tuple[str, ...]
    places: tuple[int, ...]
    currency: str
    line: Sleeve

    def owns(self, name: str) -> bool:
        """Whether a rule or a binding of that name is the sleeve's."""
        return name.startswith(f"{self.name}.")

    def named(self, span: Span) -> tuple[Named, ...]:
        """Its instruments, as if they were named at `span`."""
        return tuple(Named(span=span, symbol=symbol) for symbol in self.symbols)


@record
class Blocks:
    """The blocks that a program is made with, in the order of the text, and the sleeves of a book.

    `of_book` also where no sleeve of it could be read.
    """

    used: tuple[Used, ...] = ()
    given: tuple[Given, ...] = ()
    sleeves: tuple[SleeveOf, ...] = ()
    of_book: bool = False

    def is_sleeve(self, used: Used) -> bool:
        """Whether what was put there as a block is a sleeve."""
        return any(used.name == sleeve.name for sleeve in self.sleeves)

    @property
    def shared(self) -> frozenset[str]:
        """The instruments that more than one sleeve trades."""
        every = [symbol for sleeve in self.sleeves for symbol in sleeve.symbols]
        return frozenset(symbol for symbol in every if every.count(symbol) > 1)


@record
class Resolved:
    """A program whose names are known.

    `opaque` bindings read something that is declared below them, or are nested too deep: their value is not followed,
    so that following bindings always ends; what follows from the others is in `followed`. A program is `whole` when its
    tree has no holes: what is missing in one that is not may stand in the hole, so nothing is said about what is never
    used or never happens.

    The tree holds no function: its calls are written out. `calls` says of each of them how it was written. Where a
    value stands is found once and `remembered` (`check.grounds`).
    """

    tree: Tree
    header: Header
    inputs: tuple[Input, ...]
    bindings: tuple[Let, ...]
    functions: tuple[Function, ...]
    tables: tuple[Table, ...]
    sequences: tuple[Sequence, ...]
    rules: tuple[Rule, ...]
    no_entries: tuple[NoEntries, ...]
    caps: tuple[Cap, ...]
    floors: tuple[Floor, ...]
    halts: tuple[Halt, ...]
    halts_when: tuple[HaltWhen, ...]
    roll: Roll | None
    leave: Leave | None
    groups: tuple[Group, ...]
    flows: tuple[Flow, ...]
    declared: Mapping[str, Declaration]
    used: frozenset[str]
    opaque: frozenset[str]
    followed: Followed
    whole: bool
    calls: Mapping[Expression, Call]
    blocks: Blocks
    remembered: dict[Node, frozenset[Any]]

    def binding(self, name: str) -> Expression | None:
        """What a `let` of that name stands for; None where it is none or cannot be followed."""
        found = self.declared.get(name)
        return found.value if isinstance(found, Let) and name not in self.opaque else None

    def input(self, name: str) -> Input | None:
        found = self.declared.get(name)
        return found if isinstance(found, Input) else None

    def table(self, name: str) -> Table | None:
        found = self.declared.get(name)
        return found if isinstance(found, Events | Data | Advice) else None

    def events(self, name: str) -> Events | None:
        found = self.declared.get(name)
        return found if isinstance(found, Events) else None

    def series(self, name: str) -> Data | Advice | None:
        """The table of values of that name: data or advice."""
        found = self.declared.get(name)
        return found if isinstance(found, Data | Advice) else None

    def sequence(self, name: str) -> Sequence | None:
        found = self.declared.get(name)
        return found if isinstance(found, Sequence) else None

    def step(self, name: str) -> tuple[Sequence, int] | None:
        """The sequence that has a step of that name, and which of its steps that is."""
        step = self.declared.get(name)
        if not isinstance(step, SequenceStep):
            return None
        return next((whole, whole.steps.index(step)) for whole in self.sequences if step in whole.steps)

    def step_read(self, node: Expression) -> tuple[Sequence, int] | None:
        """What `gap.low` reads: a sequence and one of its steps; None of any other expression."""
        match node:
            case Member(base=Name(text=text)):
                return self.step(text)
            case _:
                return None
