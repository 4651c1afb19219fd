"""Hazards: what in a program can grow or repeat without end, found before any run.

`find` asks every question of every rule; `scene` answers whether something may hold in a made-up situation, and what
is not understood may hold. Hazards are warnings: they prove nothing, and the bounds do not read them.
"""

from stratc.compiler.judge.hazards.find import hazards_of

__all__ = ["hazards_of"]
