"""Ladders: trees → the order phrase with its levels, and the target that is a level."""

from __future__ import annotations

from stratc.dsl.parsing.expressions import Branch, branch, leaf, read_expression, read_number, span_of
from stratc.dsl.syntax import OrderPhrase, OrderWord
from stratc.dsl.syntax.ladders import Levels, LevelTarget, Spacing


def read_levels(tree: Branch, at: int) -> OrderPhrase:
    span = span_of(tree, at)
    geometric = leaf(tree, 2).type == "GEOMETRIC_LEVELS"
    levels = Levels(
        span=span,
        count=read_number(leaf(tree, 1), at),
        spacing=Spacing.GEOMETRIC if geometric else Spacing.ARITHMETIC,
        first=read_expression(branch(tree, 4), at),
        last=read_expression(branch(tree, 6), at),
    )
    return OrderPhrase(span=span, word=OrderWord.LEVELS, levels=levels)


def read_level_target(tree: Branch, at: int) -> LevelTarget:
    return LevelTarget(span=span_of(tree, at), up=leaf(tree, 1).type == "ONE_LEVEL_UP")
