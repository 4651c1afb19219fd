"""Random well-kinded programs, from a source of choices: a seed, or hypothesis (which then shrinks)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from stratc.compiler.ir.nodes import (
    Across,
    AllocateIntent,
    Among,
    Amount,
    AtEntry,
    Band,
    BandKind,
    Beside,
    Book,
    BookWord,
    Constant,
    EnterIntent,
    Flow,
    FollowStep,
    Intent,
    Kind,
    Levels,
    Life,
    LotChoice,
    NodeId,
    NoteIntent,
    Of,
    OfLeg,
    OneOfIntent,
    OrderKind,
    OrderShape,
    Parameter,
    Period,
    PortionKind,
    PriceStep,
    ProfitTarget,
    Program,
    Rank,
    Ranking,
    RuleLimit,
    Share,
    Side,
    SinceEntry,
    SizingKind,
    Spacing,
    Step,
    TargetKind,
    TimeInForce,
    Trail,
    TrailKind,
)
from stratc.compiler.ir.uses import allocation_of, shorts_of
from stratc.dsl.stdlib import catalogue
from stratc.runtime.model.clock import (
    Anchor,
    ClockMoment,
    ClockRange,
    DayOfWeek,
    DaysToNextSession,
    EveryDay,
    EveryPeriod,
    EverySession,
    EveryWeekday,
    FirstOfSession,
    HolidayChoice,
    PeriodOfSessions,
    Schedule,
    SecondOfDay,
    SessionOf,
    SessionPart,
    SessionsLeftIn,
    SessionSoFar,
    SessionStart,
    TradingDay,
    Window,
)
from stratc.runtime.model.clock import Period as ClockPeriod
from stratc.runtime.model.known import EventReading, EventWord, MemberReading, SeriesKind, SeriesReading
from tests.differential.bars import COLUMNS
from tests.differential.building import Builder

DAYS = (10, 30)  # of made-up bars, by `make_bars`
NOON = ClockMoment(second=43_200, zone="UTC")
NUMBERS = (0.0, -0.0, 1.0, 2.0, 0.5, -1.0, 10.0, 100.0, 101.0, 1e-9, 1e300)
CORNERS = (0.0, -0.0, 1e308, -1e308)
TIMES = (
    TradingDay(),
    SecondOfDay(zone="UTC"),
    SessionStart(),
    DayOfWeek(),
    DaysToNextSession(),
    SessionOf(period=ClockPeriod.MONTH),
    SessionsLeftIn(period=ClockPeriod.QUARTER),
)
WINDOWS = (
    Window(kind=FirstOfSession(seconds=900)),
    Window(kind=ClockRange(start_second=0, end_second=3600, zone="UTC")),
    Window(kind=SessionSoFar()),
)
SCHEDULES = (
    Schedule(kind=EveryDay(second=3600, zone="UTC")),
    Schedule(kind=EverySession(anchor=Anchor.BEFORE_END, seconds=300)),
    Schedule(kind=EveryPeriod(period=ClockPeriod.WEEK, number=2, from_end=True, at=NOON)),
    Schedule(kind=EveryWeekday(weekday=5, nth=0, holiday=HolidayChoice.BEFORE, at=NOON)),
)
READINGS = (
    EventReading(table="earnings", each=True, word=EventWord.SESSIONS_UNTIL),
    EventReading(table="fomc", each=False, word=EventWord.CONFIRMED),
    SeriesReading(table="score", each=True, kind=SeriesKind.ADVICE, low=-1.0, high=1.0, fresh_seconds=1800),
    MemberReading(table="top_500"),
)
LONGER = (SessionPart(seconds=3600), PeriodOfSessions(period=ClockPeriod.WEEK))
AGGREGATES = ("highest", "lowest", "first", "last", "sum", "count")


class Maker:
    """Draws one program; `random` decides everything."""

    def __init__(self, random: Random, instruments: int = 1) -> None:
        self.random, self.instruments = random, instruments
        self.on_longer: list[NodeId] = []
        self.levels = 0
        self.b = Builder()
        self.b.line("strategy made up")
        self.b.input("level", 1.5, 0.5, 3.0, whole=False)
        self.b.input("length", 5.0, 2.0, 8.0, whole=True)
        self.numbers = [self.b.column(name) for name in COLUMNS]
        self.numbers += [self.b.constant(random.choice(NUMBERS)) for _ in range(2)]
        self.truths = [self.b.book(word) for word in (BookWord.FLAT, BookWord.LONG)]

    def number(self) -> NodeId:
        return self.random.choice(self.numbers)

    def truth(self) -> NodeId:
        """A truth value, more often one of the last, so that logic grows deep."""
        return self.random.choice(self.truths[-4:] if self.random.random() < 0.5 else self.truths)

    def any(self) -> NodeId:
        return self.number() if self.random.random() < 0.6 else self.truth()

    def keep(self, node: NodeId) -> NodeId:
        (self.numbers if self.b.kind(node) is Kind.NUMBER else self.truths).append(node)
        return node

    def grow(self) -> None:
        """One more node, of any operation."""
        makers = (
            self.leaf, self.word, self.arithmetic, self.arithmetic, self.comparison, self.comparison, self.same,
            self.logic, self.logic, self.indicator, self.indicator, self.output, self.delay, self.delay, self.window,
            self.sequence, self.sequence, self.since, self.is_known, self.among,
            self.held,
            self.choice, self.choice, self.other, self.other, self.across, self.across, self.longer, self.longer,
        )  # fmt: skip
        self.b.line(f"let made_{len(self.b.nodes)} = something")
        node = self.keep(self.random.choice(makers)())
        if self.random.random() < 0.3:
            self.b.bind(f"named_{node}", node)

    def leaf(self) -> NodeId:
        kinds = (
            lambda: self.b.constant(self.random.choice(NUMBERS)),
            lambda: self.b.constant(self.random.random() < 0.5),
            lambda: self.b.parameter("level"),
            lambda: self.b.step(self.random.choice(list(Step))),
            lambda: self.b.time(self.random.choice(TIMES)),
            lambda: self.b.datum(self.random.choice(READINGS)),
        )
        return self.random.choice(kinds)()

    def word(self) -> NodeId:
        return self.b.book(self.random.choice(list(BookWord)))

    def arithmetic(self) -> NodeId:
        operator = self.random.choice(("+", "-", "*", "/", "min", "max", "neg", "abs"))
        count = 1 if operator in ("neg", "abs") else 2
        if self.random.random() < 0.35:
            # The numbers at which arithmetic has corners: signed zeros, overflow.
            return self.b.calculate(operator, *(self.b.constant(self.random.choice(CORNERS)) for _ in range(count)))
        return self.b.calculate(operator, *(self.number() for _ in range(count)))

    def comparison(self) -> NodeId:
        """Every third compares columns of a bar or the same number, so that ties come up."""
        operator = self.random.choice(("<", "<=", ">", ">=", "==", "!="))
        left, right = self.number(), self.number()
        ties = self.random.random()
        if ties < 0.2:
            left, right = self.random.choice(self.numbers[:4]), self.random.choice(self.numbers[:4])
        elif ties < 0.35:
            right = left
        return self.b.compare(left, operator, right)

    def same(self) -> NodeId:
        return self.b.compare(self.truth(), self.random.choice(("==", "!=")), self.truth())

    def is_known(self) -> NodeId:
        return self.b.is_known(self.any())

    def among(self) -> NodeId:
        """Whether the instrument is one of some."""
        count = self.random.randint(1, self.instruments)
        return self.b.among(*sorted(self.random.sample(range(self.instruments), count)))

    def logic(self) -> NodeId:
        operator = self.random.choice(("and", "or", "not"))
        count = 1 if operator == "not" else self.random.randint(1, 3)
        return self.b.logic(operator, *(self.truth() for _ in range(count)))

    def indicator(self) -> NodeId:
        indicator = catalogue.lookup(self.random.choice(catalogue.names()))
        assert indicator is not None
        params: list[float | str] = []
        for param in indicator.params:
            low, high = param.at_least, min(param.at_most, param.at_least + 6)
            if param.whole:
                named = self.random.random() < 0.2 and low <= 2
                params.append("length" if named else self.random.randint(int(low), int(high)))
            else:
                params.append(self.random.choice((low, high, (low + high) / 2)))
        given = [
            self.numbers[COLUMNS.index(i.column)] if i.column in COLUMNS else self.number() for i in indicator.inputs
        ]
        return self.b.indicate(indicator.name, params, *given)

    def output(self) -> NodeId:
        """Another output of an indicator with several."""
        several = [name for name in catalogue.names() if len(catalogue.lookup(name).outputs) > 1]  # type: ignore[union-attr]
        name = self.random.choice(several)
        indicator = catalogue.lookup(name)
        assert indicator is not None
        params = [int(p.at_least) + k if p.whole else p.at_least for k, p in enumerate(indicator.params)]
        source = self.keep(self.b.indicate(name, params, *(self.number() for _ in indicator.inputs)))
        return self.b.output(self.random.choice(indicator.outputs).name, source)

    def delay(self) -> NodeId:
        return self.b.delay(self.random.choice((1, 1, 2, 3, 7)), self.any())

    def window(self) -> NodeId:
        return self.b.anchor(self.random.choice(AGGREGATES), self.random.choice(WINDOWS), self.any())

    def sequence(self) -> NodeId:
        """Whether a step of a new sequence comes true; mostly the last."""
        count = self.random.randint(2, 4)
        steps = [
            FollowStep(
                lasting_bars=self.random.choice((1, 1, 1, 2, 3)),
                within_bars=self.random.choice((0, 1, 2, 5, 9)) if index else 0,
                same_bar=bool(index) and self.random.random() < 0.3,
            )
            for index in range(count)
        ]
        conditions = [self.truth() for _ in range(count + (self.random.random() < 0.3))]
        made = self.keep(self.b.follow(steps, *conditions))
        return self.b.reached(self.random.choice((count - 1, self.random.randrange(count))), made)

    def since(self) -> NodeId:
        gathered = self.random.choice(("first", "highest", "lowest", "count"))
        return self.b.since(gathered, self.truth(), *(() if gathered == "count" else (self.number(),)))

    def held(self) -> NodeId:
        if self.random.random() < 0.4:
            return self.b.at_entry(self.number())
        return self.b.since_entry(self.random.choice(AGGREGATES), self.any())

    def choice(self) -> NodeId:
        if self.random.random() < 0.5:
            return self.b.select(self.truth(), self.truth(), self.truth())
        return self.b.select(self.truth(), self.number(), self.number())

    def other(self) -> NodeId:
        """A value of an instrument by its number: of its own bars, or of longer ones."""
        fit = [node for node in (*self.numbers, *self.truths, *self.on_longer) if self.of_bars(node)]
        return self.b.of(self.random.randrange(self.instruments), self.random.choice(fit))

    def across(self) -> NodeId:
        beside = self.random.choice(tuple(Beside))
        wanted = Kind.TRUTH if beside is Beside.COUNT else Kind.NUMBER
        fit = [node for node in (*self.numbers, *self.truths, *self.on_longer) if self.bars_alone(node)]
        fit = [node for node in fit if self.b.kind(node) is wanted]
        return self.b.across(beside, self.random.choice(fit)) if fit else self.number()

    def of_bars(self, node: NodeId) -> bool:
        """Whether a node reads bars alone, and is no constant."""
        found = self.b.nodes[node]
        if isinstance(found.operation, Constant | Parameter | PriceStep):
            return False
        return self.bars_alone(node)

    def bars_alone(self, node: NodeId) -> bool:
        found = self.b.nodes[node]
        return not isinstance(found.operation, Book | Of | OfLeg | Among | Across | SinceEntry | AtEntry) and all(
            map(self.bars_alone, found.arguments)
        )

    def own_bars_alone(self, node: NodeId) -> bool:
        """Whether longer bars may take samples of a node: it reads its instrument's own bars and nothing else."""
        found = self.b.nodes[node]
        return found.bars is None and all(map(self.own_bars_alone, found.arguments))

    def longer(self) -> NodeId:
        """A few nodes on longer bars, of which the last is read; some of them are read by others later."""
        fit = [node for node in (*self.numbers, *self.truths) if self.of_bars(node) and self.own_bars_alone(node)]
        inner = Maker.__new__(Maker)
        inner.random, inner.b, inner.instruments, inner.on_longer = self.random, self.b, self.instruments, []
        self.b.bars = self.random.choice(LONGER)
        inner.numbers = [self.b.column(name) for name in COLUMNS] + [self.b.constant(self.random.choice(NUMBERS))]
        inner.truths = [self.b.compare(inner.numbers[0], "<", inner.numbers[3])]
        for _ in range(self.random.randint(0, 3)):
            inner.keep(self.b.sample(self.random.choice(fit)))
        kinds = (
            inner.arithmetic, inner.comparison, inner.same, inner.logic, inner.indicator, inner.output, inner.delay,
            inner.choice,
        )  # fmt: skip
        for _ in range(self.random.randint(1, 4)):
            found = inner.keep(self.random.choice(kinds)())
        self.b.bars = None
        self.on_longer += [node for node in (*inner.numbers, *inner.truths) if self.b.nodes[node].bars is not None]
        return found if self.b.nodes[found].bars is not None else self.random.choice(self.on_longer)

    # rules

    def price(self) -> NodeId:
        """A price, mostly near the market, sometimes any number."""
        if self.random.random() < 0.1:
            return self.number()
        factor = self.b.constant(self.random.choice((0.97, 0.99, 0.995, 1.0, 1.005, 1.01, 1.03)))
        return self.b.calculate("*", self.numbers[COLUMNS.index("close")], factor)

    def shape(self) -> OrderShape:
        kind = self.random.choice((OrderKind.MARKET, *OrderKind))
        limit = self.price() if kind in (OrderKind.LIMIT, OrderKind.STOP_LIMIT) else None
        stop = self.price() if kind in (OrderKind.STOP, OrderKind.STOP_LIMIT) else None
        return OrderShape(kind=kind, limit_price=limit, stop_price=stop)

    def amount(self, *, risk: bool) -> Amount:
        kinds = [SizingKind.QUANTITY, SizingKind.NOTIONAL] + ([SizingKind.RISK] * 2 if risk else [])
        kind = self.random.choice(kinds)
        value = {SizingKind.QUANTITY: 10.0, SizingKind.NOTIONAL: 20_000.0, SizingKind.RISK: 300.0}[kind]
        node = self.number() if self.random.random() < 0.1 else self.b.constant(value)
        return Amount(kind=kind, node=node)

    def life(self) -> TimeInForce:
        life = self.random.choice((Life.DAY, *Life))
        bars = self.random.randint(1, 4) if life is Life.BARS else None
        clock = self.random.choice(SCHEDULES) if life is Life.UNTIL else None
        last = self.random.randint(*DAYS) if life is Life.DATE else None
        return TimeInForce(life=life, bars=bars, clock=clock, last=last)

    def entry(self) -> EnterIntent:
        side = self.random.choice((Side.BUY, Side.BUY, Side.SELL_SHORT))
        stop = self.stop(side) if self.random.random() < 0.6 else None
        target = None
        if stop is not None and self.random.random() < 0.6:
            kind = self.random.choice(list(TargetKind))
            near = self.b.constant(2.0) if kind is not TargetKind.PRICE else self.price()
            target = ProfitTarget(kind=kind, node=near)
        most = self.amount(risk=stop is not None) if self.random.random() < 0.3 else None
        entry = self.b.enter(
            0, side=side, at_most=most, order=self.shape(), stop_loss=stop, target=target, life=self.life(),
            reverse=self.random.random() < 0.2, trail=self.trail(stopped=stop is not None),
            locate=side is Side.SELL_SHORT and self.random.random() < 0.5,
        )  # fmt: skip
        return replace(entry, amount=self.amount(risk=stop is not None))

    def trail(self, *, stopped: bool) -> Trail | None:
        """Now and then one whose distance is any number, unknown or negative too."""
        if self.random.random() < 0.6:
            return None
        kind = self.random.choice([TrailKind.DISTANCE, TrailKind.RATE] + ([TrailKind.R_MULTIPLE] if stopped else []))
        value = {TrailKind.DISTANCE: 1.25, TrailKind.RATE: 0.01, TrailKind.R_MULTIPLE: 1.5}[kind]
        node = self.number() if self.random.random() < 0.1 else self.b.constant(value)
        return Trail(kind=kind, node=node)

    def stop(self, side: Side) -> NodeId:
        factor = self.b.constant(0.985 if side is Side.BUY else 1.015)
        return self.b.calculate("*", self.numbers[COLUMNS.index("close")], factor)

    def ladder(self) -> EnterIntent:
        """Levels on the losing side of the market and some across it, sometimes from or to any number."""
        side = self.random.choice((Side.BUY, Side.BUY, Side.SELL_SHORT))
        sign = -1 if side is Side.BUY else 1
        near, far = (self.b.constant(1 + sign * self.random.choice(parts)) for parts in ((0.0, 0.003), (0.004, 0.03)))
        close = self.numbers[COLUMNS.index("close")]
        ends = [self.b.calculate("*", close, near), self.b.calculate("*", close, far)]
        if self.random.random() < 0.1:
            ends[0] = self.number()
        self.random.shuffle(ends)
        count = self.random.randint(2, 7)
        levels = Levels(
            number=self.levels + 1,
            count=count,
            spacing=self.random.choice(list(Spacing)),
            last=ends[1],
            to_next=self.random.random() < 0.7,
        )
        self.levels += count
        stop = self.stop(side) if self.random.random() < 0.3 else None
        target = None
        if not levels.to_next and self.random.random() < 0.5:
            target = ProfitTarget(kind=TargetKind.DISTANCE, node=self.b.constant(0.5))
        shape = OrderShape(kind=OrderKind.LIMIT, limit_price=ends[0])
        entry = self.b.enter(0, side=side, order=shape, stop_loss=stop, target=target, life=self.life())
        return replace(entry, amount=self.amount(risk=stop is not None), levels=levels)

    def intent(self) -> Intent:
        what = self.random.random()
        if what < 0.1:
            return self.ladder()
        if what < 0.55:
            return self.entry()
        if what < 0.7:
            legs = tuple(replace(self.entry(), reverse=False) for _ in range(2))
            return OneOfIntent(legs=legs, span=self.b.here)
        if what < 0.82:
            node = self.price() if self.random.random() < 0.7 else None
            return self.b.move_stop(node, looser=self.random.random() < 0.3)
        if what < 0.86:
            return NoteIntent(span=self.b.here)
        portion = self.random.choice(list(PortionKind))
        values = {PortionKind.FRACTION: 0.5, PortionKind.QUANTITY: 4.0}
        node = self.b.constant(values[portion]) if portion in values else None
        return self.b.leave(portion, node, self.shape(), self.random.choice(list(LotChoice)))

    def allocation(self) -> AllocateIntent:
        """Targets for all instruments: shares that fit and some that do not, ties, unknown scores and weights."""
        share = self.b.constant(self.random.choice((0.2, 0.5, 0.95, 1.4)))
        amount = self.b.calculate("*", share, self.b.book(BookWord.EQUITY))
        ranking = band = None
        if self.random.random() < 0.6:
            rank, places = self.random.choice(list(Rank)), self.random.randint(1, 3)
            shorts = self.random.choice((0, 0, 1, 2))
            part, short_part = (self.random.choice((0.0, 0.0, 0.34, 0.5)) for _ in range(2))
            ranking = Ranking(
                rank=rank,
                places=1 if part else places,
                score=self.number(),
                shorts=1 if shorts and short_part else shorts,
                part=part,
                short_part=short_part if shorts else 0.0,
            )
        if self.random.random() < 0.5:
            kind = self.random.choice(list(BandKind))
            band = Band(kind=kind, node=self.b.constant(0.2 if kind is BandKind.OF_TARGET else 2_000.0))
        kind = self.random.choice((OrderKind.MARKET, OrderKind.NEXT_OPEN))
        share = Share.PLACES if ranking else self.random.choice(tuple(Share))
        amount = self.number() if self.random.random() < 0.05 else amount
        if share is Share.OWN:
            amount = self.b.calculate("*", amount, self.number()) if self.random.random() < 0.5 else amount
        return AllocateIntent(
            amount=amount,
            share=share,
            ranking=ranking,
            where=self.truth() if self.random.random() < 0.4 else None,
            weight=amount if share is Share.OWN else self.weight(share),
            band=band,
            order=OrderShape(kind=kind),
            span=self.b.here,
            locate=ranking is not None and self.random.random() < 0.5,
        )

    def weight(self, share: Share) -> NodeId | None:
        """Stated parts are mostly those of a choice: all to one instrument, or to another."""
        if share is not Share.STATED:
            return self.number() if self.random.random() < 0.4 else None
        if self.random.random() < 0.2:
            return self.number()
        one, other = (self.b.select(self.among(), self.b.constant(1.0), self.b.constant(0.0)) for _ in range(2))
        return self.b.select(self.truth(), one, self.b.calculate("*", other, self.b.constant(0.5)))

    def allocating_rule(self, index: int) -> None:
        self.b.line(f"rule rule_{index}")
        condition = self.truth() if self.random.random() < 0.4 else None
        schedule = self.random.choice(SCHEDULES) if self.random.random() < 0.6 else None
        self.b.rule(f"rule_{index}", condition, self.allocation(), schedule=schedule)

    def pair_rule(self, index: int) -> None:
        """Two entries of two instruments at market, both or neither; sizes that are denied now and then."""
        self.b.line(f"rule rule_{index}")
        condition = self.truth() if self.random.random() < 0.7 else None
        schedule = self.random.choice(SCHEDULES) if self.random.random() < 0.3 else None
        legs = []
        for number in self.random.sample((0, 1), 2):
            side, kind = self.random.choice(tuple(Side)), self.random.choice((OrderKind.MARKET, OrderKind.NEXT_OPEN))
            located = side is Side.SELL_SHORT and self.random.random() < 0.7
            entry = self.b.enter(0, side=side, order=OrderShape(kind=kind), life=self.life(), locate=located)
            legs.append(replace(entry, amount=self.amount(risk=False), instrument=number))
        self.b.rule(f"rule_{index}", condition, *legs, schedule=schedule, both=True)

    def rule(self, index: int) -> None:
        if self.instruments > 1 and self.random.random() < 0.15:
            self.pair_rule(index)
            return
        if self.random.random() < 0.15:
            self.allocating_rule(index)
            return
        self.b.line(f"rule rule_{index}")
        condition = self.truth() if self.random.random() < 0.85 else None
        limit = None
        if self.random.random() < 0.3:
            limit = RuleLimit(
                count=self.random.randint(1, 3),
                period=self.random.choice(list(Period)),
                across_instruments=self.random.random() < 0.5,
            )
        schedule = self.random.choice(SCHEDULES) if self.random.random() < 0.2 else None
        intents = tuple(self.intent() for _ in range(self.random.randint(1, 2)))
        ladders = any(isinstance(intent, EnterIntent) and intent.levels for intent in intents)
        if ladders:
            limit, intents = None, tuple(each for each in intents if not isinstance(each, OneOfIntent))
        self.b.rule(f"rule_{index}", condition, *intents, schedule=schedule, limit=limit)


def make_program(random: Random, *, instruments: int = 1, nodes: int = 25, rules: int = 4) -> Program:
    maker = Maker(random, instruments)
    for _ in range(nodes):
        maker.grow()
    for index in range(rules):
        maker.rule(index)
    for _ in range(random.choice((0, 0, 1, 2))):
        maker.b.no_entries(maker.truth())
    for _ in range(random.choice((0, 0, 1, 2))):
        maker.b.halt_when(maker.b.logic("and", maker.truth(), maker.truth()))
    names = tuple(f"I{k}" for k in range(instruments))
    pairs = any(rule.both for rule in maker.b.rules)
    traded = random.randint(2 if pairs else 1, instruments)
    program = replace(maker.b.program("made up", names[:traded]), reads=names[traded:])
    hours = (TIMES[1], 600, 5000) if random.random() < 0.3 else None
    return with_money(replace(program, entry_hours=hours), random)


def with_money(program: Program, random: Random) -> Program:
    """The program with money that comes and goes, and with allocations that wait for it."""
    numbers = [node.id for node in program.nodes if node.kind is Kind.NUMBER]
    flows = tuple(
        Flow(
            schedule=random.choice(SCHEDULES),
            amount=random.choice(numbers),
            withdraw=random.random() < 0.4,
            period=random.choice(list(Period)),
            text="made up",
            span=program.rules[0].span,
        )
        for _ in range(random.choice((0, 1, 2)))
    )
    rules = tuple(
        replace(
            rule,
            intents=(
                replace(intent, new_cash=intent.band is not None and not shorts_of(intent) and random.random() < 0.6),
            ),
        )
        if (intent := allocation_of(rule))
        else rule
        for rule in program.rules
    )
    return replace(program, flows=flows, rules=rules)


def make_logic_program(random: Random) -> Program:
    """Many rules with deep conditions over comparisons that tie, each of which shows in the log that it fired."""
    maker = Maker(random)
    b, prices = maker.b, maker.numbers[:4]
    prices += [b.delay(1, prices[3]), b.indicate("highest", [3], prices[1]), b.constant(100.0)]
    maker.truths += [b.constant(random.random() < 0.5)]
    for _ in range(10):
        operator = random.choice(("<", "<=", ">", ">=", "==", "!="))
        maker.keep(b.compare(random.choice(prices), operator, random.choice(prices)))
    for _ in range(20):
        maker.keep(random.choice((maker.logic, maker.logic, maker.same, lambda: b.logic("not", maker.truth())))())
    small = b.constant(1.0)
    for index, truth in enumerate(maker.truths[-12:]):
        b.line(f"rule rule_{index}")
        b.rule(f"rule_{index}", truth, b.enter(small) if index % 2 else b.leave(PortionKind.QUANTITY, small))
    return b.program()
