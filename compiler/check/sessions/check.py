"""`X[2 sessions]` on bars shorter than a day: of what it can be asked, and what is easily meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stratc.compiler.check.checked import Typing
from stratc.compiler.check.grounds import OWN, counts_sessions, place_of, reached
from stratc.compiler.check.readings import not_of_bars_alone
from stratc.compiler.check.sessions.diagnostics import LastBarOfSession, NotCountedInSessions, SameValueManyTimes
from stratc.compiler.check.timing.clock import duration_text
from stratc.compiler.resolve.words import BUILT_IN
from stratc.dsl.stdlib import catalogue
from stratc.dsl.syntax import (
    Call,
    ClockRange,
    Expression,
    FirstOfSession,
    History,
    Name,
    Node,
    OfInstrument,
    OnBars,
    Over,
    walk,
)

# How the bars of a session make the session's own column; its close is that of its last bar.
OF_SESSION: Final = {"open": "first", "high": "highest", "low": "lowest", "volume": "sum"}


def check_sessions(statement: Node, typing: Typing) -> None:
    """Everything below a statement that counts sessions, or looks as if it did."""
    for node in walk(statement):
        if isinstance(node, History) and counts_sessions(node, typing.resolved):
            _check_sessions_ago(node, typing)
        if isinstance(node, Call):
            _check_series(node, typing)


def _check_sessions_ago(node: History, typing: Typing) -> None:
    base = duration_text(typing.header.interval_seconds)
    why = next(_not_of_sessions(node, typing), None)
    if why is not None:
        typing.tell(NotCountedInSessions(span=node.base.span, text=typing.text(node.base), why=why))
        return
    column = _bound(node.base.series if isinstance(node.base, OfInstrument) else node.base, typing)
    if isinstance(column, Name) and column.text in OF_SESSION and column.text not in typing.resolved.declared:
        problem = LastBarOfSession(
            span=node.span,
            text=typing.text(node),
            column=column.text,
            bars=base,
            aggregate=OF_SESSION[column.text],
            offset=typing.text(node.offset),
            base=node.base.series.span if isinstance(node.base, OfInstrument) else node.base.span,
        )
        typing.tell(problem)


def _not_of_sessions(node: History, typing: Typing) -> Iterator[str]:
    """Why a value is none of the bars of a session; what is wrong first."""
    if typing.resolved.step_read(node.base) is not None:
        yield "it is a value of a step"
    yield from not_of_bars_alone(node.base, typing)
    for part in reached(node.base, typing.resolved):
        if isinstance(part, OfInstrument) and part is not node.base:
            yield f"`{typing.text(part)}` is a value of another instrument"


def _check_series(call: Call, typing: Typing) -> None:
    """An indicator with a length that is asked of a window's value, bar by bar."""
    indicator = None if call.function.text in BUILT_IN else catalogue.lookup(call.function.text)
    if indicator is None or not indicator.params or typing.header.daily or not typing.header.interval_seconds:
        return
    for argument in call.arguments[: len(indicator.inputs)]:
        window = _bound(argument.value, typing)
        once = isinstance(window, Over) and isinstance(window.window, FirstOfSession | ClockRange)
        if once and place_of(call, typing.resolved, OWN).bars is None and not _is_on_bars(call, typing):
            bars, series = duration_text(typing.header.interval_seconds), typing.text(argument.value)
            typing.tell(SameValueManyTimes(span=call.span, text=typing.text(call), bars=bars, series=series))
            return


def _is_on_bars(call: Call, typing: Typing) -> bool:
    """Whether a call is read on longer bars, directly or by the name that it is bound to."""
    read = (node.value for node in walk(typing.resolved.tree) if isinstance(node, OnBars))
    return any(part is call for value in read for part in reached(value, typing.resolved))


def _bound(node: Expression, typing: Typing) -> Expression:
    """What a name stands for, names of names followed."""
    while isinstance(node, Name) and (bound := typing.resolved.binding(node.text)) is not None:
        node = bound
    return node
