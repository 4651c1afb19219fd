"""Words are chosen once: banned names of things, with what to say instead, and habits that ruff has no rule for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

# A name that is exactly this word, whatever its case. Compounds that say which one is meant are fine.
BARE = {
    "trade": "fill, print or round_trip",
    "trades": "fills, prints or round_trips",
    "lot": "round_lot or tax_lot",
    "reject": "denied (our guards) or rejected (broker, venue)",
}
# A word that may not occur in a name at all.
WITHIN = {
    "candle": "bar",
    "candles": "bars",
    "candlestick": "bar",
    "cancelled": "canceled",
    "cancelling": "canceling",
    "artifact": "artefact",
    "stoploss": "stop",
    "takeprofit": "target",
}

# Here alone fields are taken by name as they come; callers and the type checker see every field of every record.
RECORDS = Path("runtime/model/record.py")

pytestmark = pytest.mark.fast


def names(module):
    """Every name that this module gives to something, with its line."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno


def words(name):
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def misnamed(module):
    for name, line in names(module):
        if instead := BARE.get(name.strip("_").lower()):
            yield line, name, instead
        for word in words(name):
            if instead := WITHIN.get(word):
                yield line, name, instead


def test_names_use_the_glossary(tree):
    found = [
        f"{file}:{line} `{name}`: say {instead}"
        for file, module in tree.parsed.items()
        for line, name, instead in misnamed(module)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code", ["trade = 1", "def f(lot): ...", "class Trade: ...", "self.is_cancelled = 1", "aCandle = 1"]
)
def test_a_banned_name_is_found(code):
    assert list(misnamed(ast.parse(code)))


@pytest.mark.parametrize("code", ["round_lot = 1", "day_trades = 1", "lots = 3", "trade.price", "canceled = 1"])
def test_a_precise_name_passes(code):
    assert not list(misnamed(ast.parse(code)))


def test_no_function_takes_anything(tree):
    """`**kwargs` hides what a function needs from its reader and from the type checker."""
    found = [
        f"{file}:{node.lineno} {node.name}(**{node.args.kwarg.arg})"
        for file, module in tree.parsed.items()
        if file.parts[0] != "tests" and file != RECORDS
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.args.kwarg
    ]
    assert not found, "\n".join(found)


def test_every_module_says_what_it_does(tree):
    rooms = {file: module for file, module in tree.parsed.items() if file.parts[0] != "tests"}
    silent = [str(file) for file, module in rooms.items() if module.body and not ast.get_docstring(module)]
    assert not silent, f"open these with what they map to what, assume and guarantee: {silent}"
