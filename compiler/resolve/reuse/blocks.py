"""Blocks: lines that use a block → the statements of the block, each name with the block's name before it.

What a block declares becomes `calendar.days`, which no other name can be, and it reads only what it declares itself,
the words of the language and the values behind `with`: no name of the strategy gets in by chance. Each use is a copy of
the block's text (`copies`). Assumes a text that holds the blocks that it uses; what is missing is told. How deep and
how often blocks use blocks is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from stratc.compiler.resolve.books.diagnostics import NameOfSleeve
from stratc.compiler.resolve.books.named import (
    book_and_strategy,
    book_inside,
    empty_sleeve,
    is_book_and_strategy,
    missing_sleeve,
    sleeve_in_strategy,
    without_strategy,
)
from stratc.compiler.resolve.books.read import (
    OWN,
    Heads,
    as_use,
    beyond_sleeve,
    is_book,
    own_lines,
    put_heads_together,
)
from stratc.compiler.resolve.from_tree import declarations, readings
from stratc.compiler.resolve.reuse.copies import Copies, with_spans
from stratc.compiler.resolve.reuse.diagnostics import (
    BlocksInCircle,
    NameOfBlock,
    NoSuchBlock,
    NoSuchInput,
    NotInBlock,
    PathLeavesFolder,
    UnusedBlock,
)
from stratc.compiler.resolve.reuse.paths import below, why_not_below
from stratc.compiler.resolve.symbols import Blocks, Given, SleeveOf, Used
from stratc.compiler.resolve.words import ACROSS, AGGREGATES, BUILT_IN, WORDS
from stratc.dsl.diagnostic import Diagnostic, Problem
from stratc.dsl.parsing.expressions import dotted_name
from stratc.dsl.source import NOWHERE, Span
from stratc.dsl.stdlib import catalogue
from stratc.dsl.suggest import closest
from stratc.dsl.syntax import (
    AccountLine,
    Advice,
    BlockLine,
    Call,
    Clock,
    Data,
    Events,
    Expression,
    Input,
    Let,
    Member,
    Missing,
    Name,
    Node,
    Number,
    ReadLine,
    Rule,
    Setting,
    Statement,
    StrategyLine,
    TradeLine,
    Tree,
    Unary,
    UnaryOperator,
    Use,
)
from stratc.dsl.syntax.books import BookLine, Sleeve
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow

DEPTH_MAX: Final = 8
USES_MAX: Final = 100

# What names something outside of the text: it has one name for all, and is said once however many say it.
OUTSIDE: Final = (ReadLine, Events, Data, Advice)

# What says what is traded, and so is the strategy's alone.
OF_STRATEGY: Final[Mapping[type, str]] = {
    StrategyLine: "strategy",
    TradeLine: "trade",
    AccountLine: "account",
    Roll: "roll",
    Leave: "leave",
    Group: "group",
    Flow: "contribute",
    BookLine: "book",
}

Key = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Scope:
    """What can be read of a block by its name and a dot: its own names, and those of the blocks that it uses."""

    names: set[str] = field(default_factory=set)
    scopes: dict[str, Scope] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Place:
    """Where statements are being put together: of which file, under which name, below which blocks."""

    file: str
    prefix: str
    above: tuple[Key, ...]
    scope: Scope
    outside: frozenset[str] = frozenset()
    inputs: dict[str, Input] = field(default_factory=dict)
    set_by: dict[str, str] = field(default_factory=dict)
    own: list[Statement] | None = None
    of_sleeve: bool = False


def splice(tree: Tree, copies: Copies) -> tuple[Tree, Blocks, tuple[Diagnostic, ...]]:
    """The tree with every block in the place of the line that uses it, those blocks, and what is wrong with them."""
    if not any(isinstance(statement, Use | BlockLine | BookLine | Sleeve) for statement in tree.statements):
        return tree, Blocks(), ()
    main, blocks, problems = cut_at_blocks(tree)
    if is_book_and_strategy(main):
        problems += book_and_strategy(main)
    else:
        problems += own_lines(main)
    main = without_strategy(main)
    splicer = _Splicer(main=main, blocks=blocks, copies=copies, problems=problems)
    place = Place(file="", prefix="", above=(), scope=_scope_of(main))
    statements = tuple(splicer.put_together(main, place))
    sleeves: tuple[SleeveOf, ...] = ()
    if is_book(tree):
        statements, sleeves = put_heads_together(statements, splicer.heads, problems)
    statements = tuple(_said_once(statements))
    problems += splicer.unused(statements)
    made_with = Blocks(used=tuple(splicer.used), given=tuple(splicer.given), sleeves=sleeves, of_book=is_book(tree))
    return replace(tree, statements=statements), made_with, tuple(problem.diagnostic() for problem in problems)


def cut_at_blocks(tree: Tree) -> tuple[tuple[Statement, ...], Mapping[Key, tuple[Statement, ...]], list[Problem]]:
    """The strategy's own statements, and every block by its file and name, the first of each; a file's first lines
    have no name."""
    parts: list[tuple[Key, BlockLine | None, list[Statement]]] = [(("", ""), None, [])]
    file = ""
    for statement in tree.statements:
        if isinstance(statement, BlockLine):
            file = statement.path.value if statement.path is not None else file
            name = statement.name.text if statement.name is not None else ""
            parts.append(((file, name), statement, []))
        else:
            parts[-1][2].append(statement)
    blocks: dict[Key, tuple[Statement, ...]] = {}
    again: list[Problem] = []
    for key, line, statements in parts[1:]:
        if key in blocks and line is not None:
            again.append(NameOfBlock(span=line.span, what=f"there are two blocks {_called(key)}"))
        blocks.setdefault(key, tuple(statements))
    return tuple(parts[0][2]), blocks, again


def _scope_of(statements: Iterable[Statement]) -> Scope:
    own = (statement for statement in statements if not isinstance(statement, OUTSIDE))
    return Scope(names=set(_names_of(own)))


def _names_of(statements: Iterable[Statement]) -> Iterator[str]:
    named = (each.name for statement in statements for each in declarations(statement))
    return (name.text for name in named if name is not None)


def _said_once(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Statements of what is outside of the text, each instrument and each table once: the strategy's own instruments
    come first. Tables of one name that are not the same stay, and are told as any name that is declared twice."""
    found = list(statements)
    tables: set[Statement] = set()
    own = [each for each in found if isinstance(each, TradeLine)]
    seen = {instrument.symbol for line in own for instrument in line.instruments}
    for statement in found:
        if isinstance(statement, Events | Data | Advice):
            placeless = with_spans(statement, lambda _: NOWHERE)
            if placeless not in tables:
                yield statement
            tables.add(placeless)
            continue
        if not isinstance(statement, ReadLine):
            yield statement
            continue
        fresh = tuple(each for each in statement.instruments if each.symbol not in seen)
        seen |= {each.symbol for each in fresh}
        if fresh:
            yield replace(statement, instruments=fresh)


@dataclass(slots=True, kw_only=True)
class _Splicer:
    """The uses of one program as they are put in their places."""

    main: tuple[Statement, ...]
    blocks: Mapping[Key, tuple[Statement, ...]]
    copies: Copies
    problems: list[Problem]
    given: list[Given] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    uses: int = 0
    idle: list[tuple[Use, str, Scope]] = field(default_factory=list)
    heads: Heads = field(default_factory=Heads)

    def put_together(self, statements: tuple[Statement, ...], place: Place) -> Iterator[Statement]:
        """Statements of one place with their names in full, and those of the blocks that they use."""
        for statement in statements:
            if isinstance(statement, Sleeve):
                yield from self._as_sleeve(statement, place)
            elif isinstance(statement, Use):
                yield from self._used(statement, place)
            elif place.own is not None and isinstance(statement, OWN):
                place.own.append(statement)
            elif place.of_sleeve and (beyond := list(beyond_sleeve(statement))):
                self.problems += beyond
            elif place.prefix and type(statement) in OF_STRATEGY:
                self.problems.append(NotInBlock(span=statement.span, word=OF_STRATEGY[type(statement)]))
            else:
                if isinstance(statement, Input):
                    place.inputs[statement.name.text] = statement
                yield from self._named_in_full(statement, place)

    def _named_in_full(self, statement: Statement, place: Place) -> Iterator[Statement]:
        flat: Statement = _with_dots(statement, place.scope)
        if not place.prefix or isinstance(flat, OUTSIDE):
            yield flat
        elif isinstance(flat, Input) and (instead := place.set_by.get(flat.name.text)) is not None:
            name = replace(flat.name, text=f"{place.prefix}{flat.name.text}")
            yield Let(span=flat.span, name=name, value=Name(span=flat.default.span, text=instead))
        else:
            yield _renamed(flat, place)

    # ── one use ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _as_sleeve(self, sleeve: Sleeve, place: Place) -> Iterator[Statement]:
        """The sleeve's statements; what it says of itself is kept in `heads`."""
        own: list[Statement] = []
        if place.prefix:
            self.problems.append(sleeve_in_strategy(sleeve))
            return
        put = list(self._used(as_use(sleeve), place, own))
        if put or own:
            named = sleeve.known_as
            self.heads.lines.append(sleeve)
            self.heads.names.append("" if named is None else named.text)
            self.heads.own.append(own)
            yield from put

    def _used(self, use: Use, place: Place, own: list[Statement] | None = None) -> Iterator[Statement]:
        """The statements of a block; with `own` it is a sleeve, which has lines of a header too."""
        self.uses += 1
        sleeve = own is not None
        name, key = self._name_of(use, place, sleeve=sleeve), self._key_of(use, place)
        block = None if key is None else self.blocks.get(key)
        if name is None or key is None:
            return
        if block is None:
            self.problems.append(
                missing_sleeve(use.path.span, key[0]) if sleeve and use.path else self._missing(use, key)
            )
        elif any(isinstance(statement, BookLine) for statement in block):
            self.problems.append(book_inside(use, key[0], block, self.main, sleeve=sleeve))
        elif (circle := self._too_much(key, place)) is not None:
            self.problems.append(BlocksInCircle(span=use.span, what=circle))
        elif not block and sleeve:
            self.problems.append(empty_sleeve(use.span, key[0]))
        elif not block:
            advice = "write its statements below its first line"
            what = f"in {_called(key)}: it holds nothing"
            self.problems.append(NoSuchBlock(span=use.span, what=what, advice=advice))
        else:
            yield from self._put(use, name, key, block, place, own)

    def _put(
        self,
        use: Use,
        name: str,
        key: Key,
        block: tuple[Statement, ...],
        place: Place,
        own: list[Statement] | None,
    ) -> Iterator[Statement]:
        origin = Span(block[0].span.start, max(each.span.end for each in block))
        moved = self.copies.add(origin, use.span)
        statements = with_spans(block, lambda span: span.shifted(moved))
        scope = _scope_of(statements)
        place.scope.scopes[name] = scope
        full = f"{place.prefix}{name}."
        self.used.append(Used(name=full.removesuffix("."), use=use, block=_in_words(key)))
        outside = frozenset(_names_of(each for each in statements if isinstance(each, OUTSIDE)))
        inner = Place(file=key[0], prefix=full, above=(*place.above, key), scope=scope, outside=outside)
        inner.own, inner.of_sleeve = own, place.of_sleeve or own is not None
        statements = tuple(self._with_settings(use, key, statements, place, inner))
        put = list(self.put_together(statements, inner))
        if not any(_does_something(statement) for statement in put):
            self.idle.append((use, full, scope))
        yield from put

    def _name_of(self, use: Use, place: Place, *, sleeve: bool) -> str | None:
        """What the block is called here; None where it has no name, or another's."""
        known_as = use.known_as
        lack = ""
        if known_as is None:
            lack = "the file's name is no name in a text"
        elif known_as.text in WORDS or known_as.text in place.scope.names:
            lack = f"`{known_as.text}` has another meaning here"
        elif known_as.text in place.scope.scopes:
            lack = f"there are two {'sleeves' if sleeve else 'blocks'} `{known_as.text}`"
        if known_as is None or lack:
            span = use.span if known_as is None else known_as.span
            file = "" if use.path is None else use.path.value
            self.problems.append(
                NameOfSleeve(span=span, what=lack, file=file) if sleeve else NameOfBlock(span=span, what=lack)
            )
            return None
        return known_as.text

    def _key_of(self, use: Use, place: Place) -> Key | None:
        """The file and the name of the block; None where the path leads elsewhere."""
        name = use.block.text if use.block is not None else ""
        if use.path is None:
            return place.file, name
        if why := why_not_below(use.path.value):
            self.problems.append(PathLeavesFolder(span=use.path.span, path=use.path.value, why=why))
            return None
        return below(place.file, use.path.value), name

    def _missing(self, use: Use, key: Key) -> Problem:
        file, name = key
        span = use.block.span if use.block is not None else use.path.span if use.path is not None else use.span
        if file and (file, "") not in self.blocks:
            there = [other for other, _ in self.blocks if other]
            near = closest(file, there)
            path = use.path.span if use.path is not None else span
            hint = f"did you mean `{near}`?" if near else f"put `{file}` into the strategy's folder, or mend the path"
            return NoSuchBlock(span=path, what=f"`{file}` in the strategy's folder", advice=hint)
        named = sorted(other for place, other in self.blocks if place == file and other)
        near = closest(name, named)
        where = f"in `{file}`" if file else "in this text"
        known = f"{where} stand {', '.join(f'`{other}`' for other in named)}" if named else f"{where} stands none"
        hint = f"did you mean `{near}`?" if near else f"{known}; a block begins with a line `block {name}`"
        return NoSuchBlock(span=span, what=f"`{name}` {where}", advice=hint)

    def _too_much(self, key: Key, place: Place) -> str | None:
        if key in place.above:
            return f"{_called(key)} uses itself"
        if len(place.above) >= DEPTH_MAX:
            return f"blocks use blocks more than {DEPTH_MAX} levels deep"
        return f"a text uses more than {USES_MAX} blocks" if self.uses > USES_MAX else None

    # ── with ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _with_settings(
        self, use: Use, key: Key, statements: tuple[Statement, ...], outer: Place, inner: Place
    ) -> Iterator[Statement]:
        """The statements of a block with its inputs set; one that is another input becomes a binding of it."""
        inputs = {each.name.text: each for each in statements if isinstance(each, Input)}
        numbers: dict[str, Setting] = {}
        for setting in use.settings:
            name = setting.name.text
            wrong = self._wrong_setting(setting, key, inputs, numbers.keys() | inner.set_by.keys(), outer)
            if wrong is not None:
                self.problems.append(wrong)
                continue
            if isinstance(setting.value, Name):
                read = setting.value.text
                inner.set_by[name] = outer.set_by.get(read, f"{outer.prefix}{read}")
                setting = replace(setting, value=replace(setting.value, text=inner.set_by[name]))
            else:
                numbers[name] = setting
            self.given.append(Given(setting=setting, wanted=inputs[name]))
        for statement in statements:
            if isinstance(statement, Input) and statement.name.text in numbers:
                yield replace(statement, default=numbers[statement.name.text].value)
            else:
                yield statement

    def _wrong_setting(
        self, setting: Setting, key: Key, inputs: Mapping[str, Input], before: Iterable[str], outer: Place
    ) -> Problem | None:
        name, value = setting.name, setting.value
        if name.text not in inputs:
            near = closest(name.text, sorted(inputs))
            known = ", ".join(f"`{each}`" for each in sorted(inputs))
            has = f"it has {known}" if known else "it has none"
            advice = f"did you mean `{near}`?" if near else f"write the name of one of its inputs: {has}"
            return NoSuchInput(span=name.span, what=f"{_called(key)} has no input `{name.text}`", advice=advice)
        if name.text in before:
            return NoSuchInput(span=name.span, what=f"`{name.text}` is set twice", advice="take one of them out")
        if not (_is_written(value) or isinstance(value, Missing)) and not self._is_input(value, outer):
            what = f"`{name.text}` is set to something that is neither a number nor an input"
            advice = "write a number, or declare an `input` above and write its name"
            return NoSuchInput(span=value.span, what=what, advice=advice)
        return None

    def _is_input(self, value: Expression, outer: Place) -> bool:
        return isinstance(value, Name) and value.text in outer.inputs

    # ── what is never used ───────────────────────────────────────────────────────────────────────────────────────────

    def unused(self, statements: tuple[Statement, ...]) -> Iterator[Problem]:
        for use, full, scope in self.idle:
            if scope.names and not any(_reads_from_outside(statement, full) for statement in statements):
                yield UnusedBlock(span=use.span, name=full.removesuffix("."), sample=f"{full}{min(scope.names)}")


def _reads_from_outside(statement: Statement, full: str) -> bool:
    """Whether a statement that is not of a block reads one of the block's names."""
    names = (each.name.text for each in declarations(statement) if each.name is not None)
    if any(name.startswith(full) for name in names):
        return False
    found = (each.function if isinstance(each, Call) else each for each in readings(statement))
    return any(isinstance(each, Name) and each.text.startswith(full) for each in found)


def _called(key: Key) -> str:
    return f"`{key[1] or key[0]}`"


def _in_words(key: Key) -> str:
    file, name = key
    return f"`{name}` of `{file}`" if file and name else f"`{name or file}`"


def _does_something(statement: Statement) -> bool:
    """Whether a statement acts by itself, and not only where it is read."""
    return not (declarations(statement) or isinstance(statement, OUTSIDE))


def _is_written(value: Expression) -> bool:
    match value:
        case Number() | Clock() | Unary(operator=UnaryOperator.MINUS, operand=Number()):
            return True
        case _:
            return False


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _with_dots(node: Any, scope: Scope) -> Any:
    """The same tree where what was read as an output of a block is a name of its own: `calendar.days`."""
    if isinstance(node, Member) and (found := _absorbed(node, scope)) is not None:
        return found
    changed: dict[str, Any] = {}
    for each in fields(node):
        old = getattr(node, each.name)
        if isinstance(old, tuple):
            new: Any = tuple(_with_dots(item, scope) if isinstance(item, Node) else item for item in old)
            new = new if any(one is not other for one, other in zip(new, old, strict=True)) else old
        else:
            new = _with_dots(old, scope) if isinstance(old, Node) else old
        if new is not old:
            changed[each.name] = new
    return replace(node, **changed) if changed else node


def _absorbed(node: Member, scope: Scope) -> Expression | None:
    """The name that dots join, as far as it is one; what stands behind it is an output or a column of a step."""
    if isinstance(node.base, Member) and (base := _absorbed(node.base, scope)) is not None:
        still = isinstance(base, Name) and _is_scope(base.text, scope)
        return _joined(base, node) if still else replace(node, base=base)
    before = dotted_name(node.base)
    return _joined(node.base, node) if before is not None and _is_scope(before, scope) else None


def _joined(base: Expression, node: Member) -> Name:
    return Name(span=node.span, text=f"{dotted_name(base)}.{node.member.text}")


def _is_scope(name: str, scope: Scope) -> bool:
    """Whether a name with its dots is that of a block."""
    inner: Scope | None = scope
    for part in name.split("."):
        inner = inner.scopes.get(part) if inner is not None else None
    return inner is not None


def _renamed(statement: Statement, place: Place) -> Statement:
    """A statement of a block with the block's name before every name that it declares or reads."""
    own = {id(each.name) for each in declarations(statement) if each.name is not None}
    own |= {id(statement.name)} if isinstance(statement, Rule) else set()
    calls = {id(each.function) for each in readings(statement) if isinstance(each, Call)}
    read = {id(each) for each in readings(statement) if isinstance(each, Name)}

    def rename(node: Any) -> Any:
        if isinstance(node, Name):
            if id(node) in own or (id(node) in read and node.text not in WORDS | place.outside):
                return replace(node, text=place.set_by.get(node.text, f"{place.prefix}{node.text}"))
            if id(node) in calls and not _of_language(node.text, place.scope):
                return replace(node, text=f"{place.prefix}{node.text}")
            return node
        changed = {}
        for each in fields(node):
            old = getattr(node, each.name)
            if isinstance(old, tuple):
                changed[each.name] = tuple(rename(item) if isinstance(item, Node) else item for item in old)
            elif isinstance(old, Node):
                changed[each.name] = rename(old)
        return replace(node, **changed) if changed else node

    renamed: Statement = rename(statement)
    return renamed


def _of_language(function: str, scope: Scope) -> bool:
    known = function in BUILT_IN or function in AGGREGATES | ACROSS or catalogue.lookup(function) is not None
    return known and function not in scope.names
