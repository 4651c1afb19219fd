"""Plans: small strategies as data, and the text that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

HEADER = 'strategy "Reference"\ntrade   SPY on {bars}\naccount margin USD\n'
CONDITIONS = {
    "up": "close > open",
    "down": "close < open",
    "rising": "close crosses above close[1]",
    "any": "close > 0 USD",
}
GATES = {"flat": "flat", "not short": "not short", "not long": "not long"}


@dataclass(frozen=True)
class Offset:
    """A price: a column of the bar, moved by cents."""

    column: str
    cents: int

    @property
    def text(self) -> str:
        if self.cents == 0:
            return self.column
        return f"{self.column} {'+' if self.cents > 0 else '-'} {Decimal(abs(self.cents)) / 100} USD"


@dataclass(frozen=True)
class Entry:
    """`size` is ("shares", n), ("equity", percent) or ("risk", percent); `target` ("R", x), ("distance", cents) or a
    price; `life` None for a day, else a number of bars."""

    side: int
    size: tuple[str, Decimal]
    at_most: Decimal | None = None
    limit: Offset | None = None
    stop: Offset | None = None
    next_open: bool = False
    stop_loss: Offset | None = None
    target: tuple[str, Decimal] | Offset | None = None
    life: int | None = None


@dataclass(frozen=True)
class Exit:
    """`portion` 1 for all, else a share of the position."""

    portion: Decimal
    limit: Offset | None = None
    stop: Offset | None = None


@dataclass(frozen=True)
class Rule:
    """`gate` is what the rule asks of the position; entries of more than one leg are a `one of`."""

    condition: str
    gate: str
    entries: tuple[Entry, ...] = ()
    exit: Exit | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Plan:
    """Rules in order, caps as percent of equity, numbers of entries a session, halts as percent of the last close."""

    rules: tuple[Rule, ...]
    daily: bool = False
    position: Decimal | None = None
    leverage: Decimal | None = None
    entries: int | None = None
    stop_distance: Decimal | None = None
    daily_loss: Decimal | None = None
    drawdown: Decimal | None = None
    keep: int | None = None


def text_of(plan: Plan) -> str:
    """The strategy in the words of the language."""
    bars = "1 day" if plan.daily else "30 min, regular session"
    rules = "\n".join(_rule(number, rule) for number, rule in enumerate(plan.rules))
    limits = [
        (plan.position, f"cap position {plan.position}% of equity"),
        (plan.leverage, f"cap leverage {plan.leverage}x"),
        (plan.entries, f"cap entries {plan.entries} per session"),
        (plan.stop_distance, f"stop distance at least {plan.stop_distance}%"),
        (plan.keep, f"keep at least {plan.keep} sessions"),
        (
            plan.daily_loss,
            f"halt at daily loss {plan.daily_loss}% of equity at last close, flatten, until next session",
        ),
        (plan.drawdown, f"halt at drawdown {plan.drawdown}% of peak equity, until released"),
    ]
    said = "\n".join(words for bound, words in limits if bound is not None)
    return f"{HEADER.format(bars=bars)}\n{rules}\n{said}\n"


def _rule(number: int, rule: Rule) -> str:
    lines = [f"rule rule_{number}", f"  when {GATES.get(rule.gate, rule.gate)} and {CONDITIONS[rule.condition]}"]
    if rule.exit is not None:
        lines.append(f"  then exit {_portion(rule.exit.portion)}{_order(rule.exit.limit, rule.exit.stop, False)}")
    elif len(rule.entries) == 1:
        entry = rule.entries[0]
        lines.append(f"  then {_word(entry)} {_size(entry)}{_order(entry.limit, entry.stop, entry.next_open)}")
        lines += _protection(entry, "       ")
        lines += [f"       good for {entry.life} bars"] if entry.life is not None else []
    else:
        lines.append("  then one of")
        for leg in rule.entries:
            lines.append(f"         {_word(leg)}{_order(leg.limit, leg.stop, leg.next_open)}")
            lines += _protection(leg, "           ")
        lines.append(f"       {_size(rule.entries[0])}")
        lines += [f"       good for {rule.entries[0].life} bars"] if rule.entries[0].life is not None else []
    if rule.at_most is not None:
        lines.append(f"  at most {rule.at_most} per session")
    return "\n".join(lines) + "\n"


def _word(entry: Entry) -> str:
    return "buy" if entry.side > 0 else "short"


def _size(entry: Entry) -> str:
    kind, amount = entry.size
    most = "" if entry.at_most is None else f", at most {entry.at_most}% of equity"
    return {"shares": f"{amount} shares", "equity": f"{amount}% of equity", "risk": f"risking {amount}% of equity"}[
        kind
    ] + most


def _order(limit: Offset | None, stop: Offset | None, next_open: bool) -> str:
    if next_open:
        return " at next open"
    if stop is not None:
        return f" at stop {stop.text}" + ("" if limit is None else f" limit {limit.text}")
    return "" if limit is None else f" at limit {limit.text}"


def _protection(entry: Entry, indent: str) -> list[str]:
    lines = [] if entry.stop_loss is None else [f"{indent}stop loss at {entry.stop_loss.text}"]
    match entry.target:
        case None:
            return lines
        case Offset() as price:
            return [*lines, f"{indent}target {price.text}"]
        case ("R", multiple):
            return [*lines, f"{indent}target {multiple}R"]
        case (_, cents):
            return [*lines, f"{indent}target {Decimal(cents) / 100} USD"]


def _portion(portion: Decimal) -> str:
    return {Decimal(1): "all", Decimal("0.5"): "half"}.get(portion, f"{portion * 100:f}% of position")
