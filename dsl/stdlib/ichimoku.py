"""ichimoku(conversion_length = 9, base_length = 26, span_length = 52): Ichimoku as known today.

    conversion = midpoint(highest(high, conversion_length), lowest(low, conversion_length))
    base       = midpoint(highest(high, base_length), lowest(low, base_length))
    lead_a     = midpoint(conversion, base)
    lead_b     = midpoint(highest(high, span_length), lowest(low, span_length))
    cloud_a    = lead_a[base_length]
    cloud_b    = lead_b[base_length]

Charts draw the two leads `base_length` bars into the future: there they are today's knowledge under a later date. The
cloud that lies over today's bar is `cloud_a` and `cloud_b`; the lagging line is `close` compared with
`close[base_length]`. Warm-up: the longest length + `base_length` known bars, for all. A bar with a missing price is
passed over and its values are unknown. Amortised O(1) a bar.
Source: Hosoda, G. (1969), Ichimoku Kinko Hyo; Elliott, N. (2007), Ichimoku Charts.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, nan

from stratc.dsl.stdlib import donchian, momentum
from stratc.dsl.stdlib.series import HIGH, LOW, drive
from stratc.dsl.stdlib.signature import Indicator, Output, Param, Unit

MISSING = (nan, nan, nan, nan, nan, nan)


def reference(
    high: Iterator[float], low: Iterator[float], conversion_length: int, base_length: int, span_length: int
) -> Iterator[tuple[float, float, float, float, float, float]]:
    lengths = (conversion_length, base_length, span_length)
    channels = [drive(donchian.reference, 2, n) for n in lengths]
    past_a, past_b = drive(momentum.pairs, 1, base_length), drive(momentum.pairs, 1, base_length)
    for top, bottom in zip(high, low, strict=True):
        if isnan(top) or isnan(bottom):
            yield MISSING
            continue
        conversion, base, lead_b = (channel(top, bottom)[0] for channel in channels)
        lead_a = (conversion + base) * 0.5
        (_, cloud_a), (_, cloud_b) = past_a(lead_a), past_b(lead_b)
        whole = not (isnan(cloud_a) or isnan(cloud_b))
        yield (conversion, base, lead_a, lead_b, cloud_a, cloud_b) if whole else MISSING


def warmup(conversion_length: int, base_length: int, span_length: int) -> int:
    return max(conversion_length, base_length, span_length) + base_length


INDICATOR = Indicator(
    name="ichimoku",
    summary="Ichimoku lines",
    inputs=(HIGH, LOW),
    params=(
        Param(name="conversion_length", at_least=1, at_most=5_000, default=9),
        Param(name="base_length", at_least=1, at_most=5_000, default=26),
        Param(name="span_length", at_least=1, at_most=5_000, default=52),
    ),
    outputs=(
        Output(name="conversion", unit=Unit.SAME),
        Output(name="base", unit=Unit.SAME),
        Output(name="lead_a", unit=Unit.SAME),
        Output(name="lead_b", unit=Unit.SAME),
        Output(name="cloud_a", unit=Unit.SAME),
        Output(name="cloud_b", unit=Unit.SAME),
    ),
    warmup=warmup,
    reference=reference,
)
