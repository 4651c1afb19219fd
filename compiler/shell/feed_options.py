"""What a command says of a paper run's feed, and what holds where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from stratc.runtime.model.record import record

GRACE_DEFAULT_S: Final = 2.0
TIMEOUT_DEFAULT_S: Final = 4 * 86_400.0  # over a long weekend


@record
class FeedOptions:
    """`real`: the wall clock decides when a bar and its moment are over; see `runtime.executor.paper.follow`."""

    address: str
    real: bool
    grace_s: float
    timeout_s: float
    skips_bad_lines: bool
    price_max: Mapping[str, float]
    record: Path | None
