"""Check: a text, an account and a day in; diagnostics and verdicts out.

Files are judged apart, each under its own account. Without an account a text is only type-checked, which R001 says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from stratc.compiler.driver import Compilation, compile_source
from stratc.compiler.workbench.together import LIMITS_ARE_OF_ALL, of_one_account
from stratc.dsl.diagnostic import Diagnostic, has_errors
from stratc.dsl.source import NOWHERE, Source
from stratc.runtime.model.record import record

if TYPE_CHECKING:
    from stratc.compiler.judge import Judgement
    from stratc.compiler.judge.pack import Pack
    from stratc.compiler.judge.search import Kept
    from stratc.compiler.judge.values.asking import Deep
    from stratc.compiler.workbench.diagnostics import NoSolver, ShortWithoutLocate
    from stratc.runtime.model.account import AccountProfile
    from stratc.runtime.model.instrument import Instrument

BUDGET_SECONDS: Final = 2.0


@record
class Law:
    """The rules to judge by: the packs, and the day whose law it is; or the first and last `days` of a run in which the
    law is that of each bar's own day. `known_at` leaves out what was announced after that day."""

    packs: Sequence[Pack]
    as_of: date
    known_at: date | None = None
    days: tuple[date, date] | None = None


@record
class CheckReport:
    """What was found of one text. `judgement` is None where there was no account or no program; `unlocated` are the
    short sales that go without a locate, for which the text is good for backtests only."""

    compilation: Compilation
    diagnostics: tuple[Diagnostic, ...]
    judgement: Judgement | None
    unlocated: tuple[ShortWithoutLocate, ...] = ()

    @property
    def source(self) -> Source:
        return self.compilation.source

    @property
    def ok(self) -> bool:
        """No error was found and no rule is violated."""
        return not has_errors(self.diagnostics) and not (self.judgement and self.judgement.violated)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the text left open, and what the verdicts rest on."""
        program = self.compilation.program
        text = () if program is None else tuple(f"{each.id}: {each.text}" for each in program.assumptions)
        return text + (() if self.judgement is None else self.judgement.assumptions)


def check(
    source: Source,
    law: Law,
    account: AccountProfile | None,
    *,
    instruments: Mapping[str, Instrument] | None = None,
    members: tuple[str, ...] = (),
    budget_seconds: float = BUDGET_SECONDS,
    fast: bool = False,
    kept: Kept | None = None,
    together: bool = False,
    deep: Deep | None = None,
    horizon: int | None = None,
) -> CheckReport:
    """Type-check the text and judge it for the account. `fast` leaves out the search for counterexamples, `kept` is
    where the outcomes of searches are kept; `together` says that the text was made by `together.put_together`. `deep`
    adds proofs about money, `horizon` is how many sessions the search looks ahead."""
    compilation = compile_source(source, instruments, members)
    if together:
        compilation = of_one_account(compilation)
    if compilation.program is None:
        return CheckReport(compilation=compilation, diagnostics=compilation.diagnostics, judgement=None)
    from stratc.compiler.judge.bounds import kind_of
    from stratc.compiler.judge.hazards import hazards_of

    hazards = hazards_of(compilation.program, kind_of(compilation.program, account))
    found = (*compilation.diagnostics, *(problem.diagnostic() for problem in hazards))
    if account is None:
        from stratc.compiler.workbench.diagnostics import NoAccount

        told = (*found, NoAccount(span=NOWHERE).diagnostic())
        return CheckReport(compilation=compilation, diagnostics=told, judgement=None)
    from stratc.compiler.judge import judge, judge_over_time
    from stratc.compiler.judge.known import as_known
    from stratc.compiler.workbench.accounts import another_account
    from stratc.compiler.workbench.ladders import underpaid
    from stratc.compiler.workbench.locates import unlocated

    packs = law.packs if law.known_at is None else as_known(law.packs, law.known_at)
    how = partial(judge, compilation.program, account, law.as_of, packs, deep=deep, horizon=horizon)
    if law.days is not None:
        how = partial(judge_over_time, compilation.program, account, law.days, packs)
    judgement = how(budget_seconds=budget_seconds, fast=fast, own_instruments=instruments, kept=kept)
    told_of = [LIMITS_ARE_OF_ALL] if together else []
    if law.known_at is not None:
        told_of.append(f"the law is what was known of it on {law.known_at}: what was announced later is left out")
    judgement = replace(judgement, assumptions=(*judgement.assumptions, *told_of))
    bare = tuple(unlocated(compilation.program, account, instruments))
    steps = tuple(underpaid(compilation.program, account))
    others = tuple(another_account(compilation, account))
    unproved = tuple(_without_solver(deep))
    told = (*found, *(problem.diagnostic() for problem in (*unproved, *others, *bare, *steps)))
    return CheckReport(compilation=compilation, diagnostics=told, judgement=judgement, unlocated=bare)


def _without_solver(deep: Deep | None) -> Iterator[NoSolver]:
    from stratc.compiler.judge.values.critical import is_installed
    from stratc.compiler.workbench.diagnostics import NoSolver

    if deep is not None and not is_installed():
        yield NoSolver(span=NOWHERE)
