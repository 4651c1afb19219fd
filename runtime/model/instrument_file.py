"""A trader's own `instruments.toml`: from its text to instruments that add to the built-in ones or override them.

```
["SPY"]                 # over a built-in one, only what differs is written
leverage_factor = 1
["DE40"]                # a new one says its kind, currency, tick and calendar
kind = "cfd"
currency = "EUR"
tick = "0.1"
calendar = "24/7"
```
Imported only when such a file is read: pydantic costs start-up time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from stratc.runtime.model.action import SignalPrices
from stratc.runtime.model.auctions import venues
from stratc.runtime.model.instrument import Instrument, InstrumentKind, QuantityUnit, identify
from stratc.runtime.model.session import CALENDARS
from stratc.runtime.model.toml_problems import ProfileRefused, parse_toml, sentences, suggestion

ONE: Final = Decimal(1)
Positive = Annotated[Decimal, Field(gt=0)]


class InstrumentTable(BaseModel):
    """One table of the file: every key is optional over a built-in instrument."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: InstrumentKind | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,10}$")] | None = None
    tick: Positive | None = None
    pip: Positive | None = None
    point: Positive | None = None
    quantity_unit: QuantityUnit | None = None
    quantity_step: Positive | None = None
    round_lot: Positive | None = None
    multiplier: Positive | None = None
    base: str | None = None
    quote: str | None = None
    calendar: str | None = None
    regular_calendar: str | None = None
    leverage_factor: Decimal | None = None
    listed_on: str | None = None
    notional_min: Positive | None = None
    swap_long: Decimal | None = None
    swap_short: Decimal | None = None
    settlement_days: Annotated[int, Field(ge=0, le=5)] | None = None

    @model_validator(mode="after")
    def _both_swaps(self) -> InstrumentTable:
        if (self.swap_long is None) != (self.swap_short is None):
            raise ValueError("`swap_long` and `swap_short` are stated together, in pips a night")
        return self

    prices: SignalPrices | None = None
    sector: Annotated[str, Field(min_length=1)] | None = None

    @field_validator("calendar", "regular_calendar")
    @classmethod
    def _known_calendar(cls, value: str | None) -> str | None:
        if value is not None and value not in CALENDARS:
            raise ValueError(f"no calendar is called `{value}`{suggestion(value, CALENDARS)}")
        return value

    @field_validator("listed_on")
    @classmethod
    def _known_venue(cls, value: str | None) -> str | None:
        if value is not None and value not in venues():
            raise ValueError(f"no venue is called `{value}`{suggestion(value, tuple(venues()))}")
        return value


NEEDED: Final = ("kind", "currency", "tick", "calendar")
UNITS: Final = {
    InstrumentKind.EQUITY: QuantityUnit.SHARES,
    InstrumentKind.FOREX: QuantityUnit.UNITS,
    InstrumentKind.CRYPTO: QuantityUnit.COINS,
    InstrumentKind.FUTURE: QuantityUnit.CONTRACTS,
    InstrumentKind.CFD: QuantityUnit.UNITS,
    InstrumentKind.INDEX: QuantityUnit.UNITS,
}


def load_instruments(text: str) -> Mapping[str, Instrument]:
    """The instruments in the text of an `instruments.toml`, by symbol; raises `ProfileRefused` with every problem."""
    problems: list[str] = []
    found: dict[str, Instrument] = {}
    for symbol, content in parse_toml(text, what="instruments file").items():
        outcome = _read_one(symbol, content)
        if isinstance(outcome, Instrument):
            found[symbol] = outcome
        else:
            problems.extend(f'["{symbol}"]: {problem}' for problem in outcome)
    if problems:
        raise ProfileRefused(tuple(problems))
    return found


def _read_one(symbol: str, content: object) -> Instrument | tuple[str, ...]:
    if not isinstance(content, dict):
        return (f'each instrument is a table; write `["{symbol}"]` on a line of its own and its keys below',)
    try:
        table = InstrumentTable.model_validate(content)
    except ValidationError as error:
        return sentences(error, InstrumentTable)
    known = identify(symbol)
    if known is not None and table.kind in (None, known.kind):
        return _override(known, table)
    return _new(symbol, table)


def _override(known: Instrument, table: InstrumentTable) -> Instrument:
    said = {name: value for name, value in table.model_dump().items() if value is not None}
    if table.prices is not None:
        said["signal_prices"] = said.pop("prices")
    if "calendar" in said and "regular_calendar" not in said:
        said["regular_calendar"] = said["calendar"]
    return replace(known, **said, source=f"instruments file ({', '.join(said)}); else: {known.source}")


def _new(symbol: str, table: InstrumentTable) -> Instrument | tuple[str, ...]:
    kind, currency, tick, calendar = table.kind, table.currency, table.tick, table.calendar
    if kind is None or currency is None or tick is None or calendar is None:
        return tuple(f"`{key}` is missing" for key in NEEDED if getattr(table, key) is None)
    return Instrument(
        symbol=symbol,
        kind=kind,
        currency=currency,
        tick=tick,
        pip=table.pip,
        point=table.point or ONE,
        quantity_unit=table.quantity_unit or UNITS[kind],
        quantity_step=table.quantity_step or ONE,
        round_lot=table.round_lot or ONE,
        multiplier=table.multiplier or ONE,
        base=table.base,
        quote=table.quote,
        calendar=calendar,
        regular_calendar=table.regular_calendar or calendar,
        leverage_factor=ONE if table.leverage_factor is None else table.leverage_factor,
        source="instruments file",
        listed_on=table.listed_on,
        notional_min=table.notional_min,
        swap_long=table.swap_long,
        swap_short=table.swap_short,
        settlement_days=table.settlement_days,
        signal_prices=table.prices or SignalPrices.SPLIT_ADJUSTED,
        sector=table.sector,
    )
