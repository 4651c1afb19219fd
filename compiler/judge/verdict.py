"""What is said of one rule and one strategy, and of a strategy as a whole: plain frozen data.

The fields of `Verdict`, `GuardNote`, `Counterexample` and `Bounds` are the keys of `check --json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum

from stratc.compiler.ir.observer import Observer
from stratc.runtime.model.record import record


class Status(StrEnum):
    PROVED = "proved"
    GUARDED = "guarded"
    VIOLATED = "violated"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


class GuardClass(StrEnum):
    """PREVENTIVE refuses the opening that could lead to a breach; TRANSFORMING carries an exit out another way;
    REACTIVE can only answer once the market has moved."""

    PREVENTIVE = "preventive"
    TRANSFORMING = "transforming"
    REACTIVE = "reactive"


@record
class Enough:
    """Whether a guard was proved enough, and in words what that rests on."""

    proved: bool
    because: str


@record
class GuardNote:
    """When the guard acts, what it does, of which class it is (`class` in JSON), and the bytes of its registers.

    `enough` is said of a preventive one: whether it was proved that no run breaks the rule while it stands, and on what
    that rests. What it costs in time is measured of all guards together (`tests/bench/guards.py`).
    """

    when: str
    action: str
    guard_class: GuardClass
    memory_bytes: int
    enough: Enough | None

    def as_json(self) -> Mapping[str, object]:
        known = None if self.enough is None else {"proved": self.enough.proved, "because": self.enough.because}
        return {
            "when": self.when,
            "action": self.action,
            "class": self.guard_class.value,
            "enough": known,
            "memory_bytes": self.memory_bytes,
        }

    def told(self) -> str:
        """The guard in a few words: what it does, what was shown of it and what it costs."""
        said = "" if self.enough is None else f"; {self.enough.because}"
        return f"{self.when}: {self.action}{said}; it keeps {self.memory_bytes:,} bytes"


@record
class TraceEvent:
    """One event of a counterexample: `at` in ISO-8601 with offset, kind `order | fill | exit | breach`."""

    at: str
    kind: str
    instrument: str
    side: str
    quantity: str
    price: str
    note: str

    def as_json(self) -> Mapping[str, str]:
        said = {"instrument": self.instrument, "side": self.side, "quantity": self.quantity, "price": self.price}
        told = {key: value for key, value in said.items() if value}
        return {"at": self.at, "kind": self.kind, **told, **({"note": self.note} if self.note else {})}


@record
class Counterexample:
    """A run that breaks the rule: what happens in it, in one sentence and event by event."""

    summary: str
    events: tuple[TraceEvent, ...]

    def as_json(self) -> Mapping[str, object]:
        return {"summary": self.summary, "events": [event.as_json() for event in self.events]}


@record
class Verdict:
    """One rule's verdict on one file; a rule that is no hard block warns, and a violation of it stops nothing."""

    file: str
    rule: str
    pack: str
    pack_version: str
    citation: str
    authority: str
    kind: str
    binds: str
    status: Status
    because: str
    hard_block: bool
    changes_on: date | None
    assumptions: tuple[str, ...]
    guard: GuardNote | None
    counterexample: Counterexample | None
    remedies: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        return {
            "file": self.file,
            "rule": self.rule,
            "pack": self.pack,
            "pack_version": self.pack_version,
            "citation": self.citation,
            "authority": self.authority,
            "kind": self.kind,
            "binds": self.binds,
            "status": self.status.value,
            "because": self.because,
            "changes_on": None if self.changes_on is None else self.changes_on.isoformat(),
            "assumptions": list(self.assumptions),
            "guard": None if self.guard is None else self.guard.as_json(),
            "counterexample": None if self.counterexample is None else self.counterexample.as_json(),
            "remedies": list(self.remedies),
            "hard_block": self.hard_block,
        }


@record
class Bounds:
    """What is proved of every run when an opening order goes out; None where no bound is proved. In short: the whole
    sheet, with reasons and remedies, is `judge.bounds.BoundSheet`.

    `leverage_max` is gross exposure over equity; `gross_exposure_max`, `position_max`, `committed_capital_max` (own
    money, the rest is borrowed) and `planned_loss_per_session` (of the session's own entries at their stop losses) are
    money at the account's stated equity; `critical_gap` is the smallest move between order and fill, as a fraction,
    that would break a rule called proved, and with `--deep` also the largest move between bars up to which a rule of
    money is proved, whichever is smaller.
    """

    leverage_max: float | None
    gross_exposure_max: float | None
    position_max: float | None
    orders_per_second_max: float | None
    committed_capital_max: float | None
    planned_loss_per_session: float | None
    critical_gap: float | None

    def as_json(self) -> Mapping[str, float | None]:
        return {each.name: getattr(self, each.name) for each in fields(self)}


@record
class LawChange:
    """A day of a run on which its law becomes another: the rules that begin or end for it, or demand something else."""

    on: date
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    changes: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        rules = {"begins": list(self.begins), "ends": list(self.ends), "changes": list(self.changes)}
        return {"on": self.on.isoformat(), **rules}

    def told(self) -> str:
        """`on 2026-06-04 us.finra.intraday_margin begins` and so on."""
        parts = ((self.begins, "begins"), (self.ends, "ends"), (self.changes, "demands something else"))
        return f"on {self.on} " + "; ".join(f"{', '.join(rules)} {verb}" for rules, verb in parts if rules)


@record
class Judgement:
    """All that judging found. `guards` deny, `tripwires` only watch: rules that are proved, and such
    as rest on a number from memory that nobody has confirmed.

    An interpreted run takes `Watch((*guards, *tripwires), armed=len(guards))`, a compiled one
    `write_guards((*guards, *tripwires), instruments, tripwires=len(tripwires))`; both number observers in that order.

    `reattribute` is true where fills must be attributed to the oldest position first. `assumptions` are sentences.
    `law_changes` are the days of a run on which another law begins; nothing where one law is judged by.
    """

    verdicts: tuple[Verdict, ...]
    bounds: Bounds
    assumptions: tuple[str, ...]
    guards: tuple[Observer, ...]
    tripwires: tuple[Observer, ...]
    reattribute: bool
    law_changes: tuple[LawChange, ...] = ()

    @property
    def violated(self) -> tuple[Verdict, ...]:
        """The violations that stop a strategy."""
        return tuple(each for each in self.verdicts if each.status is Status.VIOLATED and each.hard_block)
