"""Files and dates that a user names, read with a clear refusal where they cannot be.

A refusal says what was wanted, which file and why; it ends the command with exit code 2.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stratc.compiler.shell.exits import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stratc.dsl.source import Source
    from stratc.runtime.model.account import AccountProfile
    from stratc.runtime.model.instrument import Instrument

STRATEGY_BYTES_MAX: Final = 4_000_000
PROFILE_BYTES_MAX: Final = 1_000_000
STDIN: Final = Path("-")


def read_bytes(path: Path, *, what: str, most: int) -> bytes:
    """The bytes of a file, or a refusal: missing, a folder, unreadable, larger than `most`."""
    try:
        if path.is_dir():
            raise Refused(f"{what} {path} is a folder", "name the file inside it")
        if path.stat().st_size > most:
            raise Refused(
                f"{what} {path} has {path.stat().st_size:,} bytes; the limit is {most:,}", "is it the right file?"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise Refused(f"{what} {path} does not exist", "check the path") from None
    except OSError as problem:
        raise Refused(f"{what} {path} cannot be read: {problem.strerror}", "check its permissions") from None


def read_source(path: Path) -> Source:
    """The strategy text of a file, or of stdin for `-`."""
    from stratc.dsl.parser import decode
    from stratc.dsl.source import Source

    if path == STDIN:
        data, name = sys.stdin.buffer.read(STRATEGY_BYTES_MAX + 1), "<stdin>"
    else:
        data, name = read_bytes(path, what="strategy", most=STRATEGY_BYTES_MAX), str(path)
    decoded = decode(name, data)
    if not isinstance(decoded, Source):
        raise Refused(f"{name}: {decoded.message} [{decoded.code}]", " ".join(decoded.helps))
    return decoded


def read_profile(path: Path | None, beside: Path | None) -> AccountProfile | None:
    """The account profile named, else `account.toml` beside the strategy, else None."""
    from stratc.runtime.model.account import ProfileRefused, read_account

    if path is None:
        if beside is None or not (beside.parent / "account.toml").is_file():
            return None
        path = beside.parent / "account.toml"
    data = read_bytes(path, what="account profile", most=PROFILE_BYTES_MAX)
    try:
        return read_account(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused(f"account profile {path} is not UTF-8 text", "save it as UTF-8") from None
    except ProfileRefused as refusal:
        raise Refused(
            f"account profile {path}: " + "; ".join(refusal.problems), "see `stratc explain account`"
        ) from None


def read_instruments(
    profile: AccountProfile | None, account: Path | None, beside: Path | None
) -> Mapping[str, Instrument] | None:
    """The trader's own instruments: the file that the profile names, else `instruments.toml` beside the strategy."""
    named = profile.instruments if profile is not None else None
    home = account if account is not None else beside
    path = (home or Path()).parent / named if named else (beside.parent / "instruments.toml" if beside else None)
    if path is None or (named is None and not path.is_file()):
        return None
    from stratc.runtime.model.account import ProfileRefused
    from stratc.runtime.model.instrument_file import load_instruments

    data = read_bytes(path, what="instruments file", most=PROFILE_BYTES_MAX)
    try:
        return load_instruments(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused(f"instruments file {path} is not UTF-8 text", "save it as UTF-8") from None
    except ProfileRefused as refusal:
        raise Refused(
            f"instruments file {path}: " + "; ".join(refusal.problems), "see runtime/model/README.md"
        ) from None


def read_instruments_name(account: Path | None, beside: Path) -> str | None:
    """The file of instruments that a profile names, if it names one."""
    profile = read_profile(account, beside)
    return None if profile is None else profile.instruments


def read_day(text: str | None) -> date | None:
    """A date as YYYY-MM-DD; None where none is given."""
    return None if text is None else read_date(text)


def read_date(text: str | None) -> date:
    """A date as YYYY-MM-DD; today (UTC) where none is given."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"`{text}` is not a date", "write it as YYYY-MM-DD, for example 2026-06-05") from None
