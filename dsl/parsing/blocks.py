"""Lines → pieces: a file is cut into statements, and a rule into clauses.

A statement begins at the margin, a clause of a rule at a line that begins with a clause's first words. Blank lines and
comments never cut; nor does a line that follows an open bracket, a comma or an operator, or begins with one. The words
that begin a statement always cut, so an unclosed bracket hurts one statement. A first word that is almost right is
told, and the piece is read as if it were right. Assumes lines from `lines`; guarantees that every line with code lies
in exactly one piece.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from stratc.dsl.diagnostic import Diagnostic
from stratc.dsl.diagnostics import Indented, NotIndented, TooMuch
from stratc.dsl.parsing.diagnostics import Misspelt
from stratc.dsl.parsing.lines import Line, bracket_balance
from stratc.dsl.parsing.size import CLAUSES_MAX, PROBLEMS_MAX
from stratc.dsl.source import Span
from stratc.dsl.suggest import nearest, words_pattern
from stratc.runtime.model.record import record


class Kind(StrEnum):
    """What a line begins, by its first words."""

    STATEMENT = "statement"
    CLAUSE = "clause"
    LEG = "leg"
    MORE = "more"
    JOINED = "joined"
    OTHER = "other"


@record
class Piece:
    """One clause. `text` begins with the right first word even where the source misspells it, and `at` is the offset
    that makes the spans of everything after that word right; `start` is where the piece begins in the source."""

    kind: Kind
    word: str
    text: str
    at: int
    start: int
    end: int
    indent: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@record
class Block:
    """A statement: its first piece, and the clauses below it if it is a rule."""

    head: Piece
    clauses: tuple[Piece, ...]

    @property
    def span(self) -> Span:
        return Span(self.head.start, self.clauses[-1].end if self.clauses else self.head.end)


STATEMENTS: Final = (
    "strategy",
    "trade",
    "read",
    "account",
    "roll",
    "leave",
    "group",
    "input",
    "let",
    "rule",
    "cap",
    "halt",
    "keep at least",
    "stop distance at least",
    "sequence",
    "events",
    "data",
    "advice",
    "no entries",
    "contribute",
    "withdraw",
    "book",
    "sleeve",
    "use",
    "block",
)
CLAUSES: Final = ("when", "then", "every", "at most", "on")
STEPS: Final = ("first", "then", "unless")
LEGS: Final = ("buy", "short", "exit", "one of", "both of", "sell", "reverse and", "move stop loss", "note", "allocate")
MORE: Final = (
    "stop loss",
    "target",
    "risking",
    "good until",
    "good for",
    "immediate or cancel",
    "fill or kill",
    "only if",
    "reverse",
    "at market",
    "at next",
    "at opening auction",
    "at closing auction",
    "at limit",
    "at stop",
    "at each of",
    "trailing stop",
    "after locate",
    "scale",
)


# A path of a choice goes on with what stands before it.
ELSE: Final = "else"

# Words of other languages for the same thing.
_SYNONYMS: Final = {
    "if": "when",
    "whenever": "when",
    "do": "then",
    "set": "let",
    "define": "let",
    "def": "let",
    "function": "let",
    "param": "input",
    "parameter": "input",
}


def _words_pattern(phrases: tuple[str, ...]) -> str:
    return "|".join(phrase.replace(" ", r"[ \t]+") for phrase in phrases)


_FIRST_WORDS = re.compile(
    rf"(?:(?P<joined>[)\]+\-*/<>=.,:]|(?:and|or|is|in|of|over|crosses)\b)"
    rf"|(?P<statement>(?:{_words_pattern(STATEMENTS)})\b)"
    rf"|(?P<clause>(?:{_words_pattern(CLAUSES)})\b)"
    rf"|(?P<leg>(?:{_words_pattern(LEGS)})\b)"
    rf"|(?P<more>(?:{_words_pattern(MORE)})\b(?![ \t]*[.<>=])))"
)
_STEP_WORDS = re.compile(rf"(?:{_words_pattern(STEPS)})\b")
_AT_MOST_PER = re.compile(r"at\s+most\s+\S+\s+per\b")
# Inside quotation marks there may be anything; a cap says `then reduce`.
_SPLITTABLE = re.compile(r"(?:when|every|and|or)\b")
_THEN_INSIDE = re.compile(r'"[^"]*"|(?<=[^\s])[ \t]+(then\b)(?!\s+reduce)')
# A choice has its own `then`; `only if` has none, and `if` at the start of a line is taken for `when`.
_CHOICE_WORDS = re.compile(r'"[^"]*"|(?<!\A)(?<!only )\b(if|then)\b')
_FIRST_WORD = re.compile(r"\w+")
_GOES_ON = re.compile(
    r"(?:[,+\-*/<>=(\[:.]|(?<!\w)(?:and|or|not|is|in|(?<!one )(?<!both )of|over|above|below|if|to|else)"
    r"|\bif\b.*\bthen)\Z"
)


def classify(code: str) -> tuple[Kind, str]:
    """What a line of code begins, and its first words in canonical spelling."""
    found = _FIRST_WORDS.match(code)
    if found is None:
        word = _FIRST_WORD.match(code)
        return Kind.OTHER, word[0] if word else code[:1]
    return Kind(found.lastgroup or ""), " ".join(found[0].split())


@dataclass(slots=True)
class _Cutter:
    """The state of one cut; never leaves `cut_blocks`."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    head: Piece | None = None
    clauses: list[Piece] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    end: int = 0
    depth: int = 0
    choices: int = 0
    goes_on: bool = False
    comma: bool = False
    clause_indent: int | None = None
    pieces: int = 0
    unknown: int = 0

    def count(self, piece: Piece) -> None:
        self.pieces += 1
        self.unknown += piece.kind is Kind.OTHER

    @property
    def full(self) -> bool:
        """Whether there are more clauses than are read, or more problems; what begins with no known word is one."""
        return self.pieces >= CLAUSES_MAX or len(self.problems) + self.unknown > PROBLEMS_MAX

    def begin(self, piece: Piece) -> None:
        self.finish()
        self.count(piece)
        self.head, self.clause_indent = piece, None

    def add(self, piece: Piece) -> None:
        self.seal(comma_joins=self.comma and piece.kind is Kind.MORE)
        self.count(piece)
        if self.clause_indent is None:
            self.clause_indent = piece.indent
        self.clauses.append(piece)
        self.depth = self.choices = 0

    def extend(self, line: Line) -> None:
        self.end = line.end

    def seal(self, *, comma_joins: bool) -> None:
        """Give the last piece the lines that went on with it; a comma that joined it to a part of its own goes."""
        last = self.clauses[-1] if self.clauses else self.head
        assert last is not None
        end = max(self.end, last.end)
        text = last.text + self.text[last.end : end]
        longer = replace(last, text=text.removesuffix(",").rstrip() if comma_joins else text, end=end)
        if self.clauses:
            self.clauses[-1] = longer
        else:
            self.head = longer

    def finish(self) -> None:
        if self.head is not None:
            self.seal(comma_joins=False)
            self.blocks.append(Block(head=self.head, clauses=tuple(self.clauses)))
        self.head, self.clauses, self.depth, self.choices = None, [], 0, 0

    @property
    def bare_then(self) -> bool:
        """Whether `then` stands alone so far, its action on the next line."""
        return bool(self.clauses) and self.clauses[-1].text == "then" and self.end <= self.clauses[-1].end

    @property
    def in_rule(self) -> bool:
        return self.head is not None and self.head.word == "rule"

    @property
    def in_sequence(self) -> bool:
        return self.head is not None and self.head.word == "sequence"

    @property
    def in_then(self) -> bool:
        return bool(self.clauses) and (
            self.clauses[-1].kind in (Kind.LEG, Kind.MORE) or self.clauses[-1].word == "then"
        )


def cut_blocks(text: str, lines: tuple[Line, ...]) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...], int | None]:
    """The statements of a text in order, what was wrong with their first words and indentation, and the offset where
    cutting stopped because there was too much; None where all was cut."""
    cutter = _Cutter(text=text)
    margin = lines[0].indent if lines else 0
    stopped_at: int | None = None
    for line in (part for whole in lines for part in split_at_then(whole, cutter.choices)):
        if cutter.full:
            stopped_at = line.start
            break
        _take(cutter, line, margin)
        cutter.choices = open_choices(line.code, cutter.choices)
        cutter.depth = max(cutter.depth + line.depth, 0)
        cutter.goes_on = bool(_GOES_ON.search(line.code))
        cutter.comma = line.code.endswith(",")
    cutter.finish()
    if stopped_at is not None and cutter.pieces >= CLAUSES_MAX:
        place = Span(stopped_at, stopped_at)
        cutter.problems.append(TooMuch(span=place, most=CLAUSES_MAX, what="clauses").diagnostic())
    return tuple(cutter.blocks), tuple(cutter.problems), stopped_at


def open_choices(code: str, before: int) -> int:
    """How many choices wait for their `then` behind this code."""
    for word in _CHOICE_WORDS.finditer(code):
        before = before + 1 if word[1] == "if" else max(before - (word[1] == "then"), 0)
    return before


def split_at_then(line: Line, choices: int) -> tuple[Line, ...]:
    """`when flat then buy 100 shares` as two lines: a `then` that belongs to no choice can only begin a clause."""
    cuts = _THEN_INSIDE.finditer(line.code) if _SPLITTABLE.match(line.code) else ()
    own = (cut for cut in cuts if cut[1] and not open_choices(line.code[: cut.start()], choices))
    found = next(own, None)
    if found is None:
        return (line,)
    first, second = line.code[: found.start()], line.code[found.start(1) :]
    start = line.start + found.start(1)
    balance = bracket_balance(first)
    return (
        replace(line, end=line.start + len(first), depth=balance, code=first),
        replace(line, start=start, depth=line.depth - balance, code=second),
    )


def _take(cutter: _Cutter, line: Line, margin: int) -> None:
    kind, word = classify(line.code)
    at_margin = line.indent <= margin
    if kind is Kind.STATEMENT:
        if not at_margin:
            _tell_indented(cutter, line, word)
        cutter.begin(_piece(kind, word, line))
    elif cutter.head is None:
        _begin_other(cutter, line, kind, word)
    elif kind is Kind.JOINED or ((word == ELSE or _continued(cutter, kind)) and not at_margin):
        cutter.extend(line)
    elif at_margin:
        _take_at_margin(cutter, line, kind, word)
    elif cutter.in_rule:
        _take_in_rule(cutter, line, kind, word)
    elif cutter.in_sequence:
        _take_in_sequence(cutter, line, kind, word)
    else:
        cutter.extend(line)


def _continued(cutter: _Cutter, kind: Kind) -> bool:
    """Whether the line before asks for more; a comma does not hold back a line that is a part of its own."""
    if kind is Kind.CLAUSE:
        return False
    if kind in (Kind.MORE, Kind.LEG) and cutter.comma and cutter.depth == 0:
        return False
    return cutter.depth > 0 or cutter.goes_on


def _take_at_margin(cutter: _Cutter, line: Line, kind: Kind, word: str) -> None:
    if cutter.in_sequence and (step := _STEP_WORDS.match(line.code)):
        span = Span(line.start, line.start + step.end())
        cutter.problems.append(NotIndented(span=span, word=step[0]).diagnostic())
        cutter.add(_piece(Kind.CLAUSE, step[0], line))
    elif kind is Kind.OTHER:
        meant = _meant_word(line.code, STATEMENTS)
        if meant is None and cutter.depth > 0:
            cutter.extend(line)
        else:
            _begin_other(cutter, line, kind, word)
    elif cutter.in_rule and kind is not Kind.LEG:
        span = Span(line.start, line.start + len(word))
        cutter.problems.append(NotIndented(span=span, word=word).diagnostic())
        cutter.add(_piece(_kind_in_rule(cutter, line, kind, word), word, line))
    elif cutter.head is not None and cutter.head.kind in (Kind.CLAUSE, Kind.MORE):
        # Clauses without a rule are one mistake, however many they are.
        cutter.extend(line)
    else:
        cutter.begin(_piece(kind, word, line))


def _take_in_rule(cutter: _Cutter, line: Line, kind: Kind, word: str) -> None:
    kind = _kind_in_rule(cutter, line, kind, word)
    if kind is Kind.LEG and cutter.bare_then:
        cutter.extend(line)
    elif kind is not Kind.OTHER:
        cutter.add(_piece(kind, word, line))
    elif cutter.clause_indent is None or line.indent <= cutter.clause_indent:
        meant = _meant_word(line.code, CLAUSES)
        cutter.add(_repaired(cutter, line, meant, Kind.CLAUSE) if meant else _piece(kind, word, line))
    elif cutter.in_then and (meant := _meant_word(line.code, (*MORE, *LEGS))):
        cutter.add(_repaired(cutter, line, meant, Kind.LEG if meant in LEGS else Kind.MORE))
    else:
        cutter.extend(line)


def _take_in_sequence(cutter: _Cutter, line: Line, kind: Kind, word: str) -> None:
    """A step, or what cancels the sequence; a line further in goes on with the one above it."""
    if step := _STEP_WORDS.match(line.code):
        cutter.add(_piece(Kind.CLAUSE, step[0], line))
    elif cutter.clause_indent is None or line.indent <= cutter.clause_indent:
        meant = _meant_word(line.code, STEPS)
        cutter.add(_repaired(cutter, line, meant, Kind.CLAUSE) if meant else _piece(kind, word, line))
    else:
        cutter.extend(line)


def _kind_in_rule(cutter: _Cutter, line: Line, kind: Kind, word: str) -> Kind:
    """`at most` clips a size inside an action and limits a rule elsewhere."""
    if word != "at most" or _AT_MOST_PER.match(line.code) or not cutter.in_then:
        return kind
    deeper = cutter.clause_indent is not None and line.indent > cutter.clause_indent
    return Kind.MORE if cutter.comma or deeper else kind


def _begin_other(cutter: _Cutter, line: Line, kind: Kind, word: str) -> None:
    meant = _meant_word(line.code, STATEMENTS) if kind is Kind.OTHER else None
    cutter.begin(_repaired(cutter, line, meant, Kind.STATEMENT) if meant else _piece(kind, word, line))


def _piece(kind: Kind, word: str, line: Line) -> Piece:
    return Piece(
        kind=kind, word=word, text=line.code, at=line.start, start=line.start, end=line.end, indent=line.indent
    )


def _meant_word(code: str, candidates: tuple[str, ...]) -> str | None:
    """The one phrase that the first words of a line nearly are, or mean in other languages."""
    first = _FIRST_WORD.match(code)
    if first is not None and _SYNONYMS.get(first[0]) in candidates:
        return _SYNONYMS[first[0]]
    found: list[tuple[int, str]] = []
    for phrase in candidates:
        words = words_pattern(1 + phrase.count(" "), r"[ \t]+").match(code)
        if words and (words.end() == len(code) or code[words.end()].isspace()):
            found += nearest(" ".join(words[0].split()), (phrase,))
    found.sort()
    if not found or (len(found) > 1 and found[1][0] == found[0][0]):
        return None
    return found[0][1]


def _repaired(cutter: _Cutter, line: Line, meant: str, kind: Kind) -> Piece:
    """The piece of a line whose first words are nearly `meant`, told once and read as if it said so."""
    words = words_pattern(1 + meant.count(" "), r"[ \t]+").match(line.code)
    assert words is not None
    wrong = words[0]
    slips = nearest(" ".join(wrong.split()), (meant,))
    certain = bool(slips) and slips[0][0] <= 1
    span = Span(line.start, line.start + len(wrong))
    cutter.problems.append(Misspelt(span=span, found=wrong, meant=meant, certain=certain).diagnostic())
    return Piece(
        kind=kind,
        word=meant,
        text=meant + line.code[len(wrong) :],
        at=line.start + len(wrong) - len(meant),
        start=line.start,
        end=line.end,
        indent=line.indent,
    )


def _tell_indented(cutter: _Cutter, line: Line, word: str) -> None:
    begin = cutter.text.rfind("\n", 0, line.start) + 1
    span = Span(line.start, line.start + len(word))
    cutter.problems.append(Indented(span=span, word=word, indent=Span(begin, line.start)).diagnostic())
