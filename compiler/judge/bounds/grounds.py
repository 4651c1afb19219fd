"""What bounds rest on: the program, what its account pays for, and what is known of its instruments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from stratc.compiler.ir.nodes import AllocateIntent, EnterIntent, Intent, OneOfIntent, Program, Rule, Side
from stratc.compiler.ir.uses import allocation_of, entries, shorts_of
from stratc.compiler.judge.sizes import allocated_sides, asks_flat
from stratc.dsl.source import Line, Span
from stratc.runtime.executor.terms import AccountKind, LimitFill, terms_of
from stratc.runtime.model.account import AccountProfile, AccountType
from stratc.runtime.model.instrument import Instrument, InstrumentKind

BALANCES = frozenset({AccountType.FUTURES, AccountType.FOREX, AccountType.CFD})


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """A program beside its account; `instruments` is empty where one of them is not known."""

    program: Program
    pays: AccountKind
    instruments: tuple[Instrument, ...]

    @cached_property
    def entering(self) -> tuple[tuple[Rule, EnterIntent], ...]:
        """Every entry with its rule, in the order of the text."""
        return tuple((rule, entry) for rule in self.program.rules for entry in entries(rule))

    @cached_property
    def allocations(self) -> tuple[AllocateIntent, ...]:
        return tuple(intent for rule in self.program.rules if (intent := allocation_of(rule)))

    @cached_property
    def sides(self) -> frozenset[Side]:
        """The sides on which positions are opened."""
        return frozenset({entry.side for _, entry in self.entering} | allocated_sides(self.program))

    @cached_property
    def shorting(self) -> tuple[Span, ...]:
        """The entries and allocations that sell short."""
        entered = [entry.span for _, entry in self.entering if entry.side is Side.SELL_SHORT]
        return (*entered, *(intent.span for intent in self.allocations if shorts_of(intent)))

    @cached_property
    def adding(self) -> tuple[Rule, ...]:
        """Rules whose entries may meet a position or a working entry."""
        return tuple(rule for rule in self.program.rules if any(entries(rule)) and not asks_flat(self.program, rule))

    @property
    def enters_flat(self) -> bool:
        """Whether every opening meets an instrument without position and without working entry."""
        return not self.allocations and not self.adding

    @property
    def alone(self) -> bool:
        """Whether there is one instrument, so that its exposure is the account's."""
        return len(self.program.instruments) == 1 and not self.program.universe

    @property
    def prices_stay_positive(self) -> bool:
        """Whether what is bought can lose no more than it is worth: futures have been sold below nought."""
        return bool(self.instruments) and all(each.kind is not InstrumentKind.FUTURE for each in self.instruments)

    @property
    def one_currency(self) -> bool:
        return bool(self.instruments) and all(each.currency == self.program.currency for each in self.instruments)

    def line(self, span: Span) -> Line:
        return self.program.line(span)

    def lines(self, spans: Iterable[Span]) -> str:
        """`line 12, line 17`."""
        return ", ".join(dict.fromkeys(self.line(span).text for span in spans)) or "no source text"


def grounds_of(program: Program, pays: AccountKind, find: Callable[[str], Instrument | None]) -> Grounds:
    """`find` gives what is known of a symbol."""
    found = tuple(find(symbol) for symbol in program.instruments)
    known = tuple(each for each in found if each is not None)
    return Grounds(program=program, pays=pays, instruments=known if len(known) == len(found) else ())


def kind_of(program: Program, account: AccountProfile | None) -> AccountKind:
    """What the account pays for; without a profile it is of the kind that the text names."""
    if account is not None:
        return terms_of(account, Decimal(1), LimitFill.TOUCH, segment=program.account_kind).kind
    if program.account_kind == AccountType.CASH:
        return AccountKind.CASH
    return AccountKind.BALANCE if program.account_kind in BALANCES else AccountKind.MARGINED


def legs_of(intent: Intent) -> Iterator[tuple[EnterIntent, ...]]:
    """The entries that one intent makes, apart by side: of an instrument the larger side counts."""
    legs = intent.legs if isinstance(intent, OneOfIntent) else (intent,) if isinstance(intent, EnterIntent) else ()
    for side in Side:
        same = tuple(leg for leg in legs if leg.side is side)
        if same:
            yield same
