"""What is known of the account, its broker and an instrument, and conditions over it.

Maps an account profile to facts by name (`broker.day_trading_regime`). A fact that the profile leaves out is unknown;
conditions over unknown facts are unknown (Kleene). What unknown means is the caller's: a rule applies, an exception
does not; either way the fact is named in the verdict's assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.runtime.model.account import AccountProfile, AccountType
from stratc.runtime.model.instrument import CONTRACT, Instrument, InstrumentKind
from stratc.runtime.model.record import record

FactValue = str | Fraction | bool | date
Facts = Mapping[str, FactValue | None]

KINDS: Final = {
    "security": frozenset({InstrumentKind.EQUITY}),
    "currency_pair": frozenset({InstrumentKind.FOREX}),
    "future": frozenset({InstrumentKind.FUTURE}),
    "crypto": frozenset({InstrumentKind.CRYPTO}),
    "contract_for_difference": frozenset({InstrumentKind.CFD}),
}
FACT_NAMES: Final = (
    "account.type",
    "account.holder",
    "account.client_class",
    "account.residence",
    "account.owner",
    "account.registration",
    "account.currency",
    "broker.name",
    "broker.legal_entity",
    "broker.day_trading_regime",
    "broker.day_trade_counting",
    "broker.six_percent_exception",
    "broker.intraday_margin_mode",
    "broker.house_margin",
    "broker.netting",
    "broker.locates",
    "history.pattern_day_trader_since",
    "instrument.symbol",
    "instrument.kind",
    "instrument.base",
    "instrument.quote",
    "instrument.calendar",
    "instrument.currency",
    "instrument.root",
)


@record
class Answer:
    """A condition over facts: true, false or unknown, and the unknown facts that it read."""

    holds: bool | None
    unknown: frozenset[str]


def account_facts(account: AccountProfile, as_of: date, account_kind: str) -> dict[str, FactValue | None]:
    """The facts of a profile on a day; `account_kind` picks the segment of an account with several."""
    broker = account.broker
    regime = account.regime_on(as_of)
    return {
        "account.type": _segment(account, account_kind),
        "account.holder": account.holder.value,
        "account.client_class": account.client_class.value,
        "account.residence": account.residence,
        "account.owner": account.owner.value,
        "account.registration": None if account.registration is None else account.registration.value,
        "account.currency": account.currency,
        "broker.name": broker.name,
        "broker.legal_entity": broker.legal_entity,
        "broker.day_trading_regime": regime.value if regime is not None else None,
        "broker.day_trade_counting": broker.day_trade_counting,
        "broker.six_percent_exception": broker.six_percent_exception,
        "broker.intraday_margin_mode": broker.intraday_margin_mode,
        "broker.house_margin": None if broker.house_margin is None else Fraction(broker.house_margin),
        "broker.netting": broker.netting,
        "broker.locates": broker.locates,
        "history.pattern_day_trader_since": account.history.pattern_day_trader_since,
        **{adopted(name): True for name in account.house_packs},
    }


def adopted(pack: str) -> str:
    """The fact that the account's house follows a pack that binds only those who adopt it."""
    return f"adopts.{pack}"


def instrument_facts(instrument: Instrument) -> dict[str, FactValue | None]:
    return {
        "instrument.symbol": instrument.symbol,
        "instrument.kind": instrument.kind.value,
        "instrument.base": instrument.base,
        "instrument.quote": instrument.quote,
        "instrument.calendar": instrument.calendar,
        "instrument.currency": instrument.currency,
        "instrument.root": _root(instrument),
    }


def _root(instrument: Instrument) -> str | None:
    """What the months of a future have in common: `ES` of `ESZ26`, and of `ES` itself."""
    if instrument.kind is not InstrumentKind.FUTURE:
        return None
    month = CONTRACT.fullmatch(instrument.symbol)
    return instrument.symbol if month is None else month[1]


def _segment(account: AccountProfile, account_kind: str) -> str | None:
    kinds = {kind.value for kind in account.types}
    if len(kinds) == 1:
        return next(iter(kinds))
    return account_kind if account_kind in kinds or account_kind in set(AccountType) else None


def is_about_facts(expression: tree.Expression) -> bool:
    """Whether an expression asks facts only, so that it is settled before the first event."""
    match expression:
        case tree.Member(owner=owner):
            return owner in {"account", "broker", "history", "instrument"}
        case tree.KindOf():
            return True
        case tree.Comparison(left=left):
            return is_about_facts(left)
        case tree.Connected(left=left, right=right):
            return is_about_facts(left) and is_about_facts(right)
        case tree.Negated(operand=operand):
            return is_about_facts(operand)
        case _:
            return False


def ask(expression: tree.Expression, facts: Facts) -> Answer:
    """The answer of a condition over facts."""
    match expression:
        case tree.Connected(connective=connective, left=left, right=right):
            return _connect(connective, ask(left, facts), ask(right, facts))
        case tree.Negated(operand=operand):
            inner = ask(operand, facts)
            return Answer(holds=None if inner.holds is None else not inner.holds, unknown=inner.unknown)
        case tree.Comparison(operator=operator, left=left, right=right) if operator in {"is", "is not"}:
            same = _is(left, right, facts)
            if operator == "is" or same.holds is None:
                return same
            return Answer(holds=not same.holds, unknown=same.unknown)
        case tree.KindOf(subject=tree.Word(text="instrument"), kind=kind) if kind in KINDS:
            value = facts.get("instrument.kind")
            return Answer(holds=value in {allowed.value for allowed in KINDS[kind]}, unknown=frozenset())
        case tree.Member(owner=owner, name=name):
            return _truth(f"{owner}.{name}", facts)
        case tree.Word(text=text) if text in {"true", "false"}:
            return Answer(holds=text == "true", unknown=frozenset())
        case _:
            raise NotAFact(expression)


class NotAFact(Exception):
    """Internal: a condition over facts asks something else; the compiler reports the place."""

    def __init__(self, expression: tree.Expression) -> None:
        super().__init__("not a fact")
        self.expression = expression


def _connect(connective: tree.Connective, left: Answer, right: Answer) -> Answer:
    decisive = connective is tree.Connective.OR
    unknown = left.unknown | right.unknown
    if decisive in (left.holds, right.holds):
        return Answer(holds=decisive, unknown=frozenset())
    return Answer(holds=None if unknown else not decisive, unknown=unknown)


def _truth(name: str, facts: Facts) -> Answer:
    value = facts.get(name)
    if value is None:
        return Answer(holds=None, unknown=frozenset({name}))
    return Answer(holds=value is True or value == "yes", unknown=frozenset())


def _is(left: tree.Expression, right: tree.Expression, facts: Facts) -> Answer:
    if not isinstance(left, tree.Member):
        raise NotAFact(left)
    name = f"{left.owner}.{left.name}"
    value = facts.get(name)
    wanted = _value_text(right)
    if wanted == "known":
        return Answer(holds=value is not None, unknown=frozenset())
    if value is None:
        return Answer(holds=None, unknown=frozenset({name}))
    return Answer(holds=str(value).lower() == wanted.lower(), unknown=frozenset())


def _value_text(expression: tree.Expression) -> str:
    match expression:
        case tree.Word(text=text) | tree.Quoted(text=text):
            return text
        case tree.Number(value=value):
            return str(value)
        case _:
            raise NotAFact(expression)
