"""Rules of worlds of one strategy: allocations that choose or sell short, ladders, and what runs into every bound."""

CHOICES = (
    "then allocate 150% of equity to\n       if close of ACME > close[2] of ACME then 60% ACME and 40% (if volume of"
    " QQQ > volume[1] of QQQ then BOLT else cash)\n       else if close of QQQ < open of QQQ then top 1 of ACME, BOLT"
    " by close / close[2] and CHIP\n       else cash,\n       only where off by more than 10% of target, at next open",
    "every week, on last session\n  then allocate 90% of equity to bottom 2 of ACME, BOLT, CHIP by close / close[3],"
    " at next open",
    "every month, on session 2\n  then allocate 90% of equity to top 1 of ACME, BOLT by volume / volume[1],"
    " at next open",
    "every week, on session 2\n  then allocate 90% of equity to calm ACME and 20% BOLT and rest CHIP, at next open",
    "every month, on session 9\n  then allocate 140% of equity to BOLT and bottom 1 of ACME, CHIP by close / close[4],"
    " at next open",
)
SIDES = tuple(
    f"every day, at {hour}:00 London\n  then allocate {{n}}0% of equity to {ends} by close / close[{{n}}]"
    f"{where}, equally"
    for hour, ends, where in (
        ("05", "top 1 and short bottom 1", ""),
        ("09", "bottom 1 and short top 1", " where {c}"),
        ("13", "bottom 1 and short top 1", ""),
        ("18", "top 1 and short bottom 1", " where {c}"),
    )
)
# The last one's levels lie on the same ticks, and its stop loss is unknown where no volume is told.
LADDERS = (
    "when not short and {c}\n  then buy 900 units\n       at each of {n} geometric levels from close * 0.9995 to"
    " close * 0.997\n       target one level up",
    "when not long and {c}\n  then short 700 units\n       at each of {n} arithmetic levels from close + 5 pips to"
    " close + 40 pips\n       target one level down\n       good for 9 bars",
    "for EUR/USD, USD/JPY\n  when not short and {c}\n  then buy 500 units\n       at each of {m} arithmetic levels from"
    " close - 3 ticks to close\n       stop loss at 0.99 * close * (volume / volume)\n       good for 3 bars",
)
BOUNDED = (
    "for ACME, BOLT\n  when not short\n  then buy 30 shares at market\n       stop loss at low",
    "for ACME, BOLT\n  when not short and {c}\n  then buy 10 shares at limit 0.999 * close\n       stop loss at low"
    "\n       good until 14:00 New York",
    "for CHIP\n  when not long and {c}\n  then short 30 shares at market\n       after locate\n       stop loss at"
    " 1.02 * close",
    "when not flat and bars_held > 3 and {c}\n  then exit all",
)
