"""From the text of a `rule` block to its statements.

The grammar is dsl/expression.lark followed by dsl/rule.lark. A block that cannot be read gives no statements and one
problem that names the place; the rule is then violated by its verdict, never skipped.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.diagnostics import NotForRules, RuleNotRead, TooDeepForRules
from stratc.compiler.judge.written import Unreadable, day_written, number_written
from stratc.dsl.diagnostic import Problem
from stratc.dsl.parsing.reading import Reader
from stratc.dsl.parsing.trees import Token, Tree, leaves
from stratc.dsl.source import Span

if TYPE_CHECKING:
    from lark import Lark

NESTING_MAX: Final = 60
TABLES_FILE: Final = "rule_tables.json"
READING_FILE: Final = "rule_reading.json"
NUMBER: Final = re.compile(r"(?P<digits>[\d_]+(?:\.[\d_]+)?)\s*(?P<unit>.*)", re.DOTALL)
PARTS: Final = {"%": 100, "bps": 10_000}
PLAIN: Final = frozenset({"", "x", "share", "shares", "contract", "contracts", "unit", "units", "coin", "coins"})
SECONDS: Final = {
    **dict.fromkeys(("sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("hour", "hours"), 3600),
}
Branch = Tree


def parse_block(text: str, offset: int) -> tuple[tuple[tree.Statement, ...], tuple[Problem, ...]]:
    """The statements of one block that stands `offset` characters into its file, or a problem."""
    parsed = _reader().read("rule_text", text)
    if not isinstance(parsed, Tree):
        return (), (_not_read(text, offset),)
    try:
        deep = _too_deep(parsed)
        if deep is not None:
            return (), (TooDeepForRules(span=deep.shifted(offset), most=NESTING_MAX),)
        reader = _Reader(offset)
        return tuple(reader.statement(child) for child in _branches(parsed)), ()
    except Unreadable as unreadable:
        return (), (unreadable.problem,)


def _not_read(text: str, offset: int) -> RuleNotRead:
    """Where a block stops being one; lark tells, which reads what the reader reads."""
    from lark import UnexpectedInput

    place = 0
    try:
        _parser().parse(text, start="rule_text")
    except UnexpectedInput as unexpected:
        place = unexpected.pos_in_stream or 0
    start = min(max(place, 0), len(text))
    word = text[start : start + 20].split()
    found = word[0] if word else "the end of the block"
    return RuleNotRead(span=Span(offset + start, offset + start + 1), found=found)


# ── the parser and its tables ────────────────────────────────────────────────────────────────────────────────────────


def grammar_text() -> str:
    folder = files("stratc.dsl")
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("expression.lark", "rule.lark"))


def build_parser(text: str, *, strict: bool) -> Lark:
    """The parser of rule blocks; `strict` refuses every conflict instead of settling it in silence."""
    from lark import Lark

    return Lark(
        text,
        parser="lalr",
        lexer="contextual",
        start=["rule_text", "expression"],
        strict=strict,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def serialise_tables(text: str) -> str:
    """The LALR tables as JSON: building them takes a quarter of a second, loading them a few milliseconds."""
    from stratc.dsl.parsing.stored import tables_text

    return tables_text(build_parser(text, strict=True), grammar_digest(text))


def serialise_reading(text: str) -> str:
    """The same tables for the reader."""
    from stratc.dsl.parsing.stored import reading_text

    return reading_text(build_parser(text, strict=True), reading_digest(text))


@cache
def _reader() -> Reader:
    text = grammar_text()
    stored = files("stratc.compiler.judge") / READING_FILE
    if stored.is_file():
        tables = json.loads(stored.read_text(encoding="utf-8"))
        if tables["grammar"] == reading_digest(text):
            return Reader(tables)
    from stratc.dsl.parsing.stored import reading_tables

    return Reader(reading_tables(build_parser(text, strict=False)))


@cache
def _parser() -> Lark:
    from lark import Lark

    text = grammar_text()
    stored = files("stratc.compiler.judge") / TABLES_FILE
    if stored.is_file():
        tables = json.loads(stored.read_text(encoding="utf-8"), object_hook=_with_integer_keys)
        if tables["grammar"] == grammar_digest(text):
            return Lark.load({"data": tables["data"], "memo": tables["memo"]})
    return build_parser(text, strict=False)


def grammar_digest(text: str) -> str:
    """What the stored tables say that they were made from; tables made from another text are not used."""
    from lark import __version__ as lark_version

    return hashlib.sha256(f"{lark_version}\n{text}".encode()).hexdigest()


def reading_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _with_integer_keys(found: dict[str, Any]) -> dict[Any, Any]:
    """JSON turns the numbers of states into texts; this turns them back."""
    if found and all(key.isdecimal() for key in found):
        return {int(key): value for key, value in found.items()}
    return found


# ── the reader's trees → ours ───────────────────────────────────────────────────────────────────────────────────────


def _branches(node: Branch) -> list[Branch]:
    return [child for child in node.children if isinstance(child, Tree)]


def _tokens(node: Branch, *kinds: str) -> list[Token]:
    return [child for child in node.children if isinstance(child, Token) and (not kinds or child.type in kinds)]


def _first(node: Branch, kind: str) -> Branch | None:
    return next((child for child in _branches(node) if child.data == kind), None)


def _leaves(node: Branch) -> list[Token]:
    return list(leaves(node))


def _too_deep(parsed: Branch) -> Span | None:
    """The first word that lies below more than `NESTING_MAX` branches; told before anything recurses."""
    waiting: list[tuple[Branch | Token, int]] = [(parsed, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Tree):
            waiting += [(child, depth + 1) for child in reversed(node.children)]
        elif depth > NESTING_MAX:
            return Span(node.start_pos or 0, node.end_pos or 0)
    return None


def _squeezed(token: Token) -> str:
    return " ".join(token.split())


class _Reader:
    """Reads the branches of one block; `offset` places their spans in the file."""

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def span(self, node: Branch) -> Span:
        leaves = _leaves(node)
        if not leaves:
            return Span(self._offset, self._offset)
        start, end = leaves[0].start_pos or 0, leaves[-1].end_pos or 0
        return Span(start + self._offset, end + self._offset)

    # ── statements ──

    def statement(self, node: Branch) -> tree.Statement:
        span = self.span(node)
        match node.data:
            case "param":
                value = self.expression(_branches(node)[0])
                return tree.Parameter(span=span, dated=self._dated(str(_tokens(node, "NAME")[0]), value, node))
            case "table":
                rows = tuple(self._row(row) for row in _branches(node))
                return tree.Table(span=span, name=str(_tokens(node, "NAME")[0]), rows=rows)
            case "rule":
                name, title = _tokens(node, "NAME", "TEXT")
                return tree.RuleName(span=span, name=str(name), title=title[1:-1])
            case "in_force":
                return tree.InForce(
                    span=span,
                    since=self._day(node),
                    until=self._until(node),
                    where=self._facts(node),
                    since_announced=self._announced(node),
                    until_announced=self._announced(_first(node, "until")),
                )
            case "applies":
                return tree.Applies(span=span, condition=self.expression(_branches(node)[0]))
            case "define" | "define_event":
                return self._define(node, span)
            case "require":
                event, condition = _branches(node)
                return tree.Require(span=span, event=self.event(event), condition=self.expression(condition))
            case "guard":
                event, condition = _branches(node)
                return tree.Guard(span=span, event=self.event(event), deny_when=self.expression(condition))
            case "never":
                denied = tree.Negated(span=span, operand=self.expression(_branches(node)[0]))
                return tree.Require(span=span, event=None, condition=denied)
            case "exception":
                condition_of = self.expression(_branches(node)[-1])
                name_of = str(_tokens(node, "NAME")[0])
                return tree.ExceptionTo(span=span, name=name_of, facts=self._facts(node), condition=condition_of)
            case "refuses_exits":
                because, approved_by, escalate_to = (text[1:-1] for text in _tokens(node, "TEXT"))
                return tree.RefusesExits(span=span, because=because, approved_by=approved_by, escalate_to=escalate_to)
            case "on_breach":
                return tree.OnBreach(span=span, action=str(_tokens(node, "NAME", "HALT")[0]))
            case "interpretation":
                text, by = _tokens(node, "TEXT")
                return tree.Interpretation(span=span, text=text[1:-1], by=by[1:-1])
            case "confirmed":
                (name_by,) = _tokens(node, "TEXT")
                return tree.Confirmed(span=span, by=name_by[1:-1], on=self._day(node))
        raise Unreadable(NotForRules(span=span, what=str(node.data)))

    def _define(self, node: Branch, span: Span) -> tree.Define:
        body = _branches(node)[-1]
        return tree.Define(
            span=span,
            name=str(_tokens(node, "NAME")[0]),
            per_instrument=_first(node, "per_instrument") is not None,
            facts=self._facts(node),
            meaning=self.event(body) if node.data == "define_event" else self.expression(body),
        )

    def _facts(self, node: Branch) -> tree.Expression | None:
        facts = _first(node, "facts")
        return None if facts is None else self.expression(_branches(facts)[0])

    def _until(self, node: Branch) -> date | None:
        until = _first(node, "until")
        return None if until is None else self._day(until)

    def _announced(self, node: Branch | None) -> date | None:
        """The day on which a beginning or an end became known, where it is written."""
        said = None if node is None else _first(node, "announced")
        return None if said is None else self._day(said)

    def _day(self, node: Branch) -> date:
        (token,) = _tokens(node, "DAY")
        return day_written(str(token), self._place(token))

    def _place(self, token: Token) -> Span:
        return Span((token.start_pos or 0) + self._offset, (token.end_pos or 0) + self._offset)

    def _row(self, node: Branch) -> tree.Dated:
        key, number = _tokens(node, "SYMBOL", "NAME", "NUMBER")
        value = _number(str(number), self._place(number))
        return self._dated(str(key), value, node)

    def _dated(self, name: str, value: tree.Expression, node: Branch) -> tree.Dated:
        terms = _first(node, "dated")
        if not isinstance(value, tree.Number) or terms is None:
            raise Unreadable(NotForRules(span=self.span(node), what="a parameter that is not a number"))
        retrieved = _first(terms, "retrieved")
        return tree.Dated(
            span=self.span(node),
            name=name,
            value=value,
            since=self._day(terms),
            until=self._until(terms),
            citation=_tokens(terms, "TEXT")[0][1:-1],
            confidence=str(_tokens(terms, "SYMBOL")[0]),
            retrieved=None if retrieved is None else self._day(retrieved),
            since_announced=self._announced(terms),
            until_announced=self._announced(_first(terms, "until")),
        )

    # ── events ──

    def event(self, node: Branch) -> tree.Event:
        branches = _branches(node)
        where = self.expression(branches[1]) if len(branches) > 1 else None
        return tree.Event(span=self.span(node), happening=self.happening(branches[0]), where=where)

    def happening(self, node: Branch) -> tree.Happening:
        words = tuple(word for leaf in _leaves(node) for word in [_squeezed(leaf)])
        return tree.Happening(span=self.span(node), words=words)

    def named(self, node: Branch) -> tree.Expression:
        """A name, something in parentheses, or what is one word with what it is of."""
        if node.data == "named":
            return tree.Word(span=self.span(node), text=str(_leaves(node)[0]))
        return self.expression(_branches(node)[0] if node.data == "group" else node)

    def reach(self, node: Branch) -> tree.Reach:
        happenings = _branches(node)
        since = self.happening(happenings[0]) if happenings else None
        numbers, names = _tokens(node, "NUMBER"), _tokens(node, "NAME")
        kind = tree.ReachKind(str(node.data).removeprefix("reach_").replace("today_since", "since"))
        length = self._length(numbers[0], kind, node) if numbers else 0
        today = str(node.data).startswith("reach_today")
        named = str(names[0]) if names else ""
        return tree.Reach(span=self.span(node), kind=kind, today=today, length=length, named=named, since=since)

    def _length(self, number: Token, kind: tree.ReachKind, node: Branch) -> int:
        """Days, or seconds where a unit of time is written."""
        read = _number(str(number), self.span(node))
        a_unit = SECONDS.get(read.unit) if kind is tree.ReachKind.DURATION else 1 if not read.unit else None
        if a_unit is None or read.value.denominator != 1:
            raise Unreadable(NotForRules(span=self.span(node), what=f"a window of `{number}`"))
        return int(read.value) * a_unit

    # ── expressions ──

    def expression(self, node: Branch) -> tree.Expression:
        span = self.span(node)
        match node.data:
            case "number":
                return _number(str(_leaves(node)[0]), span)
            case "name":
                return tree.Word(span=span, text=str(_leaves(node)[0]))
            case "text":
                return tree.Quoted(span=span, text=str(_leaves(node)[0])[1:-1])
            case "parenthesised":
                return self.expression(_branches(node)[0])
            case "arithmetic":
                left, right = (self.expression(child) for child in _branches(node))
                return tree.Arithmetic(span=span, operator=str(_tokens(node)[0]), left=left, right=right)
            case "minus":
                zero = tree.Number(span=span, value=Fraction(0), unit="")
                right = self.expression(_branches(node)[0])
                return tree.Arithmetic(span=span, operator="-", left=zero, right=right)
            case "comparison":
                left, right = (self.expression(child) for child in _branches(node))
                return tree.Comparison(span=span, operator=_squeezed(_tokens(node)[0]), left=left, right=right)
            case "either" | "both":
                left, right = (self.expression(child) for child in _branches(node))
                connective = tree.Connective.OR if node.data == "either" else tree.Connective.AND
                return tree.Connected(span=span, connective=connective, left=left, right=right)
            case "negation":
                return tree.Negated(span=span, operand=self.expression(_branches(node)[0]))
            case _:
                return self._phrase(node, span)

    def _phrase(self, node: Branch, span: Span) -> tree.Expression:
        """What rules say and strategies do not, and the shared words that need a closer look."""
        match node.data:
            case "member" | "field":
                return self._member(node, span)
            case "last_close":
                return tree.AtLastClose(span=span, name=str(_leaves(node)[0]))
            case "history":
                table, key = (self.expression(child) for child in _branches(node))
                if isinstance(table, tree.Word):
                    return tree.Lookup(span=span, table=table.text, key=key)
            case "call":
                return self._call(node, span)
            case "kind_of":
                kind = str(_tokens(node, "NAME")[0])
                return tree.KindOf(span=span, subject=self.expression(_branches(node)[0]), kind=kind)
            case "outlives":
                return tree.Member(span=span, owner="order", name="outlives_session")
            case "happened":
                return self._happened(node, span)
            case "count" | "sum_of" | "working" | "age" | "calendar_age" | "highest" | "number_where" | "total":
                return self._counted(node, span)
        raise Unreadable(NotForRules(span=span, what=str(node.data).replace("_", " ")))

    def _member(self, node: Branch, span: Span) -> tree.Member:
        words = [leaf for leaf in _leaves(node) if leaf.type != "DOT"]
        if len(words) != 2:
            raise Unreadable(NotForRules(span=span, what="a member of a member"))
        return tree.Member(span=span, owner=str(words[0]), name=str(words[1]))

    def _call(self, node: Branch, span: Span) -> tree.Call:
        name = str(_tokens(node, "NAME")[0])
        found: list[tree.Expression] = []
        waiting = _branches(node)
        while waiting:
            branch = waiting.pop(0)
            if branch.data in {"arguments", "argument"}:
                waiting = _branches(branch) + waiting
            else:
                found.append(self.expression(branch))
        if name not in {"min", "max", "abs"} or not found:
            raise Unreadable(NotForRules(span=span, what=f"`{name}`, of which rules know only `min`, `max` and `abs`"))
        return tree.Call(span=span, name=name, arguments=tuple(found))

    def _happened(self, node: Branch, span: Span) -> tree.Happened:
        subject, tail = _branches(node)
        without = _first(tail, "without")
        read = self.happening(subject) if subject.data == "phrase" else self.expression(subject)
        if isinstance(read, tree.Word):
            read = tree.Happening(span=read.span, words=(read.text,))
        return tree.Happened(
            span=span,
            subject=read,
            today=_first(tail, "today") is not None,
            without=None if without is None else self.happening(_branches(without)[0]),
        )

    def _counted(self, node: Branch, span: Span) -> tree.Expression:
        first, *rest = _branches(node)
        match node.data:
            case "count":
                reach = self.reach(rest[0]) if rest else _ever(span)
                return tree.Count(span=span, happening=self.happening(first), reach=reach)
            case "sum_of":
                happening, reach_of = rest
                term = self.named(first)
                reach = self.reach(reach_of)
                return tree.SumOf(span=span, term=term, happening=self.happening(happening), reach=reach)
            case "working":
                return tree.Working(span=span, happening=self.happening(first))
            case "age" | "calendar_age":
                calendar = node.data == "calendar_age"
                return tree.DaysSince(span=span, happening=self.happening(first), calendar=calendar)
            case "highest":
                return tree.Highest(span=span, term=self.named(first), reach=self.reach(rest[0]))
            case "number_where":
                return tree.NumberWhere(span=span, condition=self.named(first))
            case _:
                return tree.Total(span=span, term=self.named(first))


def _ever(span: Span) -> tree.Reach:
    return tree.Reach(span=span, kind=tree.ReachKind.EVER, today=False, length=0, named="", since=None)


def _number(text: str, span: Span) -> tree.Number:
    """`25_000 USD`, `6%`, `10 bps`, `2x`, `4`, `100 shares`; seconds keep their unit for windows."""
    found = NUMBER.fullmatch(text)
    if found is None:
        raise Unreadable(NotForRules(span=span, what=f"`{text}`"))
    value, unit = number_written(found["digits"], span), found["unit"]
    if unit in PARTS:
        return tree.Number(span=span, value=value / PARTS[unit], unit="%")
    if unit in PLAIN:
        return tree.Number(span=span, value=value, unit="")
    if unit in SECONDS or (unit.isalpha() and unit.isupper() and len(unit) >= 3):
        return tree.Number(span=span, value=value, unit=unit)
    raise Unreadable(NotForRules(span=span, what=f"`{text}`"))
