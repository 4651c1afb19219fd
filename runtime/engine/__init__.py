"""The engine: orders, brackets, fills, caps, halts and the ledger, one source for Python and for compiled strategies.

`MODULES` is the order in which modules are joined into the engine's extension, which is compiled once for all
strategies: a class stands after those that it holds or takes. Those of `BESIDE_STRATEGY` are compiled into each
strategy's too, since what runs in every row is to be inlined there: the loop, and the rounding that it does.
"""

from typing import Final

MODULES: Final = (
    "codes",
    "memory",
    "quantize",
    "logbook",
    "draft",
    "book",
    "facts",
    "columns",
    "currency",
    "strategy",
    "periods",
    "words",
    "trailing",
    "logs",
    "sleeves",
    "slots",
    "netting",
    "legs",
    "ledger",
    "restating",
    "holding",
    "corporate",
    "short_sale",
    "asked",
    "sizing",
    "exposure",
    "standing",
    "groups",
    "gate",
    "orders",
    "ladders",
    "allocation",
    "pricing",
    "stops",
    "protection",
    "venue",
    "halts",
    "reducing",
    "flows",
    "new_cash",
    "gone",
    "rolling",
    "following",
)
BESIDE_STRATEGY: Final = ("quantize", "loop")
