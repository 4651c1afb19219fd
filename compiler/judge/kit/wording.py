"""Expressions of rules in English, from their tree.

What is not worded here (a phrase that the language got later) is said as it stands in the file, so nothing is left out.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.judge import ruletree as tree
from stratc.compiler.judge.kit.mutants import number_text
from stratc.dsl.source import Source

COMPARED: Final = {
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "is": "is",
    "is not": "is not",
}
CALCULATED: Final = {"+": "plus", "-": "less", "*": "times", "/": "divided by"}
SIGNALS: Final = {
    "cash": "cash",
    "equity": "equity",
    "exposure_after": "its larger side's value with working openings",
    "long_quantity": "the quantity held long",
    "long_value_after": "its long value with working openings",
    "short_quantity": "the quantity held short",
    "short_value_after": "its short value with working openings",
    "true": "always",
    "false": "never",
}
MEMBERS: Final = {
    "fill.older_same_size": "the number of older tickets of the same size",
    "fill.older_tickets": "the number of older tickets",
    "fill.whole_ticket": "the fill closes a whole ticket",
    "instrument.leverage_factor": "the fund's leverage factor",
    "order.buys": "the order buys",
    "order.outlives_session": "the order outlives the session",
}
KINDS: Final = {
    "contract_for_difference": "a contract for difference",
    "crypto": "a crypto pair",
    "currency_pair": "a currency pair",
    "future": "a future",
    "security": "a security",
}
EXTREMES: Final = {"min": "the smaller of", "max": "the larger of", "abs": "the size of"}


class Wording:
    """The words of one file; names stay as they are, because the clauses explain them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def say(self, expression: tree.Expression) -> str:
        """The expression in English, without a full stop."""
        match expression:
            case tree.Number():
                return number_text(expression)
            case tree.Word(text=text):
                return SIGNALS.get(text, f"`{text}`")
            case tree.Quoted(text=text):
                return f'"{text}"'
            case tree.Member(owner=owner, name=name):
                return MEMBERS.get(f"{owner}.{name}", f"the {owner}'s {_plainly(name)}")
            case tree.AtLastClose(name=name):
                return f"{SIGNALS.get(name, name)} at the last close"
            case tree.Lookup(table=table, key=key):
                return f"the row of `{table}` for {self.say(key)}"
            case tree.KindOf(subject=subject, kind=kind):
                return f"the {_plain_text(subject)} is {KINDS.get(kind, _plainly(kind))}"
            case tree.Negated(operand=operand):
                return self._negated(operand)
            case tree.Comparison():
                return self._compared(expression)
            case tree.Connected(connective=connective, left=left, right=right):
                return f"{self._part(left, connective)} {connective} {self._part(right, connective)}"
            case _:
                return self._counted(expression)

    def _counted(self, expression: tree.Expression) -> str:
        match expression:
            case tree.Arithmetic(operator=operator, left=left, right=right):
                first = self.say(left) if operator == "+" else self._operand(left)
                return f"{first} {CALCULATED.get(operator, operator)} {self._operand(right)}"
            case tree.Call(name=name, arguments=arguments):
                return f"{EXTREMES.get(name, name)} {' and '.join(self.say(each) for each in arguments)}"
            case tree.Count(happening=happening, reach=reach):
                return f"the number of times that {self.happening(happening)} happened {self._reach(reach)}".rstrip()
            case tree.SumOf(term=term, happening=happening, reach=reach):
                over = f"each time that {self.happening(happening)} happened {self._reach(reach)}".rstrip()
                return f"the sum of {self.say(term)}, read just before {over}"
            case tree.Working():
                return "the number of opening orders that still work"
            case tree.Happened():
                return self._happened(expression)
            case tree.DaysSince(happening=happening, calendar=calendar):
                return f"the {'calendar' if calendar else 'business'} days since {self.happening(happening)}"
            case tree.NumberWhere(condition=condition):
                return f"the number of instruments where {self.say(condition)}"
            case tree.Total(term=term):
                return f"the total over all instruments of {self.say(term)}"
            case _:
                return f"`{' '.join(self._source.slice(expression.span).split())}`"

    def facts(self, facts: tree.Expression) -> str:
        """A condition over facts; a fact that stands alone has to hold."""
        return self.say(facts) + " holds" * isinstance(facts, tree.Member)

    def event(self, event: tree.Event) -> str:
        """`closing fill where armed` in English."""
        named = self.happening(event.happening)
        return named if event.where is None else f"{named} before which {self.say(event.where)}"

    def happening(self, happening: tree.Happening) -> str:
        words = " ".join(" ".join(happening.words).split())
        if words == "new day":
            return "a new day"
        if len(happening.words) == 1 and words not in {"order", "fill", "mark", "order done"}:
            return f"`{words}`"
        return f"{'an' if words[0] in 'aeiou' else 'a'} {words.replace('order done', 'order that is done')}"

    def _compared(self, comparison: tree.Comparison) -> str:
        if isinstance(comparison.right, tree.Word) and isinstance(comparison.left, tree.Member):
            # The value of a fact is a word of its own, not a name.
            return f"{self.say(comparison.left)} {comparison.operator} {_plainly(comparison.right.text)}"
        verb = COMPARED.get(comparison.operator, comparison.operator)
        return f"{self.say(comparison.left)} {verb} {self.say(comparison.right)}"

    def _negated(self, operand: tree.Expression) -> str:
        if isinstance(operand, tree.Word):
            return f"not {self.say(operand)}"
        return f"it is not so that {self._part(operand, None)}"

    def _part(self, expression: tree.Expression, within: tree.Connective | None) -> str:
        text = self.say(expression)
        return f"({text})" if isinstance(expression, tree.Connected) and expression.connective is not within else text

    def _operand(self, expression: tree.Expression) -> str:
        text = self.say(expression)
        return f"({text})" if isinstance(expression, tree.Arithmetic) else text

    def _happened(self, happened: tree.Happened) -> str:
        subject = happened.subject
        named = self.happening(subject) if isinstance(subject, tree.Happening) else f"once ({self.say(subject)})"
        today = " today" if happened.today else ""
        ended = "" if happened.without is None else f" with no {_bare(self.happening(happened.without))} since"
        if isinstance(subject, tree.Happening):
            return f"{named} happened{today}{ended}"
        return f"{named} was so{today}{ended}"

    def _reach(self, reach: tree.Reach) -> str:
        match reach:
            case tree.Reach(kind=tree.ReachKind.TODAY):
                return "today"
            case tree.Reach(kind=tree.ReachKind.SINCE, since=tree.Happening() as since, today=today):
                return ("today and " if today else "") + f"since {self.happening(since)}"
            case tree.Reach(kind=tree.ReachKind.BUSINESS_DAYS, length=length):
                return f"in the last {length} business days, today the last of them"
            case tree.Reach(kind=tree.ReachKind.CALENDAR_DAYS, length=length):
                return f"in the last {length} calendar days"
            case tree.Reach(kind=tree.ReachKind.DURATION, length=length):
                return f"in the last {length} seconds"
            case _:
                return ""


def _plainly(name: str) -> str:
    return name.replace("_", " ")


def _plain_text(expression: tree.Expression) -> str:
    return expression.text if isinstance(expression, tree.Word) else "instrument"


def _bare(named: str) -> str:
    return named.removeprefix("an ").removeprefix("a ")
