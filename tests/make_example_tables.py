"""Makes the tables beside the examples' prices, all of them made up, from seeds.

Run `python tests/make_example_tables.py`; the same seeds give the same bytes. Nothing here says anything about a market
or about a model: the scores of `advice_gate` come from a die.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from stratc.runtime.model.session import calendar

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SCORE_SEED, SPAN = 20240702, (date(2024, 7, 1), date(2025, 6, 30))
NS_PER_MINUTE = 60_000_000_000
LICENCE = "Apache-2.0, as this project"
HEADING = "# Made by tests/make_example_tables.py: what the table of this folder is, read with it.\n\n"


def moment(ns: int) -> str:
    return datetime.fromtimestamp(ns // 1_000_000_000, UTC).isoformat()


def scores() -> Iterator[str]:
    """A score every now and then on most days: some days have none, some scores come late or are revised."""
    chance = random.Random(SCORE_SEED)
    yield "symbol,value,known_at,source"
    for number, session in enumerate(calendar("XNYS").sessions_between(*SPAN)):
        minutes = 0
        while chance.random() < 0.93 and minutes < 300:
            minutes += chance.randint(3, 55)
            value = round(chance.uniform(-1, 1), 2)
            at = session.open_ns + minutes * NS_PER_MINUTE + chance.randint(0, 59) * 1_000_000_000
            yield f"SPY,{value},{moment(at)},made up: message {number}.{minutes}"


def write(folder: str, name: str, lines: list[str], source: str) -> None:
    path = EXAMPLES / folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    side(folder, name, source)


def side(folder: str, name: str, source: str) -> None:
    """Says where a table of an example comes from, in the side file beside it."""
    path = EXAMPLES / folder / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = f'["{name}"]\nsource = "{source}"\nlicence = "{LICENCE}"\nsynthetic = true\nsha256 = "{digest}"\n'
    (EXAMPLES / folder / "prices.toml").write_text(HEADING + text, encoding="utf-8")


def main() -> None:
    write(
        "advice_gate",
        "news_score.csv",
        list(scores()),
        f"scores from a die, made by tests/make_example_tables.py with seed {SCORE_SEED}",
    )
    side("earnings_avoidance", "earnings.csv", "made-up dates of a made-up company")


if __name__ == "__main__":
    main()
