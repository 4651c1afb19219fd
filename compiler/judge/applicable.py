"""Which rules apply: by the carrying firm, the account, its broker's dated elections, the instrument and the day.

Every rule of every pack gets an answer, never silence. What the account leaves out counts as the strict value and is
named, so that the verdict lists it as an assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, assert_never

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.facts import FactValue, adopted
from stratc.compiler.judge.force import InForceNow, applies_to, asked_of, conditions, edges, standing
from stratc.compiler.judge.pack import Follows, Pack
from stratc.compiler.judge.rulefile import RuleFile
from stratc.runtime.model.account import AccountProfile
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

NAMED_MAX: Final = 3

MEMBER_STATES: Final = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
# Whose packs bind firms of others too, by the codes of ISO 3166.
MEMBERS: Final = {
    "EU": frozenset(MEMBER_STATES),
    "UK": frozenset({"GB"}),
}


@record
class Applies:
    """The rule is to be judged for these instruments, by their indices; `unknown` facts were taken strictly."""

    instruments: tuple[int, ...]
    unknown: tuple[str, ...]


@record
class DoesNotApply:
    because: str


def applicability(
    pack: Pack, rule: RuleFile, facts: dict[str, FactValue | None], instruments: Sequence[Instrument], as_of: date
) -> Applies | DoesNotApply:
    """Whether a rule is to be judged, and why not."""
    elsewhere = _brought_elsewhere(pack, facts)
    if elsewhere:
        return DoesNotApply(because=elsewhere)
    if rule.problems:
        # What such a rule is about cannot be known: it is judged, and its verdict says what is wrong with it.
        return Applies(instruments=tuple(range(len(instruments))), unknown=())
    stands = standing(rule, facts, as_of)
    if not isinstance(stands, InForceNow):
        return DoesNotApply(because=stands.because)
    chosen = applies_to(rule, facts, instruments)
    if not chosen:
        return DoesNotApply(because=_why_none(rule, facts, instruments))
    silent = pack.follows is Follows.CARRYING_FIRM and facts.get("broker.legal_entity") is None
    unknown = set(stands.unknown) | ({"broker.legal_entity"} if silent else set())
    for index in chosen:
        unknown |= asked_of(rule, facts, instruments[index]).unknown
    unknown |= _read_by_definitions(rule, facts)
    return Applies(instruments=chosen, unknown=tuple(sorted(unknown)))


def _brought_elsewhere(pack: Pack, facts: dict[str, FactValue | None]) -> str:
    """Why nothing brings a pack to this account, or nothing; a firm that is not named may be any."""
    match pack.follows:
        case Follows.VENUE | Follows.CLIENT:
            return ""
        case Follows.HOUSE:
            if facts.get(adopted(pack.name)) is True:
                return ""
            return f"the account adopts no `{pack.name}`: it binds whose `house_packs` name it"
        case Follows.CARRYING_FIRM:
            entity = facts.get("broker.legal_entity")
            if entity is None or _is_within(str(entity).upper(), pack.jurisdiction.upper()):
                return ""
            return f"the carrying firm's legal entity is {entity}, the pack is for {pack.jurisdiction}"
        case _:
            assert_never(pack.follows)


def _is_within(entity: str, jurisdiction: str) -> bool:
    return entity == jurisdiction or entity in MEMBERS.get(jurisdiction, frozenset())


def changes_on(rule: RuleFile, account: AccountProfile, as_of: date, parameters: date | None) -> date | None:
    """The next known day on which the verdict may change: the rule's edges, its parameters, the broker's election."""
    elections = [span.since for span in account.broker.day_trading_regime if span.since is not None]
    reads_regime = any("day_trading_regime" in rule.source.slice(each.span) for each in rule.in_force)
    days = [*edges(rule, as_of), *([parameters] if parameters is not None else [])]
    days += [day for day in elections if day > as_of and reads_regime]
    return min(days, default=None)


def _why_none(rule: RuleFile, facts: dict[str, FactValue | None], instruments: Sequence[Instrument]) -> str:
    condition = conditions(rule)
    asked = "" if condition is None else rule.source.slice(condition.span)
    traded = list(dict.fromkeys(f"{each.symbol} ({each.kind})" for each in instruments))
    more = f" and {len(traded) - NAMED_MAX} more" if len(traded) > NAMED_MAX else ""
    symbols = ", ".join(traded[:NAMED_MAX]) + more
    return (
        f"it applies where {' '.join(asked.split())}; the account is {facts.get('account.type')}, it trades {symbols}"
    )


def _read_by_definitions(rule: RuleFile, facts: dict[str, FactValue | None]) -> set[str]:
    """Facts that definitions and exceptions ask and the account leaves out."""
    asked = [each.facts for each in rule.statements if isinstance(each, tree.Define | tree.ExceptionTo) and each.facts]
    return {name for expression in asked for name in _members(expression) if facts.get(name) is None}


def _members(expression: tree.Expression) -> set[str]:
    match expression:
        case tree.Member(owner=owner, name=name):
            return {f"{owner}.{name}"}
        case tree.Comparison(left=left, right=right) | tree.Connected(left=left, right=right):
            return _members(left) | _members(right)
        case tree.Negated(operand=operand):
            return _members(operand)
        case _:
            return set()
