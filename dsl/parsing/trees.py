"""What a clause is before it is a node: branches named by the grammar's rules, and words with their places."""

from __future__ import annotations

from collections.abc import Iterator


class Token(str):
    """A word of a text: which terminal it is, and where it stands."""

    __slots__ = ("end_pos", "start_pos", "type")

    def __new__(cls, kind: str, text: str, start_pos: int) -> Token:
        made = super().__new__(cls, text)
        made.type = kind
        made.start_pos = start_pos
        made.end_pos = start_pos + len(text)
        return made

    type: str
    start_pos: int
    end_pos: int


class Tree:
    """A branch: the rule, or the name of the alternative, and what it is made of in the order of the text."""

    __slots__ = ("children", "data")

    def __init__(self, data: str, children: list[Tree | Token]) -> None:
        self.data = data
        self.children = children


def leaves(tree: Tree) -> Iterator[Token]:
    """The words of a branch in the order of the text."""
    waiting: list[Tree | Token] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Tree):
            waiting += reversed(node.children)
        else:
            yield node
