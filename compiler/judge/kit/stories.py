"""Stories: the course of a scenario without its end, made, checked for sense, and written as a rule file says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final

from stratc.compiler.judge.facts import FactValue
from stratc.compiler.judge.scenario_ending import Ending
from stratc.compiler.judge.scenario_text import Action, Day, Scenario, Verb
from stratc.dsl.source import NOWHERE

OPENING_VERBS: Final = frozenset({Verb.BUY, Verb.SHORT})
CURRENCY: Final = "USD"


def story(given: Iterable[tuple[str, FactValue]], days: Iterable[Day]) -> Scenario:
    """A scenario that expects nothing yet."""
    return Scenario(title="", given=tuple(given), days=tuple(days), expects=(), span=NOWHERE)


def action(verb: Verb, symbol: str, quantity: Fraction | int, price: Fraction | int) -> Action:
    return Action(
        verb=verb,
        symbol=symbol,
        quantity=Fraction(quantity),
        price=Fraction(price),
        worth=None,
        ticket="",
        works=False,
        at_market=False,
        outlives_session=False,
        times=1,
        seconds=0,
    )


def actions_of(scenario: Scenario) -> Iterator[Action]:
    return (each for day in scenario.days for each in day.actions)


def size_of(scenario: Scenario) -> int:
    """How much happens: what a shorter trace has less of."""
    return sum(each.times for each in actions_of(scenario))


def makes_sense(scenario: Scenario) -> bool:
    """Whether every exit closes what is held, every cancel and every fill meets an order, every day is later than the
    one before."""
    numbers = [day.number for day in scenario.days]
    if numbers != sorted(set(numbers)) or any(number < 1 for number in numbers):
        return False
    book = _Book()
    for day in scenario.days:
        book.begin_day()
        if not all(book.takes(each) for each in day.actions for _ in range(each.times)):
            return False
    return True


class _Book:
    """What is held and what works, oldest first, as the account of a scenario has it."""

    def __init__(self) -> None:
        self._held: list[tuple[str, str, Fraction]] = []
        self._works: list[Action] = []

    def begin_day(self) -> None:
        """What does not outlive its session has ended."""
        self._works = [each for each in self._works if each.outlives_session]

    def takes(self, each: Action) -> bool:
        """Do the action; False where it cannot be done."""
        match each.verb:
            case Verb.BUY | Verb.SHORT:
                self._works += [each] if each.works else []
                self._held += [] if each.works else [(each.symbol, each.ticket, each.quantity)]
                return each.quantity > 0
            case Verb.EXIT if each.works:
                self._works.append(each)
                return any(symbol == each.symbol for symbol, _, _ in self._held)
            case Verb.EXIT if each.ticket:
                found = [ticket for ticket in self._held if ticket[1] == each.ticket]
                self._held = [ticket for ticket in self._held if ticket not in found]
                return len(found) == 1
            case Verb.EXIT:
                return each.quantity > 0 and self._reduce(each.symbol, each.quantity)
            case Verb.CANCEL:
                left = [order for order in self._works if order.symbol != each.symbol]
                there = len(left) < len(self._works)
                self._works = left
                return there
            case Verb.FILL:
                return self._fills(each.symbol)
            case _:
                return True

    def _fills(self, symbol: str) -> bool:
        order = next((each for each in self._works if each.symbol == symbol), None)
        if order is None:
            return False
        self._works.remove(order)
        if order.verb is Verb.EXIT:
            return self._reduce(symbol, order.quantity)
        self._held.append((symbol, "", order.quantity))
        return True

    def _reduce(self, symbol: str, left: Fraction) -> bool:
        kept = []
        for held, name, quantity in self._held:
            taken = min(left, quantity) if held == symbol else Fraction(0)
            left -= taken
            kept += [(held, name, quantity - taken)] if quantity > taken else []
        self._held = kept
        return not left


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def story_text(scenario: Scenario, title: str, expects: Sequence[str]) -> str:
    """The scenario as a rule file holds it, with what is expected at its end."""
    lines = [f'scenario "{title}"' + _given_text(scenario.given), *day_lines(scenario)]
    return "\n".join([*lines, *(f"  expect {each}" for each in expects)])


def day_lines(scenario: Scenario) -> list[str]:
    return [f"  day {day.number}: " + "; ".join(_in_rows(day.actions)) for day in scenario.days if day.actions]


def _in_rows(actions: Sequence[Action]) -> Iterator[str]:
    """Like actions that follow each other are one, so many times."""
    for one, same in groupby(actions):
        times = one.times * len(list(same))
        repeated = times > 1 and not one.ticket and one.verb in {Verb.BUY, Verb.SHORT, Verb.EXIT}
        text = action_text(one)
        yield from [f"{text} {times} times"] if repeated else [text] * times


def action_text(each: Action) -> str:
    """One action, once."""
    match each.verb:
        case Verb.DEPOSIT | Verb.WITHDRAW:
            return f"{each.verb} {decimal_text(each.price)} {CURRENCY}"
        case Verb.MARK | Verb.FILL:
            return f"{each.verb} {each.symbol} @ {decimal_text(each.price)}"
        case Verb.CANCEL:
            return f"cancel {each.symbol}"
        case Verb.LOCATE:
            return f"locate {decimal_text(each.quantity)} {each.symbol}"
        case Verb.RESET:
            return "reset"
        case Verb.AT:
            return f"at {each.seconds // 3600:02}:{each.seconds // 60 % 60:02}:{each.seconds % 60:02}"
        case Verb.LATER:
            return f"{each.seconds} seconds later"
        case _:
            pass
    named = each.verb is Verb.EXIT and bool(each.ticket)
    what = f"ticket {each.ticket}" if named else f"{decimal_text(each.quantity)} {each.symbol}"
    parts = [
        "order " * each.works,
        f"{each.verb} {what}" + (" at market" if each.at_market else f" @ {decimal_text(each.price)}"),
    ]
    if each.worth is not None:
        parts.append(f" worth {decimal_text(each.worth)} {CURRENCY}")
    if each.ticket and not named:
        parts.append(f" as {each.ticket}")
    return "".join(parts) + " good till canceled" * each.outlives_session


def _given_text(given: Iterable[tuple[str, FactValue]]) -> str:
    told = [f"{name} = {_given_value(name, value)}" for name, value in given]
    return f" given {', '.join(told)}" if told else ""


def _given_value(name: str, value: FactValue) -> str:
    """Of numbers those of facts are multiples, the others money."""
    return f"{decimal_text(value)}x" if isinstance(value, Fraction) and "." in name else value_text(value)


def value_text(value: FactValue) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Fraction():
            return f"{decimal_text(value)} {CURRENCY}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def decimal_text(value: Fraction) -> str:
    """An exact decimal; what is none (a third) is no number of a scenario."""
    if value.denominator == 1:
        return f"{value.numerator:_}"
    for places in range(1, 19):
        scaled = value * 10**places
        if scaled.denominator == 1:
            whole, part = divmod(abs(scaled.numerator), 10**places)
            return f"{'-' * (value < 0)}{whole:_}.{part:0{places}}"
    raise ValueError(f"{value} is no decimal")


def expected_of(ending: Ending) -> tuple[str, ...]:
    """What the ending of a story would have a scenario expect."""
    if not ending.applies:
        return ("not applicable",)
    first = "ok" if ending.violated_on is None else f"violated on day {ending.violated_on}"
    return first, "allowed" if ending.denied_on is None else f"denied on day {ending.denied_on}"
