"""Account files: from the text of a TOML profile to an `AccountProfile`, strictly.

An unknown key is an error, since a misspelt limit would otherwise be no limit. What is left out becomes the strict
value and a sentence in `assumptions`. Imported only when a profile is read: pydantic costs start-up time.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from stratc.runtime.model import account as model
from stratc.runtime.model.toml_problems import ProfileRefused, parse_toml, sentences

Amount = Annotated[Decimal, Field(ge=0)]
Currency = Annotated[str, Field(pattern=r"^[A-Z0-9]{3,6}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def _as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _as_spans(value: object) -> object:
    """One word is a regime that always holds."""
    return [{"is": value}] if isinstance(value, str) else value


class Table(BaseModel):
    """A table of the file: no key that is not declared here."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class AmountOn(Table):
    amount: Amount
    on: date


class HoldingTable(Table):
    symbol: str
    quantity: Decimal
    cost: Amount | None = None
    opened_on: date | None = None


class SpanTable(Table):
    since: date | None = Field(default=None, alias="from")
    regime: model.DayTradingRegime = Field(alias="is")


class CommissionTable(Table):
    per_order: Amount = Decimal(0)
    per_share: Amount = Decimal(0)
    per_contract: Amount = Decimal(0)
    percent_of_value: Amount = Decimal(0)
    minimum: Amount = Decimal(0)
    maximum_percent: Amount | None = None


class SlippageTable(Table):
    ticks: Amount = Decimal(0)
    bps: Amount = Decimal(0)
    spread_ticks: Amount = Decimal(0)
    spread_bps: Amount = Decimal(0)


class ConversionTable(Table):
    every_fill: bool = True
    bps: Amount = Decimal(0)
    fresh_hours: Annotated[int, Field(gt=0)] = 96


class InterestTable(Table):
    rates: Annotated[str, Field(min_length=1)]
    markup_percent: Amount = Decimal(0)
    fresh_days: Annotated[int, Field(gt=0)] = 40


class AccountTable(Table):
    type: Annotated[tuple[model.AccountType, ...], BeforeValidator(_as_list), Field(min_length=1)]
    currency: Currency
    equity: Amount | None = None
    equity_last_close: Amount | None = None
    cash: Decimal | None = None
    settled_cash: Decimal | None = None
    debit: Amount | None = None
    unsettled: tuple[AmountOn, ...] = ()
    positions: tuple[HoldingTable, ...] = ()
    holder: model.Holder | None = None
    client_class: model.ClientClass | None = None
    residence: Country | None = None
    tax_residence: Country | None = None
    permissions: tuple[str, ...] | None = None
    owner: model.Owner | None = None
    registration: model.Registration | None = None
    instruments: str | None = None
    flows: str | None = None
    house_packs: tuple[str, ...] = ()


class BrokerTable(Table):
    name: str | None = None
    legal_entity: str | None = None
    day_trading_regime: Annotated[tuple[SpanTable, ...], BeforeValidator(_as_spans)] = ()
    day_trade_counting: str | None = None
    six_percent_exception: bool | None = None
    intraday_margin_mode: str | None = None
    house_margin: Amount | None = None
    netting: str | None = None
    commissions: CommissionTable | None = None
    slippage: SlippageTable | None = None
    conversion: ConversionTable | None = None
    overnight_interest: InterestTable | None = None
    borrow: str | None = None
    borrow_rate: Amount | None = None
    stop_trigger: str | None = None
    locates: bool | None = None
    do_not_reduce: bool | None = None
    margin_rate: Amount | None = None

    @model_validator(mode="after")
    def _spans_in_order(self) -> BrokerTable:
        starts = [span.since for span in self.day_trading_regime[1:]]
        first = self.day_trading_regime[0].since if self.day_trading_regime else None
        known = [start for start in ([first] if first else []) + starts if start is not None]
        if None in starts or known != sorted(set(known)):
            raise ValueError(
                "the spans of `day_trading_regime` must have rising `from` dates; only the first may lack one"
            )
        return self


class HistoryTable(Table):
    source: str | None = None
    as_of: date | None = None
    day_trades: tuple[date, ...] = ()
    pattern_day_trader_since: date | None = None
    deficits: tuple[AmountOn, ...] = ()
    freezes: tuple[date, ...] = ()
    good_faith_violations: tuple[date, ...] = ()


class OtherAccountsTable(Table):
    same_owner: tuple[str, ...] | None = None
    shared_with: tuple[str, ...] | None = None


class ProfileFile(Table):
    account: AccountTable
    broker: BrokerTable = BrokerTable()
    history: HistoryTable | None = None
    other_accounts: OtherAccountsTable | None = None


def read(text: str) -> model.AccountProfile:
    """The profile in the text of a TOML file; raises `ProfileRefused` with every problem at once."""
    content = parse_toml(text, what="account profile")
    try:
        parsed = ProfileFile.model_validate(content)
    except ValidationError as error:
        raise ProfileRefused(sentences(error, ProfileFile)) from error
    return _profile(parsed)


def _profile(file: ProfileFile) -> model.AccountProfile:
    account = file.account
    return model.AccountProfile(
        types=account.type,
        currency=account.currency,
        equity=account.equity,
        equity_last_close=account.equity_last_close,
        cash=account.cash,
        settled_cash=account.settled_cash,
        debit=account.debit,
        unsettled=tuple(_amount_on(entry) for entry in account.unsettled),
        positions=tuple(model.Holding(**entry.model_dump()) for entry in account.positions),
        holder=account.holder or model.Holder.INDIVIDUAL,
        client_class=account.client_class or model.ClientClass.RETAIL,
        residence=account.residence,
        tax_residence=account.tax_residence or account.residence,
        permissions=account.permissions or (),
        owner=account.owner or model.Owner.SELF,
        broker=_broker(file.broker),
        history=_history(file.history or HistoryTable()),
        other_accounts=model.OtherAccounts(**(file.other_accounts or OtherAccountsTable()).model_dump()),
        instruments=account.instruments,
        flows=account.flows,
        house_packs=account.house_packs,
        registration=account.registration,
        assumptions=tuple(sentence for silent, sentence in _silences(file) if silent),
    )


def _broker(table: BrokerTable) -> model.BrokerProfile:
    plain: dict[str, Any] = table.model_dump(
        exclude={"day_trading_regime", "commissions", "slippage", "conversion", "overnight_interest"}
    )
    return model.BrokerProfile(
        **plain,
        day_trading_regime=tuple(model.RegimeSpan(since=s.since, regime=s.regime) for s in table.day_trading_regime),
        commissions=model.CommissionSchedule(**table.commissions.model_dump()) if table.commissions else None,
        slippage=model.SlippageModel(**table.slippage.model_dump()) if table.slippage else None,
        overnight_interest=(
            model.InterestPolicy(**table.overnight_interest.model_dump()) if table.overnight_interest else None
        ),
        conversion=model.ConversionPolicy(**table.conversion.model_dump()) if table.conversion else None,
    )


def _history(table: HistoryTable) -> model.AccountHistory:
    plain: dict[str, Any] = table.model_dump(exclude={"deficits"})
    return model.AccountHistory(**plain, deficits=tuple(_amount_on(entry) for entry in table.deficits))


def _amount_on(entry: AmountOn) -> model.UnsettledCash:
    return model.UnsettledCash(amount=entry.amount, on=entry.on)


def _silences(file: ProfileFile) -> tuple[tuple[bool, str], ...]:
    """What the profile may leave open, and the strict reading of each silence."""
    account, broker, history = file.account, file.broker, file.history
    owes = bool({model.AccountType.MARGIN, model.AccountType.PORTFOLIO_MARGIN} & set(account.type))
    shares = owes or model.AccountType.CASH in account.type
    return (
        (account.equity is None, "no equity is stated: rules with an equity threshold take it as not reached"),
        (account.holder is None, "no holder is named: taken as an individual"),
        (account.client_class is None, "no client class is stated: taken as retail, which the law protects most"),
        (account.residence is None, "no residence is stated: rules that follow the client's residence all apply"),
        (account.permissions is None, "no permissions are listed: none is taken as given"),
        (account.owner is None, "no owner is named: taken as the trader's own money"),
        (
            account.owner is model.Owner.CLIENT and account.registration is None,
            "no registration is stated: whoever trades other people's money is taken to have none",
        ),
        (account.settled_cash is None, "no settled cash is stated: all cash at the start is taken as unsettled"),
        (broker.legal_entity is None, "no legal entity of the broker is named: taken as unknown"),
        (not broker.day_trading_regime, "no day-trading regime is stated: the broker is taken to count day trades"),
        (broker.six_percent_exception is None, "the six-percent exception of day trading is taken as not granted"),
        (broker.netting is None, "no netting is stated: the oldest position is taken to be closed first"),
        (broker.commissions is None, "no commissions are stated: the fill model's are used"),
        (broker.slippage is None, "no slippage is stated: the fill model's is used"),
        (broker.borrow is None, "no borrow is stated: no share is taken as available to sell short"),
        (
            owes and broker.borrow_rate is None,
            "no borrow rate is stated: only a borrow table charges for borrowed shares",
        ),
        (owes and broker.margin_rate is None, "no margin rate is stated: what is borrowed to buy costs no interest"),
        (
            shares and broker.do_not_reduce is None,
            "cash dividends lower open buy limits and sell stops (FINRA Rule 5330)",
        ),
        (history is None, "no history is given: no earlier day trade, deficit or freeze is known"),
        (file.other_accounts is None, "nothing is said of other accounts of the same owner: none is taken to exist"),
    )
