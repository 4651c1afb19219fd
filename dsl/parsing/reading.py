"""The parser that texts go through: the tables of an LALR grammar, and the loop that follows them.

Lark makes the tables and tells what could stand where a text stops (`failures`); to load it, its view of the tables and
the scanners of its states takes several times as long as a text does. This reads the same tables in a form that is laid
out as they are walked: rows, terminals and what a terminal looks for are made when a text first comes to them.

Assumes the grammar as `stored` writes it: terminals in lark's order of precedence, of which the first that matches is
taken among those that a state accepts. Guarantees lark's trees: where lark reads a text this reads the same, where lark
reads none this reads none. Both are held by tests over every text at hand and over what is made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from stratc.dsl.parsing.trees import Token, Tree

END: Final = "$END"

# What a terminal matches at a place of a text: where it ends, and -1 where it does not stand there.
Match = Callable[[str, int], int]


class Reader:
    """A parser of the clauses of one grammar. What it makes on its way changes nothing of what it reads."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._names: list[str] = tables["names"]
        self._terminals: list[str] = tables["terminals"]
        self._patterns: list[list[str]] = tables["patterns"]
        self._ignored = frozenset(self._terminals.index(name) for name in tables["ignored"])
        self._rules: list[list[Any]] = tables["rules"]
        self._rows: list[str] = tables["states"]
        self._starts: Mapping[str, int] = tables["starts"]
        self._ends: Mapping[str, int] = tables["ends"]
        self._actions: dict[int, dict[str, int]] = {}
        self._looked_for: dict[int, tuple[tuple[str, Match, bool], ...]] = {}
        self._matches: dict[int, Match] = {}

    def read(self, start: str, text: str) -> Tree | Token | None:
        """The tree of a text from one of the start symbols; None where it is none of the grammar's."""
        states, values = [self._starts[start]], list[Tree | Token]()
        place, last = 0, len(text)
        while True:
            token = self._next(text, place, last, states[-1])
            if token is None:
                return None
            place = token.end_pos
            while True:
                step = self._row(states[-1]).get(token.type)
                if step is None:
                    return None
                if step >= 0:
                    states.append(step)
                    values.append(token)
                    break
                self._reduce(self._rules[-1 - step], states, values)
                if token.type == END and states[-1] == self._ends[start]:
                    return values[-1]

    def _reduce(self, rule: list[Any], states: list[int], values: list[Tree | Token]) -> None:
        origin, size, name, alone, opened = rule
        children = values[len(values) - size :]
        if size:
            del states[-size:], values[-size:]
        if opened:
            children = _opened(children, opened)
        states.append(self._row(states[-1])[origin])
        values.append(children[0] if alone and len(children) == 1 else Tree(name, children))

    def _next(self, text: str, place: int, last: int, state: int) -> Token | None:
        """The next word that a state accepts; None where none of them stands there."""
        looked_for = self._looked_for.get(state) or self._look_for(state)
        while place < last:
            for kind, match, ignored in looked_for:
                end = match(text, place)
                if end >= 0:
                    if ignored:
                        place = end
                        break
                    return Token(kind, text[place:end], place)
            else:
                return None
        return Token(END, "", last)

    def _row(self, state: int) -> dict[str, int]:
        """What a state does by what comes: a state to go to, or the rule -1 - n to reduce by."""
        found = self._actions.get(state)
        if found is None:
            steps = iter(self._rows[state].split())
            found = self._actions[state] = {
                self._names[int(name)]: int(step) for name, step in zip(steps, steps, strict=True)
            }
        return found

    def _look_for(self, state: int) -> tuple[tuple[str, Match, bool], ...]:
        row = self._row(state)
        numbers = (n for n, name in enumerate(self._terminals) if name in row or n in self._ignored)
        found = tuple((self._terminals[n], self._match(n), n in self._ignored) for n in numbers)
        self._looked_for[state] = found
        return found

    def _match(self, number: int) -> Match:
        found = self._matches.get(number)
        if found is None:
            kind, *said = self._patterns[number]
            made = {"words": _words, "sign": _sign, "pattern": _pattern}[kind]
            found = self._matches[number] = made(said)
        return found


def _opened(children: list[Tree | Token], opened: list[int]) -> list[Tree | Token]:
    """The children with what helping rules hold in their places: repetitions have no branch of their own."""
    found: list[Tree | Token] = []
    for place, child in enumerate(children):
        if place in opened and isinstance(child, Tree):
            found += child.children
        else:
            found.append(child)
    return found


# ── what terminals look for ──────────────────────────────────────────────────────────────────────────────────────────


def _sign(said: list[str]) -> Match:
    r"""As `\.\.` would match."""
    sign, size = said[0], len(said[0])
    return lambda text, place: place + size if text.startswith(sign, place) else -1


def _words(said: list[str]) -> Match:
    r"""As `stop\s+loss\b` would match: most terminals are such phrases, and a pattern takes long to be made."""
    first, others = said[0], said[1:]

    def match(text: str, place: int) -> int:
        if not text.startswith(first, place):
            return -1
        place += len(first)
        for word in others:
            begin = place
            while text[place : place + 1].isspace():
                place += 1
            if place == begin or not text.startswith(word, place):
                return -1
            place += len(word)
        after = text[place : place + 1]
        return -1 if after.isalnum() or after == "_" else place

    return match


def _pattern(said: list[str]) -> Match:
    known: list[Callable[[str, int], re.Match[str] | None]] = []

    def match(text: str, place: int) -> int:
        if not known:
            known.append(re.compile(said[0]).match)
        found = known[0](text, place)
        return -1 if found is None else found.end()

    return match
