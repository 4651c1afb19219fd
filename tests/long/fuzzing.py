"""Inputs at random, and what must hold of each: no exception, no long wait, nothing that points outside the text.

Everything follows from a seed. An input is a text of the corpus in which bytes or words were lost, doubled, swapped,
taken from another text or made up, cut to `BYTES_MAX`.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from pathlib import Path
from random import Random

from stratc.compiler.driver import compile_source
from stratc.compiler.reports.pages import problems
from stratc.dsl.diagnostic import has_errors
from stratc.dsl.parser import decode
from stratc.dsl.render import render
from stratc.dsl.source import Source

ROOT = Path(__file__).parents[2]
BYTES_MAX = 2_000
SECONDS_MAX = 0.1
# A loop in plain Python and what it takes on the machine that the limit is for, when nothing else runs there.
YARDSTICK_STEPS, YARDSTICK_SECONDS = 100_000, 0.0125
MEMORY_GROWTH_BYTES_MAX = 500_000_000

PLACES = ("examples/*/*.strat", "tests/syntax/*/*.strat", "tests/check/strategies/*.strat", "tests/bench/*.strat")
FILES = [path.read_bytes() for place in PLACES for path in sorted(ROOT.glob(place))]
PAGES = [text.encode() for kind in problems().values() for text in (kind.example, kind.instead)]
CORPUS = tuple(data[:BYTES_MAX] for data in (*FILES, *PAGES))
TOKEN = re.compile(rb"\s+|\w+|[^\w\s]")
WORDS = tuple(sorted({word for data in CORPUS for word in TOKEN.findall(data)}))
MADE_UP = (
    *(b"\x00", b"\xff", b"\xc3", b"\r", b"\t", b"\n  ", b"\n", b'"', b"#", b"((((", b"]", b"1e9", b".."),
    *("日本".encode(), "\u202e".encode(), b"e" * 300, b" " * 300, b"%" * 40, b"-" * 90, b"9" * 90, b"not " * 70),
)


def mutate_bytes(random: Random, data: bytes) -> bytes:
    for _ in range(random.randint(1, 6)):
        start = random.randint(0, len(data))
        end = min(len(data), start + random.choice((0, 1, 1, 2, 8, 60)))
        kind = random.randrange(5)
        put = (
            b"",
            data[start:end] * 2,
            random.randbytes(random.randint(1, 3)),
            random.choice(MADE_UP),
            _piece(random, random.choice(CORPUS)),
        )[kind]
        data = data[:start] + put + data[end:]
    return data[:BYTES_MAX]


def _piece(random: Random, data: bytes) -> bytes:
    start = random.randint(0, len(data))
    return data[start : start + random.randint(0, 80)]


def mutate_words(random: Random, data: bytes) -> bytes:
    words = TOKEN.findall(data)
    for _ in range(random.randint(1, 5)):
        at = random.randint(0, len(words))
        many = random.randint(0, 3)
        other = random.randint(0, len(words))
        words[at : at + many] = random.choice(
            (
                [],
                [random.choice(WORDS)],
                words[other : other + many],
                [random.choice(WORDS), b" ", random.choice(WORDS)],
            )
        )
    return b"".join(words)[:BYTES_MAX]


def make_input(seed: int) -> bytes:
    """The input of a seed."""
    random = Random(seed)
    return random.choice((mutate_bytes, mutate_words))(random, random.choice(CORPUS))


def read(data: bytes) -> None:
    """Everything that `check` does with a file's bytes but the judging."""
    source = decode("fuzz.strat", data)
    if not isinstance(source, Source):
        return
    compilation = compile_source(source)
    assert (compilation.program is None) == has_errors(compilation.diagnostics)
    for problem in compilation.diagnostics:
        assert 0 <= problem.span.start <= problem.span.end <= len(source.text)
    render(compilation.diagnostics, source, color=False, width=80)


def seconds_of(data: bytes) -> float:
    begun = time.thread_time()
    read(data)
    return time.thread_time() - begun


def hold(data: bytes, seconds_max: float = SECONDS_MAX) -> None:
    """Read an input within its time; a second try discounts what another process cost the first, and what is still too
    slow is measured against the yardstick, which takes longer where the core is shared."""
    try:
        slow = seconds_of(data) > seconds_max and seconds_of(data) > seconds_max * slowness()
    except Exception as failure:
        raise AssertionError(f"{failure!r} for {data!r}") from failure
    assert not slow, f"longer than {seconds_max} s: {data!r}"


def slowness() -> float:
    """How many times longer the yardstick takes now than on the machine that the limits are for, and at least 1."""
    begun = time.thread_time()
    sum(each * each for each in range(YARDSTICK_STEPS))
    return max(1.0, (time.thread_time() - begun) / YARDSTICK_SECONDS)


def memory_bytes() -> int:
    """The most memory that this process ever held."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1_024
