"""Tree to resolved program: every name finds what it means, or a problem with the nearest word says that it does not.

Assumes any tree that the parser makes, holes included; never raises. A name is known from its declaration downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Final, TypeVar

from stratc.compiler.resolve.constants import follow
from stratc.compiler.resolve.diagnostics import (
    CallMissing,
    DuplicateName,
    InstrumentNotNamed,
    LegOfNoPair,
    MissingHeaderLine,
    NestedTooDeep,
    NoChance,
    NoRules,
    NotCallable,
    NotSupportedYet,
    ShadowsWord,
    UnknownCap,
    UnknownIndicator,
    UnknownName,
    UnknownZone,
    UnusedInstrument,
    UnusedName,
    UsedBeforeDefinition,
)
from stratc.compiler.resolve.header import has_unreadable, read_header
from stratc.compiler.resolve.months import Meant, months_meant
from stratc.compiler.resolve.reuse.copies import Copies
from stratc.compiler.resolve.reuse.functions import sound_functions, used_as_value
from stratc.compiler.resolve.reuse.inline import Inliner
from stratc.compiler.resolve.symbols import LEGS, Blocks, Declaration, Header, Resolved
from stratc.compiler.resolve.words import (
    ACROSS,
    AGGREGATES,
    AS_PHRASE,
    BUILT_IN,
    CAP_KINDS,
    CHANCE,
    FROM_ELSEWHERE,
    PIVOTS,
    WORDS,
    ZONES,
)
from stratc.compiler.resolve.zones import iana_zone, near_zones
from stratc.dsl.diagnostic import Diagnostic, Problem, Severity
from stratc.dsl.stdlib import catalogue
from stratc.dsl.suggest import certain, closest, nearest
from stratc.dsl.syntax import (
    AccountLine,
    Across,
    Advice,
    Call,
    Cap,
    Data,
    Events,
    Exit,
    Expression,
    Floor,
    Function,
    Halt,
    HaltWhen,
    Input,
    LastClose,
    Let,
    Member,
    Missing,
    Name,
    Node,
    NoEntries,
    OfInstrument,
    Over,
    ReadLine,
    Rule,
    Sequence,
    SequenceStep,
    Statement,
    Target,
    TradeLine,
    Tree,
    Unreadable,
    Zone,
    children,
    walk,
)
from stratc.dsl.syntax.contracts import Group, Leave, Roll
from stratc.dsl.syntax.flows import Flow
from stratc.runtime.model.instrument import Instrument
from stratc.runtime.model.record import record

DEPTH_MAX: Final = 128
COMPARISONS_MAX: Final = 30_000
NO_BLOCKS: Final = Blocks()

# Statements that declare no name, also where they could not be read.
LIMITS: Final = frozenset(
    {
        "no entries",
        "cap",
        "halt",
        "keep at least",
        "stop distance at least",
        "roll",
        "leave",
        "group",
        "contribute",
        "withdraw",
    }
)

WHAT: Final = {
    Input: "input",
    Let: "binding",
    Function: "function",
    Events: "table of events",
    Data: "series",
    Advice: "advice",
    Sequence: "sequence",
    SequenceStep: "step",
}

Reading = Name | Call | OfInstrument | Zone
Kind = TypeVar(
    "Kind",
    Input,
    Let,
    Function,
    Sequence,
    Rule,
    NoEntries,
    Cap,
    Floor,
    Halt,
    HaltWhen,
    ReadLine,
    Roll,
    Leave,
    Group,
    Flow,
)


@record
class Scope:
    """What is declared in a program and how far the reading of it has come.

    Where a statement could not be read, a name that resembles nothing may have been declared by it. Looking for near
    names takes time, so after many problems, or fewer among many names, none are looked for any more. `own` are the
    names that the statement itself declares.
    """

    declared: Mapping[str, Declaration]
    known: Set[str]
    complete: bool
    suggesting: bool
    own: Set[str]
    instruments: tuple[Instrument, ...]
    months: Mapping[Name, Meant]


def resolve(
    tree: Tree,
    copies: Copies,
    instruments: Mapping[str, Instrument] | None = None,
    members: tuple[str, ...] = (),
    blocks: Blocks = NO_BLOCKS,
) -> tuple[Resolved, tuple[Diagnostic, ...]]:
    """What the names of a tree mean, and all problems with them. `instruments` are the trader's own, `members` those of
    the universe where a table of them has been read, `blocks` those that the tree was made with; what calls of
    functions are written out from is added to `copies`."""
    problems: list[Problem] = []
    header = read_header(tree, instruments, members, problems, blocks.shared)
    declared = _declare(tree, problems)
    problems.extend(_problems_of_rules(tree, tuple(_of(tree, Rule))))
    if blocks.of_book:
        problems = [each for each in problems if not _is_of_a_sleeve(each)]
    used = _check_readings(tree, declared, header, problems)
    whole = not any(isinstance(node, Missing | Unreadable) for node in walk(tree))
    # What is never used may be what a wrong name was meant to be.
    if whole and not any(problem.severity is Severity.ERROR for problem in problems):
        problems.extend(_unused(declared, used))
        problems.extend(_unread(tree))
    functions = tuple(_of(tree, Function))
    tree, calls = _written_out(tree, declared, copies, problems)
    if functions:
        declared = {**_declare(tree, []), **{n: each for n, each in declared.items() if isinstance(each, Function)}}
    opaque = _opaque(tree, problems)
    resolved = Resolved(
        tree=tree,
        header=header,
        inputs=tuple(_of(tree, Input)),
        bindings=tuple(_of(tree, Let)),
        functions=functions,
        tables=tuple(each for each in tree.statements if isinstance(each, Events | Data | Advice)),
        sequences=tuple(_of(tree, Sequence)),
        rules=tuple(_of(tree, Rule)),
        no_entries=tuple(_of(tree, NoEntries)),
        caps=tuple(_of(tree, Cap)),
        floors=tuple(_of(tree, Floor)),
        halts=tuple(_of(tree, Halt)),
        halts_when=tuple(_of(tree, HaltWhen)),
        roll=next(_of(tree, Roll), None),
        leave=next(_of(tree, Leave), None),
        groups=tuple(_of(tree, Group)),
        flows=tuple(_of(tree, Flow)),
        declared=declared,
        used=used,
        opaque=opaque,
        followed=follow({n: each for n, each in declared.items() if isinstance(each, Input | Let)}, opaque),
        whole=whole,
        calls=calls,
        blocks=blocks,
        remembered={},
    )
    return resolved, tuple(problem.diagnostic() for problem in problems)


def _written_out(
    tree: Tree, declared: Mapping[str, Declaration], copies: Copies, problems: list[Problem]
) -> tuple[Tree, Mapping[Expression, Call]]:
    """The tree without functions, every call of one written out, and how each was written."""
    if not any(isinstance(statement, Function) for statement in tree.statements):
        return tree, {}
    places = {name: each.name.span for name, each in declared.items() if each.name is not None}
    own = [each for each in _of(tree, Function) if declared.get(each.name.text) is each]
    found = sound_functions(own, places, problems)
    inliner = Inliner(functions=found, copies=copies, problems=problems)
    kept = (statement for statement in tree.statements if not isinstance(statement, Function))
    return replace(tree, statements=tuple(inliner.statement(each) for each in kept)), inliner.calls


def _of(tree: Tree, kind: type[Kind]) -> Iterator[Kind]:
    return (statement for statement in tree.statements if isinstance(statement, kind))


# ── declarations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _declare(tree: Tree, problems: list[Problem]) -> dict[str, Declaration]:
    """Inputs, bindings, sequences and their named steps by name, the first of each name."""
    declared: dict[str, Declaration] = {}
    for statement in (each for whole in tree.statements for each in declarations(whole)):
        name = statement.name
        if name is None or not name.text:
            continue
        if name.text in WORDS or (isinstance(statement, Function) and _call_form(name.text) is not None):
            # The word keeps its meaning, so that one mistake is told once.
            problems.append(ShadowsWord(span=name.span, name=name.text))
        elif name.text in declared:
            before = declared[name.text]
            first = before.name.span if before.name is not None else before.span
            problems.append(DuplicateName(span=name.span, name=name.text, first=first))
        else:
            declared[name.text] = statement
    return declared


def declarations(statement: Statement) -> tuple[Declaration, ...]:
    """What a statement declares: an input, a binding, or a sequence and its steps."""
    match statement:
        case Input() | Let() | Function() | Events() | Data() | Advice():
            return (statement,)
        case Sequence(steps=steps):
            return (statement, *steps)
        case _:
            return ()


def _is_of_a_sleeve(problem: Problem) -> bool:
    """Whether it says what a book lacks: that is lacking in one of its sleeves, and told there."""
    return isinstance(problem, NoRules) or (isinstance(problem, MissingHeaderLine) and problem.word != "account")


def _problems_of_rules(tree: Tree, rules: Iterable[Rule]) -> Iterator[Problem]:
    first: dict[str, Rule] = {}
    for rule in rules:
        if rule.name.text in first:
            place = first[rule.name.text].name.span
            yield DuplicateName(span=rule.name.span, name=rule.name.text, first=place)
        first.setdefault(rule.name.text, rule)
    if not first and not has_unreadable(tree):
        span = tree.statements[0].span if tree.statements else tree.span
        yield NoRules(span=span)


def _unread(tree: Tree) -> Iterator[Problem]:
    looked_at = {node.instrument.symbol for node in walk(tree) if isinstance(node, OfInstrument)}
    for line in _of(tree, ReadLine):
        for named in line.instruments:
            if named.symbol not in looked_at:
                yield UnusedInstrument(span=named.span, symbol=named.symbol)


def _unused(declared: Mapping[str, Declaration], used: frozenset[str]) -> Iterator[Problem]:
    for name, statement in declared.items():
        # What a block offers need not all be read.
        if name not in used and "." not in name:
            span = statement.name.span if statement.name is not None else statement.span
            yield UnusedName(span=span, what=WHAT[type(statement)], name=name)


def _opaque(tree: Tree, problems: list[Problem]) -> frozenset[str]:
    """Bindings whose value cannot be followed: they read what stands below them, or themselves, or nest too deep."""
    depths: dict[str, int] = {}
    opaque: set[str] = set()
    declared = {statement.name.text for statement in tree.statements if isinstance(statement, Input | Let)}
    for statement in tree.statements:
        if isinstance(statement, Input):
            depths[statement.name.text] = 1
        if not isinstance(statement, Let) or statement.name.text in depths:
            continue
        read = {name.text for name in readings(statement) if isinstance(name, Name)} & declared
        if read & opaque or not read <= depths.keys():
            opaque.add(statement.name.text)
            continue
        depth = _depth(statement.value, depths)
        if depth > DEPTH_MAX:
            problems.append(NestedTooDeep(span=statement.name.span, name=statement.name.text, limit=DEPTH_MAX))
            opaque.add(statement.name.text)
            continue
        depths[statement.name.text] = depth
    return frozenset(opaque)


def _depth(node: Node, depths: Mapping[str, int]) -> int:
    """How deep a formula nests, the bindings that it reads included."""
    if isinstance(node, Name):
        return 1 + depths.get(node.text, 0)
    return 1 + max((_depth(child, depths) for child in children(node)), default=0)


# ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def readings(node: Node) -> Iterator[Reading]:
    """The places below `node` that read a name, a function, another instrument or a zone."""
    match node:
        case Name() | Zone():
            yield node
        case OfInstrument():
            yield node
            yield from readings(node.series)
        case Call():
            yield node
            for argument in node.arguments:
                yield from readings(argument.value)
        case Member():
            yield from readings(node.base)
        case LastClose() | AccountLine() | Group():
            return
        case Let():
            yield from readings(node.value)
        case Function():
            own = {parameter.text for parameter in node.parameters}
            yield from (each for each in readings(node.value) if not (isinstance(each, Name) and each.text in own))
        case TradeLine():
            if node.hours is not None:
                yield from readings(node.hours)
        case Events():
            return
        case Data() | Advice():
            for part in (node.range, node.fresh):
                yield from readings(part) if part is not None else ()
        case Cap():
            yield from readings(node.bound)
        case Target():
            # `target` is a word of its own `only if` only.
            yield from readings(node.value)
            if node.only_if is not None:
                yield from (
                    each for each in readings(node.only_if) if not (isinstance(each, Name) and each.text == "target")
                )
        case Exit(portion=Name(text="half")):
            # `half` is a word of this place only.
            yield from readings(node.order) if node.order is not None else ()
        case _:
            declared = node.name if isinstance(node, Input | Sequence | SequenceStep | Rule) else None
            for child in children(node):
                if child is not declared:
                    yield from readings(child)


def _check_readings(
    tree: Tree, declared: Mapping[str, Declaration], header: Header, problems: list[Problem]
) -> frozenset[str]:
    """Every reading of every statement, in the order of the text; the names that are read."""
    used: set[str] = set()
    known: set[str] = set()
    complete = not any(isinstance(item, Unreadable) and item.word not in LIMITS for item in tree.statements)
    for statement in tree.statements:
        own = {each.name.text for each in declarations(statement) if each.name is not None}
        aggregates = dict(_gathering(statement))
        months = months_meant(statement, known)
        for reading in readings(statement):
            word = reading.function if isinstance(reading, Call) else reading
            if isinstance(word, Name) and word.text in declared and word.text not in own:
                used.add(word.text)
            suggesting = len(problems) * (len(known) + len(WORDS)) < COMPARISONS_MAX
            scope = Scope(
                declared=declared,
                known=known,
                complete=complete,
                suggesting=suggesting,
                own=own if isinstance(statement, Sequence | Function) else frozenset(),
                instruments=(*header.named, *header.legs),
                months=months,
            )
            problems.extend(_problems_of(reading, scope, aggregates))
        if isinstance(statement, Cap) and statement.kind.text not in CAP_KINDS:
            near = closest(statement.kind.text, CAP_KINDS) if len(problems) < COMPARISONS_MAX // 100 else None
            hint = f"; did you mean `{near}`?" if near else ""
            sure = certain(statement.kind.text, CAP_KINDS) or ""
            problems.append(UnknownCap(span=statement.kind.span, name=statement.kind.text, near=hint, sure=sure))
        known |= own
    return frozenset(used)


def _gathering(statement: Statement) -> Iterator[tuple[Call, frozenset[str]]]:
    """The calls that gather over a window or across instruments, which are no indicators, and what may be called."""
    below: list[Node] = [statement]
    while below:
        node = below.pop()
        if isinstance(node, Over):
            yield node.call, AGGREGATES
        if isinstance(node, Across):
            yield node.call, ACROSS
        below.extend(children(node))


def _problems_of(reading: Reading, scope: Scope, aggregates: Mapping[Call, frozenset[str]]) -> Iterator[Problem]:
    match reading:
        case Name():
            yield from _problems_of_name(reading, scope)
        case Call():
            if reading.function.text not in aggregates.get(reading, frozenset()):
                yield from _problems_of_call(reading, scope)
        case Zone():
            if iana_zone(reading.text) is None:
                sure = certain(reading.text, ZONES) or ""
                yield UnknownZone(span=reading.span, name=reading.text, near=near_zones(reading.text), sure=sure)
        case OfInstrument(instrument=named):
            symbols = [instrument.symbol for instrument in scope.instruments]
            if named.symbol in LEGS and named.symbol not in symbols and scope.complete:
                yield LegOfNoPair(span=named.span, leg=named.symbol)
                return
            if named.symbol not in symbols and scope.complete:
                near = closest(named.symbol, symbols)
                hint = f", or did you mean `{near}`?" if near else ""
                yield InstrumentNotNamed(span=named.span, symbol=named.symbol, near=hint)


def _problems_of_name(name: Name, scope: Scope) -> Iterator[Problem]:
    function = scope.declared.get(name.text)
    if isinstance(function, Function) and name.text not in WORDS:
        yield used_as_value(name, function)
        return
    if name.text in WORDS or name.text in scope.known:
        return
    if name.text in scope.own:
        remedy = (
            "what a step saw is known when the last step has come true: keep it in a binding above the sequence, for "
            "example `let broken = lowest(low, 40)[1] when (low < lowest(low, 40)[1])`"
        )
        yield NotSupportedYet(
            span=name.span, what=f"reading `{name.text}` inside its own sequence", instead_of_it=remedy
        )
    elif name.text in scope.declared:
        declared = scope.declared[name.text]
        place = declared.name.span if declared.name is not None else declared.span
        yield UsedBeforeDefinition(span=name.span, name=name.text, declared=place)
    elif (form := _call_form(name.text)) is not None:
        yield CallMissing(span=name.span, name=name.text, form=form)
    elif name.text in CHANCE:
        yield NoChance(span=name.span, name=name.text)
    elif (month := scope.months.get(name)) is not None:
        if month.text:
            yield UnknownName(span=name.span, name=name.text, near=month.text, certain=True, sure=month.sure)
    else:
        words = (*sorted(scope.known), *sorted(WORDS)) if scope.suggesting else ()
        near, alone = _nearest(name.text, words)
        sure = alone and scope.complete and certain(name.text, words) is not None
        near = near or (_function_near(name.text) if scope.suggesting else "")
        phrase = AS_PHRASE.get(name.text, "")
        if scope.complete or near or phrase:
            yield UnknownName(span=name.span, name=name.text, near=near, phrase=phrase, certain=alone, sure=sure)


def _function_near(name: str) -> str:
    """An indicator that is almost called so, with its parentheses."""
    found = FROM_ELSEWHERE.get(name) or closest(name, catalogue.names())
    return (_call_form(found) or "") if found else ""


def _call_form(name: str) -> str | None:
    """How an indicator or a built-in function of that name is written; None where there is none."""
    if name in PIVOTS:
        return f"{name}({name.removeprefix('pivot_')}, 3, 3)"
    if name in BUILT_IN:
        return f"{name}({', '.join('ab'[: BUILT_IN[name]])})"
    indicator = catalogue.lookup(name)
    if indicator is None:
        return None
    series = ["close" for item in indicator.inputs if not item.column]
    lengths = ["14" if item.whole else "2" for item in indicator.params if item.default is None]
    return f"{name}({', '.join(series + lengths)})"


def _problems_of_call(call: Call, scope: Scope) -> Iterator[Problem]:
    name, span = call.function.text, call.function.span
    if name in BUILT_IN or catalogue.lookup(name) is not None:
        return
    function = scope.declared.get(name)
    if isinstance(function, Function):
        # That one calls itself is told where functions are looked at.
        if name not in scope.known and name not in scope.own:
            yield UsedBeforeDefinition(span=span, name=name, declared=function.name.span)
        return
    if name in WORDS or name in scope.declared:
        yield NotCallable(span=span, name=name)
        return
    if name in CHANCE:
        yield NoChance(span=span, name=name)
        return
    own = (other for other in scope.known if isinstance(scope.declared.get(other), Function))
    functions = (*catalogue.names(), *BUILT_IN, *sorted(own))
    near, alone = _nearest(name, functions if scope.suggesting else ())
    near = FROM_ELSEWHERE.get(name, near)
    phrase = AS_PHRASE.get(name, "")
    sure = alone and not phrase and near == certain(name, functions)
    known = ", ".join(sorted(functions))
    yield UnknownIndicator(span=span, name=name, near=near, phrase=phrase, certain=alone, sure=sure, known=known)


def _nearest(word: str, candidates: Iterable[str]) -> tuple[str, bool]:
    """The nearest candidate, and whether it is one slip away and the only one that is."""
    ranked = nearest(word, candidates)
    if not ranked:
        return "", False
    alone = len(ranked) == 1 or ranked[1][0] > ranked[0][0]
    return ranked[0][1], ranked[0][0] == 1 and alone
