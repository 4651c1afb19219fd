"""Where lines come from: a stream such as stdin, or a local socket on which a producer connects.

A source gives the lines that are there, waits no longer than it is told to, and wakes when the run is told to stop. A
socket listens on a path or on a loopback address only, serves one producer at a time, and outlives it: a producer that
comes again goes on. What does not fit into `BACKLOG_BYTES` waits in the producer's own buffer.
"""

from __future__ import annotations

import os
import select
import socket
import stat
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Protocol

from stratc.runtime.feeds.live.wire import LINE_BYTES_MAX

BACKLOG_BYTES: Final = 1 << 16


class FeedRefused(ValueError):
    """A feed that cannot be opened: why, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


class Source(Protocol):
    """Lines without their ends. A socket's `on_disconnect` is told when a producer goes before it said that it ended,
    and how many lines without an end it left, which are left out."""

    def read(self, timeout_s: float | None) -> list[bytes] | None:
        """The lines that have come, none after `timeout_s` or when woken; None when there will be no more."""

    def close(self) -> None:
        """Let go of everything."""


class Lines:
    """Cuts what comes into lines; a line that has no end after LINE_BYTES_MAX is given as far as it goes."""

    def __init__(self) -> None:
        self.rest = b""

    def cut(self, data: bytes) -> list[bytes]:
        *whole, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LINE_BYTES_MAX:
            whole, self.rest = [*whole, self.rest], b""
        return [line.rstrip(b"\r") for line in whole if line.strip()]

    def last(self) -> list[bytes]:
        """What came after the last line's end."""
        rest, self.rest = self.rest, b""
        return [rest] if rest.strip() else []


class StreamSource:
    """An open file descriptor, read until its end."""

    def __init__(self, descriptor: int, wake: int) -> None:
        self.descriptor, self.wake, self.lines, self.over = descriptor, wake, Lines(), False

    def read(self, timeout_s: float | None) -> list[bytes] | None:
        if self.over:
            return None
        ready, _, _ = select.select([self.descriptor, self.wake], [], [], timeout_s)
        if self.descriptor not in ready or self.wake in ready:
            return []
        data = os.read(self.descriptor, BACKLOG_BYTES)
        if data:
            return self.lines.cut(data)
        self.over = True
        return self.lines.last()

    def close(self) -> None:
        """The descriptor is its owner's."""


class SocketSource:
    """A listening socket and the producer that is connected to it."""

    def __init__(
        self, listening: socket.socket, wake: int, on_disconnect: Callable[[int], None], path: Path | None
    ) -> None:
        self.listening, self.wake, self.on_disconnect, self.path = listening, wake, on_disconnect, path
        self.producer: socket.socket | None = None
        self.lines = Lines()

    def read(self, timeout_s: float | None) -> list[bytes] | None:
        waiting = (self.producer or self.listening).fileno()
        ready, _, _ = select.select([waiting, self.wake], [], [], timeout_s)
        if waiting not in ready or self.wake in ready:
            return []
        if self.producer is None:
            self.producer, _ = self.listening.accept()
            return []
        try:
            data = self.producer.recv(BACKLOG_BYTES)
        except ConnectionError:
            data = b""
        if data:
            return self.lines.cut(data)
        self.producer.close()
        self.producer = None
        # What has no line's end may be half a bar.
        self.on_disconnect(len(self.lines.last()))
        return []

    def close(self) -> None:
        for each in (self.producer, self.listening):
            if each is not None:
                each.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def open_source(address: str, wake: int, on_disconnect: Callable[[int], None]) -> StreamSource | SocketSource:
    """`-` is stdin; `unix:PATH` and `tcp:HOST:PORT` listen, the second on a loopback address. Raises `FeedRefused`."""
    kind, _, rest = address.partition(":")
    if address == "-":
        return StreamSource(0, wake)
    try:
        if kind == "unix" and rest:
            return SocketSource(_listen_on_path(Path(rest)), wake, on_disconnect, Path(rest))
        if kind == "tcp" and rest:
            return SocketSource(_listen_on_loopback(rest), wake, on_disconnect, None)
    except OSError as problem:
        raise FeedRefused(
            f"the feed `{address}` cannot be opened: {problem.strerror}", "choose another place"
        ) from None
    raise FeedRefused(f"`{address}` is no feed", "write `-`, `unix:PATH` or `tcp:127.0.0.1:PORT`")


def _listen_on_path(path: Path) -> socket.socket:
    """Only its owner may connect. A socket that a run before has left is taken over, any other file is not."""
    if path.exists():
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise FeedRefused(f"{path} is there and is no socket", "name a path that is free")
        with socket.socket(socket.AF_UNIX) as trial:
            if trial.connect_ex(str(path)) == 0:
                raise FeedRefused(f"another run listens on {path}", "name another path")
        path.unlink()
    listening = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    listening.listen(1)
    return listening


def _listen_on_loopback(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    bare = host.strip("[]")
    try:
        loopback = ip_address(bare).is_loopback
    except ValueError:
        loopback = False
    if not loopback or not port.isdecimal() or int(port) > 65_535:
        message = f"`tcp:{address}` is no loopback address with a port"
        raise FeedRefused(message, "write `tcp:127.0.0.1:PORT`: bars are taken from this machine only")
    listening = socket.socket(socket.AF_INET6 if ":" in bare else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((bare, int(port)))
    listening.listen(1)
    return listening
