"""Lark trees of order phrases → nodes: `at next open`, `at limit P`, `at stop P limit Q`."""

from __future__ import annotations

from typing import Final

from stratc.dsl.parsing.expressions import Branch, branch, leaf, read_expression, span_of
from stratc.dsl.syntax import OrderPhrase, OrderWord

_PLAIN_ORDERS: Final = {
    "AT_MARKET": OrderWord.MARKET,
    "AT_NEXT_BAR": OrderWord.NEXT_BAR,
    "AT_NEXT_OPEN": OrderWord.NEXT_OPEN,
    "AT_OPENING_AUCTION": OrderWord.OPENING_AUCTION,
    "AT_CLOSING_AUCTION": OrderWord.CLOSING_AUCTION,
}


def read_order(tree: Branch, at: int) -> OrderPhrase:
    span, word = span_of(tree, at), leaf(tree, 0).type
    if word in _PLAIN_ORDERS:
        return OrderPhrase(span=span, word=_PLAIN_ORDERS[word])
    price = read_expression(branch(tree, 1), at)
    if word == "AT_LIMIT":
        return OrderPhrase(span=span, word=OrderWord.LIMIT, limit_price=price)
    if len(tree.children) == 2:
        return OrderPhrase(span=span, word=OrderWord.STOP, stop_price=price)
    limit = read_expression(branch(tree, 3), at)
    return OrderPhrase(span=span, word=OrderWord.STOP_LIMIT, stop_price=price, limit_price=limit)
