"""The passes over a program, in order: each maps a program to one that means the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stratc.compiler.ir.nodes import Program
from stratc.compiler.passes.drop_dead import drop_dead
from stratc.compiler.passes.fold_constants import fold_constants
from stratc.compiler.passes.share_common import share_common

Pass = Callable[[Program], Program]
PASSES: Final[tuple[Pass, ...]] = (fold_constants, share_common, drop_dead)


def apply_passes(program: Program) -> Program:
    for change in PASSES:
        program = change(program)
    return program
