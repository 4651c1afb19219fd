"""What no strategy that runs can hold, each with the reason why: the only list of the census that is made by hand."""

from __future__ import annotations

REFUSED = "parses, so that it can be refused by name"
NOT_YET = "parses, and is not supported yet: refused by name"
NOWHERE = "stands in broken texts only, which are not run"
RUNTIME = "the runtime's own request: no text asks for it"
ELSEWHERE = "is not reached by a run of some hundred bars"
NOT_DRAWN = (
    "the texts here do not have it yet; cut and compared by the programs of tests/differential and suites of its own"
)

EXEMPT: dict[str, str] = {
    "engine: DENIED_ARITHMETIC_LIMIT": f"a limit of the engine's numbers, {ELSEWHERE}: tests/runtime/engine",
    "engine: DENIED_BELOW_MINIMUM": "a venue's minimum is in instruments.toml: tests/runtime/engine, weekly purchases",
    "engine: DENIED_ORDER_SLOTS": f"a thousand working orders, {ELSEWHERE}: tests/runtime/engine",
    "engine: DENIED_RULE_GUARD": "guards are those of a judgement, and these strategies run without one: tests/judge",
    "grammar: account_line -> ACCOUNT NAME": f"{REFUSED}: N211",
    "grammar: advice -> ADVICE NAME COLON NAME FROM NAME": f"{REFUSED}: C451",
    "grammar: advice -> ADVICE NAME COLON NAME bounds FROM NAME": f"{REFUSED}: C451",
    "grammar: advice -> ADVICE NAME OF_EACH_INSTRUMENT COLON NAME FROM NAME": f"{REFUSED}: C451",
    "grammar: advice -> ADVICE NAME OF_EACH_INSTRUMENT COLON NAME bounds FROM NAME": f"{REFUSED}: C451",
    "grammar: atom -> DAY": f"{REFUSED}: T323, no value is a date",
    "grammar: atom -> TEXT": f"{REFUSED}: T306, no value is a text",
    "grammar: clock_bound -> NAME": f"{REFUSED}: C404, a window's time is written",
    "grammar: let -> LET NAME LEFT_PARENTHESIS RIGHT_PARENTHESIS EQUALS expression": f"{REFUSED}: S050",
    "grammar: reading -> reading DOT NAME LEFT_PARENTHESIS RIGHT_PARENTHESIS": f"{REFUSED}: S050",
    "grammar: part -> GOOD_UNTIL DAY": f"{NOT_YET}: N216",
    "grammar: then_step -> THEN expression": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression lasting": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression lasting naming": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression naming": f"{REFUSED}: S044",
    "grammar: trade_line -> TRADE UNIVERSE NAME ON NUMBER": f"{REFUSED}: C453",
    "ir: BarOfSession": RUNTIME,
    "ir: DayOfMonth": RUNTIME,
    "ir: Month": RUNTIME,
    "ir: Place.FIRST": RUNTIME,
    "ir: Place.LAST": RUNTIME,
    "ir: SecondOfSession": RUNTIME,
    "ir: TradingDate": RUNTIME,
    "syntax: Day": f"{REFUSED}: T323",
    "syntax: Missing": NOWHERE,
    "syntax: Unreadable": NOWHERE,
    "terminal: COMMENT": "is read by no clause",
    "terminal: SPACE": "is read by no clause",
    "terminal: DAY": f"{REFUSED}: T323",
}

# To be drawn next: ladders, choices of what is held, short sides of allocations, rules for certain instruments, halts
# with a condition, and what the accounts here seldom meet.
EXEMPT |= dict.fromkeys(
    (
        "engine: CARRY_MARGIN_INTEREST",
        "engine: DENIED_SAME_TICK",
        "grammar: choice -> IF expression THEN choice ELSE choice",
        "grammar: choice -> mix",
        "grammar: halt -> HALT_WHEN expression COMMA FLATTEN COMMA until",
        "grammar: halt -> HALT_WHEN expression COMMA until",
        "grammar: held -> BOTTOM NUMBER OF symbols BY sum",
        "grammar: held -> CASH",
        "grammar: held -> LEFT_PARENTHESIS choice RIGHT_PARENTHESIS",
        "grammar: held -> SYMBOL",
        "grammar: held -> TOP NUMBER OF symbols BY sum",
        "grammar: holding -> NUMBER held",
        "grammar: holding -> held",
        "grammar: mix -> holding",
        "grammar: mix -> mix AND holding",
        "grammar: part -> AT_EACH_OF NUMBER spacing FROM sum TO sum",
        "grammar: part -> TARGET ONE_LEVEL_DOWN",
        "grammar: part -> TARGET ONE_LEVEL_UP",
        "grammar: receivers -> TO choice",
        "grammar: receivers -> TO_BOTTOM NUMBER AND SHORT TOP NUMBER BY sum",
        "grammar: receivers -> TO_BOTTOM NUMBER AND SHORT TOP NUMBER BY sum WHERE expression",
        "grammar: receivers -> TO_BOTTOM NUMBER OF symbols BY sum",
        "grammar: receivers -> TO_TOP NUMBER AND SHORT BOTTOM NUMBER BY sum",
        "grammar: receivers -> TO_TOP NUMBER AND SHORT BOTTOM NUMBER BY sum WHERE expression",
        "grammar: receivers -> TO_TOP NUMBER OF symbols BY sum",
        "grammar: rule_head -> RULE NAME FOR symbols",
        "grammar: spacing -> ARITHMETIC_LEVELS",
        "grammar: spacing -> GEOMETRIC_LEVELS",
        "ir: Among",
        "ir: HaltWhen",
        "ir: Levels",
        "ir: Share.STATED",
        "ir: Spacing.ARITHMETIC",
        "ir: Spacing.GEOMETRIC",
        "syntax: Cash",
        "syntax: HaltWhen",
        "syntax: Mix",
        "syntax: OrderWord.LEVELS",
        "syntax: Part",
        "syntax: Picked",
        "syntax: Switch",
        "terminal: ARITHMETIC_LEVELS",
        "terminal: AT_EACH_OF",
        "terminal: BOTTOM",
        "terminal: CASH",
        "terminal: GEOMETRIC_LEVELS",
        "terminal: HALT_WHEN",
        "terminal: ONE_LEVEL_DOWN",
        "terminal: ONE_LEVEL_UP",
        "terminal: TO",
        "terminal: TOP",
    ),
    NOT_DRAWN,
)
