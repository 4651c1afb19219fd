"""Inlining: calls of the text's own functions → their bodies, so that no later stage knows of functions.

A body is copied for each call (`copies`), its parameters replaced by what was passed, and units are then checked as if
it had been written out. Functions read what stands above them, so this ends; how deep and how large a call may become
is bounded. Assumes functions that `functions` found sound; others become holes, told there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from stratc.compiler.resolve.reuse.copies import Argument, Copies
from stratc.compiler.resolve.reuse.diagnostics import CallTooLarge, FunctionOverWindow, WrongNumberOfArguments
from stratc.dsl.diagnostic import Problem
from stratc.dsl.source import Span
from stratc.dsl.syntax import (
    Across,
    Call,
    Distance,
    Expression,
    Function,
    Missing,
    Name,
    Node,
    Over,
    Statement,
    children,
    walk,
)

NODES_MAX: Final = 5_000
DEPTH_MAX: Final = 64
CHARACTERS_PER_NODE: Final = 64
PLAIN: Final = frozenset({"member", "name", "function", "word"})

Kind = TypeVar("Kind", bound=Node)


def bind(call: Call, function: Function) -> dict[str, Expression] | WrongNumberOfArguments:
    """What each parameter stands for in a call, or what is wrong with the arguments."""
    parameters = [parameter.text for parameter in function.parameters]
    form = f"{function.name.text}({', '.join(parameters)})"

    def wrong(what: str, span: Span) -> WrongNumberOfArguments:
        place = function.name.span
        return WrongNumberOfArguments(span=span, name=function.name.text, what=what, form=form, declared=place)

    bound: dict[str, Expression] = {}
    for index, argument in enumerate(call.arguments):
        if argument.name is None and index >= len(parameters):
            more = f"has {_count(len(parameters), 'parameter')}, and this is argument {index + 1}"
            return wrong(more, argument.span)
        name = argument.name.text if argument.name is not None else parameters[index]
        if name not in parameters:
            return wrong(f"has no parameter `{name}`", argument.span)
        if name in bound:
            return wrong(f"is given `{name}` twice", argument.span)
        bound[name] = argument.value
    lacking = [f"`{parameter}`" for parameter in parameters if parameter not in bound]
    if lacking:
        return wrong(f"is not given {' and '.join(lacking)}", call.span)
    return bound


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"


class Measured:
    """How many nodes a tree has and how deep it is, measured once: what is passed stands in many places."""

    def __init__(self) -> None:
        self._found: dict[int, tuple[Node, int, int]] = {}

    def of(self, node: Node) -> tuple[int, int]:
        """Size and depth."""
        known = self._found.get(id(node))
        if known is None:
            below = [self.of(child) for child in children(node)]
            size, depth = 1 + sum(each[0] for each in below), 1 + max((each[1] for each in below), default=0)
            known = self._found[id(node)] = (node, size, depth)  # the node is kept, so that its id stays its own
        return known[1], known[2]


@dataclass(slots=True, kw_only=True)
class Inliner:
    """The calls of one program as they are written out. `functions` are None where they were found wrong."""

    functions: Mapping[str, Function | None]
    copies: Copies
    problems: list[Problem]
    calls: dict[Expression, Call] = field(default_factory=dict)
    measured: Measured = field(default_factory=Measured)
    left: int = NODES_MAX

    def statement(self, statement: Statement) -> Statement:
        """A statement with every call of a function written out."""
        calls = (node for node in walk(statement) if isinstance(node, Call))
        if not any(call.function.text in self.functions for call in calls):
            return statement
        expanded: Statement = self._expanded(statement, {}, 0)
        return expanded

    def _expanded(self, node: Any, values: Mapping[str, Expression], moved: int) -> Any:
        """A node of a body, or of a statement where nothing is moved, with its parameters and calls replaced."""
        match node:
            case Name(text=text) if text in values:
                self.left -= self.measured.of(values[text])[0]
                return values[text]
            case Over() | Across() if node.call.function.text in self.functions:
                span = node.call.function.span.shifted(moved)
                self.problems.append(FunctionOverWindow(span=span, name=node.call.function.text))
                return Missing(span=node.span.shifted(moved))
            case Distance(event=event) if not isinstance(values.get(event.text, event), Name):
                return self._no_table(node, event.text, moved)
            case Call(function=function) if function.text in self.functions:
                return self._called(node, values, moved)
            case _:
                return self._rebuilt(node, values, moved)

    def _rebuilt(self, node: Kind, values: Mapping[str, Expression], moved: int) -> Kind:
        self.left -= 1
        made: dict[str, Any] = {}
        for name, old in node.__dict__.items():
            if isinstance(old, Span):
                made[name] = old.shifted(moved)
            elif isinstance(old, tuple):
                made[name] = tuple(
                    self._expanded(item, values, moved) if isinstance(item, Node) else item for item in old
                )
            elif isinstance(old, Node):
                # A parameter that is called like an output or an argument is none there.
                made[name] = self._expanded(old, {} if name in PLAIN else values, moved)
            else:
                made[name] = old
        return type(node)(**made)

    def _called(self, call: Call, values: Mapping[str, Expression], moved: int) -> Expression:
        function, at = self.functions[call.function.text], call.span.shifted(moved)
        if function is None or self.left <= 0:
            return self._too_large(call, at) if function is not None else Missing(span=at)
        bound = bind(call, function)
        if isinstance(bound, WrongNumberOfArguments):
            self.problems.append(bound)
            return Missing(span=at)
        passed = {name: self._expanded(value, values, moved) for name, value in bound.items()}
        said = [f"`{name}` is `{self._words(value, values, moved)}`" for name, value in bound.items()]
        if not moved:
            name = function.name.text
            self.copies.arguments += [Argument(span=v.span, parameter=p, function=name) for p, v in passed.items()]
        origin = function.value.span
        self.left -= (origin.end - origin.start) // CHARACTERS_PER_NODE
        shift = self.copies.add(origin, at, function=function.name.text, values=" and ".join(said))
        found: Expression = self._expanded(function.value, passed, shift)
        if self.left <= 0 or self.measured.of(found)[1] > DEPTH_MAX:
            return self._too_large(call, at)
        if not moved:
            self.calls[found] = call
        return found

    def _no_table(self, node: Node, parameter: str, moved: int) -> Missing:
        """What stands for the name of a table is one."""
        copy = self.copies.around(node.span.shifted(moved))
        if copy is not None:
            what = f"wants the name of a table of events for `{parameter}`"
            found = WrongNumberOfArguments(
                span=copy.at, name=copy.function, what=what, form=f"{copy.function}(earnings)", declared=copy.origin
            )
            self.problems.append(found)
        return Missing(span=node.span.shifted(moved))

    def _words(self, value: Expression, values: Mapping[str, Expression], moved: int) -> str:
        """What is passed, as it is written; a parameter that is passed on is what was passed for it."""
        span = value.span.shifted(moved)
        if isinstance(value, Name) and value.text in values:
            span = values[value.text].span
        return " ".join(self.copies.text(span).split())

    def _too_large(self, call: Call, at: Span) -> Missing:
        home = self.copies.for_reader(at)
        if not any(isinstance(each, CallTooLarge) and each.span == home for each in self.problems):
            self.problems.append(CallTooLarge(span=home, name=call.function.text, limit=DEPTH_MAX))
        return Missing(span=at)
