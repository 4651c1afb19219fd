"""Functions of the text: which of them can be called, and everything that is wrong with their declarations.

A function reads parameters and what stands above it. What is wrong in a body is told once, at the body; a function that
is wrong is known as None, so that its calls become holes and nothing is told of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stratc.compiler.resolve.reuse.diagnostics import (
    FunctionAsValue,
    FunctionCallsItself,
    FunctionOverWindow,
    ParameterTwice,
    ShadowingParameter,
    UnusedParameter,
    WrongNumberOfArguments,
)
from stratc.compiler.resolve.reuse.inline import bind
from stratc.compiler.resolve.words import BUILT_IN, WORDS
from stratc.dsl.diagnostic import Problem, Severity
from stratc.dsl.source import Span
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import Across, Argument, Call, Function, Member, Missing, Name, Node, Over, children, walk


def sound_functions(
    functions: list[Function], declared: Mapping[str, Span], problems: list[Problem]
) -> dict[str, Function | None]:
    """The functions by name; None where one cannot be called. `declared` is where each name of the text was declared:
    a parameter must not hide one."""
    found: dict[str, Function | None] = {}
    names = {function.name.text for function in functions}
    for function in functions:
        wrong = [*_of_parameters(function, declared), *_of_body(function, found)]
        problems += wrong
        unread = any(isinstance(node, Missing) for node in walk(function.value))
        usable = not unread and all(problem.severity is not Severity.ERROR for problem in wrong)
        found[function.name.text] = function if usable and not _calls_unsound(function, names, found) else None
    return found


def _of_parameters(function: Function, declared: Mapping[str, Span]) -> Iterable[Problem]:
    seen: dict[str, Span] = {}
    read = {name.text for name in values_read(function.value)}
    whole = not any(isinstance(node, Missing) for node in walk(function.value))
    for parameter in function.parameters:
        name, span = parameter.text, parameter.span
        if name in seen:
            yield ParameterTwice(span=span, name=name, function=function.name.text, first=seen[name])
        elif name in WORDS or catalogue.lookup(name) is not None or name in BUILT_IN:
            yield ShadowingParameter(span=span, name=name, what="a word of the language", declared=None)
        elif name in declared:
            yield ShadowingParameter(span=span, name=name, what="declared elsewhere", declared=declared[name])
        elif name not in read and whole:
            yield UnusedParameter(span=span, name=name, function=function.name.text)
        seen.setdefault(name, span)


def _of_body(function: Function, above: dict[str, Function | None]) -> Iterable[Problem]:
    """What is wrong with the calls in a body; whether a name is known at all is asked of every statement later."""
    for node in walk(function.value):
        match node:
            case Call(function=Name(text=text)) if text == function.name.text:
                yield FunctionCallsItself(span=node.span, name=text)
            case (
                Over(call=Call(function=Name(text=text, span=span)))
                | Across(call=Call(function=Name(text=text, span=span)))
            ) if text in above:
                yield FunctionOverWindow(span=span, name=text)
            case Call(function=Name(text=text)) if (called := above.get(text)) is not None:
                bound = bind(node, called)
                if isinstance(bound, WrongNumberOfArguments):
                    yield bound
            case _:
                pass


def _calls_unsound(function: Function, names: set[str], above: dict[str, Function | None]) -> bool:
    """Whether a function calls one that cannot be called, or is declared below it: so calls always end."""
    called = {node.function.text for node in walk(function.value) if isinstance(node, Call)} & names
    return any(above.get(name) is None for name in called)


def values_read(node: Node) -> Iterable[Name]:
    """The names below a node that stand for a value: not those of outputs, arguments and functions."""
    match node:
        case Name():
            yield node
        case Member(base=base):
            yield from values_read(base)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from values_read(argument.value)
        case Argument(value=value):
            yield from values_read(value)
        case _:
            for child in children(node):
                yield from values_read(child)


def used_as_value(name: Name, function: Function) -> Problem:
    form = f"{function.name.text}({', '.join(parameter.text for parameter in function.parameters)})"
    return FunctionAsValue(span=name.span, name=name.text, form=form, declared=function.name.span)
