"""The parts of the lowering: one module for each part of a strategy, see `compiler.ir.from_checked`."""
