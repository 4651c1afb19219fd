"""Rule packs: from the texts of a folder to metadata and rules, and running every scenario that they contain.

A pack is handed in as texts by file name, so that judging touches no disk; `compiler.judge.load` reads folders.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import FACT_NAMES, FactValue
from stratc.compiler.judge.force import InForceNow, applies_to, standing
from stratc.compiler.judge.policies import POLICIES_FILE, BrokerPolicy, read_policies
from stratc.compiler.judge.rulefile import RuleFile, read_rule_file
from stratc.compiler.judge.scenario_account import Scene
from stratc.compiler.judge.scenario_run import CannotHappen, meets, play, symbols_of
from stratc.compiler.judge.scenario_text import Expected, Scenario
from stratc.compiler.judge.waivers import FOLDER as WAIVERS
from stratc.compiler.judge.waivers import Waiver, WaiverRefused, read_waiver
from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.instrument import Instrument, InstrumentKind, identify
from stratc.runtime.model.record import record

PACK_FILE: Final = "pack.toml"
PROSE: Final = frozenset({"README.md", "CHANGES.md"})
CURRENCY_DEFAULT: Final = "USD"
# What a symbol of a trader's own is made from.
OWN_SYMBOL: Final = "OWN"
PACK_KEYS: Final = ("id", "title", "jurisdiction", "authority", "owner", "version")


class PackRefused(ValueError):
    """A pack folder that is not one: what is missing, and where."""


class Follows(StrEnum):
    """By whom a pack is brought to an account. Only a carrying firm has to be of the pack's jurisdiction."""

    CARRYING_FIRM = "carrying firm"
    VENUE = "venue"  # whoever trades there: its rules ask for the instrument
    CLIENT = "client"  # wherever the firm is: its rules ask for the residence
    HOUSE = "house"  # who adopts it, in the account's `house_packs`


@record
class PackSource:
    """Where the law was read: its address and the day on which it was retrieved."""

    title: str
    url: str
    retrieved: date


@record
class Pack:
    """A folder of rules with its metadata. `digest` covers every file but the waivers, which change nothing of what the
    rules say."""

    name: str
    id: str
    title: str
    jurisdiction: str
    authority: str
    owner: str
    version: str
    follows: Follows
    sources: tuple[PackSource, ...]
    policies: tuple[BrokerPolicy, ...]
    rules: tuple[RuleFile, ...]
    waivers: tuple[Waiver, ...]
    digest: str


@record
class ScenarioResult:
    """What became of one scenario; `problem` says in words what differed, and is empty where nothing did."""

    rule: str
    scenario: str
    line: int
    passed: bool
    problem: str


def read_pack(name: str, texts: Mapping[str, str]) -> Pack:
    """The pack in the texts of a folder; raises `PackRefused` where it has no usable metadata."""
    if PACK_FILE not in texts:
        raise PackRefused(f"`{name}` has no {PACK_FILE}, so it is no rule pack")
    table = _metadata(name, texts[PACK_FILE])
    normative = [(file, texts[file]) for file in sorted(texts) if not file.startswith(WAIVERS)]
    rules = [file for file in sorted(texts) if file.endswith(".md") and file not in PROSE and "/" not in file]
    return Pack(
        name=name,
        **{key: str(table[key]) for key in PACK_KEYS},
        follows=_follows(name, table),
        sources=tuple(
            PackSource(title=source["title"], url=source["url"], retrieved=source["retrieved"])
            for source in table.get("sources", ())
        ),
        policies=_policies(name, texts),
        rules=tuple(read_rule_file(file, texts[file]) for file in rules),
        waivers=tuple(_waivers(name, texts)),
        digest=hashlib.sha256("\0".join(f"{file}\0{text}" for file, text in normative).encode()).hexdigest(),
    )


def _waivers(name: str, texts: Mapping[str, str]) -> Iterator[Waiver]:
    for file in sorted(texts):
        if file.startswith(WAIVERS) and file.endswith(".toml"):
            try:
                yield read_waiver(f"{name}/{file}", texts[file])
            except WaiverRefused as refused:
                raise PackRefused(str(refused)) from None


def _metadata(name: str, text: str) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise PackRefused(f"{name}/{PACK_FILE} is no TOML: {problem}") from None
    missing = [key for key in PACK_KEYS if not table.get(key)]
    if missing:
        raise PackRefused(f"{name}/{PACK_FILE} lacks {', '.join(f'`{key}`' for key in missing)}")
    return table


def _policies(name: str, texts: Mapping[str, str]) -> tuple[BrokerPolicy, ...]:
    try:
        return read_policies(texts.get(POLICIES_FILE, ""))
    except (tomllib.TOMLDecodeError, ValueError) as problem:
        raise PackRefused(f"{name}/{POLICIES_FILE}: {problem}") from None


def _follows(name: str, table: Mapping[str, Any]) -> Follows:
    said = str(table.get("follows", Follows.CARRYING_FIRM))
    if said not in set(Follows):
        allowed = ", ".join(f"`{each}`" for each in Follows)
        raise PackRefused(f"{name}/{PACK_FILE}: `follows` is `{said}`; it may be {allowed}")
    return Follows(said)


def test_pack(pack: Pack) -> tuple[ScenarioResult, ...]:
    """Every scenario of every rule, run in the order of the files."""
    return tuple(run_scenario(rule, scenario) for rule in pack.rules for scenario in rule.scenarios)


def run_scenario(rule: RuleFile, scenario: Scenario) -> ScenarioResult:
    """One scenario on the day that it names, else on the first day on which its rule was in force."""
    problem = _differs(rule, scenario)
    line, _ = rule.source.position(scenario.span.start)
    return ScenarioResult(rule=rule.id, scenario=scenario.title, line=line, passed=not problem, problem=problem)


def _differs(rule: RuleFile, scenario: Scenario) -> str:
    if rule.problems:
        return f"the rule cannot be read: {_told(rule.problems)}"
    given = dict(scenario.given)
    day = given.get("as_of", min((each.since for each in rule.in_force), default=date.min))
    if not isinstance(day, date):
        return "`as_of` is not a date"
    facts: dict[str, FactValue | None] = {name: given.get(name) for name in FACT_NAMES}
    instruments = tuple(_instrument(symbol, given) for symbol in symbols_of(scenario))
    not_wanted = Expected.NOT_APPLICABLE in {each.what for each in scenario.expects}
    if not instruments and not not_wanted:
        return "it names no instrument; write one, as in `mark ABC @ 10`"
    stands = standing(rule, facts, day)
    applies = applies_to(rule, facts, instruments) if isinstance(stands, InForceNow) else ()
    if not applies or not isinstance(stands, InForceNow):
        return "" if not_wanted else f"the rule does not apply on {day}"
    if not_wanted:
        return f"the rule applies on {day}"
    observer, problems = compile_rule(rule.id, rule.statements, _setting(facts, day, instruments, applies))
    if observer is None:
        return _told(problems)
    scene = Scene(instruments=instruments, currency=str(given.get("account.currency", CURRENCY_DEFAULT)), day=day)
    try:
        outcome = play(scenario, observer, scene)
    except CannotHappen as cannot:
        return str(cannot)
    wrong = [each for each in scenario.expects if not meets(each, outcome)]
    if not wrong:
        return ""
    expected = ", ".join(f"{each.what}" + (f" on day {each.day}" if each.day else "") for each in wrong)
    return f"expected {expected}; violated on day {outcome.violated_on}, denied on day {outcome.denied_on}"


def _setting(
    facts: dict[str, FactValue | None], day: date, instruments: tuple[Instrument, ...], applies: tuple[int, ...]
) -> Setting:
    return Setting(facts=facts, day=day, instruments=instruments, applies=applies)


def _instrument(symbol: str, given: Mapping[str, FactValue]) -> Instrument:
    """What the symbol names, with what the scenario says of all its instruments, as an instruments.toml would."""
    kind, factor = given.get("instrument.kind"), given.get("instrument.leverage_factor")
    # Of a kind that is given any symbol may be: a trader's own.
    found = identify(symbol) if kind is None or identify(symbol) else identify(OWN_SYMBOL)
    if found is None:
        raise PackRefused(f"a scenario names `{symbol}`, which is no instrument")
    return replace(
        found,
        symbol=symbol,
        kind=found.kind if kind is None else InstrumentKind(str(kind)),
        leverage_factor=_decimal(factor) if isinstance(factor, Fraction) else found.leverage_factor,
    )


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / number.denominator


def _told(problems: tuple[Problem, ...]) -> str:
    return "; ".join(problem.diagnostic().message for problem in problems)
