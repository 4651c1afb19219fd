"""Units: the type of every expression, by the algebra of `dsl.types`.

Maps an expression to its type and remembers it; a mistake is told once, where it is made, and has the type that fits
everywhere. Assumes that bindings are typed before what reads them.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article, sample, sample_distance, sample_quantity, with_currency
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import DURATION_UNITS, STEP_UNITS, constant, is_constant
from stratc.compiler.check.currencies.check import LOTS, are_mixed, lots_of_pairs, mixed
from stratc.compiler.check.diagnostics import (
    CannotAdd,
    CannotCompare,
    CannotScale,
    ConditionWanted,
    NoSuchStep,
    NotAShare,
    NumberTooLarge,
    NumberWanted,
    UnitNotHere,
    WrongCurrency,
    WrongQuantityUnit,
)
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.compiler.resolve.symbols import Header
from stratc.compiler.resolve.words import COLUMNS, CURRENCIES
from stratc.dsl.diagnostic import Edit
from stratc.dsl.syntax import Binary, BinaryOperator, Crosses, Expression, Name, Number, Within
from stratc.dsl.types import (
    BARS,
    BOOL,
    COUNT,
    DATE,
    DURATION,
    EACH,
    NUMBER,
    R_MULTIPLE,
    RATIO,
    SESSIONS,
    TEXT,
    TIME,
    UNKNOWN,
    UNSCALABLE,
    Money,
    Price,
    PriceDiff,
    Quantity,
    Stated,
    Type,
    add,
    comparable,
    divide,
    is_number,
    multiply,
    subtract,
)
from stratc.runtime.model.instrument import QuantityUnit

QUANTITY_UNITS = {form: unit for unit in QuantityUnit for form in (unit.value, unit.value[:-1])}
SHARE_IS_A_PRICE_FROM = 0.5
DIGITS_MAX = 15

# ── names and numbers ────────────────────────────────────────────────────────────────────────────────────────────────


def type_of_word(text: str, typing: Typing) -> Type:
    """The type of a column or an account word."""
    header = typing.header
    if text in COLUMNS:
        return Quantity(EACH) if text == "volume" else Price(EACH, header.price_currency)
    match text:
        case "flat" | "long" | "short":
            return BOOL
        case "position":
            return Quantity(EACH)
        case "entry_price":
            return Price(EACH, header.price_currency)
        case "last_entry_price":
            return Price(EACH, header.price_currency)
        case "initial_risk":
            return PriceDiff(EACH, header.price_currency)
        case "open_profit_r":
            return R_MULTIPLE
        case (
            "units_held"
            | "exits_of_position"
            | "losses_in_a_row"
            | "entries_today"
            | "days_since_purchase"
            | "days_since_loss"
        ):
            return COUNT
        case "bars_since_exit":
            return BARS
        case "sessions_since_exit":
            return SESSIONS
        case "last_profit":
            return Money(header.currency)
        case "sector_exposure" | "open_profit" | "invested" | "equity" | "cash":
            return Money(header.currency)
        case "bars_held":
            return BARS
        case "sessions_held":
            return SESSIONS
        case "bar":
            return COUNT
        case "time":
            return TIME
        case _:
            return UNKNOWN


def type_of_number(number: Number, typing: Typing) -> Type:
    unit = number.unit
    if number.value.is_finite() and number.value.adjusted() >= DIGITS_MAX:
        digits = number.value.adjusted() + 1
        return typing.tell(NumberTooLarge(span=number.span, digits=digits, limit=DIGITS_MAX))
    if unit in ("%", "bps", "x"):
        return RATIO
    if unit in STEP_UNITS:
        return _step(number, typing)
    if unit in LOTS:
        return lots_of_pairs(number, typing)
    if unit in QUANTITY_UNITS or unit.startswith("round lot"):
        return _quantity(number, typing)
    if unit in CURRENCIES:
        return _amount(number, typing)
    if unit in DURATION_UNITS:
        return DURATION
    match unit:
        case "":
            return COUNT if number.value == number.value.to_integral_value() else NUMBER
        case "R":
            return R_MULTIPLE
        case "bar" | "bars":
            return BARS
        case "session" | "sessions":
            return SESSIONS
        case _:
            return typing.tell(UnitNotHere(span=number.span, text=typing.text(number), value=plain(number)))


def plain(number: Number) -> str:
    """The digits of a number as a person would write them."""
    return f"{number.value:f}"


def _step(number: Number, typing: Typing) -> Type:
    if STEP_UNITS[number.unit] == "pip":
        for instrument in typing.header.instruments:
            if instrument.pip is None:
                lack = NoSuchStep(
                    span=number.span, symbol=instrument.symbol, value=plain(number), currency=instrument.currency
                )
                return typing.tell(lack)
    return PriceDiff(EACH, typing.header.price_currency)


def multiplier(header: Header) -> Decimal | None:
    """Money for 1.0 of price and one unit of quantity; None where the instruments differ."""
    found = {instrument.multiplier for instrument in header.instruments}
    return found.pop() if len(found) == 1 else None


def round_lot_of(header: Header) -> Decimal | None:
    """The customary quantity of the instruments; None where they differ."""
    found = {instrument.round_lot for instrument in header.instruments}
    return found.pop() if len(found) == 1 else None


def _quantity(number: Number, typing: Typing) -> Type:
    wanted = QUANTITY_UNITS.get(number.unit)
    if wanted is None and typing.header.instruments and round_lot_of(typing.header) is None:
        return typing.tell(_differing(number, "round lots of instruments whose round lots differ"))
    for instrument in typing.header.instruments:
        if wanted is not None and instrument.quantity_unit != wanted:
            wrong = WrongQuantityUnit(
                span=number.span,
                symbol=instrument.symbol,
                unit=number.unit,
                wanted=instrument.quantity_unit,
                value=plain(number),
            )
            return typing.tell(wrong)
    return Quantity(EACH, wanted.value if wanted else "")


def _amount(number: Number, typing: Typing) -> Type:
    header = typing.header
    if not header.currency or number.unit in {header.currency, header.quote_currency}:
        return Stated(number.unit)
    return typing.tell(WrongCurrency(span=number.span, found=number.unit, wanted=header.currency))


# ── operators ────────────────────────────────────────────────────────────────────────────────────────────────────────


def type_of_binary(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    match node.operator:
        case BinaryOperator.AND | BinaryOperator.OR:
            want_condition(node.left, left, typing)
            want_condition(node.right, right, typing)
            return BOOL
        case BinaryOperator.ADD | BinaryOperator.SUBTRACT:
            return _sum(node, left, right, typing)
        case BinaryOperator.MULTIPLY | BinaryOperator.DIVIDE:
            return _product(node, left, right, typing)
        case BinaryOperator.OF:
            return _share(node, left, right, typing)
        case _:
            compare(node, (node.left, left), (node.right, right), typing)
            return BOOL


def _product(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    multiplying = node.operator is BinaryOperator.MULTIPLY
    found = multiply(left, right) if multiplying else divide(left, right)
    if multiplying and _is_scaled_ratio(node, left, right, typing):
        return RATIO
    if found is None:
        verb = "multiply" if multiplying else "divide"
        return typing.tell(CannotScale(span=node.span, verb=verb, left=article(left), right=article(right)))
    if any(isinstance(each, Price | PriceDiff | Quantity) and each.of != EACH for each in (left, right)) and isinstance(
        found, Money | Quantity
    ):
        other = "money or a quantity of another instrument"
        remedy = "size by the traded instrument, and compare others by ratios of prices"
        return typing.tell(NotSupportedYet(span=node.span, what=other, instead_of_it=remedy))
    return found


def _is_scaled_ratio(node: Binary, left: Type, right: Type, typing: Typing) -> bool:
    """Whether a ratio is scaled by a constant: `2 * risk` is a ratio, `rsi(close, 14) * 50%` is a number."""
    pairs = ((left, node.right, right), (right, node.left, left))
    return any(
        one == RATIO and is_number(other) and is_constant(factor, typing.resolved) for one, factor, other in pairs
    )


def _differing(node: Expression, what: str) -> NotSupportedYet:
    return NotSupportedYet(span=node.span, what=what, instead_of_it="write one strategy for each instrument")


def want_condition(node: Expression, found: Type, typing: Typing) -> None:
    if found not in (BOOL, UNKNOWN):
        example = sample(found, typing.header)
        typing.tell(ConditionWanted(span=node.span, found=article(found), text=typing.text(node), example_of=example))


def want_number(node: Expression, found: Type, typing: Typing) -> Type:
    """The type of what arithmetic takes; conditions, texts and dates are told."""
    if found not in (BOOL, TEXT, DATE):
        return found
    what = {BOOL: "a condition", TEXT: "a text", DATE: "a date"}
    advice = (
        "a condition stands in `when`; to measure something write its formula"
        if found == BOOL
        else ("write a number with its unit")
    )
    return typing.tell(NumberWanted(span=node.span, found=what[found], advice=advice))


def levelled(left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing) -> tuple[Type, Type]:
    """Both types, where a bare constant beside a ratio counts as a ratio: `close / open > 1.01`."""
    (one, a), (other, b) = left, right
    if a == RATIO and is_number(b) and is_constant(other, typing.resolved):
        return a, RATIO
    if b == RATIO and is_number(a) and is_constant(one, typing.resolved) and not isinstance(other, Number):
        return RATIO, b
    return a, b


def compare(node: Expression, left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing) -> None:
    """Tell where two values cannot be compared."""
    a, b = levelled(left, right, typing)
    if comparable(a, b):
        return
    if are_mixed(a, b):
        typing.tell(mixed(node, left[0], a, right[0], b, typing))
        return
    text, edit = _advice_to_compare((left[0], a), (right[0], b), typing)
    typing.tell(CannotCompare(span=node.span, left=article(a), right=article(b), advice=text, edit=edit))


def _advice_to_compare(
    left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing
) -> tuple[str, Edit | None]:
    for (one, a), (other, b) in ((left, right), (right, left)):
        if is_number(a) and b == RATIO and isinstance(other, Number):
            return f"write `{plain(other)}`: `{typing.text(one)}` is a number and no share", Edit(
                other.span, plain(other)
            )
        if isinstance(a, Price | PriceDiff) and is_number(b):
            amount = with_currency(typing.text(other), typing.header)
            return f"a price has a unit: write `{amount}`", Edit(other.span, amount)
        if isinstance(a, Money) and is_number(b):
            amount = f"{typing.text(other)} {typing.header.currency}"
            return f"money has a unit: write `{amount}`", Edit(other.span, amount)
        if isinstance(a, Quantity) and is_number(b):
            unit = sample_quantity(typing.header).rpartition(" ")[2]
            amount = f"{typing.text(other)} {unit}"
            return f"a quantity has a unit: write `{amount}`", Edit(other.span, amount)
        if a == R_MULTIPLE and is_number(b):
            return f"a multiple of the initial risk is written with R: `{typing.text(other)}R`", Edit(
                other.span, f"{typing.text(other)}R"
            )
        if isinstance(a, Price) and isinstance(b, Price):
            return f"compare their ratio with a number: `{typing.text(one)} / {typing.text(other)}`", None
        if isinstance(a, Price) and isinstance(b, PriceDiff):
            return f"compare a distance, for example `{typing.text(one)} - open`, with `{typing.text(other)}`", None
        if isinstance(a, Price) and b == RATIO:
            return f"compare `{typing.text(one)} / {typing.text(one)}[1] - 1` with `{typing.text(other)}`", None
        if a == TIME:
            return "compare a time with a time, for example `time >= 15:30`", None
        if BOOL in (a, b):
            return "a condition stands alone: write it, or `not` before it, without `is`", None
    text, example = typing.text(left[0]), sample(left[1], typing.header)
    return f"compare `{text}` with {article(left[1])}, for example `{example}`", None


def _sum(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    a, b = levelled((node.left, left), (node.right, right), typing)
    adding = node.operator is BinaryOperator.ADD
    found = add(a, b) if adding else subtract(a, b)
    if found is not None:
        return found
    if are_mixed(a, b):
        return typing.tell(mixed(node, node.left, a, node.right, b, typing))
    advice = _advice_to_add(node, a, b, typing)
    one, other = article(left), article(right)
    what = f"add {other} to {one}" if adding else f"subtract {other} from {one}"
    return typing.tell(CannotAdd(span=node.span, what=what, advice=advice))


def _advice_to_add(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    one, other, sign = typing.text(node.left), typing.text(node.right), node.operator.value
    if isinstance(left, Price | PriceDiff) and is_number(right):
        return (
            f"say of what: write `{one} {sign} {with_currency(other, typing.header)}` or `{one} {sign} {other} ticks`"
        )
    if isinstance(left, Money) and is_number(right):
        return f"write `{one} {sign} {other} {typing.header.currency}`"
    if right == RATIO and left not in UNSCALABLE and not is_number(left):
        return f"write `{one} * (1 {sign} {other})`"
    if isinstance(left, Price) and isinstance(right, Price) and left.of != right.of:
        return f"prices of two instruments are compared by their ratio: `{one} / {other}`"
    if isinstance(left, Price) and isinstance(right, Price):
        return f"for the middle of two prices write `midpoint({one}, {other})`"
    if isinstance(left, Price):
        return f"to a price add a price difference: `{one} {sign} {sample_distance(typing.header)}`"
    if is_number(left) and isinstance(right, Price | PriceDiff):
        return f"`{one}` has no unit: write `{with_currency(one, typing.header)} {sign} {other}`"
    if left == BOOL or right == BOOL:
        return "conditions are joined by `and` and `or`"
    return f"both sides need one unit: `{one} {sign} {sample(left, typing.header)}`"


def _share(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    if UNKNOWN in (left, right):
        return UNKNOWN
    if left == RATIO and right not in UNSCALABLE:
        return _share_of_price(node, right, typing) if isinstance(right, Price) else multiply(left, right) or UNKNOWN
    share = constant(node.left, typing.resolved)
    percent = f"{(share * 100).normalize():f}%" if share is not None and is_number(left) else "50%"
    advice = f"write `{percent} of {typing.text(node.right)}`"
    return typing.tell(NotAShare(span=node.left.span, left=article(left), right=article(right), advice=advice))


def _share_of_price(node: Binary, price: Price, typing: Typing) -> Type:
    """`98% of close` is a price; a share below one half, `2% of close`, is a distance."""
    share = constant(node.left, typing.resolved)
    return price if share is not None and share >= SHARE_IS_A_PRICE_FROM else PriceDiff(price.of, price.currency)


def type_of_crossing(node: Crosses, left: Type, right: Type, typing: Typing) -> Type:
    compare(node, (node.left, want_number(node.left, left, typing)), (node.right, right), typing)
    return BOOL


def type_of_within(node: Within, value: Type, bounds: tuple[Type, Type], typing: Typing) -> Type:
    for bound, kind in zip((node.range.low, node.range.high), bounds, strict=True):
        compare(node, (node.value, value), (bound, kind), typing)
    return BOOL


def is_time_word(node: Expression) -> bool:
    return isinstance(node, Name) and node.text == "time"
