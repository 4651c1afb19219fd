"""Programs without a text: a builder for tests of what comes after the front end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stratc.compiler.ir.nodes import (
    TRUTH_WORDS,
    Across,
    Aggregate,
    Among,
    Amount,
    Anchor,
    Arithmetic,
    ArithmeticOperator,
    AtEntry,
    Beside,
    Binding,
    Book,
    BookWord,
    Column,
    Compare,
    ComparisonOperator,
    Constant,
    Datum,
    Delay,
    EnterIntent,
    ExitIntent,
    Follow,
    FollowStep,
    Gathered,
    HaltUntil,
    HaltWhen,
    Indicate,
    InputParameter,
    Intent,
    IsKnown,
    Kind,
    Life,
    Logic,
    LogicOperator,
    LotChoice,
    MoveStopIntent,
    Node,
    NodeId,
    NoEntries,
    Of,
    OfLeg,
    Operation,
    OrderKind,
    OrderShape,
    Output,
    Parameter,
    PortionKind,
    PriceStep,
    ProfitTarget,
    Program,
    Reached,
    Rule,
    RuleLimit,
    Sample,
    Select,
    Side,
    Since,
    SinceEntry,
    SizingKind,
    Step,
    Time,
    TimeInForce,
    Trail,
)
from stratc.dsl.source import Span
from stratc.runtime.model.clock import HigherBar
from stratc.runtime.model.clock import Request as ClockRequest
from stratc.runtime.model.known import Request as KnownRequest

HERE = Span(0, 0)
EMPTY = Program(
    title="made up",
    source_name="made_up.strat",
    source_text="strategy made up\n",
    instruments=("ONE",),
    interval_seconds=60,
    regular_session=False,
    entry_hours=None,
    account_kind="margin",
    currency="USD",
    inputs=(),
    nodes=(),
    bindings=(),
    rules=(),
    no_entries=(),
    caps=(),
    halts=(),
    assumptions=(),
    warmup=0,
)


@dataclass
class Builder:
    """Each method adds one thing and gives the id of its node; equal nodes are not shared."""

    text: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    barring: list[NoEntries] = field(default_factory=list)
    halting: list[HaltWhen] = field(default_factory=list)
    inputs: list[InputParameter] = field(default_factory=list)
    bars: HigherBar | None = None

    def line(self, text: str) -> Span:
        start = sum(len(line) + 1 for line in self.text)
        self.text.append(text)
        return Span(start, start + len(text))

    @property
    def here(self) -> Span:
        """The last line of the text."""
        start = sum(len(line) + 1 for line in self.text[:-1])
        return Span(start, start + len(self.text[-1]) if self.text else 0)

    def add(self, operation: Operation, kind: Kind, *arguments: NodeId) -> NodeId:
        bars = None if isinstance(operation, Constant | Parameter | PriceStep) else self.bars
        node = Node(
            id=len(self.nodes),
            operation=operation,
            arguments=arguments,
            kind=kind,
            span=self.here,
            warmup=1,
            bars=bars,
        )
        self.nodes.append(node)
        return node.id

    def kind(self, node: NodeId) -> Kind:
        return self.nodes[node].kind

    def constant(self, value: float | bool) -> NodeId:
        return self.add(Constant(value), Kind.TRUTH if isinstance(value, bool) else Kind.NUMBER)

    def parameter(self, name: str) -> NodeId:
        return self.add(Parameter(name), Kind.NUMBER)

    def column(self, name: str) -> NodeId:
        return self.add(Column(name), Kind.NUMBER)

    def step(self, step: Step) -> NodeId:
        return self.add(PriceStep(step), Kind.NUMBER)

    def time(self, request: ClockRequest) -> NodeId:
        return self.add(Time(request), Kind.NUMBER)

    def datum(self, request: KnownRequest) -> NodeId:
        return self.add(Datum(request), Kind.NUMBER)

    def is_known(self, argument: NodeId) -> NodeId:
        return self.add(IsKnown(), Kind.TRUTH, argument)

    def among(self, *instruments: int) -> NodeId:
        return self.add(Among(instruments), Kind.TRUTH)

    def no_entries(self, condition: NodeId) -> None:
        self.barring.append(NoEntries(condition=condition, text="made up", span=self.here))

    def halt_when(self, condition: NodeId) -> None:
        halt = HaltWhen(
            condition=condition, text="made up", flatten=False, until=HaltUntil.NEXT_SESSION, span=self.here
        )
        self.halting.append(halt)

    def book(self, word: BookWord, leg: int | None = None) -> NodeId:
        return self.add(Book(word, leg), Kind.TRUTH if word in TRUTH_WORDS else Kind.NUMBER)

    def calculate(self, operator: str, *arguments: NodeId) -> NodeId:
        return self.add(Arithmetic(ArithmeticOperator(operator)), Kind.NUMBER, *arguments)

    def compare(self, left: NodeId, operator: str, right: NodeId) -> NodeId:
        return self.add(Compare(ComparisonOperator(operator)), Kind.TRUTH, left, right)

    def logic(self, operator: str, *arguments: NodeId) -> NodeId:
        return self.add(Logic(LogicOperator(operator)), Kind.TRUTH, *arguments)

    def indicate(self, stem: str, params: Sequence[float | str], *arguments: NodeId) -> NodeId:
        return self.add(Indicate(stem, tuple(params)), Kind.NUMBER, *arguments)

    def output(self, name: str, source: NodeId) -> NodeId:
        return self.add(Output(name), Kind.NUMBER, source)

    def delay(self, bars: int, argument: NodeId) -> NodeId:
        return self.add(Delay(bars), self.kind(argument), argument)

    def sample(self, argument: NodeId) -> NodeId:
        return self.add(Sample(), self.kind(argument), argument)

    def anchor(self, aggregate: str, window: ClockRequest, argument: NodeId) -> NodeId:
        return self.add(Anchor(Aggregate(aggregate), window), Kind.NUMBER, argument)

    def follow(self, steps: Sequence[FollowStep], *conditions: NodeId) -> NodeId:
        """With one condition more than there are steps, the last cancels."""
        return self.add(Follow(tuple(steps), cancel=len(conditions) > len(steps)), Kind.NUMBER, *conditions)

    def reached(self, step: int, sequence: NodeId) -> NodeId:
        return self.add(Reached(step), Kind.TRUTH, sequence)

    def since(self, gathered: str, *arguments: NodeId) -> NodeId:
        return self.add(Since(Gathered(gathered)), Kind.NUMBER, *arguments)

    def at_entry(self, argument: NodeId) -> NodeId:
        return self.add(AtEntry(), Kind.NUMBER, argument, self.delay(1, argument))

    def since_entry(self, aggregate: str, argument: NodeId) -> NodeId:
        return self.add(SinceEntry(Aggregate(aggregate)), Kind.NUMBER, argument)

    def select(self, condition: NodeId, then: NodeId, otherwise: NodeId) -> NodeId:
        return self.add(Select(), self.kind(then), condition, then, otherwise)

    def of(self, instrument: int, argument: NodeId) -> NodeId:
        return self.add(Of(instrument), self.kind(argument), argument)

    def of_leg(self, leg: int, argument: NodeId) -> NodeId:
        return self.add(OfLeg(leg), self.kind(argument), argument)

    def across(self, beside: str, argument: NodeId) -> NodeId:
        return self.add(Across(Beside(beside)), Kind.NUMBER, argument)

    def bind(self, name: str, node: NodeId) -> NodeId:
        self.bindings.append(Binding(name=name, node=node, span=self.here))
        return node

    def input(self, name: str, default: float, low: float, high: float, *, whole: bool) -> None:
        declared = InputParameter(
            name=name, default=default, low=low, high=high, whole=whole, unit="number", span=self.here
        )
        self.inputs.append(declared)

    def rule(
        self,
        name: str,
        condition: NodeId | None,
        *intents: Intent,
        schedule: ClockRequest | None = None,
        limit: RuleLimit | None = None,
        both: bool = False,
    ) -> None:
        self.rules.append(
            Rule(
                name=name,
                schedule=schedule,
                condition=condition,
                intents=intents,
                limit=limit,
                warmup=1,
                span=self.here,
                both=both,
            )
        )

    def enter(
        self,
        amount: NodeId,
        *,
        side: Side = Side.BUY,
        sizing: SizingKind = SizingKind.QUANTITY,
        at_most: Amount | None = None,
        order: OrderShape | None = None,
        stop_loss: NodeId | None = None,
        target: ProfitTarget | None = None,
        life: TimeInForce | None = None,
        reverse: bool = False,
        trail: Trail | None = None,
        locate: bool = False,
    ) -> EnterIntent:
        return EnterIntent(
            side=side,
            amount=Amount(kind=sizing, node=amount),
            at_most=at_most,
            order=order or OrderShape(kind=OrderKind.MARKET),
            stop_loss=stop_loss,
            target=target,
            time_in_force=life or TimeInForce(life=Life.DAY),
            reverse=reverse,
            span=self.here,
            trail=trail,
            locate=locate,
        )

    def move_stop(self, node: NodeId | None = None, *, looser: bool = False) -> MoveStopIntent:
        return MoveStopIntent(node=node, looser=looser, span=self.here)

    def leave(
        self,
        portion: PortionKind = PortionKind.ALL,
        node: NodeId | None = None,
        order: OrderShape | None = None,
        lots: LotChoice = LotChoice.OLDEST,
    ) -> ExitIntent:
        shape = order or OrderShape(kind=OrderKind.MARKET)
        return ExitIntent(portion=portion, node=node, order=shape, span=self.here, lots=lots)

    def program(self, title: str = "made up", instruments: tuple[str, ...] = ("ONE",)) -> Program:
        return replace(
            EMPTY,
            title=title,
            source_text="".join(f"{line}\n" for line in self.text),
            instruments=instruments,
            nodes=tuple(self.nodes),
            bindings=tuple(self.bindings),
            rules=tuple(self.rules),
            no_entries=tuple(self.barring),
            halts_when=tuple(self.halting),
            inputs=tuple(self.inputs),
        )


def workload_a() -> Program:
    """Strategy A of the benchmark: two averages that cross."""
    b = Builder()
    b.line('strategy "Workload A"')
    b.line("let fast = sma(close, 10)")
    close = b.column("close")
    fast = b.bind("fast", b.indicate("sma", [10], close))
    b.line("let slow = sma(close, 30)")
    slow = b.bind("slow", b.indicate("sma", [30], close))
    b.line("rule enter when flat and fast crosses above slow then buy 100 shares")
    zero = b.constant(0.0)
    cross = b.indicate("cross", [], fast, slow)
    up = b.logic("and", b.book(BookWord.FLAT), b.compare(cross, ">", zero))
    b.rule("enter", up, b.enter(b.constant(100.0)))
    b.line("rule leave when long and fast crosses below slow then exit all")
    down = b.logic("and", b.book(BookWord.LONG), b.compare(cross, "<", zero))
    b.rule("leave", down, b.leave())
    return b.program("Workload A")


def workload_b() -> Program:
    """Strategy B of the benchmark: a breakout with six indicators and a stop."""
    b = Builder()
    b.line('strategy "Workload B"')
    close, high, low = (b.column(name) for name in ("close", "high", "low"))
    b.line("let fast = ema(close, 12)")
    fast = b.bind("fast", b.indicate("ema", [12], close))
    b.line("let slow = ema(close, 26)")
    slow = b.bind("slow", b.indicate("ema", [26], close))
    b.line("let heat = rsi(close, 14)")
    heat = b.bind("heat", b.indicate("rsi", [14], close))
    b.line("let range = atr(14)")
    reach = b.bind("range", b.indicate("atr", [14], high, low, close))
    b.line("let band = bollinger(close, 20, 2)")
    band = b.bind("band", b.indicate("bollinger", [20, 2.0], close))
    b.line("let peak = highest(high, 55)[1]")
    peak = b.bind("peak", b.delay(1, b.indicate("highest", [55], high)))
    b.line(
        "rule enter when flat and bar >= 1001 and fast > slow and heat < 75 and (close > band.upper or close > peak)"
    )
    out = b.logic("or", b.compare(close, ">", b.output("upper", band)), b.compare(close, ">", peak))
    ready = b.compare(b.book(BookWord.BAR), ">=", b.constant(1001.0))
    cool = b.compare(heat, "<", b.constant(75.0))
    condition = b.logic("and", b.book(BookWord.FLAT), ready, b.compare(fast, ">", slow), cool, out)
    amount = b.calculate("*", b.constant(0.1), b.book(BookWord.EQUITY))
    stop = b.calculate("-", close, b.calculate("*", b.constant(2.0), reach))
    b.rule("enter", condition, b.enter(amount, sizing=SizingKind.NOTIONAL, stop_loss=stop))
    b.line("rule leave when long and (fast < slow or close < band.lower) then exit all")
    turned = b.logic("or", b.compare(fast, "<", slow), b.compare(close, "<", b.output("lower", band)))
    b.rule("leave", b.logic("and", b.book(BookWord.LONG), turned), b.leave())
    return b.program("Workload B")
