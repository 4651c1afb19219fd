"""What an interpreted strategy asks the rule guards of its packs, and guards that deny nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from stratc.runtime.engine.book import Book as Account
from stratc.runtime.model.record import record


def allow(*_: object) -> int:
    return 0


def ignore(*_: object) -> None:
    return None


@record
class Unguarded:
    """The guards of a strategy without rule packs: none."""

    deny_opening: Callable[..., int] = allow
    observe_order: Callable[..., None] = ignore
    observe_order_done: Callable[..., None] = ignore
    observe_fill: Callable[..., None] = ignore
    observe_locate: Callable[..., None] = ignore
    observe_flow: Callable[..., None] = ignore
    observe_new_day: Callable[..., None] = ignore
    observe_mark: Callable[..., None] = ignore


class Guards(Protocol):
    """What a strategy delegates to the rule guards of its packs; see `runtime.engine.strategy` for the words."""

    @property
    def deny_opening(self) -> Callable[[Account, int, int, int, int, bool], int]: ...
    @property
    def observe_order(self) -> Callable[[Account, int, bool, int, int, int, bool], None]: ...
    @property
    def observe_order_done(self) -> Callable[[Account, int, bool, bool], None]: ...
    @property
    def observe_fill(self) -> Callable[[Account, int, bool, int, int, int, int], None]: ...
    @property
    def observe_locate(self) -> Callable[[Account, int, int], None]: ...
    @property
    def observe_flow(self) -> Callable[[Account, int], None]: ...
    @property
    def observe_new_day(self) -> Callable[[Account, int], None]: ...
    @property
    def observe_mark(self) -> Callable[[Account], None]: ...


NO_GUARDS: Final = Unguarded()
