"""Static bounds: from a program to what no run of it exceeds, or the line that stands in the way and the remedy.

`sheet_of` is the door. `extent` says how large an amount can be, `exposure`, `counts` and `loss` what follows from the
program's caps and rules, `sheet` holds what is stated. Bounds speak of the moment at which an opening order goes out,
as `runtime.engine.standing` writes it down; the suite compares every run with them.
"""

from stratc.compiler.judge.bounds.grounds import kind_of
from stratc.compiler.judge.bounds.sheet import BoundSheet, Stated
from stratc.compiler.judge.bounds.stating import bounds_of, sheet_of

__all__ = ["BoundSheet", "Stated", "bounds_of", "kind_of", "sheet_of"]
