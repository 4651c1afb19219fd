"""The instruments that a rule is for, and with it every formula that only such rules read.

This is the one place that says so. What a number of contracts, ticks or lots means, which steps a size has and which
calendar a schedule is held against is asked of the header as a rule sees it: with the instruments that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from stratc.compiler.resolve.symbols import Header, Resolved
from stratc.dsl.syntax import BothOf, Entry, Input, Let, Name, Node, Number, Rule, Sequence, children
from stratc.runtime.model.record import record

Declared = Let | Input | Sequence


@record
class Addressed:
    """For the words and numbers that are written for some of the traded instruments only: the header with those."""

    whole: Header
    some: Mapping[Node, Header]

    def at(self, node: Node) -> Header:
        """The header as a node sees it; its first word or number tells, as all of it is for the same instruments."""
        return next(self._found(node), self.whole) if self.some else self.whole

    def _found(self, node: Node) -> Iterator[Header]:
        if isinstance(node, Name | Number) and node in self.some:
            yield self.some[node]
        for child in children(node):
            yield from self._found(child)


def as_seen_by(rule: Rule, header: Header) -> Header:
    """The header with the instruments that a rule is tried for; one that cannot be traded was told."""
    return _narrowed(header, {named.symbol for named in rule.instruments})


def addressed(resolved: Resolved) -> Addressed:
    """What rules and the legs of pairs are for. What is declared is for all that reads it."""
    header = resolved.header
    some: dict[Node, Header] = {}
    if not any(rule.instruments or any(isinstance(each, BothOf) for each in rule.actions) for rule in resolved.rules):
        return Addressed(whole=header, some=some)
    readers: dict[str, set[str]] = {}
    statements = resolved.tree.statements
    for statement in statements:
        if not isinstance(statement, Declared):
            seen = as_seen_by(statement, header) if isinstance(statement, Rule) else header
            _spread(statement, seen, header, readers, some)
    # What a declaration reads stands above it, so from the last one up each is met after all of its readers.
    for statement in reversed(statements):
        if isinstance(statement, Declared):
            symbols = {symbol for name in _names(statement) for symbol in readers.get(name, ())}
            _spread(statement, _narrowed(header, symbols), header, readers, some)
    return Addressed(whole=header, some=some)


def _names(declared: Declared) -> Iterator[str]:
    """The names that a declaration is read by."""
    yield declared.name.text
    if isinstance(declared, Sequence):
        yield from (step.name.text for step in declared.steps if step.name is not None)


def _narrowed(header: Header, symbols: set[str]) -> Header:
    those = tuple(each for each in header.named if each.symbol in symbols)
    return replace(header, instruments=those) if those and set(those) != set(header.instruments) else header


def _spread(node: Node, seen: Header, header: Header, readers: dict[str, set[str]], some: dict[Node, Header]) -> None:
    if isinstance(node, Entry) and node.instrument is not None:
        seen = _narrowed(header, {node.instrument.symbol})
    if isinstance(node, Name):
        readers.setdefault(node.text, set()).update(each.symbol for each in seen.instruments)
    if isinstance(node, Name | Number) and seen is not header:
        some[node] = seen
    for child in children(node):
        _spread(child, seen, header, readers, some)
