"""Makes the prices, discounts and interest rates of `examples/g10_carry`, all of them made up, from a seed.

Run `python -m tests.make_example_carry`; the same seed gives the same rows. A central bank's rate goes by halves of a
percent; the forward discount of a currency is its rate less the dollar's, told with a day's delay; storms come over
all currencies at once, and in them those that pay most fall. Every currency is quoted in
dollars. Nothing here says anything about a real one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from stratc.runtime.model.session import calendar
from tests.make_example_switches import EXAMPLES, HEADING, entry

SEED, SPAN = 20160109, (date(2016, 1, 4), date(2023, 6, 30))
FOLDER = EXAMPLES / "g10_carry"
PLACES = 5

# What a unit costs at the start, its rate in percent a year then, and how much it moves in a year.
CURRENCIES = {
    "EUR": (1.09, 0.25, 0.075),
    "JPY": (0.0084, 0.0, 0.09),
    "GBP": (1.47, 0.75, 0.09),
    "CHF": (1.0, -0.5, 0.08),
    "AUD": (0.72, 2.25, 0.105),
    "NZD": (0.68, 2.75, 0.11),
    "CAD": (0.71, 1.0, 0.08),
    "NOK": (0.113, 1.25, 0.11),
    "SEK": (0.119, -0.25, 0.1),
}
RATES = {"USD": 0.5, **{name: rate for name, (_, rate, _) in CURRENCIES.items()}}


def days() -> list[date]:
    return [session.date for session in calendar("FX").sessions_between(*SPAN)]


def policy_rates() -> dict[date, dict[str, float]]:
    """Percent a year by the first day of each month: most months nothing changes."""
    chance = random.Random(SEED + 1)
    now, found = dict(RATES), dict[date, dict[str, float]]()
    firsts = dict.fromkeys(day.replace(day=1) for day in [date(2015, 12, 1), *days()])
    for first in firsts:
        for name in now:
            step = chance.choice((0, 0, 0, 0.5, -0.5))
            now[name] = min(5.0, max(-0.75, now[name] + step))
        found[first] = dict(now)
    return found


def bars() -> Mapping[str, pl.DataFrame]:
    """A day's moves have a part in common, against the dollar; in a storm all parts are two and a half times as large
    and the currencies that pay most fall."""
    chance, rates = random.Random(SEED), policy_rates()
    price = {name: start for name, (start, _, _) in CURRENCIES.items()}
    rows: dict[str, list[tuple[date, float, float, float, float]]] = {name: [] for name in CURRENCIES}
    storm = False
    for day in days():
        storm = chance.random() < (0.98 if storm else 0.008)
        told, times = rates[day.replace(day=1)], 2.5 if storm else 1.0
        common = chance.gauss(0.0, 1.0)
        for name, (_, _, yearly) in CURRENCIES.items():
            step = times * yearly / math.sqrt(260) * (0.6 * common + 0.8 * chance.gauss(0.0, 1.0))
            step -= (told[name] - told["USD"]) / 100 / 260 * (1.5 if storm else 0.0)
            rows[name].append(_bar(chance, day, price[name], step, times * yearly / math.sqrt(260)))
            price[name] = rows[name][-1][4]
    schema = ["time", "open", "high", "low", "close"]
    return {f"{name}/USD": pl.DataFrame(found, schema=schema, orient="row") for name, found in rows.items()}


def _bar(
    chance: random.Random, day: date, before: float, step: float, usual: float
) -> tuple[date, float, float, float, float]:
    # A yen is under a cent; see `instruments.toml`.
    places = PLACES + (2 if before < 0.03 else 0)
    opened, closed = before * math.exp(0.1 * chance.gauss(0.0, usual)), before * math.exp(step)
    high = max(opened, closed) * (1 + abs(chance.gauss(0.0, usual / 3)))
    low = min(opened, closed) * (1 - abs(chance.gauss(0.0, usual / 3)))
    opened, high, low, closed = (round(value, places) for value in (opened, high, low, closed))
    return day, opened, max(high, opened, closed), min(low, opened, closed), closed


def discounts() -> Iterator[str]:
    """The three-month forward discount of each currency, in parts a year, known on the second day of its month."""
    yield "symbol,value,known_at,source"
    for first, told in policy_rates().items():
        known = first + timedelta(days=1)
        for name in CURRENCIES:
            value = (told[name] - told["USD"]) / 100
            yield f"{name}/USD,{value:.4f},{known}T12:00:00+00:00,made up: rates of {first:%Y-%m}"


def interest() -> Iterator[str]:
    """What a broker pays for a night and takes for one: the policy rates."""
    names = list(RATES)
    yield ",".join(("date", *names))
    for first, told in policy_rates().items():
        yield ",".join((str(first), *(f"{told[name]:.2f}" for name in names)))


def main() -> None:
    folder, entries = FOLDER / "prices", []
    folder.mkdir(parents=True, exist_ok=True)
    for symbol, found in bars().items():
        path = folder / f"{symbol.replace('/', '')}.parquet"
        found.write_parquet(path, compression="zstd", compression_level=19, statistics=False)
        entries.append(entry(path, f"made-up daily bars of {symbol}, make_example_carry.py with seed {SEED}"))
    heading = HEADING.replace("make_example_switches.py", "make_example_carry.py")
    (folder / "prices.toml").write_text(heading + "\n".join(entries), encoding="utf-8")
    (FOLDER / "discount.csv").write_text("\n".join(discounts()) + "\n", encoding="utf-8")
    (FOLDER / "rates.csv").write_text("\n".join(interest()) + "\n", encoding="utf-8")
    told = entry(FOLDER / "discount.csv", f"made-up forward discounts, make_example_carry.py with seed {SEED}")
    (FOLDER / "prices.toml").write_text(heading + told, encoding="utf-8")


if __name__ == "__main__":
    main()
