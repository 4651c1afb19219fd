"""A parser's tables as text, the same text for the same grammar: what lark makes comes in the order of its sets.

`tables_text` is what lark loads, `reading_text` the same automaton for `reading`.

Assumes the tables of an LALR parser as `Lark.memo_serialize` gives them, rules and terminals in the grammar's order.
Guarantees that tokens stand in the order of their names, and states in the order in which a walk over the grammar, from
the start symbols on, comes to them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

SHIFT: Final = 0
PHRASE: Final = re.compile(r"[a-z]+(?:\\s\+[a-z]+)*\\b")


def tables_text(parser: Lark, digest: str) -> str:
    """The tables as JSON, marked with the digest of what they were made from."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

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


# ── the same for `reading` ───────────────────────────────────────────────────────────────────────────────────────────


def reading_text(parser: Lark, digest: str) -> str:
    """The tables that `reading` follows as JSON, marked with the digest of the grammar."""
    return json.dumps({"grammar": digest, **reading_tables(parser)}, separators=(",", ":")) + "\n"


def reading_tables(parser: Lark) -> dict[str, Any]:
    """The automaton of a parser with its terminals in the order in which lark tries them, and the shape of every rule.

    Refuses a grammar that needs more of lark than `reading` does: flags, words that are signs too, tokens left out.
    """
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, _ = parser.memo_serialize([TerminalDef, Rule])
    table = _in_order(data["parser"]["parser"])
    numbers = {memorised["@"]: number for number, memorised in enumerate(data["rules"])}
    lexer = parser.parser.lexer.root_lexer
    lexer.scanner  # noqa: B018  makes the callbacks of words that are signs too
    if lexer.callback:
        raise ValueError(f"signs of the grammar are also words: {sorted(lexer.callback)}")
    return {
        "names": [table["tokens"][number] for number in sorted(table["tokens"])],
        "terminals": [each.name for each in lexer.terminals],
        "patterns": [_looked_for(each) for each in lexer.terminals],
        "ignored": sorted(parser.ignore_tokens),
        "rules": [_shape(rule) for rule in parser.rules],
        "states": [_row(table["states"][state], numbers) for state in sorted(table["states"])],
        "starts": table["start_states"],
        "ends": table["end_states"],
    }


def _row(actions: dict[int, list[Any]], numbers: dict[int, int]) -> str:
    """Names and steps in turn: a state to go to, or the rule -1 - n to reduce by."""
    steps = (f"{name} {to if kind == SHIFT else -1 - numbers[to['@']]}" for name, (kind, to) in actions.items())
    return " ".join(steps)


def _shape(rule: Rule) -> list[Any]:
    """What it makes, of how many, under which name, whether an only child takes its place, and what is opened."""
    options = rule.options
    if not options.keep_all_tokens or options.template_source or any(options.empty_indices):
        raise ValueError(f"{rule} has a shape that is not read")
    opened = [n for n, symbol in enumerate(rule.expansion) if not symbol.is_term and symbol.name.startswith("_")]
    name = str(rule.alias or rule.origin.name)
    return [str(rule.origin.name), len(rule.expansion), name, bool(options.expand1 and not rule.alias), opened]


def _looked_for(terminal: TerminalDef) -> list[str]:
    pattern = terminal.pattern
    if pattern.flags:
        raise ValueError(f"{terminal.name} has flags, which are not read")
    if pattern.type == "str":
        return ["sign", pattern.value]
    if PHRASE.fullmatch(pattern.value):
        return ["words", *pattern.value.removesuffix(r"\b").split(r"\s+")]
    return ["pattern", pattern.to_regexp()]
