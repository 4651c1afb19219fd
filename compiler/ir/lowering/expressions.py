"""Expressions of the text → nodes: units become factors, words become readings, phrases become operations.

Base units: ratios as fractions, durations in seconds, times in seconds of the day; ticks, pips and points as the
instrument's own step. Assumes a checked expression: whatever cannot be lowered then is our mistake.
"""

from __future__ import annotations

from stratc.compiler.bug import StratcBug
from stratc.compiler.check.calls import bind
from stratc.compiler.check.constants import STEP_UNITS, base_value, constant
from stratc.compiler.check.currencies.check import LOTS
from stratc.compiler.check.grounds import Ground, counts_sessions, place_of
from stratc.compiler.check.pivots import sides_bars
from stratc.compiler.check.units import multiplier, round_lot_of
from stratc.compiler.ir.lowering.adjusted import as_read, of_contract, stated_distance, stated_price
from stratc.compiler.ir.lowering.beside import (
    known,
    lower_distance,
    lower_member,
    lower_series,
    lower_standing,
    of_members,
)
from stratc.compiler.ir.lowering.builder import Builder
from stratc.compiler.ir.lowering.formed import formed, lower_extreme, lower_pivot, lower_seen
from stratc.compiler.ir.lowering.lasting import lower_held, lower_sign_change
from stratc.compiler.ir.lowering.pairs import lower_word
from stratc.compiler.ir.lowering.sessions import lower_sessions_ago
from stratc.compiler.ir.nodes import Across as AcrossOperation
from stratc.compiler.ir.nodes import (
    Aggregate,
    Anchor,
    ArithmeticOperator,
    AtEntry,
    Beside,
    Book,
    BookWord,
    Column,
    Compare,
    ComparisonOperator,
    Delay,
    Gathered,
    Indicate,
    Logic,
    LogicOperator,
    NodeId,
    Of,
    OfLeg,
    Output,
    Parameter,
    PriceStep,
    Sample,
    Select,
    Since,
    SinceEntry,
    Step,
    Time,
)
from stratc.compiler.resolve.symbols import LEGS
from stratc.compiler.resolve.words import BUILT_IN, COLUMNS, PIVOTS
from stratc.compiler.resolve.zones import iana_zone
from stratc.dsl.source import Span
from stratc.dsl.stdlib import catalogue
from stratc.dsl.stdlib.signature import Param
from stratc.dsl.syntax import (
    Across,
    BarsSince,
    Baseline,
    Binary,
    BinaryOperator,
    CalendarReading,
    Call,
    ChangesSign,
    Clock,
    ClockRange,
    Crosses,
    Distance,
    Expression,
    FirstOfSession,
    HeldFor,
    History,
    IfElse,
    Input,
    InUniverse,
    LastClose,
    Member,
    MonthIn,
    Name,
    Number,
    OfInstrument,
    OnBars,
    Over,
    SessionSoFar,
    Standing,
    Unary,
    UnaryOperator,
    ValueWhen,
    WeekdayIn,
    Within,
    Zone,
)
from stratc.dsl.syntax import AtEntry as Frozen
from stratc.dsl.syntax import SinceEntry as Held
from stratc.dsl.types import EACH, TIME, Money, Price, PriceDiff, Quantity, Stated
from stratc.runtime.model import clock

ARITHMETIC = {
    BinaryOperator.ADD: ArithmeticOperator.ADD,
    BinaryOperator.SUBTRACT: ArithmeticOperator.SUBTRACT,
    BinaryOperator.MULTIPLY: ArithmeticOperator.MULTIPLY,
    BinaryOperator.OF: ArithmeticOperator.MULTIPLY,
    BinaryOperator.DIVIDE: ArithmeticOperator.DIVIDE,
}
COMPARISON = {
    BinaryOperator.LESS: ComparisonOperator.LESS,
    BinaryOperator.LESS_EQUAL: ComparisonOperator.LESS_EQUAL,
    BinaryOperator.GREATER: ComparisonOperator.GREATER,
    BinaryOperator.GREATER_EQUAL: ComparisonOperator.GREATER_EQUAL,
    BinaryOperator.EQUAL: ComparisonOperator.EQUAL,
    BinaryOperator.NOT_EQUAL: ComparisonOperator.NOT_EQUAL,
}
LOGIC = {BinaryOperator.AND: LogicOperator.AND, BinaryOperator.OR: LogicOperator.OR}
BUILT_IN_OPERATORS = {"min": ArithmeticOperator.MINIMUM, "max": ArithmeticOperator.MAXIMUM}


def lower_expression(node: Expression, builder: Builder) -> NodeId:
    """The node that an expression means; the same expression is lowered once on each ground."""
    key = node, builder.at
    if key not in builder.made:
        place = place_of(node, builder.checked.resolved, builder.at)
        builder.made[key] = _lower(node, builder) if place == builder.at else _lower_elsewhere(node, place, builder)
    return builder.made[key]


def _lower_elsewhere(node: Expression, place: Ground, builder: Builder) -> NodeId:
    """The node on its own ground, and of its own instrument where that is another one."""
    here, builder.at = builder.at, place
    found = lower_expression(node, builder)
    builder.at = here
    if here.bars is not None and place.bars is None:
        found = builder.add(Sample(), (found,), node.span)
    if place.instrument == here.instrument:
        return found
    if place.instrument in LEGS:
        return builder.add(OfLeg(LEGS.index(place.instrument)), (found,), node.span)
    symbols = [instrument.symbol for instrument in builder.checked.resolved.header.named]
    return builder.add(Of(symbols.index(place.instrument)), (found,), node.span)


def _lower(node: Expression, builder: Builder) -> NodeId:
    match node:
        case Number():
            return _number(node, builder)
        case Clock(second_of_day=second):
            return builder.constant(float(second), node.span)
        case Name():
            return _name(node, builder)
        case Baseline(text=text):
            word = BookWord.PEAK_EQUITY if text.startswith("peak") else BookWord.START_EQUITY
            return builder.add(Book(word), (), node.span)
        case CalendarReading():
            return builder.add(Time(_calendar_request(node)), (), node.span)
        case WeekdayIn():
            return _between(clock.DayOfWeek(), node, builder)
        case MonthIn():
            return _between(clock.Month(), node, builder)
        case LastClose():
            return builder.add(Book(BookWord.EQUITY_AT_LAST_CLOSE), (), node.span)
        case Call():
            return _call(node, builder)
        case Member():
            return _member(node, builder)
        case History():
            return _history(node, builder)
        case Unary(operator=operator, operand=operand):
            inner = lower_expression(operand, builder)
            if operator is UnaryOperator.NOT:
                return builder.add(Logic(LogicOperator.NOT), (inner,), node.span)
            return builder.arithmetic(ArithmeticOperator.NEGATE, node.span, inner)
        case Binary():
            return _binary(node, builder)
        case Crosses():
            return _crosses(node, builder)
        case Within():
            return _within(node, builder)
        case Over():
            return _over(node, builder)
        case InUniverse():
            return lower_member(node.span, builder)
        case Distance():
            return lower_distance(node, builder)
        case Standing(subject=Name(text=text) as event) if builder.checked.resolved.events(text) is not None:
            return lower_standing(node, event, builder)
        case Standing(subject=subject):
            return known(lower_expression(subject, builder), node, builder)
        case Frozen(value=value):
            now = lower_expression(value, builder)
            before = builder.add(Delay(1), (now,), node.span)
            return builder.add(AtEntry(), (now, before), node.span)
        case BarsSince(condition=condition):
            return builder.add(Since(Gathered.COUNT), (lower_expression(condition, builder),), node.span)
        case HeldFor():
            return lower_held(node, lower_expression(node.condition, builder), builder)
        case ChangesSign(value=value):
            return lower_sign_change(lower_expression(value, builder), node.span, builder)
        case ValueWhen(value=value, condition=condition):
            both = lower_expression(condition, builder), lower_expression(value, builder)
            return builder.add(Since(Gathered.FIRST), both, node.span)
        case OfInstrument(series=inner) | OnBars(value=inner):
            return lower_expression(inner, builder)
        case Across(call=call):
            series = lower_expression(call.arguments[0].value, builder)
            members = of_members(series, node.span, builder)
            return builder.add(AcrossOperation(Beside(call.function.text)), (members,), node.span)
        case IfElse():
            parts = (node.condition, node.then, node.otherwise)
            return builder.add(Select(), tuple(lower_expression(part, builder) for part in parts), node.span)
        case _:
            raise StratcBug(f"a {type(node).__name__} cannot be lowered")


# ── numbers and names ────────────────────────────────────────────────────────────────────────────────────────────────


def _number(node: Number, builder: Builder) -> NodeId:
    value = float(base_value(node))
    if node.unit in STEP_UNITS:
        return _steps(builder.constant(value, node.span), node.unit, node.span, builder)
    return builder.constant(value * _units_of(node, node.unit, builder), node.span)


def _units_of(node: Expression, unit: str, builder: Builder) -> float:
    """How many single units a number counts that is written in lots; of every other unit it counts itself."""
    if unit not in LOTS and not unit.startswith("round lot"):
        return 1.0
    round_lot = round_lot_of(builder.checked.addressed.at(node))
    if round_lot is None:
        raise StratcBug(f"instruments whose lots differ have no `{unit}`")
    return float(round_lot / LOTS.get(unit, 1))


def _steps(count: NodeId, unit: str, span: Span, builder: Builder) -> NodeId:
    """So many ticks, pips or points as a difference of prices."""
    step = builder.add(PriceStep(Step(STEP_UNITS[unit])), (), span)
    steps = builder.arithmetic(ArithmeticOperator.MULTIPLY, span, count, step)
    return as_read(steps, PriceDiff(EACH), span, builder)


def _name(node: Name, builder: Builder) -> NodeId:
    resolved = builder.checked.resolved
    stated = resolved.input(node.text)
    if stated is not None:
        return _parameter(stated, node.span, builder)
    bound = resolved.binding(node.text)
    if bound is not None:
        return lower_expression(bound, builder)
    sequence = resolved.sequence(node.text)
    if sequence is not None:
        return formed(sequence, node.span, builder)
    series = resolved.series(node.text)
    if series is not None:
        return lower_series(series, node.span, builder)
    if node.text in COLUMNS:
        return builder.add(Column(node.text), (), node.span)
    if node.text == "time":
        return _time(None, node.span, builder)
    return lower_word(BookWord(node.text), node.span, builder)


def _parameter(stated: Input, span: Span, builder: Builder) -> NodeId:
    found = builder.add(Parameter(stated.name.text), (), span)
    unit = input_unit(stated)
    if unit in STEP_UNITS:
        return _steps(found, unit, span, builder)
    units = _units_of(stated.default, unit, builder)
    if units == 1.0:
        return found
    return builder.arithmetic(ArithmeticOperator.MULTIPLY, span, found, builder.constant(units, span))


def input_unit(stated: Input) -> str:
    """The unit that an input's default is written in."""
    default = stated.default.operand if isinstance(stated.default, Unary) else stated.default
    return default.unit if isinstance(default, Number) else ""


def _time(zone: Zone | None, span: Span, builder: Builder) -> NodeId:
    name = zone_of_text(zone, builder)
    return builder.add(Time(clock.SecondOfDay(zone=name)), (), span)


def zone_of_text(zone: Zone | None, builder: Builder) -> str:
    """The IANA name of a written zone, or the exchange's where none is written."""
    name = iana_zone(zone.text) if zone is not None else builder.checked.exchange_zone
    if not name:
        raise StratcBug("a time of day without a zone was lowered")
    return name


# ── operators ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _binary(node: Binary, builder: Builder) -> NodeId:
    left, right = lower_expression(node.left, builder), lower_expression(node.right, builder)
    if node.operator in LOGIC:
        return builder.add(Logic(LOGIC[node.operator]), (left, right), node.span)
    if node.operator in COMPARISON:
        both = _levelled((node.left, left), (node.right, right), node.span, builder)
        return builder.add(Compare(COMPARISON[node.operator]), both, node.span)
    if node.operator in (BinaryOperator.ADD, BinaryOperator.SUBTRACT):
        return _sum(node, left, right, builder)
    return _product(node, left, right, builder)


def _levelled(
    left: tuple[Expression, NodeId], right: tuple[Expression, NodeId], span: Span, builder: Builder
) -> tuple[NodeId, NodeId]:
    """Two values to be compared: a price beside an amount as it is written is the contract's own."""
    (one, a), (other, b) = left, right
    kinds = builder.type_of(one), builder.type_of(other)
    if isinstance(kinds[1], Stated):
        return of_contract(a, kinds[0], span, builder), b
    if isinstance(kinds[0], Stated):
        return a, of_contract(b, kinds[1], span, builder)
    return a, b


def _sum(node: Binary, left: NodeId, right: NodeId, builder: Builder) -> NodeId:
    """Levels and distances of one scale; amounts as they are written are put on it first."""
    operator, span = ARITHMETIC[node.operator], node.span
    match builder.type_of(node.left), builder.type_of(node.right):
        case Price() | PriceDiff(), Stated() as kind:
            right = stated_distance(right, kind, span, builder)
        case Stated() as kind, Price():
            level = node.operator is BinaryOperator.SUBTRACT
            left = (stated_price if level else stated_distance)(left, kind, span, builder)
        case Stated() as kind, PriceDiff():
            left = stated_distance(left, kind, span, builder)
        case _:
            pass
    return builder.arithmetic(operator, span, left, right)


def _product(node: Binary, left: NodeId, right: NodeId, builder: Builder) -> NodeId:
    """Where a price meets anything, or a distance anything but a number, both are the contract's own."""
    kinds = builder.type_of(node.left), builder.type_of(node.right)
    own = any(isinstance(kind, Price) for kind in kinds) or (
        any(isinstance(kind, PriceDiff) for kind in kinds)
        and any(isinstance(kind, Money | Quantity | Stated) for kind in kinds)
    )
    if not own:
        return _with_multiplier(node, builder.arithmetic(ARITHMETIC[node.operator], node.span, left, right), builder)
    left = of_contract(left, kinds[0], node.span, builder)
    right = of_contract(right, kinds[1], node.span, builder)
    found = _with_multiplier(node, builder.arithmetic(ARITHMETIC[node.operator], node.span, left, right), builder)
    return as_read(found, builder.type_of(node), node.span, builder)


def _with_multiplier(node: Binary, found: NodeId, builder: Builder) -> NodeId:
    """A quantity times a price is money only after the contract's multiplier, and the other way round."""
    factor = multiplier(builder.checked.resolved.header)
    kinds = (builder.type_of(node.left), builder.type_of(node.right))
    if factor == 1:
        return found
    match node.operator, kinds:
        case BinaryOperator.MULTIPLY, (Quantity(), Price() | PriceDiff()) | (Price() | PriceDiff(), Quantity()):
            operator = ArithmeticOperator.MULTIPLY
        case BinaryOperator.DIVIDE, (Money(), Price() | PriceDiff()):
            operator = ArithmeticOperator.DIVIDE
        case _:
            return found
    if factor is None:
        value = builder.add(PriceStep(Step.POINT_VALUE), (), node.span)
    else:
        value = builder.constant(float(factor), node.span)
    return builder.arithmetic(operator, node.span, found, value)


def _crosses(node: Crosses, builder: Builder) -> NodeId:
    """The stem `cross` is 1 on a bar of crossing upwards, -1 downwards, else 0."""
    sides = (node.left, lower_expression(node.left, builder)), (node.right, lower_expression(node.right, builder))
    both = _levelled(*sides, node.span, builder)
    direction = builder.add(Indicate("cross", ()), both, node.span)
    operator = ComparisonOperator.GREATER if node.above else ComparisonOperator.LESS
    return builder.add(Compare(operator), (direction, builder.constant(0.0, node.span)), node.span)


def _within(node: Within, builder: Builder) -> NodeId:
    """Half open for times, past midnight where the end is not later; closed for everything else."""
    is_time = builder.type_of(node.value) == TIME
    if is_time and node.range.zone is not None:
        value = _time(node.range.zone, node.value.span, builder)
    else:
        value = lower_expression(node.value, builder)
    low, high = lower_expression(node.range.low, builder), lower_expression(node.range.high, builder)
    upper = ComparisonOperator.LESS if is_time else ComparisonOperator.LESS_EQUAL
    if Stated in (type(builder.type_of(node.range.low)), type(builder.type_of(node.range.high))):
        kind = builder.type_of(node.value)
        value = of_contract(value, kind, node.span, builder)
    begun = builder.add(Compare(ComparisonOperator.GREATER_EQUAL), (value, low), node.span)
    not_ended = builder.add(Compare(upper), (value, high), node.span)
    both = builder.add(Logic(LogicOperator.AND), (begun, not_ended), node.span)
    if not is_time or _stays_in_a_day(node):
        return both
    # Past midnight one of the two is enough; where an end is computed the range may turn out either way.
    wraps = builder.add(Compare(ComparisonOperator.GREATER_EQUAL), (low, high), node.span)
    either = builder.add(Logic(LogicOperator.OR), (begun, not_ended), node.span)
    outside = builder.add(Logic(LogicOperator.AND), (wraps, either), node.span)
    return builder.add(Logic(LogicOperator.OR), (both, outside), node.span)


def _stays_in_a_day(node: Within) -> bool:
    low, high = node.range.low, node.range.high
    return isinstance(low, Clock) and isinstance(high, Clock) and low.second_of_day < high.second_of_day


def _history(node: History, builder: Builder) -> NodeId:
    """On daily bars a session is a bar."""
    bars = whole(node.offset, builder)
    if builder.checked.resolved.step_read(node.base) is not None:
        return lower_seen(node.base, bars, builder)
    base = lower_expression(node.base, builder)
    if bars and counts_sessions(node, builder.checked.resolved):
        return lower_sessions_ago(base, bars, node.span, builder)
    return base if bars == 0 else builder.add(Delay(bars), (base,), node.span)


def whole(expression: Expression, builder: Builder) -> int:
    """A whole number that is fixed before the run."""
    value = constant(expression, builder.checked.resolved)
    if value is None or value != value.to_integral_value():
        raise StratcBug(f"a whole number is needed and was not checked: {expression}")
    return int(value)


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _call(node: Call, builder: Builder) -> NodeId:
    name = node.function.text
    if name in BUILT_IN:
        return _built_in(node, builder)
    indicator = catalogue.lookup(name)
    bound = bind(node, indicator) if indicator is not None else f"`{name}` is unknown"
    if isinstance(bound, str):
        raise StratcBug(f"an unchecked call was lowered: {bound}")
    inputs = tuple(
        _column(item.column, node.span, builder) if written is None else lower_expression(written, builder)
        for item, written in bound.inputs
    )
    params = tuple(_param(param, written, builder) for param, written in bound.params)
    return builder.add(Indicate(name, params), inputs, node.span)


def _column(name: str, span: Span, builder: Builder) -> NodeId:
    operation = Time(clock.SessionStart()) if name == "session_start" else Column(name)
    return builder.add(operation, (), span)


def _param(param: Param, written: Expression | None, builder: Builder) -> float | str:
    """A number, or the name of the input that it is read from at the start of a run."""
    if written is None:
        return float(param.default or 0)
    if isinstance(written, Name) and builder.checked.resolved.input(written.text) is not None:
        return written.text
    value = constant(written, builder.checked.resolved)
    if value is None:
        raise StratcBug(f"the parameter `{param.name}` is not constant")
    return float(value)


def _built_in(node: Call, builder: Builder) -> NodeId:
    if node.function.text in PIVOTS:
        series = lower_expression(node.arguments[0].value, builder)
        return lower_pivot(node.function.text, series, sides_bars(node, builder.checked.resolved), node.span, builder)
    values = [lower_expression(argument.value, builder) for argument in node.arguments]
    kinds = [builder.type_of(argument.value) for argument in node.arguments]
    if any(isinstance(kind, Price) for kind in kinds):
        values = [stated_price(each, kind, node.span, builder) for each, kind in zip(values, kinds, strict=True)]
    match node.function.text:
        case "abs":
            return builder.arithmetic(ArithmeticOperator.ABSOLUTE, node.span, *values)
        case "midpoint":
            both = builder.arithmetic(ArithmeticOperator.ADD, node.span, *values)
            half = builder.constant(0.5, node.span)
            return builder.arithmetic(ArithmeticOperator.MULTIPLY, node.span, both, half)
        case name:
            return builder.arithmetic(BUILT_IN_OPERATORS[name], node.span, *values)


def _member(node: Member, builder: Builder) -> NodeId:
    if isinstance(node.base, Name) and builder.checked.resolved.sequence(node.base.text) is not None:
        return lower_extreme(node, builder)
    if builder.checked.resolved.step_read(node) is not None:
        return lower_seen(node, 0, builder)
    base = lower_expression(node.base, builder)
    operation = builder.nodes[base].operation
    if not isinstance(operation, Indicate):
        raise StratcBug(f"`{node.member.text}` is read of something that has no outputs")
    indicator = catalogue.lookup(operation.stem)
    first = indicator is not None and indicator.outputs[0].name == node.member.text
    return base if first else builder.add(Output(node.member.text), (base,), node.span)


# ── windows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _over(node: Over, builder: Builder) -> NodeId:
    series = lower_expression(node.call.arguments[0].value, builder)
    if isinstance(node.window, Held):
        return builder.add(SinceEntry(Aggregate(node.call.function.text)), (series,), node.span)
    window = clock.Window(kind=_window(node.window, builder))
    return builder.add(Anchor(Aggregate(node.call.function.text), window), (series,), node.span)


def _window(window: FirstOfSession | ClockRange | SessionSoFar, builder: Builder) -> clock.WindowKind:
    match window:
        case FirstOfSession(duration=duration):
            return clock.FirstOfSession(seconds=whole(duration, builder))
        case ClockRange(range=interval):
            return clock.ClockRange(
                start_second=whole(interval.low, builder),
                end_second=whole(interval.high, builder),
                zone=zone_of_text(interval.zone, builder),
            )
        case SessionSoFar():
            return clock.SessionSoFar()


def _calendar_request(node: CalendarReading) -> clock.Request:
    words = node.text.split()
    if words[0] == "day":
        return clock.DayOfMonth()
    if words[0] == "days":
        return clock.DaysToNextSession()
    if node.is_time:
        return clock.SecondsToSessionEnd()
    period = clock.Period(" ".join(words[3:] if words[0] == "sessions" else words[2:]))
    return clock.SessionsLeftIn(period=period) if words[0] == "sessions" else clock.SessionOf(period=period)


def _between(part: clock.Request, node: WeekdayIn | MonthIn, builder: Builder) -> NodeId:
    """Comparisons of a date's number, which are true or false on every bar; `November..April` goes over the end."""
    day = builder.add(Time(part), (), node.span)

    def compared(operator: ComparisonOperator, number: int) -> NodeId:
        return builder.add(Compare(operator), (day, builder.constant(float(number), node.span)), node.span)

    if node.first == node.last:
        operator = ComparisonOperator.NOT_EQUAL if node.negated else ComparisonOperator.EQUAL
        return compared(operator, node.first)
    low = compared(ComparisonOperator.GREATER_EQUAL, node.first)
    joined = LogicOperator.AND if node.first < node.last else LogicOperator.OR
    return builder.add(Logic(joined), (low, compared(ComparisonOperator.LESS_EQUAL, node.last)), node.span)
