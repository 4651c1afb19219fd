"""Scenarios: from the lines of a `rule` block to days, actions and expectations.

`given` names facts of the account; a day's actions are orders that fill at once unless they begin with `order`. All
numbers are exact. A line that cannot be read is a problem and its scenario is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import Final

from stratc.compiler.judge.diagnostics import ScenarioNotRead
from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.written import (
    DAYS_MAX,
    SECONDS_MAX,
    TIMES_MAX,
    Unreadable,
    count_written,
    day_written,
    number_written,
)
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import NOWHERE, Span
from stratc.runtime.model.record import record

NUMBER: Final = r"\d[\d_]*(?:\.\d+)?"
HEAD: Final = re.compile(r'scenario "(?P<title>[^"]*)"(?: given (?P<given>.*))?')
DAY: Final = re.compile(r"day (?P<day>\d+): *(?P<actions>.*)")
EXPECT: Final = re.compile(r"expect (?P<what>ok|violated|denied|allowed|not applicable)(?: on day (?P<day>\d+))?")
ACTION: Final = re.compile(
    rf"(?P<order>order )?(?P<verb>buy|short|exit) "
    rf"(?:(?P<quantity>{NUMBER}) (?P<symbol>[A-Z][\w./]*)|ticket (?P<ticket>\w+))"
    rf"(?: @ (?P<price>{NUMBER})|(?P<market> at market))"
    rf"(?: worth (?P<worth>{NUMBER}) [A-Z]{{3}})?(?: as (?P<name>\w+))?"
    r"(?P<outlives> good till canceled)?(?: (?P<times>\d+) times)?"
)
MARK: Final = re.compile(rf"(?P<verb>mark) (?P<symbol>[A-Z][\w./]*) @ (?P<price>{NUMBER})")
FILL: Final = re.compile(rf"(?P<verb>fill) (?P<symbol>[A-Z][\w./]*) @ (?P<price>{NUMBER})")
CANCEL: Final = re.compile(r"(?P<verb>cancel) (?P<symbol>[A-Z][\w./]*)")
LOCATE: Final = re.compile(rf"(?P<verb>locate) (?P<quantity>{NUMBER}) (?P<symbol>[A-Z][\w./]*)")
RESET: Final = re.compile(r"(?P<verb>reset)")
CLOCK: Final = re.compile(r"(?P<verb>at) (?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)")
LATER: Final = re.compile(r"(?P<second>\d+) seconds? (?P<verb>later)")
CASH: Final = re.compile(rf"(?P<verb>deposit|withdraw) (?P<price>{NUMBER}) [A-Z]{{3}}")
CLOCK_PARTS: Final = (("hour", 3600), ("minute", 60), ("second", 1))
LINES: Final = (ACTION, MARK, FILL, CANCEL, CASH, LOCATE, RESET, CLOCK, LATER)
GIVEN: Final = re.compile(
    rf"(?P<name>[\w.]+) = (?:(?P<money>{NUMBER})(?: [A-Z]{{3}}|x)|(?P<day>\d{{4}}-\d\d-\d\d)|(?P<word>\w+))"
)


class Verb(StrEnum):
    BUY = "buy"
    SHORT = "short"
    EXIT = "exit"
    MARK = "mark"
    FILL = "fill"
    CANCEL = "cancel"
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"
    LOCATE = "locate"
    RESET = "reset"
    AT = "at"
    LATER = "later"


@record
class Action:
    """One thing that happens. `ticket` names the position that an exit closes; `works`: sent and not filled. A fill is
    that of the oldest order of its instrument that works.

    `seconds` is when the day's clock stands, or how much later it is.
    """

    verb: Verb
    symbol: str
    quantity: Fraction
    price: Fraction
    worth: Fraction | None
    ticket: str
    works: bool
    at_market: bool
    outlives_session: bool
    times: int
    seconds: int


@record
class Day:
    number: int
    actions: tuple[Action, ...]


class Expected(StrEnum):
    """OK: nothing breaks the rule. VIOLATED: guards off. DENIED: guards on, an opening order is refused. ALLOWED:
    guards on, none is."""

    OK = "ok"
    VIOLATED = "violated"
    DENIED = "denied"
    ALLOWED = "allowed"
    NOT_APPLICABLE = "not applicable"


@record
class Expectation:
    what: Expected
    day: int | None


@record
class Scenario:
    """A story with an end: `given` are facts and starting money by name."""

    title: str
    given: tuple[tuple[str, FactValue], ...]
    days: tuple[Day, ...]
    expects: tuple[Expectation, ...]
    span: Span


def _unread(line: str) -> Unreadable:
    """A line that no pattern takes."""
    return Unreadable(ScenarioNotRead(span=NOWHERE, line=line), line)


def parse_scenarios(text: str, offset: int) -> tuple[list[Scenario], list[Problem]]:
    """The scenarios of a text that begins `offset` characters into its file."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for story in re.finditer(r'scenario ".*?(?=^[ \t]*scenario "|\Z)', text, re.MULTILINE | re.DOTALL):
        try:
            scenarios.append(_scenario(story.group(), offset + story.start()))
        except Unreadable as unread:
            start = offset + story.start() + max(story.group().find(unread.text), 0)
            problems.append(replace(unread.problem, span=Span(start, start + len(unread.text))))
    return scenarios, problems


def _scenario(story: str, start: int) -> Scenario:
    lines = [clean for line in story.splitlines() if (clean := line.partition("#")[0].strip())]
    head = HEAD.fullmatch(lines[0])
    if head is None:
        raise _unread(lines[0])
    days, expects = [], []
    for line in lines[1:]:
        if day := DAY.fullmatch(line):
            actions = tuple(_action(part.strip()) for part in day["actions"].split(";") if part.strip())
            days.append(Day(number=count_written(day["day"], DAYS_MAX, "days"), actions=actions))
        elif expect := EXPECT.fullmatch(line):
            on = count_written(expect["day"], DAYS_MAX, "days") if expect["day"] else None
            expects.append(Expectation(what=Expected(expect["what"]), day=on))
        else:
            raise _unread(line)
    if not expects:
        raise _unread(lines[-1])
    given = tuple(_given(part.strip()) for part in (head["given"] or "").split(",") if part.strip())
    span = Span(start, start + len(story.rstrip()))
    return Scenario(title=head["title"], given=given, days=tuple(days), expects=tuple(expects), span=span)


def _given(text: str) -> tuple[str, FactValue]:
    found = GIVEN.fullmatch(text)
    if found is None:
        raise _unread(text)
    if found["money"]:
        return found["name"], number_written(found["money"])
    if found["day"]:
        return found["name"], day_written(found["day"])
    return found["name"], {"yes": True, "no": False}.get(found["word"], found["word"])


def _action(text: str) -> Action:
    found = next((found for line in LINES if (found := line.fullmatch(text)) is not None), None)
    if found is None:
        raise _unread(text)
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    return Action(
        verb=Verb(parts["verb"]),
        symbol=parts.get("symbol", ""),
        quantity=number_written(parts.get("quantity", "0")),
        price=number_written(parts.get("price", "0")),
        worth=number_written(parts["worth"]) if "worth" in parts else None,
        ticket=parts.get("ticket", parts.get("name", "")),
        works="order" in parts,
        at_market="market" in parts,
        outlives_session="outlives" in parts,
        times=count_written(parts.get("times", "1"), TIMES_MAX, "times of one action"),
        seconds=sum(
            count_written(parts.get(name, "0"), SECONDS_MAX, "seconds") * seconds for name, seconds in CLOCK_PARTS
        ),
    )
