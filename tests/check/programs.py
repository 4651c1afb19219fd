"""Programs for tests: fragments made whole, and what the compiler says about them."""

from __future__ import annotations

import re

from stratc.compiler.driver import Compilation, compile_source
from stratc.dsl.diagnostic import Severity
from stratc.dsl.source import Source

RULES = """
rule enter
  when flat and close > open
  then buy 10 shares at market
       stop loss at low
"""


def lacking_header(fragment: str) -> list[str]:
    lines = [] if re.search(r"^strategy\b", fragment, re.M) else ['strategy "Fragment"']
    lines += [] if re.search(r"^trade\b", fragment, re.M) else ["trade SPY on 1 day"]
    return lines + ([] if re.search(r"^account\b", fragment, re.M) else ["account margin USD"])


def complete(fragment: str) -> str:
    """A whole program: what a fragment lacks of a header and of rules is added around it."""
    if fragment.lstrip().startswith(("strategy", "book")):
        return fragment + "\n"
    lines = fragment.split("\n")
    own = [line for line in lines if re.match(r"(trade|account)\b", line)]
    rest = [line for line in lines if line not in own]
    whole = "\n".join([*lacking_header(fragment), *own, *rest]) + "\n"
    return whole if re.search(r"^rule\b", fragment, re.M) else whole + RULES


def complete_below(fragment: str) -> str:
    """A whole program whose first lines are the fragment's: what it lacks is added below, so that places stay."""
    rules = "" if re.search(r"^rule\b", fragment, re.M) else RULES
    return "\n".join([fragment, *lacking_header(fragment), rules])


def compiled(text: str) -> Compilation:
    return compile_source(Source("test.strat", text))


def codes(text: str) -> list[str]:
    return [problem.code for problem in compiled(text).diagnostics]


def errors(text: str) -> list[str]:
    found = compiled(text).diagnostics
    return [f"{problem.code} {problem.message}" for problem in found if problem.severity is Severity.ERROR]
