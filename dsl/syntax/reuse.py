"""Nodes of what is written once and used in many places: functions, and blocks with the lines that use them."""

from __future__ import annotations

import re
from typing import Final

from stratc.dsl.syntax.expressions import Expression, Name, Node, Text
from stratc.runtime.model.record import record

_STEM: Final = re.compile(r"([a-z_]\w*)\.strat\Z", re.ASCII)


def name_of_file(path: Text) -> Name | None:
    """What a file is called in a text that does not name it: its stem, where that is a name."""
    stem = _STEM.search(path.value.rsplit("/", 1)[-1])
    return None if stem is None else Name(span=path.span, text=stem[1])


@record
class Function(Node):
    """`let spread(a, b) = (a - b) / b`."""

    name: Name
    parameters: tuple[Name, ...]
    value: Expression


@record
class Setting(Node):
    """`days = 3` behind `with`: the value of an input of the block."""

    name: Name
    value: Expression


@record
class Use(Node):
    """`use "calendar.strat" with days = 3 as calendar`, `use month_end from "calendar.strat"`, `use month_end`.

    Without a path the block stands in the same text; without the name of a block it is the whole file.
    """

    block: Name | None
    path: Text | None
    settings: tuple[Setting, ...]
    alias: Name | None

    @property
    def known_as(self) -> Name | None:
        """The name before the dot of what the block declares; None where the file's name is none and none is given."""
        if self.alias is not None or self.block is not None:
            return self.alias or self.block
        return None if self.path is None else name_of_file(self.path)


@record
class BlockLine(Node):
    """`block month_end`, `block "calendar.strat"`: what stands below it, down to the next such line, is that block's.

    With a path it begins the text of that file, so that a text can hold all that it uses.
    """

    name: Name | None
    path: Text | None
