"""Write the parser's tables, made from the grammar, to where the parser looks for them.

Run it after every change of a `.lark` file; the suite says when that was forgotten.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from stratc.dsl.parsing.tables import TABLES_FILE, grammar_text, serialise_tables

if __name__ == "__main__":
    Path(str(files("stratc.dsl.parsing") / TABLES_FILE)).write_text(serialise_tables(grammar_text()), encoding="utf-8")
