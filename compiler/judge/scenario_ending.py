"""What becomes of a scenario under a rule: whether the rule stands there, and the days of breach and denial.

One rule may be asked about a scenario of another one (an older version, a mutant): the day of the law is the scenario's
own, and has to be stated in it where the rule that it was written for is not at hand (`on_its_day`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.facts import FACT_NAMES, FactValue
from stratc.compiler.judge.force import InForceNow, applies_to, standing
from stratc.compiler.judge.rulefile import RuleFile
from stratc.compiler.judge.scenario_account import Scene
from stratc.compiler.judge.scenario_run import CannotHappen, play, symbols_of
from stratc.compiler.judge.scenario_text import Scenario
from stratc.runtime.model.instrument import Instrument, InstrumentKind, identify
from stratc.runtime.model.record import record

LEVERAGE: Final = "instrument.leverage_factor"
CURRENCY_DEFAULT: Final = "USD"
# What a symbol of a trader's own is made from.
OWN_SYMBOL: Final = "OWN"


class NoInstrument(ValueError):
    """A scenario names what is no instrument."""


@record
class Stand:
    """A rule on one day for some facts and instruments: `observer` is None where it does not apply or is broken."""

    applies: bool
    observer: Observer | None
    problem: str


@record
class Ending:
    """How a scenario ends: the days of the first breach with guards off and of the first denial with guards on."""

    applies: bool
    violated_on: int | None
    denied_on: int | None
    problem: str


def on_its_day(rule: RuleFile, scenario: Scenario) -> Scenario | None:
    """The scenario with its day written out: the first on which its rule was in force where it names none."""
    given = dict(scenario.given)
    day = given.get("as_of", min((each.since for each in rule.in_force), default=date.min))
    if not isinstance(day, date):
        return None
    return replace(scenario, given=(*((k, v) for k, v in scenario.given if k != "as_of"), ("as_of", day)))


def day_of(scenario: Scenario) -> date:
    """The day of the law; `on_its_day` wrote it."""
    day = dict(scenario.given)["as_of"]
    if not isinstance(day, date):
        raise TypeError("a scenario whose day was not written out")
    return day


def facts_of(scenario: Scenario) -> dict[str, FactValue | None]:
    given = dict(scenario.given)
    return {name: given.get(name) for name in FACT_NAMES}


def instruments_of(scenario: Scenario) -> tuple[Instrument, ...]:
    """The scenario's instruments; raises `NoInstrument`."""
    given = dict(scenario.given)
    return tuple(_instrument(symbol, given) for symbol in symbols_of(scenario))


def _instrument(symbol: str, given: Mapping[str, FactValue]) -> Instrument:
    """What the symbol names, with what the scenario says of all its instruments, as an instruments.toml would."""
    kind, factor = given.get("instrument.kind"), given.get(LEVERAGE)
    # Of a kind that is given any symbol may be: a trader's own.
    found = identify(symbol) if kind is None or identify(symbol) else identify(OWN_SYMBOL)
    if found is None:
        raise NoInstrument(f"a scenario names `{symbol}`, which is no instrument")
    return replace(
        found,
        symbol=symbol,
        kind=found.kind if kind is None else InstrumentKind(str(kind)),
        leverage_factor=_decimal(factor) if isinstance(factor, Fraction) else found.leverage_factor,
    )


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / number.denominator


def scene_of(scenario: Scenario, instruments: tuple[Instrument, ...]) -> Scene:
    """Where a scenario that states its day plays."""
    currency = str(dict(scenario.given).get("account.currency", CURRENCY_DEFAULT))
    return Scene(instruments=instruments, currency=currency, day=day_of(scenario))


def stand(
    rule: RuleFile, facts: Mapping[str, FactValue | None], day: date, instruments: tuple[Instrument, ...]
) -> Stand:
    """The rule as it stands there."""
    stands = standing(rule, facts, day)
    applies = applies_to(rule, facts, instruments) if isinstance(stands, InForceNow) else ()
    if not applies:
        return Stand(applies=False, observer=None, problem="")
    setting = Setting(facts=facts, day=day, instruments=instruments, applies=applies)
    observer, problems = compile_rule(rule.id, rule.statements, setting)
    told = "; ".join(problem.diagnostic().message for problem in problems)
    return Stand(applies=True, observer=observer, problem=told)


def ending_of(rule: RuleFile, scenario: Scenario) -> Ending:
    """How a scenario that states its day ends under a rule."""
    instruments = instruments_of(scenario)
    found = stand(rule, facts_of(scenario), day_of(scenario), instruments)
    return ending_under(found, scenario, instruments)


def ending_under(found: Stand, scenario: Scenario, instruments: tuple[Instrument, ...]) -> Ending:
    if found.observer is None:
        return Ending(applies=found.applies, violated_on=None, denied_on=None, problem=found.problem)
    try:
        outcome = play(scenario, found.observer, scene_of(scenario, instruments))
    except CannotHappen as cannot:
        return Ending(applies=True, violated_on=None, denied_on=None, problem=str(cannot))
    return Ending(applies=True, violated_on=outcome.violated_on, denied_on=outcome.denied_on, problem="")
