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
