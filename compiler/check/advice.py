"""What to write instead: samples of every unit, in the words of the program at hand."""

from __future__ import annotations

from stratc.compiler.resolve.symbols import Header
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
    Money,
    Plain,
    Price,
    PriceDiff,
    Quantity,
    Stated,
    Type,
)
from stratc.runtime.model.instrument import InstrumentKind, QuantityUnit

PLAIN_SAMPLES = {
    BOOL: "close > open",
    NUMBER: "1.5",
    COUNT: "10",
    RATIO: "50%",
    R_MULTIPLE: "2R",
    BARS: "5 bars",
    SESSIONS: "2 sessions",
    DURATION: "15 min",
    TIME: "09:45",
    DATE: "2026-06-04",
    TEXT: '"text"',
}


def sample(kind: Type, header: Header) -> str:
    """An expression of that type."""
    match kind:
        case Price(of=of):
            return "sma(close, 20)" if of == EACH else f"sma(close of {of}, 20)"
        case PriceDiff(of=of):
            return sample_distance(header) if of == EACH else f"atr(14) of {of}"
        case Quantity(of=of):
            return sample_quantity(header) if of == EACH else f"sma(volume of {of}, 20)"
        case Money() | Stated():
            return f"1_000 {header.currency or 'USD'}"
        case Plain():
            return PLAIN_SAMPLES.get(kind, "close")


def sample_quantity(header: Header) -> str:
    """A quantity as the first instrument is counted."""
    if not header.instruments:
        return "100 shares"
    unit = header.instruments[0].quantity_unit
    amounts = {
        QuantityUnit.SHARES: "100",
        QuantityUnit.CONTRACTS: "2",
        QuantityUnit.UNITS: "10_000",
        QuantityUnit.COINS: "0.5",
    }
    return f"{amounts[unit]} {unit}"


def sample_distance(header: Header) -> str:
    """A distance of prices as traders of the first instrument say it."""
    kind = header.instruments[0].kind if header.instruments else InstrumentKind.EQUITY
    return "10 pips" if kind is InstrumentKind.FOREX else "10 ticks"


def with_currency(text: str, header: Header) -> str:
    """A bare number as an amount of money a unit."""
    return f"{text} {header.quote_currency or header.currency or 'USD'}"


def article(kind: Type) -> str:
    """`a price`, `money in USD`, `an amount in USD`: a type as it stands in a sentence."""
    text = str(kind)
    if isinstance(kind, Money):
        return text
    return f"an {text}" if text[0] in "aeio" else f"a {text}"
