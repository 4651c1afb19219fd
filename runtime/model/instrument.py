"""Instruments: from a symbol to what is traded under it, with its units.

A bare ticker is a US-listed share or fund, `VOD.L` a share of the market that `markets.toml` has under its suffix,
`EUR/USD` a currency pair, `BTC/USDT` a crypto pair; futures roots come from `futures.toml`, and the names of indices,
which are read and never traded, from `indices.toml`. A trader's own
`instruments.toml` adds to these or overrides them (`runtime.model.instrument_file`). Numbers are `Decimal`: a tick of
0.1 is one tenth, not nearly one tenth.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from stratc.runtime.model.action import SignalPrices
from stratc.runtime.model.record import record


class InstrumentKind(StrEnum):
    """What law, margin and settlement an instrument falls under."""

    EQUITY = "equity"
    FOREX = "forex"
    CRYPTO = "crypto"
    FUTURE = "future"
    CFD = "cfd"
    INDEX = "index"  # read, never traded


class QuantityUnit(StrEnum):
    """What one counts of an instrument."""

    SHARES = "shares"
    CONTRACTS = "contracts"
    UNITS = "units"
    COINS = "coins"


@record
class Instrument:
    """One thing that is traded. `currency` is what its price is quoted in and its profit is paid in.

    `tick` is the smallest step of its price, `pip` and `point` what traders call a step of it (None: not said of this
    kind), `quantity_step` the smallest quantity, `round_lot` the customary one, `multiplier` money per 1.0 of price
    per unit of quantity. `signal_prices` is which prices a strategy's signals read, `sector` the trader's own grouping.
    `calendar` is every hour it trades, `regular_calendar` what `regular session` means,
    `listed_on` the venue whose auctions it trades in (None: not said).

    `swap_long` and `swap_short` are what a night earns in pips (below nought: costs), `settlement_days` from trade to
    value date; None where the broker's rates and the market's usage say it. `notional_min` is the least that the venue
    takes an opening order for, in `currency`; None where any will do.
    """

    symbol: str
    kind: InstrumentKind
    currency: str
    tick: Decimal
    pip: Decimal | None
    point: Decimal
    quantity_unit: QuantityUnit
    quantity_step: Decimal
    round_lot: Decimal
    multiplier: Decimal
    base: str | None
    quote: str | None
    calendar: str
    regular_calendar: str
    leverage_factor: Decimal
    source: str
    listed_on: str | None = None
    swap_long: Decimal | None = None
    swap_short: Decimal | None = None
    settlement_days: int | None = None
    signal_prices: SignalPrices = SignalPrices.SPLIT_ADJUSTED
    sector: str | None = None
    notional_min: Decimal | None = None

    @property
    def us_listed_share(self) -> bool:
        """Whether it is an equity security of a US exchange, whose short sales fall under Regulation SHO."""
        return self.kind is InstrumentKind.EQUITY and self.calendar == "XNYS"


FIAT: Final = frozenset(
    (
        "USD",
        "EUR",
        "JPY",
        "GBP",
        "CHF",
        "AUD",
        "NZD",
        "CAD",
        "SEK",
        "NOK",
        "DKK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "RUB",
        "TRY",
        "ZAR",
        "MXN",
        "BRL",
        "CNY",
        "CNH",
        "HKD",
        "SGD",
        "KRW",
        "INR",
        "IDR",
        "ILS",
        "MYR",
        "PHP",
        "THB",
        "ISK",
        "TWD",
    )
)
TICKER: Final = re.compile(r"[A-Z]{1,5}([.-][A-Z]{1,2})?")
LISTED: Final = re.compile(r"[A-Z0-9]{1,10}(?:-[A-Z])?\.([A-Z]{1,2})")
PAIR: Final = re.compile(r"([A-Z0-9]{2,10})/([A-Z0-9]{2,10})")
# A future of one month: root, month code, year of this century.
MONTH_CODES: Final = "FGHJKMNQUVXZ"
CONTRACT: Final = re.compile(rf"([A-Z0-9]{{1,4}})([{MONTH_CODES}])(\d\d)")
ONE: Final = Decimal(1)
# The price tick and the quantity step that large spot venues have for a coin against dollars.
COIN_STEPS: Final = {
    "BTC": (Decimal("0.01"), Decimal("0.00001")),
    "ETH": (Decimal("0.01"), Decimal("0.0001")),
    "BNB": (Decimal("0.01"), Decimal("0.001")),
    "SOL": (Decimal("0.01"), Decimal("0.001")),
    "LTC": (Decimal("0.01"), Decimal("0.001")),
}
OTHER_COIN: Final = (Decimal("0.00001"), Decimal("0.01"))
DOLLARS: Final = frozenset({"USD", "USDT", "USDC", "EUR", "GBP"})


def identify(symbol: str, own: Mapping[str, Instrument] | None = None) -> Instrument | None:
    """The instrument that `symbol` names: the trader's own first, then the built-in ones; None where unknown.

    A few futures roots are tickers of shares too (`ES`, `CL`, `SI`): the root wins; an `instruments.toml` overrides it.
    """
    if own is not None and symbol in own:
        return own[symbol]
    if pair := PAIR.fullmatch(symbol):
        return _pair(symbol, pair[1], pair[2])
    if symbol in futures():
        return futures()[symbol]
    if (single := CONTRACT.fullmatch(symbol)) and single[1] in futures():
        return replace(futures()[single[1]], symbol=symbol)
    if symbol in indices():
        return replace(_share(symbol), kind=InstrumentKind.INDEX, source=indices()[symbol])
    listed = LISTED.fullmatch(symbol)
    if listed and (listed[1] in markets() or len(listed[1]) > 1):
        return _listed_share(symbol, listed[1]) if listed[1] in markets() else None
    return _share(symbol) if TICKER.fullmatch(symbol) else None


def reason_unknown(symbol: str) -> str:
    """Why `identify` knows nothing under `symbol`, and what would be known, in words for the reader."""
    if not symbol:
        return "the symbol is empty; write a ticker such as `SPY`, a pair such as `EUR/USD`, or a root such as `ES`"
    if symbol != symbol.upper() and identify(symbol.upper()) is not None:
        return f"`{symbol}` is not in capital letters; write `{symbol.upper()}`"
    compact = symbol.upper()
    if len(compact) == 6 and compact[:3] in FIAT and compact[3:] in FIAT:
        return f"`{symbol}` is no ticker; a currency pair is written `{compact[:3]}/{compact[3:]}`"
    if "/" in symbol:
        return f"`{symbol}` is not a pair; write two codes of 2 to 10 capital letters, such as `EUR/USD` or `BTC/USDT`"
    if listed := LISTED.fullmatch(compact):
        known = ", ".join(f".{suffix}" for suffix in markets())
        return (
            f"no stock market is known by the suffix `.{listed[1]}` (there are {known}); describe `{symbol}` and its "
            "calendar in an `instruments.toml`"
        )
    return (
        f"`{symbol}` is no US ticker (1 to 5 capital letters), no pair and no futures root that is known "
        f"({', '.join(futures())}); describe it in an `instruments.toml`"
    )


@cache
def futures() -> Mapping[str, Instrument]:
    """The built-in futures by their roots, in the order of the table."""
    table = tomllib.loads(files("stratc.runtime.model").joinpath("futures.toml").read_text("utf-8"))
    source = f"{table['source']}, as of {table['as_of']}"
    return {root: _future(root, terms, source) for root, terms in table["roots"].items()}


@cache
def indices() -> Mapping[str, str]:
    """The built-in indices by their symbols: what each of them is."""
    table = tomllib.loads(files("stratc.runtime.model").joinpath("indices.toml").read_text("utf-8"))
    found: Mapping[str, str] = table["indices"]
    return found


@cache
def markets() -> Mapping[str, Mapping[str, str]]:
    """What a suffix says of a share, in the order of the table."""
    table = tomllib.loads(files("stratc.runtime.model").joinpath("markets.toml").read_text("utf-8"))
    suffixes: Mapping[str, Mapping[str, str]] = table["suffixes"]
    return suffixes


def _listed_share(symbol: str, suffix: str) -> Instrument:
    """A share of a market outside of the US: its steps are the finest that are customary there."""
    terms = markets()[suffix]
    said = f"the suffix `.{suffix}` is taken for {terms['what']}: calendar {terms['calendar']}, {terms['currency']}"
    return replace(
        _share(symbol),
        currency=terms["currency"],
        tick=Decimal(terms["tick"]),
        round_lot=Decimal(terms["round_lot"]),
        multiplier=Decimal(terms["multiplier"]),
        calendar=terms["calendar"],
        regular_calendar=terms["calendar"],
        source=f"{said}, steps of {terms['tick']}, which may be coarser there; instruments.toml says the share's own",
    )


def _future(root: str, terms: Mapping[str, str], source: str) -> Instrument:
    return Instrument(
        symbol=root,
        kind=InstrumentKind.FUTURE,
        currency="USD",
        tick=Decimal(terms["tick"]),
        pip=None,
        point=ONE,
        quantity_unit=QuantityUnit.CONTRACTS,
        quantity_step=ONE,
        round_lot=ONE,
        multiplier=Decimal(terms["multiplier"]),
        base=None,
        quote=None,
        calendar=terms.get("hours", "CME_GLOBEX"),
        regular_calendar=terms.get("regular") or terms["hours"],
        leverage_factor=ONE,
        source=f"{terms['exchange']} {terms['what']}: {source}",
    )


def _share(symbol: str) -> Instrument:
    return Instrument(
        symbol=symbol,
        kind=InstrumentKind.EQUITY,
        currency="USD",
        tick=Decimal("0.01"),
        pip=None,
        point=ONE,
        quantity_unit=QuantityUnit.SHARES,
        quantity_step=ONE,
        round_lot=Decimal(100),
        multiplier=ONE,
        base=None,
        quote=None,
        calendar="XNYS",
        regular_calendar="XNYS",
        leverage_factor=ONE,
        source="a bare ticker is taken for a US-listed share or fund, in steps of 0.01 USD and one share",
    )


def _pair(symbol: str, base: str, quote: str) -> Instrument | None:
    if base == quote:
        return None
    return _currency_pair(symbol, base, quote) if base in FIAT and quote in FIAT else _crypto_pair(symbol, base, quote)


def _currency_pair(symbol: str, base: str, quote: str) -> Instrument:
    pip = Decimal("0.01") if quote == "JPY" else Decimal("0.0001")
    return Instrument(
        symbol=symbol,
        kind=InstrumentKind.FOREX,
        currency=quote,
        tick=pip / 10,
        pip=pip,
        point=ONE,
        quantity_unit=QuantityUnit.UNITS,
        quantity_step=ONE,
        round_lot=Decimal(100_000),
        multiplier=ONE,
        base=base,
        quote=quote,
        calendar="FX",
        regular_calendar="FX",
        leverage_factor=ONE,
        source="a pair of currencies is taken for spot forex in steps of a tenth of a pip and one unit",
    )


def _crypto_pair(symbol: str, base: str, quote: str) -> Instrument:
    tick, step = COIN_STEPS.get(base, OTHER_COIN) if quote in DOLLARS else OTHER_COIN
    return Instrument(
        symbol=symbol,
        kind=InstrumentKind.CRYPTO,
        currency=quote,
        tick=tick,
        pip=None,
        point=ONE,
        quantity_unit=QuantityUnit.COINS,
        quantity_step=step,
        round_lot=ONE,
        multiplier=ONE,
        base=base,
        quote=quote,
        calendar="CRYPTO",
        regular_calendar="CRYPTO",
        leverage_factor=ONE,
        source=f"a pair with a coin is taken for spot crypto in steps of {tick} {quote} and {step} {base}",
    )
