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
        made = parser.serialise_tables(parser.grammar_text())
        Path(str(files(package) / parser.TABLES_FILE)).write_text(made, encoding="utf-8")
