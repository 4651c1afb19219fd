"""Runs of generated texts: random strategies of every construct that bounds speak of, and markets that test them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from stratc.compiler.driver import compile_source
from stratc.compiler.interpret import InterpretedStrategy
from stratc.compiler.ir.nodes import Program
from stratc.compiler.judge.bounds import BoundSheet, kind_of, sheet_of
from stratc.compiler.judge.limits import caps_of, halts_of
from stratc.dsl.source import Source
from stratc.runtime.engine import codes, facts
from stratc.runtime.engine.book import Book
from stratc.runtime.engine.columns import Columns
from stratc.runtime.engine.loop import run_rows
from stratc.runtime.executor.backtest import cap_settings
from stratc.runtime.executor.scale import Scale
from stratc.runtime.executor.terms import AccountKind
from stratc.runtime.model.clock import Schedule
from tests.bounds.keeping import Seen, drift_of
from tests.differential.bars import COLUMNS, Bars, make_bars
from tests.differential.running import SLOTS, packed, parameters

CENTS, EQUITY = 100, 100_000
STEPS = [0.01, 0.01, 0.01, 1.0]
SYMBOLS = ("SPY", "QQQ", "IWM")
FLOWS = (
    "contribute 5_000 USD every month, on first session\n\n",
    "withdraw 8_000 USD every month, on first session\n\n",
    "withdraw 10% of equity every week, on first session\n\n",
)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Writer:
    """Writes one strategy; `random` decides everything."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bars = random.choice(("5 min, regular session", "5 min, regular session", "1 day"))
        self.daily = self.bars == "1 day"
        self.account = random.choice(("margin", "margin", "margin", "cash"))

    def maybe(self, text: str, chance: float = 0.5) -> str:
        return text if self.random.random() < chance else ""

    def text(self) -> str:
        symbols = ", ".join(SYMBOLS[: self.random.choice((1, 1, 1, 2, 3))])
        head = f'strategy "Made up"\ntrade   {symbols} on {self.bars}\naccount {self.account} USD\n\n'
        head += "input risk = 1% in 0.25%..2%\ninput part = 50% in 10%..90%\n\n"
        head += self.maybe("group all = " + symbols + "\n") if "," in symbols else ""
        if self.random.random() < 0.2:
            return head + self.maybe(self.random.choice(FLOWS), 0.3) + self.allocation() + self.limits()
        count = self.random.choice((1, 1, 2, 3))
        head += self.maybe(self.random.choice(FLOWS), 0.15)
        return head + "".join(self.rule(number) for number in range(count)) + self.exits() + self.limits()

    def allocation(self) -> str:
        amount = self.random.choice(("part of equity", "30_000 USD", "min(part of equity, 40_000 USD)"))
        share = self.random.choice(("equally", "by close / open", "to each where close > open"))
        band = self.maybe(", only where off by more than 20% of target", 0.4)
        when = self.maybe("  when close > 0 USD\n", 0.2)
        band += self.maybe(", new cash to the most underweight", 0.6) if band else ""
        return f"rule share\n{when}  then allocate {amount} {share}{band}, at market\n\n"

    def rule(self, number: int) -> str:
        side = self.random.choice(("buy", "buy", "short" if self.account != "cash" else "buy"))
        other = "short" if side == "buy" else "long"
        compared = self.random.choice(("close > open", "close < open", "close > close[1]"))
        states = ("flat", "flat", "flat", f"not {other}", "flat", f"not {other} and units_held < 3")
        schedule = self.maybe("  every session, 30 min after start\n", 0.15) if not self.daily else ""
        if self.random.random() < 0.12:
            return self.group(number, schedule)
        reverse = self.maybe("reverse and ", 0.1) if self.account != "cash" else ""
        state = "flat" if self.random.random() < 0.5 else self.random.choice(states)
        condition = compared if reverse else f"{state} and {compared}"
        limit = self.maybe(
            f"  at most {self.random.choice((1, 2))} per session{self.maybe(' across instruments', 0.3)}\n", 0.4
        )
        return (
            f"rule enter_{number}\n{schedule}  when {condition}\n  then {reverse}{side} {self.size()}"
            f"{self.order(side)}\n{self.protection(side)}{limit}\n"
        )

    def group(self, number: int, schedule: str) -> str:
        size = self.random.choice(("risking risk of equity", "risking risk of equity, at most 60% of equity"))
        return (
            f"rule both_{number}\n{schedule}  when flat and volume > 0\n  then one of\n"
            "         buy   at stop high + 5 ticks, stop loss at close * 0.98\n"
            "         short at stop low - 5 ticks, stop loss at close * 1.02\n"
            f"       {size}\n\n"
        )

    def size(self) -> str:
        self.risks = self.random.random() < 0.45
        if self.risks:
            return "risking risk of equity" + self.maybe(
                self.random.choice((", at most part of equity", ", at most 40 shares")), 0.6
            )
        sizes = (
            "part of equity", "30% of equity", "100 shares", "5_000 USD", "(1 + losses_in_a_row) * 5% of equity",
            "min(part of equity, 8_000 USD)", "20% of equity + 1_000 USD", "1% of equity / atr(5)",
        )  # fmt: skip
        return self.random.choice(sizes) + self.maybe(", at most 60% of equity", 0.3)

    def order(self, side: str) -> str:
        better, worse = ("0.99", "1.01") if side == "buy" else ("1.01", "0.99")
        life = self.maybe(self.random.choice((" good for 3 bars", " good for 6 bars")), 0.5)
        return self.random.choice(("", "", "", f" at limit close * {better}{life}", f" at stop close * {worse}{life}"))

    def protection(self, side: str) -> str:
        far, near = ("close * 0.97", "low - 2 ticks") if side == "buy" else ("close * 1.03", "high + 2 ticks")
        stop = self.random.choice((far, near, near))
        if not self.risks and self.random.random() < 0.5:
            return ""
        return f"       stop loss at {stop}\n" + self.maybe("       target 2R\n", 0.4)

    def exits(self) -> str:
        held = "not flat and bars_held >= 2 bars"
        sold = ("exit all", "exit half", "exit half at limit close * 1.01", "exit all at market")
        turned = self.random.choice(("close < open", "close > open"))
        return f"rule leave\n  when {held} and {turned}\n  then {self.random.choice(sold)}\n\n"

    def reduced(self, limit: str) -> str:
        exposure = limit.startswith(("cap  position", "cap  leverage", "cap  gross"))
        return self.maybe(", then reduce", 0.4) if exposure else ""

    def limits(self) -> str:
        limits = (
            "cap  position 80% of equity", "cap  position 20_000 USD", "cap  position 150 shares", "cap  leverage 1.5x",
            "cap  gross 120% of equity", "cap  orders 2 per second", "cap  units 3 per instrument",
            "cap  entries 2 per session", "stop distance at least 0.5%", "keep at least 1 session",
            "halt at daily loss 3% of equity at last close, flatten, until next session",
            "halt at drawdown 20% of peak equity, until released", "cap  position 60% of equity per side",
        )  # fmt: skip
        chosen = [limit + self.reduced(limit) for limit in limits if self.random.random() < 0.12]
        one = [limit for limit in chosen if not limit.startswith("cap  position")]
        return "\n".join([*one, *[limit for limit in chosen if limit not in one][:1]]) + "\n"


def make_text(random: Random) -> tuple[str, Program]:
    """A text that compiles, and its program."""
    while True:
        text = Writer(random).text()
        program = compile_source(Source("made_up.strat", text)).program
        if program is not None:
            return text, program


# ── markets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Days(Bars):
    """Bars whose schedules come once a session, on its first bar."""

    def clock(self, request: object) -> list[int]:
        if not isinstance(request, Schedule):
            return super().clock(request)
        return [1 if flag & codes.ROW_SESSION_START else 0 for flag in self.flags]


def make_market(random: Random, program: Program, moments: int) -> Days:
    """Random walks with gaps and trends; on daily bars a session a bar."""
    made = make_bars(random, instruments=len(program.named), moments=moments)
    days, flags = made.day, made.flags
    if program.interval_seconds >= 86_400:
        moment, days_made = 10, []
        for flag in flags:
            days_made.append(moment)
            moment += 1 if flag & codes.ROW_MOMENT_END else 0
        days = tuple(days_made)
        flags = tuple(flag & codes.ROW_MOMENT_END | codes.ROW_SESSION_START | codes.ROW_SESSION_END for flag in flags)
    trend = random.choice((1.0, 0.995, 1.004, 0.98))
    factor = [trend**row for row in range(len(made))]
    columns = {name: tuple(column) for name, column in made.columns.items()}
    for name in COLUMNS[:4]:
        column = made.columns[name]
        columns[name] = tuple(max(round(price * by, 2), 0.01) for price, by in zip(column, factor, strict=True))
    return Days(made.instrument, days, flags, columns)


# ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Ran:
    """`drift` is the largest gross exposure over equity at any mark."""

    seen: Seen
    totals: list[int]
    drift: Fraction


def sheet_for(program: Program) -> BoundSheet:
    return sheet_of(program, kind_of(program, None), None)


def run(program: Program, bars: Days) -> Ran:
    """One interpreted run under the program's own caps and halts, with costs and slippage."""
    instruments = len(program.named)
    equity = [0] * len(bars)
    seen = [list(bars.columns[n]) for n in COLUMNS]
    columns = Columns(*(bars.columns[n] for n in COLUMNS), packed(bars), equity, seen)
    strategy = InterpretedStrategy(program, columns, bars.clocks(program), parameters(program), STEPS * instruments)
    book = Book(instruments, SLOTS, len(program.rules) + len(program.flows))
    set_account(book, program, instruments)
    run_rows(book, strategy, columns, 0, len(bars))
    seconds = moments_of(bars)
    orders = Seen(
        order_log=book.log(codes.LOG_ORDERS),
        quanta=CENTS,
        steps=[Fraction(1)] * instruments,
        days=bars.day,
        seconds=seconds,
        instruments=bars.instrument,
    )
    marks = [Fraction(round(price * CENTS), CENTS) for price in bars.columns["close"]]
    return Ran(orders, book.totals(), drift_of(orders, book.log(codes.LOG_FILLS), marks, equity))


def set_account(book: Book, program: Program, instruments: int) -> None:
    for i in range(instruments):
        book.set_instrument(i, 100.0, 1.0, 0.25, 1, 10_000_000, 10_000_000)
        facts.set_holding(book, i, codes.PRICES_RAW, 0, 0)
    facts.set_events(book, [])
    cash = kind_of(program, None) is AccountKind.CASH
    for setting, value in (
        (codes.SETTING_ACCOUNT, codes.ACCOUNT_CASH if cash else codes.ACCOUNT_MARGINED),
        (codes.SETTING_LIMIT_FILL, codes.LIMIT_TOUCH),
        (codes.SETTING_SLIP_TICKS, 1.0),
        (codes.SETTING_FEE_PER_ORDER, 35.0),
        (codes.SETTING_FEE_RATE, 0.0005),
        (codes.SETTING_FEE_MINIMUM, -1.0),
        (codes.SETTING_FEE_RATE_MAX, -1.0),
    ):
        book.set_setting(setting, float(value))
    scaled = Scale(digits=2, start=EQUITY * CENTS, instruments=(), other_digits=())
    caps = caps_of(program)
    for code, value in cap_settings(scaled, caps).items():
        book.set_setting(code, value)
    for i, group in enumerate(caps.groups):
        book.set_group(i, group)
    for halt in halts_of(program):
        book.add_halt(halt.baseline, halt.threshold, 1 if halt.flatten else 0, halt.until)
    book.start(EQUITY * CENTS, float(CENTS))


def moments_of(bars: Bars) -> list[int]:
    """The number of the moment of each row."""
    moment, numbers = 0, []
    for flag in bars.flags:
        numbers.append(moment)
        moment += 1 if flag & codes.ROW_MOMENT_END else 0
    return numbers
