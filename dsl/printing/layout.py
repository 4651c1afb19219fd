"""Statements and comments → the canonical file.

Statements of one family (header, inputs, bindings, limits) stand together, families and rules are parted by one blank
line, and a blank line that the writer put between two statements stays. A comment on a line of its own stays before
what it stood before; a comment behind code stays behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final, assert_never

from stratc.dsl.printing.statements import PrintedLine, print_statement
from stratc.dsl.source import Source
from stratc.dsl.syntax import (
    AccountLine,
    Advice,
    BlockLine,
    Cap,
    Comment,
    Data,
    Events,
    Floor,
    Function,
    Halt,
    HaltWhen,
    Input,
    Let,
    NoEntries,
    ReadLine,
    Rule,
    Sequence,
    Statement,
    StrategyLine,
    TradeLine,
    Tree,
    Unreadable,
    Use,
)
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow

_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_BODY: Final = "  "


@dataclass(slots=True)
class _Margin:
    """Comments by the printed line that they belong to."""

    before: defaultdict[int, list[Comment]] = field(default_factory=lambda: defaultdict(list))
    behind: defaultdict[int, list[Comment]] = field(default_factory=lambda: defaultdict(list))
    below: defaultdict[int, list[Comment]] = field(default_factory=lambda: defaultdict(list))
    last: list[Comment] = field(default_factory=list)


def lay_out(tree: Tree, source: Source) -> str:
    """The canonical text of a tree without holes."""
    printed = _print_statements(tree, source)
    lines = [line for _, group in printed for line in group]
    margin = _place_comments(tree.comments, lines, source)
    found: list[str] = []
    index = 0
    for position, (statement, group) in enumerate(printed):
        first = margin.before[index]
        if position and _parted(printed[position - 1][0], statement, first, source):
            found.append("")
        found += _leading(first, statement.span.start, source)
        for line in group:
            # The comments before the statement's own first line are printed above.
            found += _with_comments(line, [] if line is group[0] else margin.before[index], margin.behind[index])
            found += [_BODY + comment.text for comment in margin.below[index]]
            index += 1
    found += _closing(margin.last, found, source, tree)
    return "\n".join(found) + "\n" if found else ""


def _print_statements(tree: Tree, source: Source) -> list[tuple[Statement, tuple[PrintedLine, ...]]]:
    columns = _name_columns(tree.statements, source)
    return [(node, print_statement(node, width)) for node, width in zip(tree.statements, columns, strict=True)]


def _name_columns(statements: tuple[Statement, ...], source: Source) -> list[int]:
    """For each statement the width of the longest name in its run of inputs or bindings."""
    runs: list[list[Statement]] = []
    for node in statements:
        if (
            runs
            and type(runs[-1][-1]) is type(node)
            and not _blank_between(runs[-1][-1].span.end, node.span.start, source)
        ):
            runs[-1].append(node)
        else:
            runs.append([node])
    return [max(_name_length(node) for node in run) for run in runs for _ in run]


def _name_length(node: Statement) -> int:
    return len(node.name.text) if isinstance(node, Input | Let) else 0


def _family(node: Statement) -> str:
    match node:
        case BookLine() | StrategyLine() | TradeLine() | ReadLine() | AccountLine() | Roll() | Leave():
            return "header"
        case Group():
            return "groups"
        case Flow():
            return "flows"
        case Input():
            return "inputs"
        case Let() | Function():
            return "bindings"
        case Sleeve():
            return "sleeves"
        case Use():
            return "blocks"
        case BlockLine():
            return "block"
        case Events() | Data() | Advice():
            return "tables"
        case NoEntries() | Cap() | Floor() | Halt() | HaltWhen():
            return "limits"
        case Sequence():
            return "sequence"
        case Rule() | Unreadable():
            return "rule"
        case _:
            assert_never(node)


def _parted(before: Statement, after: Statement, comments: list[Comment], source: Source) -> bool:
    if _family(before) != _family(after) or isinstance(after, Rule | Sequence | BlockLine):
        return True
    start = comments[0].span.start if comments else after.span.start
    return _blank_between(before.span.end, start, source)


def _blank_between(start: int, end: int, source: Source) -> bool:
    return bool(_BLANK_LINE.search(source.text, start, max(start, end)))


def _leading(comments: list[Comment], start: int, source: Source) -> list[str]:
    """Comments above a statement, with the blank lines that parted them."""
    found: list[str] = []
    for index, comment in enumerate(comments):
        found.append(comment.text)
        following = comments[index + 1].span.start if index + 1 < len(comments) else start
        if _blank_between(comment.span.end, following, source):
            found.append("")
    return found


def _with_comments(line: PrintedLine, before: list[Comment], behind: list[Comment]) -> list[str]:
    indent = line.text[: len(line.text) - len(line.text.lstrip())]
    found = [indent + comment.text for comment in before]
    if len(behind) == 1:
        return [*found, f"{line.text}  {behind[0].text}"]
    # A clause that was written on several lines and is printed on one keeps all their comments, above it.
    return [*found, *(indent + comment.text for comment in behind), line.text]


def _closing(comments: list[Comment], found: list[str], source: Source, tree: Tree) -> list[str]:
    if not comments:
        return []
    end = tree.statements[-1].span.end if tree.statements else 0
    lead = [""] if found and _blank_between(end, comments[0].span.start, source) else []
    return [*lead, *_leading(comments, comments[-1].span.end, source)]


def _place_comments(comments: tuple[Comment, ...], lines: list[PrintedLine], source: Source) -> _Margin:
    margin = _Margin()
    # Of the lines that were printed from one place the first one stands for all.
    ordered = sorted({line.anchor: index for index, line in reversed(list(enumerate(lines)))}.items())
    anchors = [anchor for anchor, _ in ordered]
    for comment in comments:
        place = bisect_right(anchors, comment.span.start)
        before = ordered[place - 1][1] if place else None
        after = ordered[place][1] if place < len(ordered) else None
        if not comment.own_line and before is not None:
            margin.behind[before].append(comment)
        elif before is not None and _ends_body(comment, before, after, lines, source):
            margin.below[before].append(comment)
        elif after is None:
            margin.last.append(comment)
        else:
            margin.before[after].append(comment)
    return margin


def _ends_body(comment: Comment, before: int, after: int | None, lines: list[PrintedLine], source: Source) -> bool:
    """Whether an indented comment stands at the end of a rule, and not before the statement that follows."""
    indented = source.position(comment.span.start)[1] > 1
    in_body = lines[before].text.startswith(_BODY)
    return indented and in_body and (after is None or not lines[after].text.startswith(_BODY))
