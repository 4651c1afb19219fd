"""What can go wrong with a journal, as types: who trades decides by the type, the message is for people.

Every one of them but `EntryRefused` and `JournalBusy` means that nothing more may be sent: a fact that cannot be made
durable must not be acted upon. A message says what, where, why, and what to do.
"""

from __future__ import annotations


class JournalError(Exception):
    """The journal cannot do what it was asked to."""


class EntryRefused(JournalError):
    """An entry that is no record of this journal: the caller's mistake; nothing was written and the journal goes on."""


class JournalBusy(JournalError):
    """More entries wait for the disk than may: nothing was taken; the disk stalls, or somebody floods the journal."""


class JournalHeld(JournalError):
    """Another process writes this journal; the message says which."""


class JournalTooNew(JournalError):
    """The journal was written by a newer stratc."""


class JournalAhead(JournalError):
    """The journal is at a later day already: a clock was set back, or the day is sealed."""


class JournalDamaged(JournalError):
    """What is there is no journal, or not as it was written: `stratc audit verify` names the first bad record."""


class JournalExposed(JournalError):
    """Others may read or write the journal's files."""


class JournalFailed(JournalError):
    """The disk refused: nothing of the last commit counts, and this journal takes no more records."""


class JournalFull(JournalFailed):
    """The disk is full."""


class JournalClosed(JournalError):
    """It was closed, or failed before: open it again, which verifies it."""
