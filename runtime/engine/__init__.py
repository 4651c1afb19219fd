"""The engine: orders, brackets, fills, caps, halts and the ledger, one source for Python and for compiled strategies.

`AMALGAM` is the order in which these modules are joined into one translation unit: `codes` becomes an enum, then come
`memory`, `quantize`, the book (`logbook`, `draft`, `book`), `columns` and `currency`, the strategy's own class where it
says `strategy`, and all that uses both.
"""

from typing import Final

AMALGAM: Final = (
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
    "loop",
)
