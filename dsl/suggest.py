"""Did you mean: the nearest of some words.

Maps a word and candidates to the one candidate that is near enough, or nothing. Distance is Damerau's (insert, delete,
replace, swap neighbours), letter case is ignored, and nearness grows with length: one mistake up to four letters, two
up to eight, three beyond, and never more than a third of the word. Of several equally near, the first wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

WORD_CHARACTERS_MAX: Final = 64
BEGINNING_MIN: Final = 3
LETTERS_TO_BE_CERTAIN_MIN: Final = 4


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The nearest candidate within the threshold, or None."""
    ranked = nearest(word, candidates)
    return ranked[0][1] if ranked else None


def nearest(word: str, candidates: Iterable[str]) -> tuple[tuple[int, str], ...]:
    """All candidates within the threshold with their distances, nearest first."""
    folded = word.casefold()
    if not folded or len(folded) > WORD_CHARACTERS_MAX:
        return ()
    threshold = mistakes_max(folded)
    found = ((distance(folded, candidate.casefold(), threshold), candidate) for candidate in candidates)
    return tuple(sorted((pair for pair in found if pair[0] <= threshold), key=lambda pair: pair[0]))


def begun_or_near(word: str, candidates: Iterable[str]) -> tuple[str, bool] | None:
    """The candidate that at least three letters begin, `Nov`, or else the nearest; and whether it is surely meant."""
    known = tuple(candidates)
    begun = [each for each in known if len(word) >= BEGINNING_MIN and each.casefold().startswith(word.casefold())]
    if len(begun) == 1:
        return begun[0], True
    near = nearest(word, known)
    return (near[0][1], len(near) == 1 and len(word) >= LETTERS_TO_BE_CERTAIN_MIN) if near else None


def certain(word: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that is a slip of a letter away, so that a machine may write it; None where there is none.

    Short words are near too many others, and figures tell names apart: `fast_1` is no slip for `fast_2`.
    """
    near = [candidate for slips, candidate in nearest(word, candidates) if slips <= 1]
    if len(near) != 1 or len(word) < LETTERS_TO_BE_CERTAIN_MIN:
        return None
    return near[0] if _figures(word) == _figures(near[0]) else None


def _figures(word: str) -> str:
    return "".join(character for character in word if character.isdigit())


def mistakes_max(word: str) -> int:
    """How many slips a word of this length may hold and still be recognised."""
    if len(word) < 3:
        return 0 if len(word) < 2 else 1
    return min(len(word) // 3 or 1, 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3)


def distance(left: str, right: str, most: int) -> int:
    """Damerau's distance (neighbours swap once), or `most + 1` where it is certainly more than `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
        if min(row) > most + 1:
            return most + 1
    return row[-1]


@cache
def words_pattern(count: int, space: str) -> re.Pattern[str]:
    """Matches so many words, parted by `space`."""
    word = r"[^\W\d]\w*"
    return re.compile(space.join([word] * count))
