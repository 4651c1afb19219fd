"""Makes `compiler/judge/skeleton/guards_enough.json`: the shipped guards that are proved enough, on one and two
instruments. It takes some minutes.

    python tests/make_guard_proofs.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stratc.compiler.ir.observer import Observer
from stratc.compiler.judge.compile import Setting, compile_rule
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.skeleton.client import guard_is_sufficient
from stratc.compiler.judge.skeleton.enough import PROMISES, TABLE, digest_of
from stratc.runtime.model.instrument import identify

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "compiler" / "judge" / "skeleton" / TABLE
DAY = date(2026, 7, 1)
STATES_MAX = 40_000
SYMBOLS = ("SPY", "QQQ")
# What a broker may elect and a guard may read.
ELECTIONS: tuple[dict[str, str], ...] = ({}, {"broker.day_trade_counting": "direction_changes"})


def preventive() -> Iterator[tuple[str, int, Observer]]:
    """The guards that ship, by rule and number of instruments; those of the same machine once."""
    seen = set()
    for rule in (rule for pack in load_packs() for rule in pack.rules):
        for count in range(1, len(SYMBOLS) + 1):
            for facts in ELECTIONS:
                instruments = tuple(identify(symbol) for symbol in SYMBOLS[:count])
                setting = Setting(facts=facts, day=DAY, instruments=instruments, applies=tuple(range(count)))
                observer, _ = compile_rule(rule.id, rule.statements, setting)
                if observer is None or all(each.after_breach for each in observer.guards):
                    continue
                if digest_of(observer) not in seen:
                    seen.add(digest_of(observer))
                    yield rule.id, count, observer


def main() -> None:
    proved = []
    for rule, count, observer in preventive():
        found = guard_is_sufficient(observer, PROMISES, states_max=STATES_MAX)
        print(rule, count, found.proved, found.states, found.note or " > ".join(found.steps), flush=True)
        if found.proved:
            row = {"rule": rule, "instruments": count, "states": found.states, "digest": digest_of(observer)}
            proved.append(row)
    lines = ",\n".join(f"  {json.dumps(each)}" for each in proved)
    PLACE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
