"""Two versions of a pack in meaning: per rule, what one allows and the other refuses, from when on, and for whom.

Rules are matched by their ids. What is only said otherwise (prose, names, order) is no difference. Differences come
with the shortest trace that was found for them and with the days, accounts and instruments in which the two versions
come to these two machines; that nothing differs is said together with how far it was looked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.kit.apart import Apart, Effort, Likeness, Split, distinct, splits, tell_apart_in
from stratc.compiler.judge.kit.cases import Case, edges_of, fact_values
from stratc.compiler.judge.kit.lint import named_numbers
from stratc.compiler.judge.kit.rewriting import bare
from stratc.compiler.judge.kit.stories import value_text
from stratc.compiler.judge.rulefile import RuleFile
from stratc.runtime.model.record import record

PAIRS_MAX = 6
SYMBOLS_MAX = 6
CHOICES_MAX = 4

Facts = tuple[tuple[str, FactValue], ...]


@record
class Where:
    """Days from one until before another (None: without end), accounts in words, instruments in words."""

    days: tuple[tuple[date, date | None], ...]
    accounts: tuple[str, ...]
    instruments: str


@record
class Difference:
    """How two versions differ, and everywhere where they do so."""

    apart: Apart
    where: tuple[Where, ...]


@record
class Announcement:
    """What began or ended, and the days on which either version says that this became known; None: it does not say."""

    what: str
    old: date | None
    new: date | None


@record
class RuleComparison:
    """One rule in two versions; `old` or `new` is None where it was added or removed. `unexplored` counts the further
    pairs of machines that differ and were not looked into. `announced` is what became known on another day."""

    rule: str
    old: RuleFile | None
    new: RuleFile | None
    likeness: Likeness
    actions: int
    differences: tuple[Difference, ...]
    unexplored: int
    announced: tuple[Announcement, ...] = ()

    @property
    def differs(self) -> bool:
        if self.old is None or self.new is None or self.announced:
            return True
        return self.likeness in {Likeness.DIFFERENT, Likeness.UNREADABLE}


def compare(old: Sequence[RuleFile], new: Sequence[RuleFile]) -> Iterator[RuleComparison]:
    """Every rule of either version, in the order of the older one, then what was added."""
    before, after = ({rule.id: rule for rule in rules} for rules in (old, new))
    for rule_id in dict.fromkeys([*before, *after]):
        one, two = before.get(rule_id), after.get(rule_id)
        found = compare_rule(rule_id, one, two)
        yield found if one is None or two is None else replace(found, announced=tuple(_announced(one, two)))


def _announced(old: RuleFile, new: RuleFile) -> Iterator[Announcement]:
    """What both versions have and one of them says to have become known on another day."""
    before, after = _announcements(old), _announcements(new)
    for what, day in before.items():
        if what in after and after[what] != day:
            yield Announcement(what=what, old=day, new=after[what])


def _announcements(rule: RuleFile) -> dict[str, date | None]:
    named: Iterator[tuple[str, tree.InForce | tree.Dated]] = chain(_spans(rule), named_numbers(rule))
    days = {}
    for name, each in named:
        days[f"{name} from {each.since}"] = each.since_announced
        if each.until is not None:
            days[f"{name} until {each.until}"] = each.until_announced
    return days


def _spans(rule: RuleFile) -> Iterator[tuple[str, tree.InForce]]:
    for each in rule.in_force:
        where = "" if each.where is None else f" where {rule.source.text[each.where.span.start : each.where.span.end]}"
        yield f"in force{where}", each


def compare_rule(rule_id: str, old: RuleFile | None, new: RuleFile | None) -> RuleComparison:
    """One rule; a version that is not there demands nothing."""
    one, two = old or _silent(new), new or _silent(old)
    if _meaning(one) == _meaning(two):
        return _alike(rule_id, old, new, Likeness.SAME, 0)
    groups = list(distinct(splits(one, two)))
    if not groups:
        return _alike(rule_id, old, new, Likeness.SAME, 0)
    explored = groups[:PAIRS_MAX]
    effort = Effort(parts=len(explored))
    found = [(tell_apart_in(one, two, group[0], effort), group) for group in explored]
    different = [(apart, group) for apart, group in found if apart.likeness in DIFFERING]
    unexplored = len(groups) - len(explored)
    if not different:
        ends = all(apart.likeness is Likeness.EXHAUSTED for apart, _ in found) and not unexplored
        likeness = Likeness.EXHAUSTED if ends else Likeness.BOUNDED
        made = _alike(rule_id, old, new, likeness, min(apart.actions for apart, _ in found))
        return replace(made, unexplored=unexplored)
    return RuleComparison(
        rule=rule_id,
        old=old,
        new=new,
        likeness=Likeness.DIFFERENT,
        actions=0,
        differences=tuple(_gathered(different, (one, two))),
        unexplored=unexplored,
    )


DIFFERING = frozenset({Likeness.DIFFERENT, Likeness.UNREADABLE})


def _alike(
    rule_id: str, old: RuleFile | None, new: RuleFile | None, likeness: Likeness, actions: int
) -> RuleComparison:
    return RuleComparison(
        rule=rule_id, old=old, new=new, likeness=likeness, actions=actions, differences=(), unexplored=0
    )


def _silent(rule: RuleFile | None) -> RuleFile:
    """The rule without what it demands and refuses."""
    assert rule is not None
    demands = tree.Require | tree.Guard
    return replace(rule, statements=tuple(each for each in rule.statements if not isinstance(each, demands)))


def _meaning(rule: RuleFile) -> object:
    said = tree.Interpretation | tree.RuleName
    return tuple(bare(each) for each in rule.statements if not isinstance(each, said))


# ── where ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _gathered(
    found: Iterable[tuple[Apart, tuple[Split, ...]]], rules: tuple[RuleFile, RuleFile]
) -> Iterator[Difference]:
    """Differences that show in the same trace with the same ends are one difference in several places."""
    gathered: dict[object, tuple[Apart, list[Where]]] = {}
    for apart, group in found:
        course = None if apart.story is None else (apart.story.days, apart.one, apart.two)
        _, places = gathered.setdefault(course, (apart, []))
        places.extend(where(group, rules))
    return (Difference(apart=apart, where=tuple(dict.fromkeys(places))) for apart, places in gathered.values())


def where(group: Sequence[Split], rules: Sequence[RuleFile]) -> Iterator[Where]:
    """The days, accounts and instruments of a group of cases: days on which the same accounts are met together."""
    by_day: dict[date, list[Case]] = {}
    for each in group:
        by_day.setdefault(each.case.day, []).append(each.case)
    alike: dict[object, list[Case]] = {}
    for cases in by_day.values():
        alike.setdefault(frozenset(case.facts for case in cases), []).extend(cases)
    for cases in alike.values():
        yield Where(days=spans(cases, rules), accounts=accounts(cases, rules), instruments=_instruments(cases))


def spans(cases: Sequence[Case], rules: Sequence[RuleFile]) -> tuple[tuple[date, date | None], ...]:
    """The spans between edges in which the cases lie, those that meet as one."""
    edges = edges_of(rules)
    found: list[tuple[date, date | None]] = []
    for start in sorted({max((edge for edge in edges if edge <= case.day), default=case.day) for case in cases}):
        end = min((edge for edge in edges if edge > start), default=None)
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def accounts(cases: Sequence[Case], rules: Sequence[RuleFile]) -> tuple[str, ...]:
    """The accounts of the cases in words: what each fact has to be where that says it all, else some of them."""
    values = fact_values(rules)
    met = {case.facts for case in cases}
    chosen = {name: [value for value in choices if _has(met, name, value)] for name, choices in values.items()}
    count = 1
    for choices in chosen.values():
        count *= len(choices)
    if count == len(met):
        narrow = {name: found for name, found in chosen.items() if len(found) < len(values[name])}
        told = [f"{name} is {' or '.join(_fact_text(each) for each in found)}" for name, found in narrow.items()]
        return (", ".join(told),) if told else ()
    said = [", ".join(f"{name} is {value_text(value)}" for name, value in facts) or "nothing stated" for facts in met]
    rest = len(said) - CHOICES_MAX
    return (*sorted(said)[:CHOICES_MAX], *((f"{rest} further kinds of account",) if rest > 0 else ()))


def _has(met: Iterable[Facts], name: str, value: FactValue | None) -> bool:
    return any(dict(facts).get(name) == value for facts in met)


def _fact_text(value: FactValue | None) -> str:
    return "left out" if value is None else value_text(value).replace("something_else", "another")


def _instruments(cases: Sequence[Case]) -> str:
    symbols = list(
        dict.fromkeys(
            each.symbol + (f" (leverage {each.leverage_factor})" if each.leverage_factor != 1 else "")
            for case in cases
            for each in case.instruments
        )
    )
    more = len(symbols) - SYMBOLS_MAX
    return ", ".join(symbols[:SYMBOLS_MAX]) + (f" and {more} more" if more > 0 else "")
