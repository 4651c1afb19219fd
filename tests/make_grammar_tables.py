"""Write the parsers' tables, made from the grammars, to where the parsers look for them.

Run it after every change of a `.lark` file; the suite says when that was forgotten.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from stratc.compiler.judge import ruleparse
from stratc.dsl.parsing import tables

PARSERS = (("stratc.dsl.parsing", tables), ("stratc.compiler.judge", ruleparse))

if __name__ == "__main__":
    for package, parser in PARSERS:
        text = parser.grammar_text()
        made = (
            (parser.TABLES_FILE, parser.serialise_tables(text)),
            (parser.READING_FILE, parser.serialise_reading(text)),
        )
        for file, tables in made:
            Path(str(files(package) / file)).write_text(tables, encoding="utf-8")
