"""Limits on files and functions: over the limit fails, over the question mark is listed as a warning."""

from __future__ import annotations

import ast
import warnings
from statistics import median

import pytest

FILE_LINES_MAX, FILE_LINES_QUESTION = 600, 400
FUNCTION_LINES_MAX, FUNCTION_LINES_QUESTION = 70, 40
FUNCTION_LINES_MEDIAN = 9

pytestmark = pytest.mark.fast


def functions(parsed):
    """Every function of the rooms: where it stands and how many lines it has."""
    for file, module in parsed.items():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{file}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1


def judge(sizes, limit, question):
    """Findings over the limit; those over the question mark become warnings."""
    asked = [f"{size} lines: {place}" for place, size in sizes if question < size <= limit]
    if asked:
        warnings.warn(f"a question, over {question} lines:\n  " + "\n  ".join(sorted(asked)), stacklevel=2)
    return [f"{size} lines (at most {limit}): {place}" for place, size in sizes if size > limit]


def test_files_are_short(tree):
    code = tree.under("dsl", "compiler", "runtime", "tests", "examples", suffixes=(".py", ".pyx", ".pxd", ".lark"))
    sizes = [(str(file), len(tree.text(file).splitlines())) for file in code]
    assert not judge(sizes, FILE_LINES_MAX, FILE_LINES_QUESTION)


def test_functions_are_short(tree):
    sizes = list(functions(tree.parsed))
    assert not judge(sizes, FUNCTION_LINES_MAX, FUNCTION_LINES_QUESTION)


def test_the_median_function_is_short(tree):
    rooms = {file: module for file, module in tree.parsed.items() if file.parts[0] != "tests"}
    middle = median(size for _, size in functions(rooms))
    assert middle <= FUNCTION_LINES_MEDIAN


def test_a_long_function_is_found():
    long = ast.parse("def f():\n" + "    pass\n" * 70)
    assert judge(list(functions({"made_up.py": long})), FUNCTION_LINES_MAX, FUNCTION_LINES_QUESTION)
