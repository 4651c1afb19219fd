"""Rule packs: from the texts of a folder to metadata and rules, and running every scenario that they contain.

A pack is handed in as texts by file name, so that judging touches no disk; `compiler.judge.load` reads folders.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from stratc.compiler.judge.policies import POLICIES_FILE, BrokerPolicy, read_policies
from stratc.compiler.judge.rulefile import RuleFile, read_rule_file
from stratc.compiler.judge.scenario_ending import Ending, NoInstrument, day_of, ending_of, on_its_day
from stratc.compiler.judge.scenario_run import Outcome, meets, symbols_of
from stratc.compiler.judge.scenario_text import Expected, Scenario
from stratc.compiler.judge.waivers import FOLDER as WAIVERS
from stratc.compiler.judge.waivers import Waiver, WaiverRefused, read_waiver
from stratc.runtime.model.record import record

PACK_FILE: Final = "pack.toml"
PROSE: Final = frozenset({"README.md", "CHANGES.md"})
REQUIRES: Final = re.compile(r"stratc >= (?P<version>\d{1,6}(?:\.\d{1,6}){0,3})")
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
    _refuse_newer(name, table)
    files = [file for file in sorted(texts) if file.endswith(".md") and file not in PROSE and "/" not in file]
    rules = tuple(read_rule_file(file, texts[file]) for file in files)
    return Pack(
        name=name,
        **{key: table[key] for key in PACK_KEYS},
        follows=_follows(name, table),
        sources=_sources(name, table),
        policies=_policies(name, texts),
        rules=rules,
        waivers=tuple(_waivers(name, texts, {rule.id for rule in rules})),
        digest=digest_of(listing(name, texts)),
    )


def refuse_twins(packs: Sequence[Pack]) -> None:
    """Raises `PackRefused` where two packs, or two rules of any of them, go by one name: a verdict names one rule."""
    named = [
        *((f"pack `{pack.id}`", pack.name) for pack in packs),
        *((f"folder `{pack.name}`", pack.id) for pack in packs),
    ]
    named += [(f"rule `{rule.id}`", f"{pack.name}/{rule.name}") for pack in packs for rule in pack.rules]
    seen: dict[str, str] = {}
    for what, where in named:
        if what in seen:
            raise PackRefused(f"the {what} is there twice, in {seen[what]} and in {where}")
        seen[what] = where


def listing(name: str, texts: Mapping[str, str]) -> str:
    """Each file's digest and name on a line, as `sha256sum` writes it: what a pack's digest and signature cover.

    Waivers are none of it: they come and go while the pack stays. No two folders have the same listing; a name that
    would break a line is no name of a pack's file.
    """
    normative = sorted(file for file in texts if not file.startswith(WAIVERS))
    broken = [file for file in texts if not file.isprintable()]
    if broken:
        raise PackRefused(f"`{name}` has a file with an unprintable name: {broken[0]!r}")
    lines = (f"{hashlib.sha256(texts[file].encode()).hexdigest()}  {file}\n" for file in normative)
    return "".join(lines)


def digest_of(listed: str) -> str:
    """The digest of a pack whose files have that listing."""
    return hashlib.sha256(listed.encode()).hexdigest()


def _waivers(name: str, texts: Mapping[str, str], rules: Set[str]) -> Iterator[Waiver]:
    for file in sorted(texts):
        if file.startswith(WAIVERS) and file.endswith(".toml"):
            try:
                waiver = read_waiver(f"{name}/{file}", texts[file])
            except WaiverRefused as refused:
                raise PackRefused(str(refused)) from None
            if waiver.rule not in rules:
                raise PackRefused(f"{name}/{file} waives `{waiver.rule}`, which is no rule of the pack")
            yield waiver


def _refuse_newer(name: str, table: Mapping[str, Any]) -> None:
    """A pack may say which stratc it needs: a rule that an older one reads otherwise would be another law."""
    said = table.get("requires", "stratc >= 0")
    needs = REQUIRES.fullmatch(said) if isinstance(said, str) else None
    if needs is None:
        raise PackRefused(f"{name}/{PACK_FILE}: `requires` reads as in `stratc >= 0.1`")
    if _numbers(needs["version"]) > _numbers(_version()):
        raise PackRefused(f"{name}/{PACK_FILE} requires {said}, and this is stratc {_version()}")


@cache
def _version() -> str:
    return version("stratc")


def _numbers(text: str) -> tuple[int, ...]:
    """`0.10.1` as numbers that compare; what stands behind them counts for nothing."""
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:4])


def _metadata(name: str, text: str) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise PackRefused(f"{name}/{PACK_FILE} is no TOML: {problem}") from None
    missing = [key for key in PACK_KEYS if not table.get(key)]
    if missing:
        raise PackRefused(f"{name}/{PACK_FILE} lacks {', '.join(f'`{key}`' for key in missing)}")
    for key in PACK_KEYS:
        if not isinstance(table[key], str) or not table[key].isprintable():
            raise PackRefused(f"{name}/{PACK_FILE}: `{key}` is no text on one line")
    return table


def _sources(name: str, table: Mapping[str, Any]) -> tuple[PackSource, ...]:
    rows = table.get("sources", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PackRefused(f"{name}/{PACK_FILE}: `sources` is no list of tables `[[sources]]`")
    for row in rows:
        texts = all(isinstance(row.get(key), str) and row[key].strip() for key in ("title", "url"))
        if not texts or type(row.get("retrieved")) is not date or row.keys() - {"title", "url", "retrieved"}:
            raise PackRefused(f"{name}/{PACK_FILE}: a source has a text `title`, a text `url` and a day `retrieved`")
    return tuple(PackSource(title=row["title"], url=row["url"], retrieved=row["retrieved"]) for row in rows)


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
        told = "; ".join(problem.diagnostic().message for problem in rule.problems)
        return f"the rule cannot be read: {told}"
    dated = on_its_day(rule, scenario)
    if dated is None:
        return "`as_of` is not a date"
    try:
        ending = ending_of(rule, dated)
    except NoInstrument as problem:
        raise PackRefused(str(problem)) from None
    return differs(scenario, ending, day_of(dated))


def differs(scenario: Scenario, ending: Ending, day: date) -> str:
    """What differs from what the scenario expects, in words; empty where nothing does."""
    not_wanted = Expected.NOT_APPLICABLE in {each.what for each in scenario.expects}
    if not symbols_of(scenario) and not not_wanted:
        return "it names no instrument; write one, as in `mark ABC @ 10`"
    if not ending.applies:
        return "" if not_wanted else f"the rule does not apply on {day}"
    if not_wanted:
        return f"the rule applies on {day}"
    if ending.problem:
        return ending.problem
    outcome = Outcome(violated_on=ending.violated_on, denied_on=ending.denied_on)
    wrong = [each for each in scenario.expects if not meets(each, outcome)]
    if not wrong:
        return ""
    expected = ", ".join(f"{each.what}" + (f" on day {each.day}" if each.day else "") for each in wrong)
    return f"expected {expected}; violated on day {ending.violated_on}, denied on day {ending.denied_on}"
