"""Strategies made at random of what the skeleton must know: kinds of orders, words of the account, caps and halts."""

from __future__ import annotations

from random import Random

from stratc.compiler.driver import compile_source
from stratc.compiler.ir.nodes import Program
from stratc.dsl.source import Source

DAILY, MINUTES = "1 day", "30 min, regular session"
SIGNALS = ("close > open", "close < open", "close > close[1]", "high > high[2]", "close crosses above close[3]")
KEPT = ("flat", "flat", "flat", "not short", "not long", "not long and not short")
HELD = ("", "bars_held >= 1 and ", "bars_held >= 3 and ", "sessions_held >= 1 and ", "sessions_held >= 2 and ")
COOLED = ("", "", "", "sessions_since_exit >= 1 and ", "bars_since_exit >= 2 and ", "entries_today < 1 and ")
LIMITS = ("", "", "", "\n  at most 1 per session", "\n  at most 2 per day", "\n  at most 3 per week")
CAPS = (
    "cap day_trades 3 per 5 sessions",
    "cap day_trades 3 per 5 sessions",
    "cap day_trades 2 per 3 sessions",
    "cap entries 3 per 5 sessions",
    "cap entries 2 per 4 sessions",
    "keep at least 1 session",
    "keep at least 1 session",
    "keep at least 2 sessions",
    "cap leverage 1.5x",
    "cap position 50% of equity, then reduce",
)
HALTS = (
    "halt at daily loss 1% of equity at last close, flatten, until next session",
    "halt at daily loss 1% of equity at last close, until next session",
    "halt at drawdown 2% of peak equity, flatten, until released",
    "halt when close < close[2], flatten, until next session",
)


def made_program(seed: int) -> Program | None:
    """The program of a seed; None where the language refuses what came out."""
    return compile_source(Source("test.strat", made_text(Random(seed)))).program


def made_text(chance: Random) -> str:
    daily = chance.random() < 0.35
    symbols = "SPY" if chance.random() < 0.75 else "SPY, QQQ"
    parts = [f'strategy "Made"\ntrade   {symbols} on {DAILY if daily else MINUTES}\naccount margin USD\n']
    both = chance.random() < 0.25
    parts.append(_enter(chance, "up", "buy", daily=daily))
    if both:
        parts.append(_enter(chance, "down", "short", daily=daily))
    if chance.random() < 0.85:
        parts.append(_leave(chance, both=both, daily=daily))
    if chance.random() < 0.15:
        parts.append("rule guard_it\n  when not flat and bars_held >= 1\n  then move stop loss to close * 0.98\n")
    caps = {
        cap.partition(" per")[0].rstrip("s 0123456789"): cap
        for cap in chance.choices(CAPS, k=chance.choice((0, 1, 1, 2)))
    }
    parts += caps.values()
    parts += chance.sample(HALTS, chance.choice((0, 0, 0, 1)))
    return "\n".join(parts) + "\n"


def _enter(chance: Random, name: str, verb: str, *, daily: bool) -> str:
    away, near = (0.97, 1.03) if verb == "buy" else (1.03, 0.97)
    protection = chance.choice(
        (
            "",
            "",
            f"\n       stop loss at close * {away}",
            f"\n       stop loss at close * {(away + 1) / 2}\n       target 1R",
            f"\n       target close * {near}",
            "\n       trailing stop 1%",
        )
    )
    order = chance.choice(
        ("", "", " at limit close * 0.999", " at stop close * 1.001", " at next open" if daily else "")
    )
    life = "\n       good for 3 bars" if order.startswith((" at limit", " at stop")) and chance.random() < 0.5 else ""
    if verb == "short":
        order = order.replace("0.999", "1.001") if "limit" in order else order.replace("1.001", "0.999")
    size = chance.choice(("20% of equity", "60% of equity", "10 shares"))
    condition = f"{chance.choice(COOLED)}{chance.choice(KEPT)} and {chance.choice(SIGNALS)}"
    return f"rule {name}\n  when {condition}\n  then {verb} {size}{order}{protection}{life}{chance.choice(LIMITS)}\n"


def _leave(chance: Random, *, both: bool, daily: bool) -> str:
    held = chance.choice(HELD)
    side = "not flat" if both or held else chance.choice(("long", "not flat"))
    order = chance.choice(("", "", " at limit close * 1.001", " at next open" if daily else ""))
    portion = chance.choice(("all", "all", "half"))
    return f"rule leave\n  when {side} and {held}{chance.choice(SIGNALS)}\n  then exit {portion}{order}\n"
