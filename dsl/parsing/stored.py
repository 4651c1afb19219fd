"""A parser's tables as text, the same text for the same grammar: what lark makes comes in the order of its sets.

Assumes the tables of an LALR parser as `Lark.memo_serialize` gives them, rules and terminals in the grammar's order.
Guarantees that tokens stand in the order of their names, and states in the order in which a walk over the grammar, from
the start symbols on, comes to them.
"""

from __future__ import annotations

import json
from typing import Any, Final

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

SHIFT: Final = 0


def tables_text(parser: Lark, digest: str) -> str:
    """The tables as JSON, marked with the digest of what they were made from."""
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    # These two hold this machine's view of the grammar and nothing that the parser reads.
    data["options"]["source_path"] = None
    data["options"]["import_paths"] = []
    data["parser"]["parser"] = _in_order(data["parser"]["parser"])
    return json.dumps({"grammar": digest, "data": data, "memo": memo}, separators=(",", ":")) + "\n"


def _in_order(table: dict[str, Any]) -> dict[str, Any]:
    """The same automaton with its tokens and states numbered anew."""
    names = table["tokens"]
    tokens = {name: number for number, name in enumerate(sorted(names.values()))}
    named = {
        state: {name: actions[old] for name, old in sorted((names[old], old) for old in actions)}
        for state, actions in table["states"].items()
    }
    numbers = _walk(named, [table["start_states"][start] for start in sorted(table["start_states"])])
    states = {
        numbers[state]: {
            tokens[name]: [kind, numbers[to] if kind == SHIFT else to] for name, (kind, to) in named[state].items()
        }
        for state in numbers
    }
    return {
        "tokens": {number: name for name, number in tokens.items()},
        "states": states,
        "start_states": {start: numbers[state] for start, state in sorted(table["start_states"].items())},
        "end_states": {start: numbers[state] for start, state in sorted(table["end_states"].items())},
    }


def _walk(states: dict[int, dict[str, tuple[int, Any]]], starts: list[int]) -> dict[int, int]:
    """A number for each state, in the order in which it is first come to."""
    numbers: dict[int, int] = {}
    waiting = list(starts)
    for state in waiting:
        if state not in numbers:
            numbers[state] = len(numbers)
            waiting += [to for kind, to in states[state].values() if kind == SHIFT]
    return numbers
