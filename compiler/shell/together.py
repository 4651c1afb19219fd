"""Files that share an account: their texts as one, and the profile that is beside all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stratc.compiler.shell.blocks import read_strategy
from stratc.compiler.shell.exits import PROBLEMS, Refused
from stratc.compiler.shell.reading import STDIN, read_profile

if TYPE_CHECKING:
    from stratc.dsl.source import Source


def read_all(files: Sequence[Path]) -> list[Source]:
    if STDIN in files:
        raise Refused("`--together` reads files, and one of them is stdin", "name files only")
    return [read_strategy(path) for path in files]


def together_or_refuse(sources: Sequence[Source]) -> Source:
    """The strategies in one text; a refusal, with the code of the problem, where they cannot be put together."""
    from stratc.compiler.workbench.together import Refused as Apart
    from stratc.compiler.workbench.together import put_together

    found = put_together(sources)
    if not isinstance(found, Apart):
        return found
    told = found.problem.diagnostic()
    line, column = found.source.position(told.span.start)
    where = f"{found.source.name}:{line}:{column}"
    raise Refused(f"{where}: {told.message} [{told.code}]", " ".join(told.helps), PROBLEMS)


def one_account(files: Sequence[Path], account: Path | None) -> Path:
    """The file whose folder has the profile of all; a refusal where different ones are beside them."""
    from stratc.compiler.workbench.diagnostics import AccountsDiffer
    from stratc.dsl.source import NOWHERE

    first, *others = files
    if account is None:
        ours = read_profile(None, first)
        for other in others:
            if read_profile(None, other) != ours:
                told = AccountsDiffer(span=NOWHERE, first=str(first), other=str(other)).diagnostic()
                raise Refused(f"{told.message} [{told.code}]", " ".join(told.helps), PROBLEMS)
    return first
