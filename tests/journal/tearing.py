"""A file layer for SQLite that loses power: what was not synced is kept in any part, sector by sector.

Files lie on the real disk; beside them this layer remembers what each held at its last sync and every write since. A
`cut` writes into another folder what a disk could hold after the power went: of each write since the last sync, any of
its sectors of 512 bytes, and any of the truncations. Nothing is assumed of their order. `fail` makes a call refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import apsw

SECTOR = 512


class Image:
    """What a file held at its last sync, and what was done to it since."""

    def __init__(self, path: Path) -> None:
        self.synced = bytearray(path.read_bytes() if path.exists() else b"")
        self.since: list[tuple[int, bytes] | int] = []

    def sync(self) -> None:
        for each in self.since:
            apply(self.synced, each)
        self.since = []

    def after_a_cut(self, random: Random) -> bytes:
        """A third of cuts keep nothing of what was not synced, a third about half, a third nearly all."""
        found = bytearray(self.synced)
        kept = random.choice([0.0, 0.5, 0.95])
        for each in self.since:
            if isinstance(each, int):
                if random.random() < kept:
                    apply(found, each)
                continue
            offset, data = each
            for start in range(0, len(data), SECTOR):
                if random.random() < kept:
                    apply(found, (offset + start, data[start : start + SECTOR]))
        return bytes(found)


def apply(content: bytearray, change: tuple[int, bytes] | int) -> None:
    if isinstance(change, int):
        del content[change:]
        return
    offset, data = change
    content.extend(bytes(max(0, offset + len(data) - len(content))))
    content[offset : offset + len(data)] = data


class TearingDisk(apsw.VFS):
    """The layer, under a name of its own, over the files of one folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.images: dict[str, Image] = {}
        self.fail: dict[str, Exception] = {}
        self.calls_to_cut = 0
        self.at_cut: Callable[[], None] = lambda: None
        super().__init__(name, "", makedefault=False)

    def xOpen(self, name, flags):
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.images.setdefault(path, Image(Path(path)))
        return TearingFile(self, name, flags, path)

    def xDelete(self, path, sync):
        super().xDelete(path, sync)
        self.images.pop(path, None)

    def before(self, call: str) -> None:
        """Comes before each write and sync: the moment of an armed cut, and of a refusal."""
        self.calls_to_cut -= 1
        if self.calls_to_cut == 0:
            self.at_cut()
        if problem := self.fail.get(call):
            raise problem

    def arm(self, calls: int, at_cut: Callable[[], None]) -> None:
        """Call `at_cut` before so manieth write or sync from now on."""
        self.calls_to_cut, self.at_cut = calls, at_cut

    def cut(self, folder: Path, random: Random) -> None:
        """The files as they may be after the power went, into another folder."""
        folder.mkdir(mode=0o700)
        for path, image in self.images.items():
            target = folder / Path(path).name
            target.write_bytes(image.after_a_cut(random))
            target.chmod(0o600)


class TearingFile(apsw.VFSFile):
    def __init__(self, disk: TearingDisk, name, flags, path: str) -> None:
        super().__init__("", name, flags)
        self.disk, self.path = disk, path

    @property
    def image(self) -> Image:
        return self.disk.images.setdefault(self.path, Image(Path(self.path)))

    def xWrite(self, data, offset):
        self.disk.before("write")
        super().xWrite(data, offset)
        self.image.since.append((offset, bytes(data)))

    def xTruncate(self, size):
        super().xTruncate(size)
        self.image.since.append(size)

    def xSync(self, flags):
        self.disk.before("sync")
        super().xSync(flags)
        self.image.sync()
