"""Nodes that compute the same from the same become one: the same indicator on the same series is driven once."""

from __future__ import annotations

from dataclasses import replace

from stratc.compiler.ir.nodes import Kind, Node, NodeId, Program
from stratc.compiler.passes.renumber import renumber


def share_common(program: Program) -> Program:
    nodes: list[Node] = []
    moved: dict[NodeId, NodeId] = {}
    seen: dict[tuple[str, tuple[NodeId, ...], Kind, str], NodeId] = {}
    for node in program.nodes:
        arguments = tuple(moved[argument] for argument in node.arguments)
        # The representation tells 1 from true and 0.0 from -0.0, which compare equal.
        key = (repr(node.operation), arguments, node.kind, repr(node.bars))
        if key not in seen:
            seen[key] = len(nodes)
            nodes.append(replace(node, id=len(nodes), arguments=arguments))
        moved[node.id] = seen[key]
    return renumber(program, tuple(nodes), moved)
