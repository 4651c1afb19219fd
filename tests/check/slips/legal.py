"""Slips that make another good program: each with the reason why nobody but the author can see them.

Everything else that the mutator offers must be rejected. A test finds every entry of this list in use.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stratc.runtime.model.record import record
from tests.check.slips.mutator import Slip


@record
class Legal:
    """A family of slips that are no mistakes of units."""

    name: str
    reason: str
    covers: Callable[[Slip], bool]


def _series_of_any_kind(slip: Slip) -> bool:
    return slip.kind == "another series" and slip.place == "argument"


def _same_amount(slip: Slip) -> bool:
    amounts = {
        "close",
        "equity",
        "open_profit",
        "cash",
        "last_profit",
        "last_entry_price",
        "initial_risk",
        "entry_price",
        "invested",
    }
    is_amount = re.search(r"\d (USD|USDT|JPY)$|[<>]=? most$|_level \* ", slip.beside) is not None
    return slip.place == "comparison" and is_amount and {slip.before, slip.after} <= amounts


def _unseen_side(slip: Slip) -> bool:
    words = set(re.findall(r"[a-z_.]+", slip.beside))
    if slip.kind == "direction turned":
        return not words.isdisjoint({"bands.middle", "band.lower", "sweep.low", "middle", "range", "band.upper"})
    return slip.kind in {"sign turned", "stop loss and target swapped"} and not UNSEEN.isdisjoint(words)


# Prices that may lie on either side of a close, or of an order's own price.
UNSEEN = frozenset(
    {"low", "high", "box_low", "box_high", "lowest", "highest", "last_entry_price", "sweep.low", "band.lower", "middle"}
)

LEGAL = (
    Legal(
        name="the hour with one digit",
        reason="`9:45` and `09:45` are one moment; `fmt` writes the second",
        covers=lambda slip: slip.kind == "hour of one digit",
    ),
    Legal(
        name="an account in another currency",
        reason="such accounts exist; T329 says that a run needs the instrument's currency, and a run is refused",
        covers=lambda slip: slip.kind == "account in another currency",
    ),
    Legal(
        name="no bars ago",
        reason="`close[0]` is the bar at hand, as on every platform",
        covers=lambda slip: slip.place == "history" and slip.after.split()[0] == "0",
    ),
    Legal(
        name="bars are counted in whole numbers",
        reason="`bars_held >= 5` counts what `bars_held` counts; a session is the unit of `sessions_held` likewise",
        covers=lambda slip: (
            slip.kind == "unit dropped"
            and slip.place == "comparison"
            and re.search(r"_held|since", slip.beside) is not None
        ),
    ),
    Legal(
        name="a bound below the first bar",
        reason="a held time can be compared with any whole number: of -5 and 0 the answer is known, not wrong",
        covers=lambda slip: slip.kind == "nought, negative or broken" and slip.place == "comparison",
    ),
    Legal(
        name="a quantity that is compared with another",
        reason="the lesser of two quantities is a size, whatever one of them is: of nought nothing is bought, and "
        "the run reports it",
        covers=lambda slip: (
            slip.kind == "nought, negative or broken" and slip.place == "input" and slip.beside.endswith(" shares")
        ),
    ),
    Legal(
        name="what is left of a session",
        reason="20 seconds before the end is a time too",
        covers=lambda slip: slip.kind == "another unit" and slip.beside.startswith("time left in session"),
    ),
    Legal(
        name="history of a bound series",
        reason="a series of another unit in an indicator whose result is compared with a number or a share is another "
        "signal: the RSI of the volume, the rank of the equity",
        covers=_series_of_any_kind,
    ),
    Legal(
        name="a volume beside another",
        reason="the volume of a window over the average of the bars' is a multiple too",
        covers=lambda slip: slip.kind == "another indicator" and slip.place == "/" and slip.after == "sma(volume, 20)",
    ),
    Legal(
        name="arguments that need not be whole",
        reason="the width of a band, or how many returns a year has, may be any number",
        covers=lambda slip: slip.place == "argument" and slip.before in ("2", "260") and slip.after == "2.5",
    ),
    Legal(
        name="a share of another amount",
        reason="a quantity is a size too: so many percent of the bar's volume is a share of the market's turnover",
        covers=lambda slip: slip.place == "of" and slip.after == "volume",
    ),
    Legal(
        name="a share of a distance",
        reason="`6% * width` is 6% of the width",
        covers=lambda slip: slip.kind == "share for a number" and slip.place == "*",
    ),
    Legal(
        name="bars of broken minutes",
        reason="2.5 minutes are 150 seconds, and a bar may last so long",
        covers=lambda slip: slip.place == "header" and slip.after.startswith("2.5"),
    ),
    Legal(
        name="a direction that no price contradicts",
        reason="an entry without stop loss and target may face either way; the exit that it leaves behind is warned of "
        "(T332)",
        covers=lambda slip: slip.kind == "direction turned" and not re.search(r"stop loss|target", slip.beside),
    ),
    Legal(
        name="a side that no price contradicts",
        reason="a low plus two dollars may be below the close: what is not certain on every bar is not told, and the "
        "engine refuses an entry whose stop loss is on the wrong side",
        covers=_unseen_side,
    ),
    Legal(
        name="an entry without a stop loss",
        reason="where neither size nor target is measured to it the stop loss may be left out; `explain` says so, and "
        "T330 warns where nothing else closes the position",
        covers=lambda slip: (
            slip.kind == "stop loss forgotten" and not re.search(r"risking|(target|trailing stop) \S*R\b", slip.beside)
        ),
    ),
    Legal(
        name="an amount of a currency",
        reason="`300 USD` may be a price or money: both can be held against it",
        covers=_same_amount,
    ),
    Legal(
        name="multiples in percent",
        reason="150% and 1.5 are one multiple, and `x - 1%` takes one percent away",
        covers=lambda slip: (
            slip.kind == "share for a number"
            and ("/" in slip.beside or slip.beside.startswith("structure "))
            and slip.place in ("comparison", "-", "/")
        ),
    ),
    Legal(
        name="a multiple without its sign",
        reason="beside a multiple `1` is `1x`: how many times more is traded than usual",
        covers=lambda slip: slip.kind == "unit dropped" and slip.place == "comparison" and slip.before.endswith("x"),
    ),
    Legal(
        name="two steps of one price",
        reason="pairs move in pips and ticks, shares, futures and coins in ticks and points: both are distances there",
        covers=lambda slip: slip.kind == "another unit" and "tick" in slip.before and "shares" not in slip.after,
    ),
    Legal(
        name="a step in bars",
        reason="a step of a sequence lasts and waits for bars and for nothing else, so a bare number means them",
        covers=lambda slip: slip.kind == "unit dropped" and slip.place == "step",
    ),
    Legal(
        name="history in bars or sessions",
        reason="bars and sessions ago are both said, and on daily bars they are one",
        covers=lambda slip: slip.place == "history" and slip.kind in ("unit dropped", "another unit"),
    ),
    Legal(
        name="a share of another size",
        reason="percent and basis points are one unit: `5 bps of equity` is a small share, and somebody may mean it",
        covers=lambda slip: (
            slip.kind == "another unit" and slip.after.endswith(("bps", "%")) and slip.before[-1] in "%s"
        ),
    ),
    Legal(
        name="nought of any unit",
        reason="nought is nought: `momentum > 0%` and `momentum > 0` are one condition",
        covers=lambda slip: (
            (slip.kind == "share for a number" and slip.before == "0")
            or (slip.kind == "unit dropped" and slip.after == "0" and slip.place == "comparison")
            or (slip.kind == "another series" and slip.place == "comparison" and slip.beside.endswith(" 0"))
        ),
    ),
    Legal(
        name="the day itself",
        reason="no session before its expiry, or before first notice, is that day: late, and allowed",
        covers=lambda slip: slip.beside.startswith(("leave ", "roll ")) and slip.after == "0 sessions",
    ),
    Legal(
        name="how long a value is fresh",
        reason="any length of time: advice of a second ago can be asked for",
        covers=lambda slip: slip.beside.startswith(("advice ", "data ")) and "fresh for" in slip.beside,
    ),
    Legal(
        name="a cap between two quantities",
        reason="at most 2.5 contracts are 2 contracts: a cap may be anything above nought",
        covers=lambda slip: slip.place == "cap" and slip.beside.startswith("cap position"),
    ),
    Legal(
        name="the setting of a block",
        reason="a setting in sessions is a whole number, said with its unit or without; between two it is the larger",
        covers=lambda slip: re.fullmatch(r"\w+ = \d+ sessions", slip.beside) is not None,
    ),
    Legal(
        name="no sessions to keep",
        reason="`keep at least 0 sessions` is a limit that bounds nothing, which an input may switch off",
        covers=lambda slip: slip.place == "floor" and slip.after == "0 session",
    ),
    Legal(
        name="the end of an input's range",
        reason="an input may be set to what places no order, or to a part of a step, which is rounded down",
        covers=lambda slip: slip.kind == "nought, negative or broken" and slip.place == "range",
    ),
    Legal(
        name="weights are proportions",
        reason="of weights only the proportion counts, so the unit of `1 / volatility` cancels out",
        covers=lambda slip: slip.beside.startswith("1 / ") or (slip.place == "let" and "zscore" in slip.after),
    ),
    Legal(
        name="the exchange's clock",
        reason="a time without a zone is the exchange's, and listed as an assumption; a pair has none and is refused",
        covers=lambda slip: slip.kind == "zone forgotten",
    ),
    Legal(
        name="another instrument's series",
        reason="beside its own kind a series of the traded instrument is another signal, relative to the other's",
        covers=lambda slip: slip.kind == "instrument forgotten",
    ),
    Legal(
        name="a share of those eligible",
        reason="the top 50% of a universe are as common as the top 50; of few named instruments a slip is told",
        covers=lambda slip: slip.kind == "share for a number" and slip.place == "ranking",
    ),
    Legal(
        name="a trailing distance in money",
        reason="a trailing stop keeps a share of the price or an amount of it: both are common",
        covers=lambda slip: slip.kind == "money for a share" and slip.place == "trailing stop",
    ),
    Legal(
        name="a life in bars or sessions",
        reason="an order may be good for bars or for a duration, and on daily bars a bar is a session",
        covers=lambda slip: slip.kind == "another unit" and slip.place == "life",
    ),
    Legal(
        name="a size in money or in shares",
        reason="both say how much, and both are common",
        covers=lambda slip: slip.kind == "another unit" and slip.place == "size" and slip.after.endswith("shares"),
    ),
)


def why_legal(slip: Slip) -> Legal | None:
    return next((entry for entry in LEGAL if entry.covers(slip)), None)
