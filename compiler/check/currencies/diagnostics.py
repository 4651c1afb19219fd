"""Problems with currencies: T388 onwards, one class each, its docstring its page."""

from __future__ import annotations

from typing import ClassVar

from stratc.dsl.diagnostic import Problem
from stratc.runtime.model.record import record


@record
class CurrenciesMixed(Problem):
    """Amounts of two currencies are neither compared nor added: a rate between them changes from bar to bar.

    Sizes, risks, caps and halts convert by themselves: `buy 10% of equity` on USD/JPY takes the rate of the moment.
    `equity`, `cash`, `invested` and `open_profit` are all in the account's currency; prices are in what the instrument
    is quoted in.
    """

    code: ClassVar[str] = "T388"
    title: ClassVar[str] = "`{left}` is in {left_currency} and `{right}` in {right_currency}"
    label: ClassVar[str] = "two currencies"
    help: ClassVar[str] = "{advice}"
    example: ClassVar[str] = (
        "trade USD/JPY on 1 day\naccount forex USD\nrule enter\n  when flat and close > 150 USD\n"
        "  then buy 1_000 units\nrule leave\n  when long and close < 140 JPY\n  then exit all"
    )
    instead: ClassVar[str] = (
        "trade USD/JPY on 1 day\naccount forex USD\nrule enter\n  when flat and close > 150 JPY\n"
        "  then buy 1_000 units\nrule leave\n  when long and close < 140 JPY\n  then exit all"
    )

    left: str
    left_currency: str
    right: str
    right_currency: str
    advice: str


@record
class LotsOfPairs(Problem):
    """A lot is 100,000 units of a currency pair, a mini lot a tenth and a micro lot a hundredth of that.

    Of shares one says `round lots`, and futures are counted in contracts.
    """

    code: ClassVar[str] = "T389"
    title: ClassVar[str] = "lots are of currency pairs, and `{symbol}` is counted in {unit}"
    label: ClassVar[str] = "no lots here"
    help: ClassVar[str] = "write `{form}`"
    example: ClassVar[str] = "rule enter\n  when flat\n  then buy 2 lots at next open"
    instead: ClassVar[str] = "rule enter\n  when flat\n  then buy 2 round lots at next open"

    symbol: str
    unit: str
    form: str
