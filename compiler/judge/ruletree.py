"""The tree of a rule file: parameters, tables, rules and their statements, each with its place in the file.

A tree is what the text says, nothing looked up: `compiler.judge.compile` gives the words their meaning. Numbers are
exact; a percentage is a fraction, money carries its currency.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from stratc.dsl.source import Span
from stratc.runtime.model.record import record


@record
class Node:
    """Base of every node: `span` is the text of the file that it was read from."""

    span: Span


# ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Number(Node):
    """`4`, `6%` (6/100), `25_000 USD` (with its currency), `10 seconds` (in its unit)."""

    value: Fraction
    unit: str


@record
class Word(Node):
    """A name: a parameter, a definition, a signal such as `equity`, or the value of a fact such as `margin`."""

    text: str


@record
class Quoted(Node):
    """A text in quotes, the value of a fact."""

    text: str


@record
class Member(Node):
    """A fact or a field: `broker.day_trading_regime`, `instrument.base`, `fill.older_tickets`."""

    owner: str
    name: str


@record
class AtLastClose(Node):
    """`equity at last close`."""

    name: str


@record
class Lookup(Node):
    """`deposit[instrument.base]`: a row of a table."""

    table: str
    key: Expression


@record
class Call(Node):
    """`min(…)`, `max(…)`, `abs(…)`."""

    name: str
    arguments: tuple[Expression, ...]


@record
class Arithmetic(Node):
    """`+ - * /`."""

    operator: str
    left: Expression
    right: Expression


@record
class Comparison(Node):
    """`< <= > >= is is_not`."""

    operator: str
    left: Expression
    right: Expression


class Connective(StrEnum):
    AND = "and"
    OR = "or"


@record
class Connected(Node):
    connective: Connective
    left: Expression
    right: Expression


@record
class Negated(Node):
    operand: Expression


@record
class KindOf(Node):
    """`instrument is a security`."""

    subject: Expression
    kind: str


@record
class Count(Node):
    """`count of EVENT …`: how often the event happened within the reach."""

    happening: Happening
    reach: Reach


@record
class SumOf(Node):
    """`sum of TERM over EVENT …`: the term, read just before each event, added up within the reach."""

    term: Expression
    happening: Happening
    reach: Reach


@record
class Working(Node):
    """`count of opening order not yet done`: orders sent and not filled, canceled or expired."""

    happening: Happening


@record
class Happened(Node):
    """`EVENT happened [today] [with no EVENT since]`, or `(CONDITION) happened`: it was true after some event."""

    subject: Happening | Expression
    today: bool
    without: Happening | None


@record
class DaysSince(Node):
    """`business days since EVENT`, or `calendar days since EVENT`."""

    happening: Happening
    calendar: bool


@record
class Highest(Node):
    """`highest TERM today`, `highest TERM since EVENT`: the most that the term has been, now included."""

    term: Expression
    reach: Reach


@record
class NumberWhere(Node):
    """`number of instruments where CONDITION`."""

    condition: Expression


@record
class Total(Node):
    """`total of TERM`: the term of every instrument, added up."""

    term: Expression


Expression = (
    Number
    | Word
    | Quoted
    | Member
    | AtLastClose
    | Lookup
    | Call
    | Arithmetic
    | Comparison
    | Connected
    | Negated
    | KindOf
    | Count
    | SumOf
    | Working
    | Happened
    | DaysSince
    | Highest
    | NumberWhere
    | Total
)


# ── events and how far back one looks ────────────────────────────────────────────────────────────────────────────────


@record
class Happening(Node):
    """`closing fill` (words `closing`, `fill`), or the name of a defined event."""

    words: tuple[str, ...]


@record
class Event(Node):
    """A happening under a condition that looks strictly before it."""

    happening: Happening
    where: Expression | None


class ReachKind(StrEnum):
    EVER = "ever"
    TODAY = "today"
    SINCE = "since"
    BUSINESS_DAYS = "business_days"
    CALENDAR_DAYS = "calendar_days"
    DURATION = "duration"


@record
class Reach(Node):
    """Today, the last so many days with today as the last of them, so many seconds, since an event; `today` also with
    `since`. `length` is 0 where a parameter says it, which `named` names.
    """

    kind: ReachKind
    today: bool
    length: int
    named: str
    since: Happening | None


# ── statements ───────────────────────────────────────────────────────────────────────────────────────────────────────


@record
class Dated(Node):
    """A legal number: valid from a day, until a day where one is written or a later one follows. `…_announced` are the
    days on which its beginning and its end became known; None: not before they came."""

    name: str
    value: Number
    since: date
    until: date | None
    citation: str
    confidence: str
    retrieved: date | None
    since_announced: date | None = None
    until_announced: date | None = None


@record
class Parameter(Node):
    dated: Dated


@record
class Table(Node):
    """Dated numbers by key: the row of a key is the latest in force."""

    name: str
    rows: tuple[Dated, ...]


@record
class RuleName(Node):
    name: str
    title: str


@record
class InForce(Node):
    """Half-open in time; `where` asks facts of the account and its broker. `…_announced` are the days on which its
    beginning and its end became known; None: not before they came."""

    since: date
    until: date | None
    where: Expression | None
    since_announced: date | None = None
    until_announced: date | None = None


@record
class Applies(Node):
    condition: Expression


@record
class Define(Node):
    """A name for an expression. Of several the last whose facts are known to hold counts: the strict one is first."""

    name: str
    per_instrument: bool
    facts: Expression | None
    meaning: Expression | Event


@record
class Require(Node):
    """`at EVENT require CONDITION`; `never CONDITION` is its negation at every event (`event` None)."""

    event: Event | None
    condition: Expression


@record
class ExceptionTo(Node):
    """Where the condition holds the requirement is lifted; only if its facts are known to hold."""

    name: str
    facts: Expression | None
    condition: Expression


@record
class Guard(Node):
    event: Event
    deny_when: Expression


@record
class RefusesExits(Node):
    """`may refuse exits because "…" approved by "…" escalate to "…"`: the one way for a guard to stand before exits."""

    because: str
    approved_by: str
    escalate_to: str


@record
class OnBreach(Node):
    action: str


@record
class Interpretation(Node):
    text: str
    by: str


@record
class Confirmed(Node):
    """Somebody has looked up what the rule rests on from memory, on that day."""

    by: str
    on: date


Statement = (
    Parameter
    | Table
    | RuleName
    | InForce
    | Applies
    | Define
    | Require
    | ExceptionTo
    | Guard
    | RefusesExits
    | OnBreach
    | Interpretation
    | Confirmed
)
