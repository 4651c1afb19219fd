"""Cases: the days, accounts and instruments on which two versions of a rule can come to different machines.

Whether a rule stands, which definitions count and what its numbers are is settled by the day, the facts of the account
and the instrument. Days are every edge that either version names and the day before it; facts take every value that
either compares them with, another one, and none; instruments are one or a few of each sort, of each key of a table
alone and beside each other key, and with leverage where that is asked. So every machine that either version can become
on any day for any account is met, as far as facts are only compared with values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.kit.rewriting import bare, parts
from stratc.compiler.judge.rulefile import RuleFile
from stratc.runtime.model.instrument import Instrument, identify
from stratc.runtime.model.record import record

DAY: Final = timedelta(days=1)
GROUPS: Final = (("ABC", "XYZ", "DEF"), ("EUR/USD", "GBP/USD"), ("BTC/USDT",), ("ES",))
LEVERAGES: Final = (Decimal(2), Decimal(3), Decimal(5))
PRODUCT_MAX: Final = 512
OTHER: Final = "something_else"
A_DAY: Final = date(2020, 1, 2)
CODE: Final = 3
# Currencies that few tables name.
UNLISTED: Final = ("SGD", "HKD")


@record
class Case:
    """A day, the facts that are known, and instruments."""

    day: date
    facts: tuple[tuple[str, FactValue], ...]
    instruments: tuple[Instrument, ...]


def cases_of(rules: Sequence[RuleFile]) -> Iterator[Case]:
    """The cases for one rule or for versions of one, the plainest first."""
    plain, keyed = list(instrument_groups(rules)), list(_named_each(_table_pairs(rules)))
    days, few = days_of(edges_of(rules)), days_of(edges_of_differences(rules))
    for facts in fact_choices(rules):
        for groups, when in ((plain, days), (keyed, few)):
            for day in when:
                for instruments in groups:
                    yield Case(day=day, facts=facts, instruments=instruments)


def days_of(edges: Sequence[date]) -> tuple[date, ...]:
    """Every edge in time and the day before it."""
    return tuple(sorted({*edges, *(edge - DAY for edge in edges)}))


def edges_of(rules: Sequence[RuleFile]) -> tuple[date, ...]:
    """The days on which something may change."""
    return _edges(frozenset[_Dated]().union(*(_dated(rule) for rule in rules)))


def edges_of_differences(rules: Sequence[RuleFile]) -> tuple[date, ...]:
    """Those of what is dated and differs, and of the spans in force: where versions differ in tables alone, nothing
    else that is dated differs between two of them."""
    spans = frozenset(each for rule in rules for each in _dated(rule) if not each[0])
    return edges_of(rules) if _others_differ(rules) else _edges(dated_differences(rules) | spans)


def _edges(dated: Iterable[_Dated]) -> tuple[date, ...]:
    return tuple(sorted({edge for _, since, until, _ in dated for edge in (since, until) if edge is not None}))


# A dated thing: its name, its first day, the day on which it ends, and all that it says.
_Dated = tuple[str, date, date | None, object]


def _dated(rule: RuleFile) -> frozenset[_Dated]:
    found: set[_Dated] = set()
    for statement in rule.statements:
        for _, part in parts(statement):
            match part:
                case tree.Dated(name=name, since=since, until=until, value=value):
                    table = f"{statement.name}." if isinstance(statement, tree.Table) else ""
                    found.add((f"{table}{name}", since, until, bare(value)))
                case tree.InForce(since=since, until=until, where=where):
                    found.add(("", since, until, bare(where)))
                case _:
                    pass
    return frozenset(found)


def dated_differences(rules: Sequence[RuleFile]) -> frozenset[_Dated]:
    """Dated things that one version has and another has not; none of a single rule."""
    sets = [_dated(rule) for rule in rules]
    return frozenset[_Dated]().union(*sets) - sets[0].intersection(*sets[1:])


def _others_differ(rules: Sequence[RuleFile]) -> bool:
    """Whether versions differ in anything but dates and numbers of parameters, tables and spans."""
    dated = tree.Parameter | tree.Table | tree.InForce | tree.Interpretation | tree.Confirmed | tree.RuleName
    rests = [tuple(bare(each) for each in rule.statements if not isinstance(each, dated)) for rule in rules]
    return any(rest != rests[0] for rest in rests)


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def fact_choices(rules: Sequence[RuleFile]) -> Iterator[tuple[tuple[str, FactValue], ...]]:
    """Every account that the versions can tell apart; where that is too many, one fact at a time."""
    values = fact_values(rules)
    count = 1
    for each in values.values():
        count *= len(each)
    if count <= PRODUCT_MAX:
        for chosen in product(*values.values()):
            yield _known(zip(values, chosen, strict=True))
        return
    plain = {name: choices[0] for name, choices in values.items()}
    yield _known(plain.items())
    for one, two in product(values, values):
        if one <= two:
            for first, second in product(values[one], values[two]):
                yield _known((plain | {one: first, two: second}).items())


def _known(facts: Iterable[tuple[str, FactValue | None]]) -> tuple[tuple[str, FactValue], ...]:
    return tuple((name, value) for name, value in facts if value is not None)


def fact_values(rules: Sequence[RuleFile]) -> Mapping[str, tuple[FactValue | None, ...]]:
    """The values of each fact that make a difference, those that it is compared with first."""
    found: dict[str, list[FactValue | None]] = {}
    for rule in rules:
        for statement in rule.statements:
            for _, part in parts(statement):
                for name, value in _asked(part):
                    known = found.setdefault(name, [])
                    known.extend([value] if value is not None and value not in known else [])
    return {name: _with_others(name, values) for name, values in found.items()}


def _asked(part: tree.Node) -> Iterator[tuple[str, FactValue | None]]:
    match part:
        case tree.Comparison(operator="is" | "is not", left=tree.Member(owner=owner, name=name), right=right):
            if owner in {"account", "broker", "history"}:
                yield f"{owner}.{name}", _value(right)
        case tree.Member(owner="account" | "broker" | "history" as owner, name=name):
            yield f"{owner}.{name}", None
        case _:
            pass


def _value(expression: tree.Expression) -> FactValue | None:
    match expression:
        case tree.Word(text="known"):
            return None
        case tree.Word(text=text) | tree.Quoted(text=text):
            return text
        case tree.Number(value=value):
            return value
        case _:
            return None


def _with_others(name: str, values: Sequence[FactValue | None]) -> tuple[FactValue | None, ...]:
    """Values that are compared with come first, then none, then another; a fact that is only asked may be true."""
    if not values:
        return (None, A_DAY) if name.endswith("_since") else (None, True)
    return (*values, None, OTHER if all(isinstance(each, str) for each in values) else Fraction(-1))


# ── instruments ──────────────────────────────────────────────────────────────────────────────────────────────────────


def instrument_groups(rules: Sequence[RuleFile]) -> Iterator[tuple[Instrument, ...]]:
    """A few of each sort, those that are asked for by name, and leveraged ones."""
    yield from (tuple(_named(symbols)) for symbols in GROUPS)
    yield from _named_each(_compared(rules))
    if any(_asks_leverage(statement) for rule in rules for statement in rule.statements):
        for factor in LEVERAGES:
            yield tuple(replace(each, leverage_factor=factor) for each in _named(GROUPS[0][:2]))


def _table_pairs(rules: Sequence[RuleFile]) -> Iterator[str]:
    """The pairs of the keys in whose rows versions differ with every other key, and with one that has no row.

    A pair of keys with the same rows in both comes to machines that differ where those of any other pair do.
    """
    tables = [each for rule in rules for each in rule.statements if isinstance(each, tree.Table)]
    rows = {f"{table.name}.{row.name}": row.name for table in tables for row in table.rows}
    every = list(dict.fromkeys([*(key for key in rows.values() if len(key) == CODE), *UNLISTED]))
    changed = dict.fromkeys(rows[name] for name, *_ in sorted(dated_differences(rules), key=str) if name in rows)
    for one in changed if tables else ():
        for key in (one,) if len(one) == CODE else UNLISTED:
            yield from (f"{key}/{two}" for two in every if two != key)
            yield from (f"{two}/{key}" for two in every if two != key)


def _compared(rules: Sequence[RuleFile]) -> Iterator[str]:
    """Instruments that a rule asks for by symbol or currency."""
    for rule in rules:
        for statement in rule.statements:
            for _, part in parts(statement):
                match part:
                    case tree.Comparison(left=tree.Member(owner="instrument", name=name), right=right):
                        text = str(_value(right) or "")
                        yield from {"symbol": (text,), "base": (f"{text}/SGD",), "quote": (f"SGD/{text}",)}.get(
                            name, ()
                        )
                    case _:
                        pass


def _named_each(symbols: Iterable[str]) -> Iterator[tuple[Instrument, ...]]:
    return ((found,) for found in _named(tuple(dict.fromkeys(symbols))))


def _named(symbols: Sequence[str]) -> Iterator[Instrument]:
    return (found for symbol in symbols if (found := identify(symbol)) is not None)


def _asks_leverage(statement: tree.Statement) -> bool:
    return any(
        isinstance(part, tree.Member) and (part.owner, part.name) == ("instrument", "leverage_factor")
        for _, part in parts(statement)
    )
