"""The façade of the compiler: plain data in, plain data out. Skins and notebooks use this and nothing behind it.

source = Source("my.strat", text)
report = check(source, Law(packs=packs, as_of=date(2026, 6, 5)), account)
report.ok, report.diagnostics, report.judgement
"""

from stratc.compiler.driver import Compilation, compile_source
from stratc.compiler.workbench.blocks import with_blocks
from stratc.compiler.workbench.checking import CheckReport, Law, check
from stratc.compiler.workbench.compiling import compile_artefact
from stratc.compiler.workbench.fixing import Applied, Fixing, fix_source
from stratc.compiler.workbench.texts import (
    Formatted,
    ShownBounds,
    Stage,
    diagnostic_page,
    explain_strategy,
    format_source,
    indicator_page,
    rule_page,
    show_bounds,
    show_stage,
)

__all__ = [
    "Applied",
    "CheckReport",
    "Compilation",
    "Fixing",
    "Formatted",
    "Law",
    "ShownBounds",
    "Stage",
    "check",
    "compile_artefact",
    "compile_source",
    "diagnostic_page",
    "explain_strategy",
    "fix_source",
    "format_source",
    "indicator_page",
    "rule_page",
    "show_bounds",
    "show_stage",
    "with_blocks",
]
