"""The seal of the gate. An import contract lets nothing but the gate's own modules, and tests, hold it."""

from __future__ import annotations

from typing import Final, final


@final
class Seal:
    """A value that can be asked for nowhere."""

    __slots__ = ()


SEAL: Final = Seal()
