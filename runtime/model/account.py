"""Account profiles: from the text of a TOML file to a plain record of the account, its broker and its history.

What the file leaves out is None or empty here and counts as the strict value; each such silence is a sentence in
`assumptions`. The reading itself is in `runtime.model.account_file`, imported only when a profile is read.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from stratc.runtime.model.record import record
from stratc.runtime.model.toml_problems import ProfileRefused as ProfileRefused


class AccountType(StrEnum):
    """The segments an account may have."""

    CASH = "cash"
    MARGIN = "margin"
    PORTFOLIO_MARGIN = "portfolio_margin"
    FUTURES = "futures"
    FOREX = "forex"
    CRYPTO = "crypto"
    CFD = "cfd"


class Holder(StrEnum):
    """Who holds the account."""

    INDIVIDUAL = "individual"
    JOINT = "joint"
    IRA = "ira"
    ENTITY = "entity"
    POOL = "pool"


class ClientClass(StrEnum):
    """How the broker classifies the client."""

    RETAIL = "retail"
    PROFESSIONAL = "professional"
    ELIGIBLE_CONTRACT_PARTICIPANT = "eligible_contract_participant"


class Owner(StrEnum):
    """Whose money it is."""

    SELF = "self"
    CLIENT = "client"


class Registration(StrEnum):
    """As what whoever trades other people's money is registered; `exempt` says that the law asks for none here."""

    NONE = "none"
    RIA = "ria"  # investment adviser
    CTA = "cta"  # commodity trading adviser
    CPO = "cpo"  # commodity pool operator
    EXEMPT = "exempt"


class DayTradingRegime(StrEnum):
    """Which day-trading standard the broker applies."""

    PATTERN_DAY_TRADER = "pattern_day_trader"
    INTRADAY_MARGIN = "intraday_margin"


@record
class RegimeSpan:
    """From this day on the broker applies that standard; `since` None means always."""

    since: date | None
    regime: DayTradingRegime


@record
class CommissionSchedule:
    """What the broker charges: per order, per unit and by value, at least `minimum` and at most `maximum_percent`."""

    per_order: Decimal
    per_share: Decimal
    per_contract: Decimal
    percent_of_value: Decimal
    minimum: Decimal
    maximum_percent: Decimal | None


@record
class SlippageModel:
    """How much worse than the quote a market order fills: the sum of what is set."""

    ticks: Decimal
    bps: Decimal
    spread_ticks: Decimal
    spread_bps: Decimal


@record
class ConversionPolicy:
    """How the broker exchanges other currencies for the account's: at every fill, or not by itself; at what cost.

    A rate that is older than `fresh_hours` is taken as unknown.
    """

    every_fill: bool
    bps: Decimal
    fresh_hours: int


@record
class InterestPolicy:
    """Overnight interest by the rates in a file beside the profile: dates down, currencies across, percent a year.

    The broker pays `markup_percent` less and takes as much more; a rate older than `fresh_days` is unknown.
    """

    rates: str
    markup_percent: Decimal
    fresh_days: int


@record
class UnsettledCash:
    """Money from a sale that settles on a day to come."""

    amount: Decimal
    on: date


@record
class Holding:
    """A position or tax lot that the account holds already."""

    symbol: str
    quantity: Decimal
    cost: Decimal | None
    opened_on: date | None


@record
class BrokerProfile:
    """The broker that carries the account, as the trader declares it.

    `locates`: it locates shares for every short sale before the order, whatever the strategy says. `do_not_reduce`:
    open orders are marked so, and no dividend lowers them. Rates are in percent a year.
    """

    name: str | None
    legal_entity: str | None
    day_trading_regime: tuple[RegimeSpan, ...]
    day_trade_counting: str | None
    six_percent_exception: bool | None
    intraday_margin_mode: str | None
    house_margin: Decimal | None
    netting: str | None
    commissions: CommissionSchedule | None
    slippage: SlippageModel | None
    conversion: ConversionPolicy | None
    overnight_interest: InterestPolicy | None
    borrow: str | None
    borrow_rate: Decimal | None
    stop_trigger: str | None
    locates: bool | None = None
    do_not_reduce: bool | None = None
    margin_rate: Decimal | None = None


@record
class AccountHistory:
    """What the broker counts, as of a day."""

    source: str | None
    as_of: date | None
    day_trades: tuple[date, ...]
    pattern_day_trader_since: date | None
    deficits: tuple[UnsettledCash, ...]
    freezes: tuple[date, ...]
    good_faith_violations: tuple[date, ...]


@record
class OtherAccounts:
    """Accounts of the same beneficial owner and others who order on this one; None where nothing was said."""

    same_owner: tuple[str, ...] | None
    shared_with: tuple[str, ...] | None


@record
class AccountProfile:
    """An account as declared; None where the profile says nothing. `flows` is a file of what is paid in and out.

    `house_packs` are the rule packs of a house or a firm that it follows beside the law, by the names of their folders.
    """

    types: tuple[AccountType, ...]
    currency: str
    equity: Decimal | None
    equity_last_close: Decimal | None
    cash: Decimal | None
    settled_cash: Decimal | None
    debit: Decimal | None
    unsettled: tuple[UnsettledCash, ...]
    positions: tuple[Holding, ...]
    holder: Holder
    client_class: ClientClass
    residence: str | None
    tax_residence: str | None
    permissions: tuple[str, ...]
    owner: Owner
    broker: BrokerProfile
    history: AccountHistory
    other_accounts: OtherAccounts
    instruments: str | None
    assumptions: tuple[str, ...]
    flows: str | None = None
    house_packs: tuple[str, ...] = ()
    registration: Registration | None = None

    def regime_on(self, day: date) -> DayTradingRegime | None:
        """The declared day-trading standard of that day, or None where the profile does not say."""
        spans = (span for span in reversed(self.broker.day_trading_regime) if span.since is None or span.since <= day)
        return next((span.regime for span in spans), None)


def read_account(text: str) -> AccountProfile:
    """The profile in the text of a TOML file; raises `ProfileRefused` with every problem at once."""
    # Imported on use: pydantic costs start-up time that commands without an account must not pay.
    from stratc.runtime.model.account_file import read

    return read(text)
