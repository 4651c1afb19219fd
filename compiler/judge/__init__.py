"""Judging: rule packs and a program → verdicts, bounds, counterexamples, guards.

`judge` and, for a run under the law of each of its days, `judge_over_time` are the doors; `load` reads packs from disk.
Inside: `rulefile`, `ruleparse` and `compile` turn Markdown into observers, `observe` and `watch` run them, `sizes` and
`prove` prove, `market`, `rig` and `search` refute. `bounds` states what no run exceeds, `hazards` warns of what can
grow or repeat without end.
"""

from stratc.compiler.judge.judging import judge
from stratc.compiler.judge.over_time import judge_over_time
from stratc.compiler.judge.verdict import (
    Bounds,
    Counterexample,
    GuardNote,
    Judgement,
    LawChange,
    Status,
    TraceEvent,
    Verdict,
)

__all__ = [
    "Bounds",
    "Counterexample",
    "GuardNote",
    "Judgement",
    "LawChange",
    "Status",
    "TraceEvent",
    "Verdict",
    "judge",
    "judge_over_time",
]
