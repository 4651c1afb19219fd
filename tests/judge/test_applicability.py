"""Which rules bind whom: by the carrying firm, the venue, the client, the account, the instrument and the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stratc.compiler.judge.applicable import Applies, applicability
from stratc.compiler.judge.facts import account_facts
from stratc.compiler.judge.load import load_packs
from stratc.compiler.judge.pack import Follows, PackRefused, read_pack
from stratc.runtime.model.account import read_account
from stratc.runtime.model.instrument import InstrumentKind, identify

pytestmark = pytest.mark.fast

PACKS = load_packs()
RULES = {rule.id: (pack, rule) for pack in PACKS for rule in pack.rules}
LISTED = {"us.reg_sho.locate", "us.reg_sho.price_test", "us.luld.price_bands", "us.large_trader.activity"}
VALUE = "us.large_trader.activity_by_value"
MARGIN = {"us.reg_t.initial_margin", "us.finra.maintenance_margin", "us.finra.low_priced_shorts"}
DAY_TRADING = {"us.finra.pattern_day_trader", "us.finra.intraday_margin", "us.finra.minimum_equity"}
US_MARGIN = MARGIN | DAY_TRADING | LISTED | {VALUE}
IN_2010 = {"us.reg_t.initial_margin", "us.finra.pattern_day_trader", "us.reg_sho.locate"}
CASH = {"us.reg_t.pay_in_full", "us.reg_t.freeriding", "us.broker.settled_funds"}
FOREX = {"us.nfa.security_deposit", "us.nfa.no_offset", "us.nfa.first_in_first_out"}
LIMITED, ACCOUNTABLE, WASH = {"us.cftc.all_months_limit"}, {"us.cme.accountability"}, {"us.cme.wash_trades"}
NO_CFD = {"us.no_contracts_for_difference"}
EU, UK, COINS_UK = {"eu.esma.initial_margin"}, {"uk.fca.initial_margin"}, {"uk.fca.no_crypto_derivatives"}
AU, JP, SG = {"au.asic.initial_margin"}, {"jp.fsa.margin"}, {"sg.mas.margin"}
INDIA = {"in.nse.no_market_orders", "in.nse.orders_a_second"}
CLIENT = {"us.registration"}
HOUSE = {
    "market_access_controls": {
        "house.access.price_collar", "house.access.order_size", "house.access.message_limit",
        "house.access.repeated_executions", "house.access.duplicate_orders",
    },
    "prop_firm_template": {"prop.daily_loss", "prop.trailing_drawdown", "prop.positions"},
    "house_template": {"house.two_positions", "house.exposure"},
    "restricted_list": {"house.restricted", "house.watched"},
}  # fmt: skip

TODAY = "2026-11-20"


def binding(lines: str, symbol: str, day: str = TODAY, kind: InstrumentKind | None = None) -> set[str]:
    """The rules that bind an account of these lines (`type, currency, firm, more…`) on a day with one instrument."""
    account_type, currency, firm, *more = (line.strip() for line in lines.split(","))
    entity = f'legal_entity = "{firm}"' if firm else ""
    of_broker = [line for line in more if line.startswith("locates")]
    rest = [line for line in more if line not in of_broker]
    head = f'[account]\ntype = "{account_type}"\ncurrency = "{currency}"\nequity = 10_000'
    account = read_account("\n".join([head, *rest, "[broker]", entity, *of_broker]))
    instrument = identify(symbol)
    assert instrument is not None
    traded = (replace(instrument, kind=kind or instrument.kind),)
    as_of = date.fromisoformat(day)
    facts = account_facts(account, as_of, account_type)
    answers = {name: applicability(*found, facts, traded, as_of) for name, found in RULES.items()}
    return {name for name, answer in answers.items() if isinstance(answer, Applies)}


US_RETAIL = 'residence = "US"'
CASES = [
    # A US firm and a US client
    (f"margin, USD, US, {US_RETAIL}", "SPY", TODAY, US_MARGIN),
    (f"margin, USD, US, {US_RETAIL}, locates = true", "SPY", TODAY, US_MARGIN - {"us.reg_sho.locate"}),
    (f"margin, USD, US, {US_RETAIL}", "SPY", "2026-06-03", US_MARGIN - {"us.finra.intraday_margin"}),
    (f"margin, USD, US, {US_RETAIL}", "SPY", "2027-10-21", US_MARGIN - {"us.finra.pattern_day_trader"}),
    (f"margin, USD, US, {US_RETAIL}", "SPY", "2010-12-01", IN_2010),
    (f"margin, USD, US, {US_RETAIL}", "SPY", "2011-02-27", MARGIN | IN_2010 | {"us.finra.minimum_equity"}),
    (f"portfolio_margin, USD, US, {US_RETAIL}", "SPY", TODAY, LISTED | {VALUE}),
    (f"cash, USD, US, {US_RETAIL}", "SPY", TODAY, CASH | LISTED | {VALUE}),
    (f"cash, USD, US, {US_RETAIL}", "BTC/USD", TODAY, set()),
    (f"crypto, USD, US, {US_RETAIL}", "BTC/USD", TODAY, set()),
    (f"forex, USD, US, {US_RETAIL}", "EUR/USD", TODAY, FOREX),
    (f"futures, USD, US, {US_RETAIL}", "ES", TODAY, WASH),
    (f"futures, USD, US, {US_RETAIL}", "CLZ26", TODAY, WASH | ACCOUNTABLE),
    (f"futures, USD, US, {US_RETAIL}", "ZC", TODAY, WASH | LIMITED),
    (f"futures, USD, US, {US_RETAIL}", "ZC", "2021-03-14", WASH),
    (f"cfd, USD, US, {US_RETAIL}", "EUR/USD", TODAY, NO_CFD),
    (f'cfd, USD, US, {US_RETAIL}, client_class = "eligible_contract_participant"', "EUR/USD", TODAY, set()),
    (f'margin, USD, US, {US_RETAIL}, owner = "client"', "SPY", TODAY, US_MARGIN | CLIENT),
    # A US resident at a firm abroad
    (f"cfd, USD, CY, {US_RETAIL}", "EUR/USD", TODAY, EU | NO_CFD),
    # Firms in the European Union, by the union or by the member state
    ('cfd, EUR, CY, residence = "DE"', "EUR/USD", TODAY, EU),
    ('cfd, EUR, EU, residence = "DE"', "EUR/USD", TODAY, EU),
    ('cfd, EUR, IE, residence = "FR"', "BTC/USD", TODAY, EU),
    ('cfd, EUR, CY, residence = "DE"', "EUR/USD", "2018-07-31", set()),
    ('cfd, EUR, CY, residence = "DE"', "EUR/USD", "2018-08-01", EU),
    ('cfd, EUR, CY, residence = "DE", client_class = "professional"', "EUR/USD", TODAY, set()),
    ('forex, EUR, CY, residence = "DE"', "EUR/USD", TODAY, EU),
    ('margin, EUR, DE, residence = "DE"', "SPY", TODAY, LISTED),
    ('margin, EUR, DE, residence = "DE"', "SAP.DE", TODAY, set()),
    ('futures, EUR, DE, residence = "DE"', "GC", TODAY, WASH | ACCOUNTABLE),
    # The United Kingdom, Australia, Japan, Singapore
    ('cfd, GBP, GB, residence = "GB"', "EUR/USD", TODAY, UK),
    ('cfd, GBP, UK, residence = "GB"', "BTC/USD", TODAY, COINS_UK),
    ('cfd, GBP, GB, residence = "GB"', "XAU/USD", TODAY, UK),
    ('cfd, GBP, GB, residence = "GB"', "XPD/USD", "2019-08-01", UK),
    ('cfd, GBP, GB, residence = "GB"', "BTC/USD", "2021-01-05", set()),
    ('cfd, GBP, GB, residence = "GB"', "BTC/USD", "2021-01-06", COINS_UK),
    ('cfd, GBP, GB, residence = "GB", client_class = "professional"', "BTC/USD", TODAY, set()),
    ('crypto, GBP, GB, residence = "GB"', "BTC/USD", TODAY, set()),
    ('cfd, AUD, AU, residence = "AU"', "EUR/USD", "2027-05-23", AU),
    ('cfd, AUD, AU, residence = "AU"', "EUR/USD", "2027-05-24", set()),
    ('forex, JPY, JP, residence = "JP"', "USD/JPY", TODAY, JP),
    ('forex, JPY, JP, residence = "JP", holder = "entity"', "USD/JPY", TODAY, set()),
    ('cfd, JPY, JP, residence = "JP"', "BTC/JPY", TODAY, JP),
    ('cfd, JPY, JP, residence = "JP"', "XAU/JPY", TODAY, set()),
    ('forex, SGD, SG, residence = "SG"', "EUR/USD", "2019-10-07", set()),
    ('forex, SGD, SG, residence = "SG"', "EUR/USD", "2019-10-08", SG),
    # India follows the venue, whoever carries the account
    ('margin, INR, IN, residence = "IN"', "INFY.NS", TODAY, INDIA),
    ('margin, INR, IN, residence = "IN"', "INFY.NS", "2026-03-31", INDIA - {"in.nse.orders_a_second"}),
    (f"margin, USD, US, {US_RETAIL}", "INFY.NS", TODAY, MARGIN | DAY_TRADING | INDIA),
    # Nobody says who the firm is, or where the client lives: everything that may bind does
    ('forex, USD, , residence = "DE"', "EUR/USD", TODAY, FOREX | EU | UK | AU | JP | SG),
    ("cfd, EUR, CY", "EUR/USD", TODAY, EU | NO_CFD),
    # A house's own
    *(
        (f'margin, USD, CH, residence = "CH", house_packs = ["{name}"]', "NESN.SW", TODAY, rules)
        for name, rules in HOUSE.items()
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "symbol", "day", "rules"), CASES)
def test_the_rules_that_bind(lines, symbol, day, rules):
    assert binding(lines, symbol, day) == rules


def test_a_contract_for_difference_is_one_in_any_account():
    bound = binding(f"margin, USD, US, {US_RETAIL}", "SPY", kind=InstrumentKind.CFD)
    assert bound == NO_CFD


def test_every_rule_binds_somebody():
    assert set().union(*(rules for *_, rules in CASES)) == set(RULES)


def test_why_a_house_pack_does_not_bind():
    account = read_account('[account]\ntype = "margin"\ncurrency = "USD"\n[broker]\nlegal_entity = "US"')
    facts = account_facts(account, date(2026, 11, 20), "margin")
    answer = applicability(*RULES["house.exposure"], facts, (identify("SPY"),), date(2026, 11, 20))
    assert answer.because == "the account adopts no `house_template`: it binds whose `house_packs` name it"


def test_a_pack_says_whom_it_follows():
    head = 'id="p"\ntitle="t"\njurisdiction="US"\nauthority="a"\nowner="o"\nversion="1"\n'
    assert read_pack("p", {"pack.toml": head}).follows is Follows.CARRYING_FIRM
    assert read_pack("p", {"pack.toml": head + 'follows = "venue"'}).follows is Follows.VENUE
    with pytest.raises(
        PackRefused, match=r"`follows` is `broker`; it may be `carrying firm`, `venue`, `client`, `house`"
    ):
        read_pack("p", {"pack.toml": head + 'follows = "broker"'})
