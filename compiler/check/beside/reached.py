"""What a value is computed from, bindings and sequences followed: the question behind taint and unknown dates."""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.resolve.symbols import Resolved
from stratc.dsl.syntax import Advice, Distance, LastClose, Name, Node, Standing, children


def reached(node: Node, resolved: Resolved) -> Iterator[Node]:
    """A value and everything that it is computed from, each once; bindings and sequences are followed."""
    seen: set[int] = set()
    waiting: list[Node] = [node]
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting.extend(_below(each, resolved))


def _below(node: Node, resolved: Resolved) -> Iterator[Node]:
    match node:
        case Name(text=text):
            value = resolved.binding(text) or resolved.sequence(text)
            step = resolved.step(text)
            found = value if step is None else step[0]
            if found is not None:
                yield found
        case LastClose():
            return
        case _:
            yield from children(node)


def advice_in(node: Node, resolved: Resolved) -> str:
    """The first advice that a value is computed from; empty where there is none."""
    if not any(isinstance(table, Advice) for table in resolved.tables):
        return ""
    names = (each.text for each in reached(node, resolved) if isinstance(each, Name))
    return next((name for name in names if isinstance(resolved.declared.get(name), Advice)), "")


def events_asked(node: Node, resolved: Resolved) -> dict[str, Node]:
    """The tables of events whose next date a value needs, each with the place that asks first."""
    found: dict[str, Node] = {}
    for each in reached(node, resolved):
        match each:
            case Distance(until=True, event=event):
                found.setdefault(event.text, each)
            case Standing(subject=Name(text=text), state=state) if state.needs_date and resolved.events(text):
                found.setdefault(text, each)
            case _:
                pass
    return found


def events_settled(node: Node, resolved: Resolved) -> frozenset[str]:
    """The tables of events of which a value asks whether the next date is known."""
    return frozenset(
        each.subject.text
        for each in reached(node, resolved)
        if isinstance(each, Standing) and isinstance(each.subject, Name) and not each.state.needs_date
    )
