"""How much of a SQLite write-ahead file is there, so that what recovery drops can be told.

Its layout is in section 4.1 of sqlite.org/fileformat2.html. A frame belongs to the file's present generation when it
carries the salts of the file's header; frames of an earlier generation behind them are leftovers and no loss.
"""

from __future__ import annotations

from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

HEADER: Final = Struct(">IIIIIIII")  # magic, version, page size, checkpoint, two salts, two checksums
FRAME: Final = Struct(">IIIIII")  # page, pages after commit, two salts, two checksums
MAGICS: Final = frozenset({0x377F0682, 0x377F0683})


class Written(NamedTuple):
    """Whole frames of the present generation, bytes behind the last whole one, bytes a frame."""

    frames: int
    rest_bytes: int
    frame_bytes: int


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def written_frames(path: Path) -> Written:
    """What lies in the write-ahead file beside a database, before anybody opened it."""
    try:
        with wal_of(path).open("rb") as file:
            header = file.read(HEADER.size)
            if len(header) < HEADER.size:
                return Written(0, len(header), FRAME.size)
            magic, _, page_bytes, _, *salts, _, _ = HEADER.unpack(header)
            if magic not in MAGICS:
                return Written(0, 0, FRAME.size)
            frame_bytes = FRAME.size + page_bytes
            frames = 0
            while len(front := file.read(frame_bytes)) >= FRAME.size:
                if list(FRAME.unpack_from(front)[2:4]) != salts:
                    return Written(frames, 0, frame_bytes)
                if len(front) < frame_bytes:
                    break
                frames += 1
            return Written(frames, len(front), frame_bytes)
    except FileNotFoundError:
        return Written(0, 0, FRAME.size)


def torn_bytes_after(written: Written, known_frames: int) -> int:
    """The bytes that recovery dropped, of which it kept so many frames."""
    return max(0, written.frames - known_frames) * written.frame_bytes + written.rest_bytes
