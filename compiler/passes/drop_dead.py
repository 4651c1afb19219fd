"""Drops the nodes that no rule and no limit reads, and the names that meant only them."""

from __future__ import annotations

from dataclasses import replace

from stratc.compiler.ir.nodes import Program
from stratc.compiler.ir.uses import reach, roots
from stratc.compiler.passes.renumber import renumber


def drop_dead(program: Program) -> Program:
    alive = sorted(reach(program, roots(program)))
    moved = {old: new for new, old in enumerate(alive)}
    nodes = tuple(
        replace(node, id=moved[old], arguments=tuple(moved[argument] for argument in node.arguments))
        for old, node in ((old, program.nodes[old]) for old in alive)
    )
    return renumber(program, nodes, moved)
