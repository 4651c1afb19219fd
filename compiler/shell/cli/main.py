"""The command line: finds the verbs, runs one, and turns what went wrong into a message and an exit code.

What was answered before, and hangs on nothing that changed, is told before anything else is loaded.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from stratc.compiler.shell.cli.output import in_color, print_text, say, say_refusal, width
from stratc.compiler.shell.exits import BUG, DONE, INTERRUPTED, PROBLEMS, Refused
from stratc.compiler.shell.kept_answers import find_answer, question

# A command builds up what it knows and then ends: looking for garbage at Python's 700 would be a tenth of its time.
OBJECTS_PER_COLLECTION = 50_000
REPORT_TO = "please report it with the command and its input, see README.md"


def report_bug(problem: BaseException) -> None:
    import traceback

    traceback.print_exception(problem, file=sys.stderr)
    say(f"stratc: this is a bug in stratc ({type(problem).__name__}: {problem}); {REPORT_TO}")


def run(words: list[str]) -> None:
    from stratc.compiler.shell.cli.app import build_app
    from stratc.compiler.shell.cli.asked import leave_what_is_asked

    app = build_app()
    leave_what_is_asked(app, words)
    app(prog_name="stratc")


def main() -> NoReturn:
    """Run the command line on `sys.argv`; never returns."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    # What is valid does not hang on pydantic's plugins, and looking for them reads every installed package.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
    try:
        answer = find_answer(question(sys.argv[1:], color=in_color(), width=width()))
        if answer is not None:
            print_text(answer.text)
            sys.exit(DONE if answer.ok else PROBLEMS)
        run(sys.argv[1:])
    except Refused as refusal:
        say_refusal(refusal)
        sys.exit(refusal.code)
    except KeyboardInterrupt:
        say("stratc: interrupted; nothing half-written was left")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001  the rim: whatever gets here is our bug and is told as one
        report_bug(problem)
        sys.exit(BUG)
    sys.exit(0)
