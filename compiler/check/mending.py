"""What to write instead of two values that do not go together: the formula as it stands, with one side mended.

Assumes that the two types cannot be compared or added. Where a help says `write`, what follows it in backticks can be
put in the place of the formula.
"""

from __future__ import annotations

from stratc.compiler.check.advice import article, sample, sample_distance, sample_quantity, with_currency
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import is_constant
from stratc.dsl.diagnostic import Edit
from stratc.dsl.syntax import Binary, BinaryOperator, Expression, Node, Number
from stratc.dsl.types import (
    BOOL,
    RATIO,
    UNSCALABLE,
    Money,
    Price,
    PriceDiff,
    Quantity,
    Type,
    is_number,
)

Side = tuple[Expression, Type]


def grouped(node: Expression, typing: Typing) -> str:
    """The text of a formula as one factor: arithmetic gets its parentheses."""
    text = typing.text(node)
    return f"({text})" if isinstance(node, Binary) and node.operator is not BinaryOperator.OF else text


def put_in(node: Node, part: Node, text: str, typing: Typing) -> str:
    """The text of `node` with `text` where `part` stands."""
    source = typing.source.text
    whole = source[node.span.start : part.span.start] + text + source[part.span.end : node.span.end]
    return " ".join(whole.split())


def plain(number: Number) -> str:
    """The digits of a number as a person would write them."""
    return f"{number.value:f}"


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────────────────


def advice_to_compare(node: Expression, left: Side, right: Side, typing: Typing) -> tuple[str, Edit | None]:
    """What to write, and the edit that writes it where one is sure."""
    for one, other in ((left, right), (right, left)):
        mended = _mended_side(one, other, typing)
        if mended is not None:
            why, text = mended
            written = put_in(node, other[0], text, typing)
            return f"{why}: write `{written}`", Edit(other[0].span, text)
    for (one, a), (_, b) in ((left, right), (right, left)):
        if isinstance(a, Price) and b == RATIO:
            change = f"{grouped(one, typing)} / {grouped(one, typing)}[1] - 1"
            return f"a share is compared with a change: write `{put_in(node, one, change, typing)}`", None
        if isinstance(a, Price) and isinstance(b, PriceDiff):
            distance = f"abs({typing.text(one)} - {sample(a, typing.header)})"
            return f"a distance is compared with a distance: write `{put_in(node, one, distance, typing)}`", None
    if BOOL in (left[1], right[1]):
        return "a condition stands alone: write it, or `not` before it, without `is`", None
    return _advice_by_sample(node, left, right, typing), None


def _mended_side(one: Side, other: Side, typing: Typing) -> tuple[str, str] | None:
    """Why the second side does not go with the first, and what it must be."""
    a, b, text = one[1], other[1], typing.text(other[0])
    if is_number(a) and b == RATIO and isinstance(other[0], Number):
        return f"`{typing.text(one[0])}` is a number and no share", plain(other[0])
    if a == RATIO and is_number(b) and is_constant(other[0], typing.resolved) and isinstance(other[0], Number):
        return "a share has a unit", f"{text}%"
    if is_number(b) and isinstance(other[0], Number):
        return _with_unit(a, text, typing)
    if not is_constant(other[0], typing.resolved):
        return None
    if b == RATIO and isinstance(a, PriceDiff):
        return "a share is of something", f"{grouped(other[0], typing)} of close"
    if b == RATIO and isinstance(a, Money):
        return "a share is of something", f"{grouped(other[0], typing)} of equity"
    return None


def _with_unit(wanted: Type, text: str, typing: Typing) -> tuple[str, str] | None:
    match wanted:
        case Price() | PriceDiff():
            return "a price has a unit", with_currency(text, typing.header)
        case Money():
            return "money has a unit", f"{text} {typing.header.currency}"
        case Quantity():
            unit = sample_quantity(typing.header).rpartition(" ")[2]
            return "a quantity has a unit", f"{text} {unit}"
        case _:
            return None


def _advice_by_sample(node: Expression, left: Side, right: Side, typing: Typing) -> str:
    """The side that is written as a constant gives way, else the right one."""
    kept, changed = (right, left) if is_constant(left[0], typing.resolved) else (left, right)
    written = put_in(node, changed[0], sample(kept[1], typing.header), typing)
    return f"compare `{typing.text(kept[0])}` with {article(kept[1])}: write for example `{written}`"


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def advice_to_add(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    one, other, sign = typing.text(node.left), typing.text(node.right), node.operator.value
    if isinstance(left, Price | PriceDiff) and is_number(right) and not isinstance(node.right, Number):
        unit = with_currency("1", typing.header)
        return f"say of what: write `{one} {sign} {other} * atr(14)` or `{one} {sign} {other} * {unit}`"
    if isinstance(left, Price | PriceDiff) and is_number(right):
        amount = with_currency(other, typing.header)
        return f"say of what: write `{one} {sign} {amount}` or `{one} {sign} {other} ticks`"
    if isinstance(left, Money | Quantity) and is_number(right):
        return f"write `{one} {sign} {(_with_unit(left, other, typing) or ('', other))[1]}`"
    if RATIO in (left, right) and (is_number(left) or is_number(right)):
        return _advice_to_ratio(node, left, right, typing)
    if right == RATIO and left not in UNSCALABLE:
        return f"write `{one} {sign} {grouped(node.right, typing)} of {grouped(node.left, typing)}`"
    if isinstance(left, Price) and isinstance(right, Price):
        return f"for the middle of two prices write `midpoint({one}, {other})`"
    if isinstance(left, Price):
        return f"to a price add a price difference: write `{one} {sign} {sample_distance(typing.header)}`"
    if is_number(left) and isinstance(right, Price | PriceDiff):
        return f"`{one}` has no unit: write `{with_currency(one, typing.header)} {sign} {other}`"
    if BOOL in (left, right):
        return "conditions are joined by `and` and `or`"
    return f"both sides need one unit: write `{put_in(node, node.right, sample(left, typing.header), typing)}`"


def _advice_to_ratio(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    """A bare number beside a share, or a share beside a number that is none."""
    bare, share = (node.right, node.left) if left == RATIO else (node.left, node.right)
    if isinstance(share, Number) and not is_constant(bare, typing.resolved):
        return f"write `{put_in(node, share, plain(share), typing)}`: `{typing.text(bare)}` is a number and no share"
    text = typing.text(bare)
    percent = put_in(node, bare, f"{text}%", typing)
    if isinstance(bare, Number):
        whole = put_in(node, bare, f"{(bare.value * 100).normalize():f}%", typing)
        return f"say which share: write `{percent}`, or `{whole}`"
    return f"both sides need one unit: write `{put_in(node, bare, '5%', typing)}`"
