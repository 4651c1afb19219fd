"""Whether the account that is given is the one that the text is made for."""

from __future__ import annotations

from collections.abc import Iterator

from stratc.compiler.driver import Compilation
from stratc.compiler.workbench.diagnostics import AnotherAccount
from stratc.dsl.syntax import AccountLine
from stratc.runtime.model.account import AccountProfile


def another_account(compilation: Compilation, account: AccountProfile) -> Iterator[AnotherAccount]:
    """Told at the `account` line, where the profile has no such segment or another currency."""
    program = compilation.program
    kinds = [each.value for each in account.types]
    if program is None or (program.account_kind in kinds and program.currency == account.currency):
        return
    kind = program.account_kind if program.account_kind in kinds else kinds[0]
    for line in compilation.tree.statements:
        if isinstance(line, AccountLine):
            yield AnotherAccount(
                span=line.span,
                meant=program.account_kind.replace("_", " "),
                meant_currency=program.currency,
                given=f"of a {' and '.join(kinds).replace('_', ' ')} account in {account.currency}",
                kind=kind,
                currency=account.currency,
            )
