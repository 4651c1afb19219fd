"""Every construct of the language, listed from the code, and what a strategy and its runs made use of.

A member is a text: `grammar: sum -> sum PLUS product`, `word: entry_price`, `ir: LotChoice.NEWEST`,
`stdlib: macd.signal`, `engine: ROLE_TARGET`. `members` asks the grammar, the tree's classes, the IR's, the clock's
and the tables' classes and enumerations, the standard library and the engine's numbers; nothing is listed by hand but
what is exempt, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any, Final

import pytest
from lark.grammar import Rule

from stratc.compiler.ir.nodes import Indicate, Output, Program, intents, operations, program
from stratc.compiler.resolve.words import ACCOUNT_KINDS, ACCOUNT_WORDS, ACROSS, AGGREGATES, BUILT_IN, CAP_KINDS, COLUMNS
from stratc.dsl import syntax
from stratc.dsl.parsing import pieces
from stratc.dsl.parsing.expressions import COUNTED_UNITS, MONTHS, WEEKDAYS
from stratc.dsl.parsing.reading import Reader
from stratc.dsl.parsing.tables import clause_parser, clause_reader
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import Call, Name, Node, Number, contracts, walk
from stratc.runtime.engine import codes
from stratc.runtime.executor.market import EventKind
from stratc.runtime.executor.results import Backtest
from stratc.runtime.model import clock, known
from stratc.runtime.model.contracts import Adjustment, Before, RollBy

IR: Final = (operations, intents, program, clock, known)
SYNTAX: Final = (syntax, contracts)
ENUMS: Final = (Adjustment, Before, RollBy)
# What an engine's log says in a field, by the names of the numbers that may stand there.
LOGGED: Final = (
    ("order_log", codes.PLACED_WIDTH, codes.PLACED_KIND, "KIND"),
    ("order_log", codes.PLACED_WIDTH, codes.PLACED_ROLE, "ROLE"),
    ("order_log", codes.PLACED_WIDTH, codes.PLACED_STATUS, "STATUS"),
    ("fill_log", codes.FILL_WIDTH, codes.FILL_ROLE, "ROLE"),
    ("closing_log", codes.CLOSING_WIDTH, codes.CLOSING_ROLE_OUT, "ROLE"),
    ("denial_log", codes.DENIAL_WIDTH, codes.DENIAL_REASON, "DENIED"),
    ("roll_log", codes.ROLL_WIDTH, codes.ROLL_KIND, "ROLL"),
    ("carry_log", codes.CARRY_WIDTH, codes.CARRY_KIND, "CARRY"),
)
ROLLS: Final = ("ROLL_ON", "ROLL_OUT")


# ── what there is ────────────────────────────────────────────────────────────────────────────────────────────────────


def members() -> frozenset[str]:
    """Every construct that there is."""
    return frozenset((*_of_grammar(), *_of_words(), *_of_syntax(), *_of_ir(), *_of_library(), *_of_engine()))


def _of_grammar() -> Iterator[str]:
    yield from (production(rule) for rule in clause_parser().rules)
    yield from (f"terminal: {terminal.name}" for terminal in clause_parser().terminals)


def production(rule: Rule) -> str:
    return f"grammar: {rule.origin.name} -> {' '.join(symbol.name for symbol in rule.expansion)}"


def _of_words() -> Iterator[str]:
    yield from (f"word: {word}" for word in (*COLUMNS, *ACCOUNT_WORDS, *BUILT_IN, *AGGREGATES, *ACROSS))
    yield from (f"cap: {kind}" for kind in CAP_KINDS)
    yield from (f"account: {kind}" for kind in ACCOUNT_KINDS)
    yield from (f"unit: {unit}" for unit in COUNTED_UNITS)
    yield from (f"weekday: {day}" for day in WEEKDAYS)


def _of_syntax() -> Iterator[str]:
    found = (each for module in SYNTAX for each in vars(module).values() if isinstance(each, type))
    for kind in found:
        if issubclass(kind, Node) and kind is not Node:
            yield f"syntax: {kind.__name__}"
        elif issubclass(kind, Enum) and kind.__members__:
            yield from (f"syntax: {kind.__name__}.{name}" for name in kind.__members__)


def _of_ir() -> Iterator[str]:
    kinds = [*(each for module in IR for each in _declared(module)), *ENUMS]
    for kind in kinds:
        if issubclass(kind, Enum):
            yield from (f"ir: {kind.__name__}.{name}" for name in kind.__members__)
        else:
            yield f"ir: {kind.__name__}"


def _declared(module: ModuleType) -> Iterator[type]:
    for each in vars(module).values():
        if isinstance(each, type) and each.__module__ == module.__name__:
            yield each


def _of_library() -> Iterator[str]:
    for name in catalogue.names():
        found = catalogue.lookup(name)
        assert found is not None
        yield from (f"stdlib: {name}.{output.name}" for output in found.outputs)


def _of_engine() -> Iterator[str]:
    for prefix in ("KIND", "ROLE", "STATUS", "DENIED", "CARRY"):
        names = (name for name in vars(codes) if name.startswith(f"{prefix}_"))
        yield from (f"engine: {name}" for name in names if name not in FIELDS)
    yield from (f"engine: {name}" for name in ROLLS)
    yield from (f"engine: EVENT_{kind.name}" for kind in EventKind)


# Names that begin like those of a kind and are the fields of its log.
FIELDS: Final = frozenset({"CARRY_ROW", "CARRY_INSTRUMENT", "CARRY_KIND", "CARRY_LOTS", "CARRY_QUANTA", "CARRY_WIDTH"})


# ── what was used ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def watched_grammar() -> Iterator[set[str]]:
    """The productions and terminals that are reduced while it is open; every clause is read anew."""
    used = set[str]()
    shapes = {id(shape): rule for shape, rule in zip(clause_reader()._rules, clause_parser().rules, strict=True)}
    reduce = Reader._reduce

    def reducing(reader: Reader, shape: list[Any], *stacks: Any) -> None:
        rule = shapes[id(shape)]
        used.add(production(rule))
        used.update(f"terminal: {symbol.name}" for symbol in rule.expansion if symbol.is_term)
        reduce(reader, shape, *stacks)

    for read in (pieces._parse_kept, pieces._read_kept):
        read.cache_clear()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Reader, "_reduce", reducing)
        yield used


def used_by_tree(tree: Node) -> Iterator[str]:
    """The tree's classes and the words, units and functions that it names."""
    for node in walk(tree):
        yield f"syntax: {type(node).__name__}"
        for field in fields(node):
            value = getattr(node, field.name)
            if isinstance(value, Enum):
                yield f"syntax: {type(value).__name__}.{value.name}"
        match node:
            case Name(text=text):
                yield f"word: {text}"
            case Call(function=function):
                yield f"word: {function.text}"
            case Number(unit=unit):
                yield f"unit: {unit.removesuffix('s')}"
            case syntax.Cap(kind=kind):
                yield f"cap: {kind.text}"
            case syntax.AccountLine(kind=kind):
                yield f"account: {kind.text}"
            case syntax.WeekdayIn(first=first, last=last):
                yield from (f"weekday: {day}" for day in WEEKDAYS[first - 1 : last])
            case syntax.MonthIn(first=first, last=last):
                span = range(first - 1, last if first <= last else last + 12)
                yield from (f"month: {MONTHS[place % 12]}" for place in span)
            case syntax.OnWeekday(weekday=weekday):
                yield f"weekday: {WEEKDAYS[weekday - 1]}"


def used_by_program(value: object) -> Iterator[str]:
    """The classes and members of enumerations that a program is made of, and the outputs that it computes."""
    if isinstance(value, Program):
        for node in value.nodes:
            match node.operation:
                case Indicate(stem=stem):
                    found = catalogue.lookup(stem)
                    assert found is not None
                    yield f"stdlib: {stem}.{found.outputs[0].name}"
                case Output(name=name):
                    source = value.nodes[node.arguments[0]].operation
                    assert isinstance(source, Indicate)
                    yield f"stdlib: {source.stem}.{name}"
    if isinstance(value, Enum):
        yield f"ir: {type(value).__name__}.{value.name}"
    elif isinstance(value, tuple):
        for item in value:
            yield from used_by_program(item)
    elif is_dataclass(value):
        yield f"ir: {type(value).__name__}"
        for field in fields(value):
            yield from used_by_program(getattr(value, field.name))


def used_by_run(done: Backtest) -> Iterator[str]:
    """What the engine wrote into its logs."""
    for log, width, place, prefix in LOGGED:
        names = {
            number: name
            for name, number in vars(codes).items()
            if name.startswith(f"{prefix}_") and name not in FIELDS and (prefix != "ROLL" or name in ROLLS)
        }
        yield from (f"engine: {names[number]}" for number in set(getattr(done, log)[place::width]))
