"""What no strategy that runs can hold, each with the reason why: the only list of the census that is made by hand."""

from __future__ import annotations

REFUSED = "parses, so that it can be refused by name"
NOWHERE = "stands in broken texts only, which are not run"
RUNTIME = "the runtime's own request: no text asks for it"
IN_BOOKS = "stands in a book, which holds strategies like these: cut and compared in tests/books"
ELSEWHERE = "is not reached by a run of some hundred bars"

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
    "grammar: book_line -> BOOK TEXT": IN_BOOKS,
    "grammar: sleeve -> SLEEVE TEXT WITH sum": IN_BOOKS,
    "grammar: sleeve -> SLEEVE TEXT WITH sum naming": IN_BOOKS,
    "ir: Sleeve": IN_BOOKS,
    "terminal: BOOK": IN_BOOKS,
    "terminal: SLEEVE": IN_BOOKS,
    "grammar: clock_bound -> NAME": f"{REFUSED}: C404, a window's time is written",
    "grammar: let -> LET NAME LEFT_PARENTHESIS RIGHT_PARENTHESIS EQUALS expression": f"{REFUSED}: S050",
    "grammar: reading -> reading DOT NAME LEFT_PARENTHESIS RIGHT_PARENTHESIS": f"{REFUSED}: S050",
    "grammar: then_step -> THEN expression": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression lasting": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression lasting naming": f"{REFUSED}: S044",
    "grammar: then_step -> THEN expression naming": f"{REFUSED}: S044",
    "grammar: trade_line -> TRADE PAIRS_OF UNIVERSE NAME ON NUMBER": f"{REFUSED}: N260",
    "grammar: trade_line -> TRADE UNIVERSE NAME ON NUMBER": f"{REFUSED}: C453",
    "ir: BarOfSession": RUNTIME,
    "ir: Place.FIRST": RUNTIME,
    "ir: Place.LAST": RUNTIME,
    "ir: SecondOfSession": RUNTIME,
    "ir: TradingDate": RUNTIME,
    "syntax: Missing": NOWHERE,
    "syntax: Unreadable": NOWHERE,
    "terminal: COMMENT": "is read by no clause",
    "terminal: SPACE": "is read by no clause",
}
