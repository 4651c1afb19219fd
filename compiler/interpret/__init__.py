"""A program run as it is written: the executable specification that generated code must equal bit for bit.

Maps a `Program` to the strategy that the engine asks, bar after bar: `signals` after a bar's fills and mark, `decide`
when all bars of a moment are in. Assumes a verified program.
"""

from stratc.compiler.interpret.decisions import InterpretedStrategy

__all__ = ["InterpretedStrategy"]
