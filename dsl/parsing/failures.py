"""What is wrong with a clause that did not parse: its text → exactly one problem.

The clause is parsed again step by step up to the place where it stops; what stands there, what could stand there and
what came before decide which problem it is. The order of `_EXPLANATIONS` is the order of precedence: the first that
has something to say is told. Spans are those of the clause's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, cast
from unicodedata import normalize

from stratc.dsl.diagnostic import Problem
from stratc.dsl.parsing.diagnostics import (
    BadName,
    BadNumber,
    ChainedComparison,
    EndsEarly,
    ForeignSign,
    HalfPhrase,
    Misspelt,
    NotSupported,
    ReservedWord,
    Sell,
    UnclosedText,
    Unexpected,
    UnknownUnit,
    UnpairedBracket,
)
from stratc.dsl.parsing.expectations import clause_phrase, either, expected_phrase
from stratc.dsl.parsing.expressions import COUNTED_UNITS, MONTHS, UNIT_SPELLINGS, WEEKDAYS
from stratc.dsl.parsing.tables import clause_parser, phrases
from stratc.dsl.source import Span
from stratc.dsl.suggest import begun_or_near, nearest, words_pattern
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from lark import Token

# Parts of the language that are designed and not built: the word that gives them away, and what they are called.
LATER_WORDS: Final = {
    "scale": "`scale`, an exit in parts,",
    "legs": "`legs`, an order of several legs,",
}

# Signs of other languages: what to write instead, in words and as text (None where a person must choose).
_FOREIGN_SIGNS: Final[dict[str, tuple[str, str | None]]] = {
    "==": ("`is`", "is"),
    "!=": ("`is not`", "is not"),
    "<>": ("`is not`", "is not"),
    "&&": ("`and`", "and"),
    "||": ("`or`", "or"),
    "=>": ("`>=`", ">="),
    "=<": ("`<=`", "<="),
    "**": ("a product or a function", None),
    "=": ("`is`", "is"),
    "!": ("`not`", "not "),
    "&": ("`and`", "and"),
    "|": ("`or`", "or"),
    "≥": ("`>=`", ">="),
    "≤": ("`<=`", "<="),
    "≠": ("`is not`", "is not"),
    "×": ("`*`", "*"),
    "÷": ("`/`", "/"),
    "−": ("`-`", "-"),
    "–": ("`-`", "-"),
    "—": ("`-`", "-"),
    "…": ("`..`", ".."),
    "“": ('`"`', '"'),
    "”": ('`"`', '"'),
    "„": ('`"`', '"'),
    "'": ('`"`', '"'),
    "‘": ('`"`', '"'),
    "’": ('`"`', '"'),
    ";": ("each clause on a line of its own", None),
    "$": ("a currency code, as in `5_000 USD`", None),
    "€": ("a currency code, as in `5_000 EUR`", None),
    "£": ("a currency code, as in `5_000 GBP`", None),
    "^": ("a product or a function", None),
    "{": ("`(`", None),
    "}": ("`)`", None),
}

_CLOSING_QUOTES: Final = {"“": "”“", "„": "“”", "'": "'", "‘": "’‘", "’": "’"}

_COMPARISONS: Final = frozenset({"LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", "IS", "IS_NOT", "IN"})
_UNITS: Final = (*COUNTED_UNITS, *(f"{unit}s" for unit in COUNTED_UNITS), "min", "bps", *UNIT_SPELLINGS)
_WORD = re.compile(r"[^\W\d]\w*")
_WORD_ENDING = re.compile(r"\w*\Z")
_NUMBER_LIKE = re.compile(r"[\d.][\w.]*")
_NUMBER_BEFORE = re.compile(r"(?:^|[^\w.])\d[\d_]*(?:\.\d+)?\s*$")
# How far back a word is looked for: a search that ends at the end of a long text would begin at each of its letters.
_WORD_CHARACTERS_MAX: Final = 200
_PERIODS: Final = frozenset({"week", "month", "quarter", "year"})  # words of schedules, and lengths of nothing
_DATE_AND = re.compile(r"\b(month|weekday)\s+(?:is\s+(not\s+)?|in\s+\w+\s*\.\.\s*)\w+\s+(and|or)\s+\Z")
_MONTH_ALONE = re.compile(r"\bmonth\s+in\s+([A-Za-z]+)\s*\Z")
_IS_BEFORE = re.compile(r"\bis\s+(not\s+)?\Z")
_ONE_WORD = re.compile(r"(?:\A|\(|\b(?:and|or|not|when))\s*([a-z]\w*)\s+\Z")
_RANGE = re.compile(r"in\s+([\w:.]+\.\.[\w:.]+)")
_GLUED_UNIT = re.compile(r"(\d[\d_]*(?:\.\d+)?)([A-Za-z]{2,})(?!\w)")


@record
class Stop:
    """Where a clause stops making sense: the offset, what was found there, what is accepted, and the token before."""

    start: str
    text: str
    offset: int
    kind: str
    found: str
    accepted: frozenset[str]
    opened: tuple[Token, ...]

    @property
    def span(self) -> Span:
        return Span(self.offset, self.offset + len(self.found))


def explain_failure(start: str, text: str) -> Problem:
    """The one problem of a clause that does not parse."""
    stop = _find_stop(start, text)
    for explain in _EXPLANATIONS:
        problem = explain(stop)
        if problem is not None:
            return problem
    return _unexpected(stop)


def _find_stop(start: str, text: str) -> Stop:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    interactive = clause_parser().parse_interactive(text, start=start)
    offset, kind = len(text.rstrip()), "$END"
    opened: list[Token] = []
    try:
        for token in interactive.iter_parse():
            if token.type in ("LEFT_PARENTHESIS", "LEFT_BRACKET"):
                opened.append(token)
            elif token.type in ("RIGHT_PARENTHESIS", "RIGHT_BRACKET") and opened:
                opened.pop()
    except UnexpectedToken as failure:
        if failure.token.type != "$END":
            offset, kind = failure.token.start_pos or 0, failure.token.type
    except UnexpectedCharacters as failure:
        offset, kind = failure.pos_in_stream or 0, ""
    # Lark gives this method no types.
    accepted = frozenset(cast(Any, interactive).accepts())
    if not kind and _WORD.match(text, offset):
        # A letter that no word of the language has stops the lexer in the middle of a word.
        ending = _WORD_ENDING.search(_before(text, offset))
        offset -= len(ending[0]) if ending else 0
    found = "" if kind == "$END" else _text_at(text, offset)
    return Stop(start=start, text=text, offset=offset, kind=kind, found=found, accepted=accepted, opened=tuple(opened))


def _before(text: str, offset: int) -> str:
    """The last words before a place."""
    return text[max(0, offset - _WORD_CHARACTERS_MAX) : offset]


def _text_at(text: str, offset: int) -> str:
    """What a person would call the thing at this place: a word, a number, a sign, or one character."""
    for sign in _FOREIGN_SIGNS:
        if text.startswith(sign, offset):
            return sign
    for pattern in (_WORD, _NUMBER_LIKE):
        if found := pattern.match(text, offset):
            return found[0]
    two = text[offset : offset + 2]
    return two if two in ("<=", ">=", "..") else text[offset : offset + 1]


# ── explanations, in order of precedence ─────────────────────────────────────────────────────────────────────────────


def _quote(stop: Stop) -> Problem | None:
    if not stop.text.startswith('"', stop.offset) or stop.kind:
        return None
    end = stop.text.find("\n", stop.offset)
    return UnclosedText(span=Span(stop.offset, len(stop.text) if end < 0 else end))


def _foreign_sign(stop: Stop) -> Problem | None:
    known = _FOREIGN_SIGNS.get(stop.found)
    if known is None or (stop.found == "=" and "PLUS" not in stop.accepted):
        return None
    partner: Span | None = None
    if stop.found in _CLOSING_QUOTES and known[1] == '"':
        closing = re.compile(f"[{_CLOSING_QUOTES[stop.found]}]").search(stop.text, stop.offset + 1)
        partner = Span(closing.start(), closing.end()) if closing else None
    return ForeignSign(span=stop.span, sign=stop.found, meant=known[0], text=known[1], partner=partner)


def _sell(stop: Stop) -> Problem | None:
    return Sell(span=stop.span) if stop.found == "sell" else None


def _later(stop: Stop) -> Problem | None:
    if stop.found not in LATER_WORDS:
        return None
    return NotSupported(span=stop.span, what=LATER_WORDS[stop.found])


def _comparison(stop: Stop) -> Problem | None:
    complete = "AND" in stop.accepted and "LESS" not in stop.accepted
    return ChainedComparison(span=stop.span) if complete and stop.kind in _COMPARISONS else None


def _bracket(stop: Stop) -> Problem | None:
    if stop.found in (")", "]"):
        opener = stop.opened[-1] if stop.opened else None
        if opener is None:
            return UnpairedBracket(span=stop.span, bracket=stop.found)
        if str(opener) != {")": "(", "]": "["}[stop.found]:
            return _unpaired(opener)
    if stop.kind == "$END" and stop.opened and stop.accepted & {"RIGHT_PARENTHESIS", "RIGHT_BRACKET"}:
        return _unpaired(stop.opened[-1])
    return None


def _unpaired(opener: Token) -> Problem:
    start = opener.start_pos or 0
    return UnpairedBracket(span=Span(start, start + 1), bracket=str(opener))


def _unit(stop: Stop) -> Problem | None:
    span, word = stop.span, stop.found
    if glued := _GLUED_UNIT.match(stop.text, stop.offset):
        span, word = Span(stop.offset + len(glued[1]), stop.offset + len(glued[0])), glued[2]
    elif not _WORD.fullmatch(word) or not _NUMBER_BEFORE.search(_before(stop.text, stop.offset)):
        return None
    if word not in _PERIODS and (word in phrases().values() or _meant(stop)[0] is not None):
        return None
    found = nearest(word, _UNITS)
    certain = bool(found) and found[0][0] <= 1 and (len(found) == 1 or found[1][0] > found[0][0])
    return UnknownUnit(span=span, found=word, meant=found[0][1] if found else None, certain=certain)


def _surely_misspelt(stop: Stop) -> Problem | None:
    return _misspelt(stop) if _meant(stop)[2] else None


def _half(stop: Stop) -> Problem | None:
    """The first word of a phrase without the others."""
    begun = [phrase for name in stop.accepted if (phrase := phrases().get(name, "")).startswith(f"{stop.found} ")]
    words = " ".join(stop.text[stop.offset :].split())
    phrases_meant = sorted(begun, key=lambda phrase: (-_letters_shared(words, phrase), phrase))
    if not stop.found or not phrases_meant:
        return None
    expected = either(f"`{phrase}`" for phrase in phrases_meant[:4])
    # Where one phrase alone begins so, and only its `at` or `of` is missing, a machine may write it.
    most = phrases_meant[0].rpartition(" ")[0]
    said = words_pattern(1 + most.count(" "), r"\s+").match(stop.text, stop.offset)
    if len(phrases_meant) > 1 or said is None or " ".join(said[0].split()) != most:
        return HalfPhrase(span=stop.span, found=stop.found, expected=expected)
    span = Span(said.start(), said.end())
    return HalfPhrase(span=stop.span, found=stop.found, expected=expected, begun=span, phrase=phrases_meant[0])


def _date_word(stop: Stop) -> Problem | None:
    """A weekday or a month that is none, `month is Octobre`, or not all of one, `weekday is Mon`."""
    names = WEEKDAYS if "WEEKDAY" in stop.accepted else MONTHS if "MONTH_NAME" in stop.accepted else ()
    word = re.match(r"[A-Za-z]+", stop.text[stop.offset :])
    if word is None or stop.accepted - {"WEEKDAY", "MONTH_NAME"}:
        return None
    span = Span(stop.offset, stop.offset + len(word[0]))
    if near := begun_or_near(word[0], names):
        return Misspelt(span=span, found=word[0], meant=near[0], certain=near[1])
    clause = clause_phrase(stop.start, stop.text)
    expected = expected_phrase(stop.start, stop.accepted)
    return Unexpected(span=span, found=f"`{word[0]}`", clause=clause, expected=expected)


def _bare_month(stop: Stop) -> Problem | None:
    """`month is October or November` and `month in october`: each month needs its `month is`, and so do weekdays."""
    before = _before(stop.text, stop.offset)
    said = _DATE_AND.search(before) if stop.found[:1].isupper() else None
    month = None if said is None else begun_or_near(stop.found, MONTHS if said[1] == "month" else WEEKDAYS)
    if said is not None and month is not None:
        # `month is not October or November` is as likely to mean both: a person chooses.
        meant, plain = f"{said[1]} is {month[0]}", said[2] is None and said[3] == "or"
        return Misspelt(span=stop.span, found=stop.found, meant=meant, certain=plain and month[1])
    alone = _MONTH_ALONE.search(before)
    month = begun_or_near(alone[1], MONTHS) if alone and "UP_TO" in stop.accepted else None
    if alone is None or month is None:
        return None
    span = Span(stop.offset - len(alone[0]), stop.offset - len(alone[0]) + len(alone[0].rstrip()))
    found = " ".join(alone[0].split())
    return Misspelt(span=span, found=found, meant=f"month is {month[0]}", certain=month[1])


def _in_behind_is(stop: Stop) -> Problem | None:
    """`month is not in May..June`: a range is asked for without `is`, and denied before the value."""
    before = _before(stop.text, stop.offset)
    said = _IS_BEFORE.search(before)
    if stop.found != "in" or said is None:
        return None
    denied = "not " if said[1] else ""
    value, ends = _ONE_WORD.search(before[: said.start()]), _RANGE.match(stop.text, stop.offset)
    meant = f"as in `{denied}time in 09:45..15:00`"
    if value is not None and ends is not None:
        meant = f"`{denied}{value[1]} in {ends[1]}`"
    return Unexpected(span=stop.span, found="`in`", clause=clause_phrase(stop.start, stop.text), expected=meant)


def _misread_name(stop: Stop) -> Problem | None:
    """A word that was taken for a name and, with what follows it, is nearly a phrase: `regular sesion`."""
    from lark.exceptions import UnexpectedInput

    begin = max(0, stop.offset - _WORD_CHARACTERS_MAX)
    before = re.compile(r"[a-z]\w*\s+\Z").search(stop.text, begin, stop.offset)
    if before is None or not _WORD.match(stop.found or "x"):
        return None
    interactive = clause_parser().parse_interactive(stop.text[: before.start()], start=stop.start)
    try:
        interactive.exhaust_lexer()
    except UnexpectedInput:
        # The word is the end of a phrase, which is no phrase without it.
        return None
    accepted = frozenset(name for name in cast(Any, interactive).accepts() if " " in phrases().get(name, ""))
    earlier = replace(stop, offset=before.start(), found=before[0].strip(), accepted=accepted)
    return _half(earlier) if stop.kind == "$END" else _surely_misspelt(earlier) or _half(earlier)


def _share(stop: Stop) -> Problem | None:
    """`90% equity`: a share of something lacks its `of`."""
    percent = re.search(r"(\S*%)\s*\Z", _before(stop.text, stop.offset))
    if percent is None or "OF" not in stop.accepted or not _WORD.fullmatch(stop.found) or stop.kind in _COMPARISONS:
        return None
    if stop.found in phrases().values():
        return None
    return Unexpected(
        span=stop.span,
        found=f"`{stop.found}`",
        clause=clause_phrase(stop.start, stop.text),
        expected=f"`of`, as in `{percent[1]} of {stop.found}`",
    )


def _misspelt(stop: Stop) -> Problem | None:
    meant, words, certain = _meant(stop)
    if meant is None:
        return None
    span = Span(stop.offset, stop.offset + len(words))
    return Misspelt(span=span, found=" ".join(words.split()), meant=meant, certain=certain)


def _meant(stop: Stop) -> tuple[str | None, str, bool]:
    """The accepted phrase nearest to the words at the stop, those words, and whether it is the only near one."""
    if not _WORD.match(stop.text, stop.offset):
        return None, "", False
    ranked: list[tuple[int, int, str, str]] = []
    # `then` is a word of its own and no slip of `when`, which may follow any series.
    for name in sorted(stop.accepted - ({"WHEN"} if stop.found == "then" else set())):
        phrase = phrases().get(name, "")
        if phrase[:1].isalpha() and (words := _words_at(stop, 1 + phrase.count(" "))):
            slips = nearest(" ".join(words.split()), (phrase,))
            ranked += [(slips[0][0], -_letters_shared(words, phrase), phrase, words)] if slips else []
    if not ranked:
        return None, "", False
    ranked.sort()
    slips_least, _, phrase, words = ranked[0]
    alone = len(ranked) == 1 or ranked[1][0] > slips_least
    return phrase, words, alone and slips_least <= 1


def _letters_shared(left: str, right: str) -> int:
    """How many letters two words begin with alike: of two phrases equally near, the one that begins like the word."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _words_at(stop: Stop, count: int) -> str:
    found = words_pattern(count, r"\s+").match(stop.text, stop.offset)
    return found[0] if found else ""


def _name(stop: Stop) -> Problem | None:
    if not _WORD.fullmatch(stop.found) or ("NAME" not in stop.accepted and stop.found.isascii()):
        return None
    if stop.found[0].isupper() or not stop.found.isascii():
        plain = normalize("NFKD", stop.found.casefold())
        return BadName(span=stop.span, found=stop.found, meant=re.sub(r"[^a-z0-9_]", "", plain) or "fast")
    if stop.start in ("let", "input", "rule_head") and "NUMBER" not in stop.accepted:
        return ReservedWord(span=stop.span, word=stop.found)
    return None


def _number(stop: Stop) -> Problem | None:
    if not _NUMBER_LIKE.fullmatch(stop.found) or stop.kind not in ("", "DOT") or not re.search(r"\d", stop.found):
        return None
    return BadNumber(span=stop.span, found=stop.found)


def _early(stop: Stop) -> Problem | None:
    if stop.kind != "$END":
        return None
    begin = max(stop.offset - 1, 0)
    return EndsEarly(
        span=Span(begin, max(stop.offset, begin + 1)),
        clause=clause_phrase(stop.start, stop.text),
        expected=expected_phrase(stop.start, stop.accepted),
    )


def _unexpected(stop: Stop) -> Problem:
    return Unexpected(
        span=stop.span,
        found=f"`{stop.found}`",
        clause=clause_phrase(stop.start, stop.text),
        expected=expected_phrase(stop.start, stop.accepted),
    )


_EXPLANATIONS: Final[tuple[Callable[[Stop], Problem | None], ...]] = (
    _quote,
    _sell,
    _later,
    _foreign_sign,
    _bracket,
    _comparison,
    _unit,
    _surely_misspelt,
    _in_behind_is,
    _half,
    _date_word,
    _bare_month,
    _misread_name,
    _share,
    _misspelt,
    _name,
    _number,
    _early,
)
