"""What to write instead of two values that do not go together: the formula as it stands, with one side mended.

Assumes that the two types cannot be compared or added. Where a help says `write`, what follows it in backticks can be
put in the place of the formula.
"""

from __future__ import annotations

from typing import Final

from stratc.compiler.check.advice import article, sample, sample_distance, sample_quantity, with_currency
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import DURATION_UNITS, base_value, constant, is_constant
from stratc.compiler.resolve.symbols import Header
from stratc.dsl.diagnostic import Edit
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Unit
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Expression,
    IfElse,
    Interval,
    Member,
    Name,
    Node,
    Number,
    OfInstrument,
    Unary,
    UnaryOperator,
    Within,
    children,
)
from stratc.dsl.types import (
    BARS,
    BOOL,
    COUNT,
    DURATION,
    EACH,
    R_MULTIPLE,
    RATIO,
    SESSIONS,
    TIME,
    UNSCALABLE,
    Money,
    Price,
    PriceDiff,
    Quantity,
    Type,
    is_number,
)

Side = tuple[Expression, Type]
HOURS: Final = 24
DEPTH_MAX: Final = 16
# Of a ratio they are about its share; they have no range of their own to say so.
LOGARITHMS: Final = frozenset({"log"})
SHARE_IS_A_PRICE_FROM: Final = 0.5
OTHER_WORDS: Final = {
    ("bars_held", "session"): "sessions_held",
    ("sessions_held", "bar"): "bars_held",
    ("bars_since_exit", "session"): "sessions_since_exit",
    ("sessions_since_exit", "bar"): "bars_since_exit",
    ("open_profit", "R"): "open_profit_r",
}


def grouped(node: Expression, typing: Typing) -> str:
    """The text of a formula as one factor: arithmetic gets its parentheses."""
    text = typing.text(node)
    return f"({text})" if isinstance(node, Binary) and node.operator is not BinaryOperator.OF else text


def as_term(node: Expression, typing: Typing) -> str:
    """The text of a formula as it stands in a sum: a sum of its own gets its parentheses."""
    products = (BinaryOperator.MULTIPLY, BinaryOperator.DIVIDE, BinaryOperator.OF)
    alone = not isinstance(node, Binary) or node.operator in products
    return typing.text(node) if alone else grouped(node, typing)


def is_price_share(share: Expression, typing: Typing) -> bool:
    """Whether `98% of close` is a price, as from one half on, and not a distance such as `2% of close`."""
    value = constant(share, typing.resolved)
    return value is not None and value >= SHARE_IS_A_PRICE_FROM


def put_in(node: Node, part: Node, text: str, typing: Typing) -> str:
    """The text of `node` with `text` where `part` stands."""
    source = typing.source.text
    whole = source[node.span.start : part.span.start] + text + source[part.span.end : node.span.end]
    return " ".join(whole.split())


def plain(number: Number) -> str:
    """The digits of a number as a person would write them."""
    return f"{number.value:f}"


def bars_instead(written: Expression, typing: Typing) -> int | None:
    """How many bars a number in another unit may have meant: a duration as long as so many, else its digits."""
    if not isinstance(written, Number) or written.value <= 0:
        return None
    seconds, interval = base_value(written), typing.header.interval_seconds
    if written.unit in DURATION_UNITS:
        return int(seconds / interval) if interval and seconds >= interval and not seconds % interval else None
    return int(written.value) if written.value == written.value.to_integral_value() else None


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────────────────────


def advice_to_compare(node: Expression, left: Side, right: Side, typing: Typing) -> tuple[str, Edit | None]:
    """What to write, and the edit that writes it where one is sure."""
    for one, other in ((left, right), (right, left)):
        word = _other_word(one[0], other[0])
        if word is not None:
            return f"`{word}` counts those: write `{put_in(node, one[0], word, typing)}`", Edit(one[0].span, word)
        mended = _mended_side(one, other, typing)
        if mended is not None:
            why, text = mended
            whole = _whole(one[1], other, typing)
            if whole is not None:
                first, second = (put_in(node, other[0], each, typing) for each in (text, whole))
                return f"say which share: write `{first}`, or `{second}`", None
            written = put_in(node, other[0], text, typing)
            return f"{why}: write `{written}`", Edit(other[0].span, text)
    if left[1] == TIME and isinstance(node, Within):
        hours = _hours(node.range, typing)
        if hours != typing.text(node.range):
            return f"a time of day has minutes: write `{put_in(node, node.range, hours, typing)}`", None
    if right[1] == TIME and isinstance(node, Within):
        return f"the time of day is `time`: write `{put_in(node, node.value, 'time', typing)}`", None
    if _are_of_two(left[1], right[1]):
        return _advice_to_compare_two(node, left, right, typing), None
    for (price, a), (_, b) in ((left, right), (right, left)):
        if isinstance(a, Price) and b == RATIO:
            change = f"{grouped(price, typing)} / {grouped(price, typing)}[1] - 1"
            return f"a share is compared with a change: write `{put_in(node, price, change, typing)}`", None
        if isinstance(a, Price) and isinstance(b, PriceDiff) and a.of == b.of:
            distance = f"abs({typing.text(price)} - {sample(a, typing.header_at(node))})"
            return f"a distance is compared with a distance: write `{put_in(node, price, distance, typing)}`", None
    if BOOL in (left[1], right[1]):
        return "a condition stands alone: write it, or `not` before it, without `is`", None
    return _advice_by_sample(node, left, right, typing), None


def _hours(written: Interval, typing: Typing) -> str:
    """A range of times whose ends may be bare hours."""
    ends = [
        _hour(end) if isinstance(end, Number) and not end.unit and 0 <= end.value <= HOURS else typing.text(end)
        for end in (written.low, written.high)
    ]
    zone = f" {typing.text(written.zone)}" if written.zone is not None else ""
    return f"{ends[0]}..{ends[1]}{zone}"


def _hour(number: Number) -> str:
    """`9` as a time of day, `9.5` as half past nine."""
    return f"{int(number.value):02d}:{int(number.value % 1 * 60):02d}"


def _are_of_two(left: Type, right: Type) -> bool:
    """Whether two amounts of one kind are of two instruments."""
    return isinstance(left, Price) and isinstance(right, Price) and left.of != right.of


def _advice_to_compare_two(node: Expression, left: Side, right: Side, typing: Typing) -> str:
    """Two instruments are compared by what has no unit: the ratio of their prices, or each beside its own past."""
    one, other = (grouped(side[0], typing) for side in (left, right))
    between = typing.source.text[left[0].span.end : right[0].span.start].strip()
    past, others = (sample(side[1], typing.header_at(node)) for side in (left, right))
    each = f"{one} / {past} {between} {other} / {others}"
    return f"prices of two instruments are compared by their ratio: write `{one} / {other} > 1.5`, or `{each}`"


def _advice_to_spread(node: Binary, typing: Typing) -> str:
    """The ratio; with a hedge ratio the residual of a line, whose slope it is."""
    if not isinstance(node.right, Binary):
        one, other = grouped(node.left, typing), grouped(node.right, typing)
        return f"prices of two instruments are compared by their ratio: write `{one} / {other}`"
    one = typing.text(node.left)
    other = next(
        (typing.text(side) for side in (node.right.right, node.right.left) if isinstance(side, OfInstrument)), ""
    )
    legs = f"{one}, {other or 'close of QQQ'}"
    return (
        f"a spread with a hedge ratio is the residual of a line: write `ols({legs}, 120).residual`, or "
        f"`kalman({legs}).residual` where the ratio drifts"
    )


def advice_to_choose(node: IfElse, then: Side, otherwise: Side, typing: Typing) -> str:
    """What to write instead of a choice between two units: either side may be the one that is meant."""
    written = []
    for one, other in ((then, otherwise), (otherwise, then)):
        mended = _mended_side(one, other, typing)
        text = sample(one[1], typing.header_at(node)) if mended is None else mended[1]
        written.append((mended is None, f"`{put_in(node, other[0], text, typing)}`"))
    first, second = (text for _, text in sorted(written, key=lambda each: each[0]))
    return f"both sides need one unit: write {first} or {second}"


def _mended_side(one: Side, other: Side, typing: Typing) -> tuple[str, str] | None:
    """Why the second side does not go with the first, and what it must be."""
    a, b, text = one[1], other[1], typing.text(other[0])
    number = _written(other[0])
    if number is not None and is_number(a) and b == RATIO:
        meant = _fraction(number) if _is_one_for_the_whole(one[0], typing) else plain(number)
        return f"`{typing.text(one[0])}` is a number and no share", text.replace(typing.text(number), meant)
    if number is not None and a == RATIO and is_number(b):
        return "a share has a unit", text.replace(typing.text(number), _percent(number))
    if isinstance(other[0], Number) and a == TIME and is_number(b) and 0 <= other[0].value <= HOURS:
        return "a time of day has minutes", _hour(other[0])
    if isinstance(other[0], Number) and is_number(b):
        return _with_unit(a, text, typing.header_at(other[0]))
    if isinstance(other[0], Number) and a == COUNT and b in (BARS, SESSIONS):
        return f"`{typing.text(one[0])}` counts something else", plain(other[0])
    if isinstance(other[0], Number) and a in (BARS, SESSIONS):
        return _counted(a, other[0], typing)
    if not is_constant(other[0], typing.resolved):
        return None
    if b == RATIO and isinstance(a, PriceDiff) and not is_price_share(other[0], typing):
        of = "close" if a.of == EACH else f"(close of {a.of})"
        return "a share is of something", f"{grouped(other[0], typing)} of {of}"
    if b == RATIO and isinstance(a, Money):
        # A trader's "up 2%" is of what the position cost.
        of = "invested" if typing.text(one[0]) == "open_profit" else "equity"
        return "a share is of something", f"{grouped(other[0], typing)} of {of}"
    return None


def _other_word(counted: Expression, number: Expression) -> str | None:
    """The word of the account that counts in the unit of the number beside it."""
    if not isinstance(counted, Name) or not isinstance(number, Number):
        return None
    return OTHER_WORDS.get((counted.text, number.unit.removesuffix("s")))


def _written(node: Expression) -> Number | None:
    """A number that stands in the text, with a minus before it or none."""
    inner = node.operand if isinstance(node, Unary) and node.operator is UnaryOperator.MINUS else node
    return inner if isinstance(inner, Number) else None


def _is_one_for_the_whole(node: Node, typing: Typing, depth: int = 0) -> bool:
    """Whether a number is measured as shares are, with 1 for the whole: a logarithm, a correlation, and what is taken
    of these; where nothing is known of its scale, `5%` beside it means 5."""
    name, output = _output_of(node)
    found = catalogue.lookup(name)
    if found is not None and name not in LOGARITHMS:
        unit, most = next(
            ((each.unit, each.at_most) for each in found.outputs if output in ("", each.name)), (None, None)
        )
        if unit is Unit.NUMBER:
            return most == 1
    bound = typing.resolved.binding(node.text) if isinstance(node, Name) else None
    inside = children(node) if bound is None else (bound,)
    return name in LOGARITHMS or (
        depth < DEPTH_MAX and any(_is_one_for_the_whole(each, typing, depth + 1) for each in inside)
    )


def _output_of(node: Node) -> tuple[str, str]:
    """The indicator that is called and the output that is read, the first where none is named."""
    match node:
        case Member(base=Call(function=function), member=member):
            return function.text, member.text
        case Call(function=function):
            return function.text, ""
        case _:
            return "", ""


def _fraction(number: Number) -> str:
    """`0.01` where `1%` is written."""
    return f"{(number.value / 100).normalize():f}"


def _percent(number: Number) -> str:
    """What a bare number beside a share means: `0.05` is a fraction of one, `5` is so many percent."""
    return f"{plain(number)}%" if abs(number.value) >= 1 else f"{(number.value * 100).normalize():f}%"


def _whole(kind: Type, other: Side, typing: Typing) -> str | None:
    """The other thing that a number beside a share may mean, `200%` where `2` stands: no edit can choose."""
    number = _written(other[0])
    if kind != RATIO or number is None or not is_number(other[1]) or abs(number.value) < 1:
        return None
    return typing.text(other[0]).replace(typing.text(number), f"{(number.value * 100).normalize():f}%")


def _counted(wanted: Type, number: Number, typing: Typing) -> tuple[str, str] | None:
    """A number of bars or sessions, from a number of something else."""
    if wanted == BARS:
        bars = bars_instead(number, typing)
        return None if bars is None else ("bars are counted in bars", f"{bars} bars")
    whole = number.value == number.value.to_integral_value() and number.value > 0
    return ("sessions are counted in sessions", f"{plain(number)} sessions") if whole else None


def _with_unit(wanted: Type, text: str, header: Header) -> tuple[str, str] | None:
    match wanted:
        case Price() | PriceDiff():
            return "a price has a unit", with_currency(text, header)
        case Money():
            return "money has a unit", f"{text} {header.currency}"
        case _ if wanted == R_MULTIPLE:
            return "a multiple of the initial risk has a unit", f"{text}R"
        case Quantity(of=of) if of == EACH:
            unit = sample_quantity(header).rpartition(" ")[2]
            return "a quantity has a unit", f"{text} {unit}"
        case _:
            return None


def _advice_by_sample(node: Expression, left: Side, right: Side, typing: Typing) -> str:
    """The side that is written as a constant gives way, else the right one."""
    kept, changed = (right, left) if is_constant(left[0], typing.resolved) else (left, right)
    like = sample(kept[1], typing.header_at(node))
    written = put_in(node, changed[0], like, typing)
    if isinstance(node, Within) and kept[1] not in UNSCALABLE and not _has_a_right_bound(node, kept[1], typing):
        written = put_in(node, node.range, f"{like}..2 * {like}", typing)
    return f"compare `{typing.text(kept[0])}` with {article(kept[1])}: write for example `{written}`"


def _has_a_right_bound(node: Within, kind: Type, typing: Typing) -> bool:
    """Whether one end of the range is of the kind of what is held against it."""
    return kind in (typing.types.get(node.range.low), typing.types.get(node.range.high))


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def advice_to_add(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    one, other, sign = as_term(node.left, typing), as_term(node.right, typing), node.operator.value
    if left == TIME:
        return f"to a time of day add a duration: write `{one} {sign} {sample(DURATION, typing.header_at(node))}`"
    if left in UNSCALABLE - {BOOL}:
        return f"nothing is added to {article(left)}: write `{one}`"
    if (isinstance(left, Price | PriceDiff) and left.of != EACH) or (
        isinstance(right, Price | PriceDiff) and right.of != EACH and is_number(left)
    ):
        return _advice_to_add_of_another(node, left, right, typing)
    if isinstance(left, Price | PriceDiff) and is_number(right) and not isinstance(node.right, Number):
        unit = with_currency("1", typing.header_at(node))
        return f"say of what: write `{one} {sign} {other} * atr(14)` or `{one} {sign} {other} * {unit}`"
    if isinstance(left, Price | PriceDiff) and is_number(right):
        amount = with_currency(other, typing.header_at(node))
        return f"say of what: write `{one} {sign} {amount}` or `{one} {sign} {other} ticks`"
    measured = _with_unit(left, other, typing.header_at(node)) if is_number(right) else None
    if isinstance(left, Money | Quantity) and measured is not None:
        return f"write `{one} {sign} {measured[1]}`"
    if RATIO in (left, right) and (is_number(left) or is_number(right)):
        return _advice_to_ratio(node, left, right, typing)
    if right == RATIO and isinstance(left, Price) and is_price_share(node.right, typing):
        return f"write `{grouped(node.left, typing)} * (100% {sign} {other})`"
    if right == RATIO and left not in UNSCALABLE:
        return f"write `{one} {sign} {grouped(node.right, typing)} of {grouped(node.left, typing)}`"
    if isinstance(left, Price) and isinstance(right, Price) and left.of != right.of:
        return _advice_to_spread(node, typing)
    if isinstance(left, Price) and isinstance(right, Price):
        of_three = "the mean of three is `low + ((high - low) + (close - low)) / 3`"
        return f"for the middle of two prices write `midpoint({one}, {other})`; {of_three}"
    if isinstance(left, Price):
        return f"to a price add a price difference: write `{one} {sign} {sample_distance(typing.header_at(node))}`"
    if is_number(left) and isinstance(right, Price | PriceDiff):
        return f"`{one}` has no unit: write `{with_currency(one, typing.header_at(node))} {sign} {other}`"
    if BOOL in (left, right):
        return "conditions are joined by `and` and `or`"
    return f"both sides need one unit: write `{put_in(node, node.right, sample(left, typing.header_at(node)), typing)}`"


def _advice_to_add_of_another(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    """Steps and amounts are of what is traded; another instrument's distances are measured on itself."""
    one, other, sign = as_term(node.left, typing), as_term(node.right, typing), node.operator.value
    of = left if isinstance(left, Price | PriceDiff) else right
    assert isinstance(of, Price | PriceDiff)
    distance = sample(PriceDiff(of.of, of.currency), typing.header_at(node))
    if is_number(left) and isinstance(right, Price) and node.operator is BinaryOperator.SUBTRACT:
        return f"`{one}` has no unit: write `{sample(right, typing.header_at(node))} {sign} {other}`"
    if is_number(left):
        return f"say of what: write `{grouped(node.left, typing)} * {distance} {sign} {other}`"
    if is_number(right):
        return f"say of what: write `{one} {sign} {grouped(node.right, typing)} * {distance}`"
    if isinstance(left, Price) and right == RATIO:
        return f"write `{grouped(node.left, typing)} * (100% {sign} {other})`"
    if isinstance(left, Price) and isinstance(right, Price):
        return f"prices of two instruments are compared by their ratio: write `{one} / {other}`"
    return f"amounts and steps are of what is traded, distances of {of.of} its own: write `{one} {sign} {distance}`"


def _advice_to_ratio(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    """A bare number beside a share, or a share beside a number that is none."""
    bare, share = (node.right, node.left) if left == RATIO else (node.left, node.right)
    if isinstance(share, Number) and not is_constant(bare, typing.resolved):
        return f"write `{put_in(node, share, plain(share), typing)}`: `{typing.text(bare)}` is a number and no share"
    text = typing.text(bare)
    percent = put_in(node, bare, f"{text}%", typing)
    if isinstance(bare, Number):
        whole = put_in(node, bare, f"{(bare.value * 100).normalize():f}%", typing)
        first, second = (percent, whole) if abs(bare.value) >= 1 else (whole, percent)
        return f"say which share: write `{first}`, or `{second}`"
    return f"both sides need one unit: write `{put_in(node, bare, '5%', typing)}`"
