"""Rule files: from Markdown to front matter, headed sections, statements and scenarios.

The normative text is in fenced `rule` blocks, one or several; everything else is prose for people. Places in blocks
are places in the file. Whatever is missing or cannot be read is a problem of the file, and a rule with problems is
violated, never skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.diagnostics import IncompleteRule, NotForRules
from stratc.compiler.judge.facts import NotAFact, ask
from stratc.compiler.judge.ruleparse import parse_block
from stratc.compiler.judge.scenario_text import Scenario, parse_scenarios
from stratc.dsl.diagnostic import Diagnostic, Problem
from stratc.dsl.source import Source, Span
from stratc.runtime.model.record import record

FENCE: Final = re.compile(r"^```rule[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
FRONT: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
HEADING: Final = re.compile(r"^#{1,3} (.+)$", re.MULTILINE)
SCENARIO_START: Final = re.compile(r'^[ \t]*scenario "', re.MULTILINE)
SECTIONS: Final = (
    "Requirement",
    "In plain words",
    "Rule",
    "Scenarios",
    "At run time",
    "Remedy",
    "Interpretation",
    "History",
)
STORIES_KEPT: Final = 256
ADVICE: Final = "advice"
FRONT_KEYS: Final = ("id", "severity", "authority", "kind", "binds", "citation")


@record
class RuleFile:
    """One rule. `front` is the front matter; `problems` are those of its statements and of its scenarios.

    What only people and tests ask for is read from the text when it is asked for.
    """

    name: str
    text: str
    front: Mapping[str, str]
    statements: tuple[tree.Statement, ...]
    problems: tuple[Problem, ...]

    @property
    def id(self) -> str:
        return self.front.get("id", self.name.removesuffix(".md"))

    @property
    def source(self) -> Source:
        return Source(self.name, self.text)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """The text under each heading, in order."""
        return tuple(_sections(self.text))

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        return tuple(each for start, block in _blocks(self.text) for each in _stories(block, start)[0])

    @property
    def is_advice(self) -> bool:
        """Whether it warns: a violation of advice stops nothing."""
        return self.front.get("severity", "") == ADVICE

    @property
    def title(self) -> str:
        return next((each.title for each in self.statements if isinstance(each, tree.RuleName)), self.id)

    @property
    def in_force(self) -> tuple[tree.InForce, ...]:
        return tuple(each for each in self.statements if isinstance(each, tree.InForce))

    @property
    def interpretations(self) -> tuple[tree.Interpretation, ...]:
        return tuple(each for each in self.statements if isinstance(each, tree.Interpretation))

    def section(self, heading: str) -> str:
        return next((text for name, text in self.sections if name == heading), "")

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(problem.diagnostic() for problem in self.problems)


def read_rule_file(name: str, text: str) -> RuleFile:
    """The rule in the text of a Markdown file, with every problem that it has."""
    statements: list[tree.Statement] = []
    problems: list[Problem] = []
    for start, block in _blocks(text):
        found, wrong = parse_block(_split(block)[0], start)
        statements += found
        problems += [*wrong, *_stories(block, start)[1]]
    front = _front(text)
    problems += _not_facts(statements)
    problems += _lacking(front, statements, problems, text)
    return RuleFile(
        name=name,
        text=text,
        front=front,
        statements=tuple(statements),
        problems=tuple(problems),
    )


@lru_cache(maxsize=STORIES_KEPT)
def _stories(block: str, start: int) -> tuple[tuple[Scenario, ...], tuple[Problem, ...]]:
    """The scenarios of a block, and what cannot be read of them."""
    norm, stories = _split(block)
    scenarios, problems = parse_scenarios(stories, start + len(norm))
    return tuple(scenarios), tuple(problems)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    for match in FENCE.finditer(text):
        yield match.start(1), match.group(1)


def _split(block: str) -> tuple[str, str]:
    """The statements of a block and the scenarios behind them."""
    found = SCENARIO_START.search(block)
    return (block, "") if found is None else (block[: found.start()], block[found.start() :])


def _front(text: str) -> dict[str, str]:
    found = FRONT.match(text)
    lines = found.group(1).splitlines() if found else []
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip(): value.strip().strip('"') for key, _, value in pairs}


def _sections(text: str) -> Iterator[tuple[str, str]]:
    headings = list(HEADING.finditer(FENCE.sub(lambda block: " " * len(block.group()), text)))
    ends = [*(following.start() for following in headings[1:]), len(text)]
    # A file without headings has no sections, and then there is one end more than headings.
    for match, end in zip(headings, ends, strict=False):
        yield match.group(1).strip().strip("*"), text[match.end() : end].strip()


def _not_facts(statements: list[tree.Statement]) -> Iterator[Problem]:
    """Conditions that are settled before the first event may ask facts of the account and its broker only."""
    for statement in statements:
        match statement:
            case tree.InForce(where=asked) | tree.Applies(condition=asked):
                pass
            case tree.Define(facts=asked) | tree.ExceptionTo(facts=asked):
                pass
            case _:
                asked = None
        if asked is not None:
            try:
                ask(asked, {})
            except NotAFact as other:
                what = "this where only facts of the account, its broker and the instrument are asked"
                yield NotForRules(span=other.expression.span, what=what)


def _lacking(
    front: Mapping[str, str], statements: list[tree.Statement], problems: list[Problem], text: str
) -> list[Problem]:
    """What every rule needs: a front matter, a name, a day and a demand. A block that failed is told once."""
    top = Span(0, min(len(text), 3))
    headings = {heading for heading, _ in _sections(text)}
    lacking = [f"`{key}` in its front matter" for key in FRONT_KEYS if not front.get(key)]
    lacking += [f"the heading `{heading}`" for heading in SECTIONS if heading not in headings]
    if not problems:
        wanted = ((tree.RuleName, 'a line `rule NAME "TITLE"`'), (tree.InForce, "a line `in force from DATE`"))
        lacking += [what for kind, what in wanted if not any(isinstance(each, kind) for each in statements)]
        if not any(isinstance(each, tree.Require) for each in statements):
            lacking.append("a line `at EVENT require …` or `never …`")
    return [IncompleteRule(span=top, what=what) for what in lacking]
