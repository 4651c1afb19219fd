"""Group commit for asyncio: whoever waits while the disk works is written together in the next transaction.

One thread owns the journal. A caller gives it a piece of writing, a function from the journal to a result that appends
and never commits, and is resumed when what it appended is durable. A disk that stalls holds up its callers and not the
event loop: `stalled_ns` says for how long. For a single strategy, and in simulations, the journal alone is simpler.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, NamedTuple, Self, TypeVar

from stratc.runtime.journal.chain import HEAD_NS
from stratc.runtime.journal.failure import JournalBusy, JournalClosed, JournalError
from stratc.runtime.journal.journal import Journal
from stratc.runtime.journal.record import Entry

Result = TypeVar("Result")
WAITING_MAX: Final = 5_000
# A batch keeps everybody in it waiting for its slowest part.
BATCH_MAX: Final = 500


class Waiting(NamedTuple):
    """A piece of writing, who waits for it, and since when."""

    piece: Callable[[Journal], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    since_mono_ns: int


class GroupWriter:
    """Takes over a journal, and closes it at the end: `async with GroupWriter(journal) as writer`."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._queue: deque[Waiting] = deque()
        self._writing: list[Waiting] = []
        self._changed = threading.Condition()
        self._ending = False
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()

    async def write(self, entry: Entry) -> int:
        """The sequence of this entry, durable on return."""
        return await self.run(lambda journal: journal.append(entry))

    async def run(self, piece: Callable[[Journal], Result]) -> Result:
        """What `piece` returns, when all that it appended is durable. It runs on the journal's thread.

        Raises what `piece` raises (what it had appended before stays), `JournalBusy` where too many wait, and the
        journal's error where the commit failed: then nothing that was not acknowledged may be acted upon.
        """
        loop = asyncio.get_running_loop()
        waiting = Waiting(piece, loop.create_future(), loop, self._journal.clock().mono_ns)
        with self._changed:
            if self._ending:
                raise JournalClosed("the journal's writer has ended; open the journal again")
            if len(self._queue) >= WAITING_MAX:
                raise JournalBusy(f"{WAITING_MAX:,} writers wait for the disk, since {self._stalled_ns() / 1e9:.1f} s")
            self._queue.append(waiting)
            self._changed.notify()
        result: Result = await waiting.future
        return result

    def stalled_ns(self) -> int:
        """How long whoever waits longest has waited; 0 where nobody does."""
        with self._changed:
            return self._stalled_ns()

    def _stalled_ns(self) -> int:
        oldest = next(iter(self._writing), None) or next(iter(self._queue), None)
        return 0 if oldest is None else self._journal.clock().mono_ns - oldest.since_mono_ns

    async def close(self) -> None:
        """Write what waits, sign, and let go; raises what the journal's thread could not tell anybody else."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        await asyncio.to_thread(self._thread.join)
        if self._problem is not None:
            raise self._problem

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # ── the journal's thread ─────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        try:
            while batch := self._next_batch():
                self._commit(batch)
            self._journal.close()
        except BaseException as problem:  # noqa: BLE001  nobody above a thread: `close` raises it to who asks
            self._problem = problem
        finally:
            with self._changed:
                self._ending = True
                left = [*self._writing, *self._queue]
                self._queue.clear()
            told = JournalClosed("the journal's writer has ended; open the journal again")
            _resume([(waiting, None, told) for waiting in left])

    def _next_batch(self) -> list[Waiting]:
        """Who waits, as many as one transaction takes; nobody only at the end. Signs the tree when nothing happens."""
        with self._changed:
            while not self._queue and not self._ending:
                if not self._changed.wait(timeout=HEAD_NS / 1e9) and self._journal.unsigned:
                    self._journal.sign_head()
            self._writing = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH_MAX))]
            return self._writing

    def _commit(self, batch: list[Waiting]) -> None:
        done: list[tuple[Waiting, Any, BaseException | None]] = []
        for waiting in batch:
            try:
                done.append((waiting, waiting.piece(self._journal), None))
            except Exception as problem:  # noqa: BLE001  it is raised to who gave the piece
                done.append((waiting, None, problem))
        try:
            self._journal.commit()
        except JournalError as problem:
            done = [(waiting, None, problem) for waiting in batch]
        with self._changed:
            self._writing = []
        _resume(done)


def _resume(done: list[tuple[Waiting, Any, BaseException | None]]) -> None:
    """Wake all who wait, with one call into each event loop."""
    loops = {waiting.loop: None for waiting, _, _ in done}
    for loop in loops:
        mine = [each for each in done if each[0].loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, mine)


def _settle(done: list[tuple[Waiting, Any, BaseException | None]]) -> None:
    for waiting, result, problem in done:
        if waiting.future.done():  # who waited was canceled; the record stands all the same
            continue
        if problem is None:
            waiting.future.set_result(result)
        else:
            waiting.future.set_exception(problem)
