"""Units: the type of every expression, by the algebra of `dsl.types`.

Maps an expression to its type and remembers it; a mistake is told once, where it is made, and has the type that fits
everywhere. Assumes that bindings are typed before what reads them.
"""

from __future__ import annotations

from decimal import Decimal

from stratc.compiler.check.advice import article, sample
from stratc.compiler.check.calendar_time import lengths_instead
from stratc.compiler.check.checked import Typing
from stratc.compiler.check.constants import DURATION_UNITS, STEP_UNITS, constant, is_constant
from stratc.compiler.check.currencies.check import LOTS, are_mixed, lots_of_pairs, mixed
from stratc.compiler.check.diagnostics import (
    CannotAdd,
    CannotCompare,
    CannotScale,
    ConditionWanted,
    NoSign,
    NoSuchStep,
    NotAShare,
    NumberTooLarge,
    NumberWanted,
    UnitNotHere,
    WrongCurrency,
    WrongQuantityUnit,
)
from stratc.compiler.check.mending import advice_to_add, advice_to_compare, grouped, is_price_share, plain
from stratc.compiler.check.multiples import stands_for_ratio, stands_in_sum
from stratc.compiler.check.ranges import range_of
from stratc.compiler.resolve.diagnostics import NotSupportedYet
from stratc.compiler.resolve.symbols import Header
from stratc.compiler.resolve.words import COLUMNS, CURRENCIES
from stratc.dsl.syntax import (
    Binary,
    BinaryOperator,
    ChangesSign,
    Crosses,
    Expression,
    Name,
    Number,
    OfInstrument,
    Within,
)
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
from stratc.runtime.model.instrument import Instrument, InstrumentKind, QuantityUnit

QUANTITY_UNITS = {form: unit for unit in QuantityUnit for form in (unit.value, unit.value[:-1])}
DIGITS_MAX = 15

# ── names and numbers ────────────────────────────────────────────────────────────────────────────────────────────────


def type_of_word(text: str, header: Header) -> Type:
    """The type of a column or an account word, of the instruments of the header."""
    if text in COLUMNS:
        return Quantity(EACH) if text == "volume" else Price(EACH, header.price_currency)
    match text:
        case "flat" | "long" | "short":
            return BOOL
        case "position" | "on_order":
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
        case "bars_held" | "bar":
            return BARS
        case "sessions_held":
            return SESSIONS
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
            return typing.tell(
                UnitNotHere(span=number.span, text=typing.text(number), lengths=lengths_instead(number, typing))
            )


def _step(number: Number, typing: Typing) -> Type:
    step = STEP_UNITS[number.unit]
    for instrument in typing.header_at(number).instruments:
        if not _moves_in(step, instrument):
            unit = "pips" if instrument.pip is not None else "ticks"
            lack = NoSuchStep(
                span=number.span,
                symbol=instrument.symbol,
                step=step,
                value=plain(number),
                unit=unit,
                currency=instrument.currency,
            )
            return typing.tell(lack)
    return PriceDiff(EACH, typing.header_at(number).price_currency)


def _moves_in(step: str, instrument: Instrument) -> bool:
    """Whether traders of the instrument say that step; a point of a pair is a tenth of a pip to some, 1.0 to others."""
    match step:
        case "pip":
            return instrument.pip is not None
        case "point":
            return instrument.kind is not InstrumentKind.FOREX
        case _:
            return True


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
    header = typing.header_at(number)
    if wanted is None and header.instruments and round_lot_of(header) is None:
        return typing.tell(_differing(number, "round lots of instruments whose round lots differ"))
    for instrument in header.instruments:
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
    header = typing.header_at(number)
    if not header.currency or number.unit in {header.currency, header.quote_currency}:
        return Stated(number.unit)
    text = typing.text(number).removesuffix(number.unit).strip()
    return typing.tell(WrongCurrency(span=number.span, found=number.unit, wanted=header.currency, value=text))


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
        advice = _advice_to_scale(node, left, right, typing)
        problem = CannotScale(span=node.span, verb=verb, left=article(left), right=article(right), advice=advice)
        return typing.tell_clash(problem, node.left, node.right)
    if any(isinstance(each, Price | PriceDiff | Quantity) and each.of != EACH for each in (left, right)) and isinstance(
        found, Money | Quantity
    ):
        other = "money or a quantity of another instrument"
        remedy = "size by the traded instrument, and compare others by ratios of prices"
        return typing.tell(NotSupportedYet(span=node.span, what=other, instead_of_it=remedy))
    return found


def _advice_to_scale(node: Binary, left: Type, right: Type, typing: Typing) -> str:
    one, other = grouped(node.left, typing), grouped(node.right, typing)
    if isinstance(left, Price) and isinstance(right, Price) and left.of != right.of:
        return f"prices of two instruments are compared by their ratio: write `{one} / {other}`"
    if node.operator is BinaryOperator.MULTIPLY and isinstance(left, Price) and isinstance(right, Price):
        return f"for the middle of two prices write `midpoint({one}, {other})`; a quotient is `{one} / {other}`"
    amount, text = (right, other) if is_number(left) else (left, one)
    if amount in UNSCALABLE:
        return f"multiply and divide amounts: write for example `{sample(PriceDiff(EACH), typing.header_at(node))} * 2`"
    if node.operator is BinaryOperator.MULTIPLY:
        return f"multiply by a number or a ratio: write `{text} * 2`; a quotient is `{one} / {other}`"
    such = sample(amount, typing.header_at(node))
    return f"divide by a number or by the same unit: write `{text} / 2` or `{text} / {such}`"


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
        example = sample(found, typing.header_at(node))
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
    """Both types, where a bare constant beside a multiple counts as a ratio: `close / open > 1.01`."""
    (one, a), (other, b) = left, right
    if _is_bare_beside(b, other, a, one, typing) and stands_for_ratio(other, one, typing):
        return a, RATIO
    if _is_bare_beside(a, one, b, other, typing) and stands_for_ratio(one, other, typing):
        return RATIO, b
    return a, b


def held_together(left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing) -> tuple[Type, Type]:
    """Both types of two that are compared: levelled, and nought is of the unit that it stands beside,
    `momentum(close, 10) > 0`."""
    a, b = levelled(left, right, typing)
    (one, _), (other, _) = left, right
    if _is_nought(other) and isinstance(a, PriceDiff | Money | Quantity):
        return a, a
    if _is_nought(one) and isinstance(b, PriceDiff | Money | Quantity):
        return b, b
    return a, b


def _is_nought(node: Expression) -> bool:
    """`0`, which is the same in every unit that has a sign; a price is never compared with nothing."""
    return isinstance(node, Number) and not node.unit and node.value == 0


def _is_bare_beside(number: Type, bare: Expression, ratio: Type, beside: Expression, typing: Typing) -> bool:
    constant_alone = is_number(number) and is_constant(bare, typing.resolved)
    return constant_alone and ratio == RATIO and not isinstance(beside, Number)


def compare(node: Expression, left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing) -> None:
    """Tell where two values cannot be compared."""
    a, b = held_together(left, right, typing)
    if comparable(a, b) and not _counts_another_thing(left, right, typing):
        return
    if any(isinstance(side, OfInstrument) and typing.is_blamed(side) for side, _ in (left, right)):
        return
    if are_mixed(a, b):
        typing.tell_clash(mixed(node, left[0], a, right[0], b, typing), left[0], right[0])
        return
    text, edit = advice_to_compare(node, (left[0], a), (right[0], b), typing)
    problem = CannotCompare(span=node.span, left=article(a), right=article(b), advice=text, edit=edit)
    typing.tell_clash(problem, left[0], right[0])


def _counts_another_thing(left: tuple[Expression, Type], right: tuple[Expression, Type], typing: Typing) -> bool:
    """A whole number that is written may be one of bars; a count of losses or of entries is none."""
    return any(
        kind == COUNT and other in (BARS, SESSIONS) and not is_constant(counted, typing.resolved)
        for (counted, kind), (_, other) in ((left, right), (right, left))
    )


def _sum(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    a, b = _levelled_in_sum(node, left, right, typing)
    adding = node.operator is BinaryOperator.ADD
    found = add(a, b) if adding else subtract(a, b)
    if found is not None:
        return found
    if are_mixed(a, b):
        return typing.tell_clash(mixed(node, node.left, a, node.right, b, typing), node.left, node.right)
    advice = advice_to_add(node, a, b, typing)
    one, other = article(left), article(right)
    what = f"add {other} to {one}" if adding else f"subtract {other} from {one}"
    return typing.tell_clash(CannotAdd(span=node.span, what=what, advice=advice), node.left, node.right)


def _levelled_in_sum(node: Binary, left: Type, right: Type, typing: Typing) -> tuple[Type, Type]:
    one, other = node.left, node.right
    if _is_bare_beside(right, other, left, one, typing) and stands_in_sum(other, one, node, typing):
        return left, RATIO
    if _is_bare_beside(left, one, right, other, typing) and stands_in_sum(one, other, node, typing):
        return RATIO, right
    return left, right


def _share(node: Binary, left: Type, right: Type, typing: Typing) -> Type:
    if UNKNOWN in (left, right):
        return UNKNOWN
    if left == RATIO and right not in UNSCALABLE:
        return _share_of_price(node, right, typing) if isinstance(right, Price) else multiply(left, right) or UNKNOWN
    share = constant(node.left, typing.resolved)
    percent = "50%"
    if share is not None and is_number(left):
        percent = f"{share:f}%" if share >= 1 else f"{(share * 100).normalize():f}%"
    advice = f"write `{percent} of {typing.text(node.right)}`"
    problem = NotAShare(span=node.left.span, left=article(left), right=article(right), advice=advice)
    return typing.tell_clash(problem, node.left)


def _share_of_price(node: Binary, price: Price, typing: Typing) -> Type:
    """`98% of close` is a price; a share below one half, `2% of close`, is a distance."""
    return price if is_price_share(node.left, typing) else PriceDiff(price.of, price.currency)


def type_of_crossing(node: Crosses, left: Type, right: Type, typing: Typing) -> Type:
    compare(node, (node.left, want_number(node.left, left, typing)), (node.right, right), typing)
    return BOOL


def type_of_sign_change(node: ChangesSign, value: Type, typing: Typing) -> Type:
    """What has a sign is what may lie on either side of nought: differences, ratios, amounts and plain numbers."""
    found = range_of(node.value, typing)
    if isinstance(value, Price) or value in (TIME, DATE, DURATION):
        typing.tell(NoSign(span=node.value.span, text=typing.text(node.value), found=article(value)))
    elif value != UNKNOWN and (found.low >= 0 or found.high <= 0):
        side = "below" if found.low >= 0 else "above"
        never = f"{article(value)} that is never {side} nought"
        typing.tell(NoSign(span=node.value.span, text=typing.text(node.value), found=never))
    return BOOL


def type_of_within(node: Within, value: Type, bounds: tuple[Type, Type], typing: Typing) -> Type:
    told = len(typing.problems)
    for bound, kind in zip((node.range.low, node.range.high), bounds, strict=True):
        if len(typing.problems) == told:
            compare(node, (node.value, value), (bound, kind), typing)
    return BOOL


def is_time_word(node: Expression) -> bool:
    return isinstance(node, Name) and node.text == "time"
