"""Problems with values across instruments."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record


@record
class NotAcross(Problem):
    """A value across instruments is taken of what each instrument's own bars say, at one moment: its rank, highest,
    lowest, sum, average, or how many of them a condition holds for. An instrument without a bar at that moment does not
    count, nor does one whose value is unknown. Where pairs are traded it is taken `across pairs`, of what the bars of
    both legs say."""

    code: ClassVar[str] = "T356"
    title: ClassVar[str] = "`{name}` cannot be taken across {across}: {why}"
    label: ClassVar[str] = "not across {across}"
    help: ClassVar[str] = "write for example `{sample}`; 1 is the highest"
    example: ClassVar[str] = "trade SPY, QQQ on 1 day\nlet best = rank(equity) across instruments"
    instead: ClassVar[str] = "trade SPY, QQQ on 1 day\nlet best = rank(close / close[20]) across instruments"

    name: str
    across: str
    why: str
    sample: str
