"""Functions and blocks in English: each said once, and every call of a function as it was written, not as what it was
written out to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from stratc.compiler.check.checked import Checked
from stratc.compiler.reports.phrases import say
from stratc.compiler.resolve.symbols import Used
from stratc.dsl.syntax import Call, Expression, Function, Node


def say_function(function: Function) -> str:
    parameters = ", ".join(parameter.text for parameter in function.parameters)
    return f"`{function.name.text}({parameters})` is {say(function.value)}"


def say_block(used: Used) -> str:
    settings = [f"{setting.name.text} {say(setting.value)}" for setting in used.use.settings]
    given = f" with {' and '.join(settings)}" if settings else ""
    return f"`{used.name}` is the block {used.block}{given}: its names begin with `{used.name}.`"


def as_written(checked: Checked) -> Checked:
    """The same program with calls of functions for what they were written out to; what is known of one is known of
    the other."""
    resolved = checked.resolved
    if not resolved.calls:
        return checked
    back: dict[Node, Node] = {}
    tree = _folded(resolved.tree, resolved.calls, back)
    new = {id(old): each for old, each in zip(resolved.tree.statements, tree.statements, strict=True)}
    bindings = tuple(new[id(each)] for each in resolved.bindings)
    sequences = tuple(new[id(each)] for each in resolved.sequences)
    rules = tuple(new[id(each)] for each in resolved.rules)
    no_entries = tuple(new[id(each)] for each in resolved.no_entries)
    halts_when = tuple(new[id(each)] for each in resolved.halts_when)
    types = {node: checked.types[old] for node, old in back.items() if old in checked.types}
    known = {node: checked.known[old] for node, old in back.items() if old in checked.known}
    return replace(
        checked,
        resolved=replace(
            resolved,
            tree=tree,
            bindings=bindings,
            sequences=sequences,
            rules=rules,
            no_entries=no_entries,
            halts_when=halts_when,
        ),
        types={**checked.types, **types},
        known={**checked.known, **known},
    )


def _folded(node: Any, calls: Mapping[Expression, Call], back: dict[Node, Node]) -> Any:
    """The node with calls put back; `back` says of every node that changed what it was."""
    if (call := calls.get(node)) is not None:
        back[call] = node
        return call
    changed: dict[str, Any] = {}
    for each in fields(node):
        old = getattr(node, each.name)
        if isinstance(old, tuple):
            new: Any = tuple(_folded(item, calls, back) if isinstance(item, Node) else item for item in old)
            new = new if any(one is not other for one, other in zip(new, old, strict=True)) else old
        else:
            new = _folded(old, calls, back) if isinstance(old, Node) else old
        if new is not old:
            changed[each.name] = new
    if not changed:
        return node
    folded = replace(node, **changed)
    back[folded] = node
    return folded
