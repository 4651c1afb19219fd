"""Made-up five-minute bars of NQ over whole Globex days, in New York time: labelled as synthetic, checked by hand.

Every day is quiet around 20,000 with an Asian low of 19,990, but for the bars that a day names by their opening time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
STEP = timedelta(minutes=5)
Bar = tuple[float, float, float, float]

ASIA: Bar = (20_000, 20_010, 19_990, 20_000)
QUIET: Bar = (20_000, 20_005, 19_995, 20_000)
HIGH_IN_ASIA: dict[str, Bar] = {"20:00": (20_000, 20_200, 19_995, 20_000)}

# 09:30 and 09:35 trade below the Asian low, so the sequence begins at 09:35; 09:40 closes above it without trading
# below it; the low of 09:45 (19,997) lies above the high of 09:35 (19,992): the gap is 19,992 to 19,997, its middle
# 19,994.50, the lowest low from 09:35 to 09:45 is 19,984.
SWEEP: dict[str, Bar] = {
    "09:30": (20_000, 20_002, 19_980, 19_985),
    "09:35": (19_985, 19_992, 19_984, 19_988),
    "09:40": (19_991, 19_999, 19_991, 19_998),
    "09:45": (19_998, 20_010, 19_997, 20_009),
}
ABOVE: dict[str, Bar] = {f"{9 + m // 60:02}:{m % 60:02}": (20_009, 20_010, 20_000, 20_005) for m in range(50, 120, 5)}
BACK: dict[str, Bar] = {"09:55": (20_005, 20_006, 19_990, 19_996)}

DAYS: tuple[tuple[str, dict[str, Bar]], ...] = (
    # The limit fills at 09:55 and the target, the day's high of 20,200, is reached at 10:30.
    ("2025-01-14", HIGH_IN_ASIA | SWEEP | ABOVE | BACK | {"10:30": (20_005, 20_210, 20_004, 20_190)}),
    # The day's high is 20,010, less than two times the risk of 10.75 above the limit: nothing is placed.
    ("2025-01-15", SWEEP | ABOVE | BACK),
    # The limit fills at 09:55 and the stop, a tick below the low of the sweep, is reached at 10:05.
    ("2025-01-16", HIGH_IN_ASIA | SWEEP | ABOVE | BACK | {"10:05": (20_000, 20_001, 19_980, 19_990)}),
    # The price comes back after the twelve bars that the order is good for: it is gone by then.
    ("2025-01-17", HIGH_IN_ASIA | SWEEP | ABOVE | {"10:50": (20_005, 20_006, 19_985, 19_996)}),
)


def bars_of(day: str, named: dict[str, Bar]) -> list[tuple[datetime, Bar]]:
    """The bars of a Globex day, from 18:00 of the evening before to 17:00."""
    end = datetime.fromisoformat(f"{day}T17:00").replace(tzinfo=NEW_YORK)
    opened, found = end - timedelta(hours=23), []
    while opened < end:
        quiet = ASIA if opened.hour >= 18 or opened.hour < 2 else QUIET
        found.append((opened, named.get(f"{opened:%H:%M}", quiet)))
        opened += STEP
    return found


def csv_text() -> str:
    """All days as the text of a price file, times in UTC."""
    rows = [
        f"{moment.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ},{','.join(f'{x:.2f}' for x in bar)},100"
        for day, named in DAYS
        for moment, bar in bars_of(day, named)
    ]
    return "\n".join(["time,open,high,low,close,volume", *rows]) + "\n"
