"""What could stand at a place, in words of the language: accepted terminals → a short phrase.

Terminals that together begin an expression are told as one thing, and so are operators; keywords come first, since
they are what a reader is likely to have forgotten. Never more than `ALTERNATIVES_MAX` things.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stratc.dsl.parsing.tables import phrases

ALTERNATIVES_MAX: Final = 4

_EXPRESSION_STARTS: Final = frozenset(
    {"NAME", "NUMBER", "TEXT", "CLOCK", "DAY", "LEFT_PARENTHESIS", "MINUS", "NOT", "PEAK_EQUITY", "START_EQUITY", "IF"}
) | {
    "CALENDAR_READING",
    "WEEKDAY_WORD",
    "MONTH_WORD",
    "BARS_SINCE",
    "SESSIONS_UNTIL",
    "SESSIONS_SINCE",
    "DAYS_UNTIL",
    "DAYS_SINCE",
    "TIME_UNTIL",
    "TIME_SINCE",
    "IN_UNIVERSE",
}
_SIGNS: Final = frozenset({"PLUS", "MINUS", "TIMES", "DIVIDED_BY", "DOT", "LEFT_BRACKET", "LEFT_PARENTHESIS"})
_COMPARISONS: Final = frozenset({"LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "IS", "IS_NOT", "IN"}) | {
    "IS_KNOWN",
    "IS_UNKNOWN",
    "IS_TODAY",
    "IS_CONFIRMED",
    "IS_ESTIMATED",
}
_OPERATOR_WORDS: Final = frozenset(
    {"AND", "OR", "OF", "OVER", "CROSSES_ABOVE", "CROSSES_BELOW", "AT_LAST_CLOSE", "WHEN", "ON"}
    | {"AT_ENTRY", "SINCE_ENTRY", "FOR_AT_LEAST", "CHANGES_SIGN"}
)
_OPERATORS: Final = _SIGNS | _COMPARISONS | _OPERATOR_WORDS

# Terminals that are no words of the language themselves.
_KINDS: Final = {
    "NAME": "a name",
    "NUMBER": "a number",
    "TEXT": "a text in quotation marks",
    "CLOCK": "a time of day such as `09:45`",
    "DAY": "a date such as `2026-06-04`",
    "ZONE": "a place such as `New York`",
    "SYMBOL": "a symbol in capitals",
    "WEEKDAY": "a day of the week such as `Friday`",
    "MONTH_NAME": "a month such as `October`",
}

# What a name or a comma stands for where it can only be one of a few things.
_NAMED_BY: Final = {
    ("cap", "NAME"): ("what to bound (`position`, `leverage`, `orders`, `slippage` …)",),
    ("account_line", "NAME"): ("the kind of account (`cash`, `margin`, `futures`, `forex` …)",),
    ("account_line", "SYMBOL"): ("a currency such as `USD`",),
    ("halt", "COMMA"): ("`, flatten`", "`, until next session`", "`, until released`"),
    ("every", "COMMA"): ("`, at` a time", "`, 5 min before end`", "`, on last session`", "`, on third Friday`"),
}

CLAUSES: Final = {
    "expression": "this expression",
    "strategy_line": "the strategy line",
    "trade_line": "the trade line",
    "read_line": "the read line",
    "account_line": "the account line",
    "roll": "this roll",
    "leave": "this line",
    "group": "this group",
    "flow": "this line",
    "input": "this input",
    "let": "this binding",
    "use": "this line",
    "block_line": "this line",
    "book_line": "the book's first line",
    "sleeve": "this sleeve",
    "events": "this table of events",
    "data": "this series",
    "advice": "this advice",
    "no_entries": "this condition",
    "rule_head": "the rule's first line",
    "sequence_head": "the sequence's first line",
    "first_step": "this step",
    "then_step": "this step",
    "unless": "this condition",
    "on": "this line",
    "when": "this condition",
    "every": "this schedule",
    "at_most": "this `at most`",
    "then": "this action",
    "leg": "this action",
    "more": "this line",
    "cap": "this cap",
    "floor": "this limit",
    "halt": "this halt",
}


def clause_phrase(start: str, text: str) -> str:
    """How a message calls the clause: `this binding`, or by its words where it is one of many."""
    if start == "more":
        for phrase in (
            "stop loss",
            "trailing stop",
            "after locate",
            "target",
            "risking",
            "good until",
            "good for",
            "only if",
        ):
            if text.startswith(phrase):
                return f"this `{phrase}`"
    return CLAUSES[start]


def expected_phrase(start: str, accepted: frozenset[str]) -> str:
    """`a number, `at next open` or an operator`: at most four alternatives, keywords first."""
    rest = set(accepted)
    kinds: list[str] = []
    if {"NAME", "NUMBER", "LEFT_PARENTHESIS"} <= accepted:
        rest -= _EXPRESSION_STARTS
        kinds.append("an expression")
    elif {"PLUS", "TIMES"} <= accepted:
        rest -= _OPERATORS
        kinds.append("an operator")
    if "$END" in rest:
        rest.discard("$END")
        kinds.append("the end of the clause")
    named = [thing for name in sorted(rest) for thing in _things(start, name)]
    words = [f"`{phrases()[name]}`" for name in sorted(rest) if name in phrases() and (start, name) not in _NAMED_BY]
    return either((*(named + words)[: ALTERNATIVES_MAX - len(kinds)], *kinds))


def _things(start: str, name: str) -> tuple[str, ...]:
    """What a terminal that is no keyword, or a comma before a choice, is called in this clause."""
    return _NAMED_BY.get((start, name), (_KINDS[name],) if name in _KINDS else ())


def either(things: Iterable[str]) -> str:
    """`a, b or c`."""
    found = tuple(things)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
