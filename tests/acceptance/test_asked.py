"""What a command line has no use for is left out, and nobody sees it: the same words get the same answer."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from stratc.compiler.shell.cli.app import build_app
from stratc.compiler.shell.cli.asked import COMPLETION, leave_what_is_asked

pytestmark = pytest.mark.fast

# Each line, and how many verbs there are left to make.
LINES = (
    ([], None),
    (["--help"], None),
    (["check", "--help"], 1),
    (["pack", "--help"], 0),
    (["pack", "test", "--help"], 0),
    (["chek"], None),
    (["pack", "lst"], 0),
    (["--", "check", "--help"], None),
    (["check"], 1),
    (["--version"], None),
)


@pytest.mark.parametrize(("words", "left"), LINES)
def test_the_same_words_get_the_same_answer(words: list[str], left: int | None) -> None:
    whole, asked = build_app(), build_app()
    leave_what_is_asked(asked, words)
    assert left is None or len(asked.registered_commands) == left < len(whole.registered_commands)
    runner = CliRunner()
    one, other = (runner.invoke(each, words, prog_name="stratc") for each in (whole, asked))
    assert (one.exit_code, one.output) == (other.exit_code, other.output)
    assert one.output


def test_completion_knows_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETION, "complete_bash")
    app = build_app()
    leave_what_is_asked(app, ["check"])
    assert len(app.registered_commands) == len(build_app().registered_commands)
