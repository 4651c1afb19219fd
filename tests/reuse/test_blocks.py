"""A block means what its statements mean in the place of the line that uses it, under names of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stratc.compiler.driver import Compilation
from stratc.compiler.ir.nodes import Program
from stratc.compiler.resolve.reuse.copies import with_spans
from stratc.compiler.workbench import compile_source, explain_strategy, fix_source, with_blocks
from stratc.dsl.formats import to_github, to_json, to_sarif
from stratc.dsl.render import render
from stratc.dsl.source import NOWHERE, Source
from tests.reuse.test_functions import HEAD, meaning

pytestmark = pytest.mark.fast

ENTER = "\nrule enter\n  when flat and close > open\n  then buy 10 shares at next open\n"
LATE = """# Leave what is held too long.
input bars = 5 in 1..50
let up(a) = a > a[1]

rule leave_late
  when bars_held >= bars and not up(close)
  then exit all at next open
"""
LIBRARY = """block tight
cap position 20% of equity

block late
use "late.strat" with bars = 7 as inner
rule at_loss
  when open_profit < -100 USD
  then exit all at next open
"""
FILES = {"late.strat": LATE, "library.strat": LIBRARY, "lib/deep.strat": 'use "late.strat"\n', "lib/late.strat": LATE}


def linked(body: str, files: dict[str, str] | None = None) -> Source:
    return with_blocks(Source("folder/test.strat", HEAD + body), (FILES if files is None else files).get)


def compiled(body: str, files: dict[str, str] | None = None) -> Compilation:
    return compile_source(linked(body, files))


def told(body: str, files: dict[str, str] | None = None) -> list[str]:
    found = compiled(body, files).diagnostics
    return [problem.code for problem in found if problem.code != "T330"]


def nameless(program: Program | None) -> Program:
    """A program without its text, its places and the names before the dots."""
    assert program is not None
    plain = with_spans(program, lambda _: NOWHERE)
    rules = tuple(replace(rule, name=rule.name.rpartition(".")[2]) for rule in plain.rules)
    inputs = tuple(replace(each, name=each.name.rpartition(".")[2]) for each in plain.inputs)
    return replace(
        plain, source_text="", source_name="", source_files=(), rules=rules, inputs=inputs, nodes=(), assumptions=()
    )


def test_a_block_is_its_statements_written_there() -> None:
    used = compiled('use "late.strat"\n' + ENTER).program
    by_hand = meaning(HEAD + LATE + ENTER)
    assert nameless(used) == nameless(by_hand)
    assert used is not None
    assert [rule.name for rule in used.rules] == ["late.leave_late", "enter"]
    operations = [(node.operation, node.arguments, node.kind, node.warmup) for node in used.nodes]
    renamed = str(operations).replace("late.bars", "bars")
    assert renamed == str([(node.operation, node.arguments, node.kind, node.warmup) for node in by_hand.nodes])


def test_the_place_of_the_line_is_the_place_of_the_rules() -> None:
    below = compiled(ENTER + 'use "late.strat"\n').program
    assert below is not None
    assert [rule.name for rule in below.rules] == ["enter", "late.leave_late"]


def test_a_block_in_the_same_text_needs_no_file() -> None:
    found = compiled("use late\n" + ENTER + "\nblock late\n" + LATE, {})
    assert found.program is not None
    assert nameless(found.program) == nameless(compiled('use "late.strat"\n' + ENTER).program)


def test_a_block_twice_has_two_sets_of_names() -> None:
    found = compiled('use "late.strat" with bars = 3 as soon\nuse "late.strat" as late\n' + ENTER).program
    assert found is not None
    assert {each.name: each.default for each in found.inputs} == {"soon.bars": 3.0, "late.bars": 5.0}
    assert [rule.name for rule in found.rules] == ["soon.leave_late", "late.leave_late", "enter"]


def test_an_input_of_the_strategy_can_stand_for_one_of_the_block() -> None:
    found = compiled('input most = 4 in 2..9\nuse "late.strat" with bars = most\n' + ENTER).program
    assert found is not None
    assert [each.name for each in found.inputs] == ["most"]
    outside = compiled('input most = 4 in 2..90\nuse "late.strat" with bars = most\n' + ENTER)
    assert [each.code for each in outside.diagnostics if each.code != "T330"] == ["T354"]


def test_blocks_of_a_library_use_blocks_beside_them() -> None:
    found = compiled('use late from "library.strat"\nuse tight from "library.strat"\n' + ENTER).program
    assert found is not None
    assert [rule.name for rule in found.rules] == ["late.inner.leave_late", "late.at_loss", "enter"]
    assert [(each.name, each.default) for each in found.inputs] == [("late.inner.bars", 7.0)]
    assert len(found.caps) == 1


def test_paths_begin_in_the_folder_of_the_file_that_they_stand_in() -> None:
    found = compiled('use "lib/deep.strat"\n' + ENTER, {k: v for k, v in FILES.items() if k != "late.strat"}).program
    assert found is not None
    assert [rule.name for rule in found.rules] == ["deep.late.leave_late", "enter"]


def test_what_a_block_declares_is_read_with_a_dot() -> None:
    values = (
        "let width = high - low\nlet wide(a) = width > a\n"
        "sequence dip\n  first low < low[1]\n  then  close > open within 6 bars as back\n"
    )
    rules = (
        'use "values.strat"\nrule enter\n  on values.dip\n  when flat and values.wide(1 USD) and values.width < 9 USD\n'
        "  then buy 10 shares at next open\n       stop loss at values.back.low\n"
    )
    by_hand = rules.replace('use "values.strat"\n', "").replace("values.", "")
    used = compiled(rules, {"values.strat": values})
    assert used.program is not None, used.diagnostics
    by_hand_program = meaning(HEAD + values + by_hand)
    assert nameless(replace(used.program, bindings=())) == nameless(replace(by_hand_program, bindings=()))
    assert "values.wide(1 USD)" in explain_strategy(used)


def test_no_name_of_the_strategy_gets_into_a_block() -> None:
    leaving = "rule r\n  when close > level\n  then exit all at next open\n"
    assert told("let level = open\n" + 'use "b.strat"\n' + ENTER.replace("open", "level", 1), {"b.strat": leaving}) == [
        "N201"
    ]
    calling = leaving.replace("level", "level(open)")
    assert told(
        "let level(a) = a\n" + 'use "b.strat"\n' + ENTER.replace("open", "level(open)", 1), {"b.strat": calling}
    ) == ["N202"]


def test_what_a_block_reads_beside_is_read_once() -> None:
    reading = "read QQQ\nrule r\n  when close of QQQ < open of QQQ\n  then exit all at next open\n"
    found = compiled('read QQQ\nuse "a.strat"\nuse "b.strat"\n' + ENTER, {"a.strat": reading, "b.strat": reading})
    assert found.program is not None
    assert found.program.reads == ("QQQ",)


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────

PATHS = [
    "../x.strat",
    "a/../../x.strat",
    "/etc/x.strat",
    "C:/x.strat",
    "a\\b.strat",
    "./x.strat",
    "a//x.strat",
    "",
    "x.txt",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    asked: list[str] = []
    source = Source("test.strat", HEAD + f'use "{path}" as block_x\n' + ENTER)

    def read(wanted: str) -> str | None:
        asked.append(wanted)
        return LATE

    assert [each.code for each in compile_source(with_blocks(source, read)).diagnostics if each.code != "T330"] == [
        "N284"
    ]
    assert asked == []


CIRCLES = {
    "itself": {"a.strat": 'use "a.strat"\n'},
    "two": {"a.strat": 'use "b.strat"\n', "b.strat": 'use "a.strat"\n'},
    "deep": {f"{a}.strat": f'use "{b}.strat"\n' for a, b in zip("abcdefghijkl", "bcdefghijklm", strict=True)}
    | {"m.strat": LATE},
}


@pytest.mark.parametrize("name", CIRCLES)
def test_circles_and_chains_end(name: str) -> None:
    assert "N285" in told('use "a.strat"\n' + ENTER, CIRCLES[name])


def test_a_text_that_uses_blocks_without_end_is_refused() -> None:
    files = {f"f{n}.strat": f'use "f{n + 1}.strat" as x\nuse "f{n + 1}.strat" as y\n' for n in range(7)}
    files["f7.strat"] = LATE
    assert "N285" in told('use "f0.strat"\nuse "f1.strat" as again\n' + ENTER, files)


WRONG = [
    ('use "none.strat"\n', "N283"),
    ('use "lat.strat"\n', "N283"),
    ('use other from "library.strat"\n', "N283"),
    ('use "late.strat" with bar = 3\n', "N287"),
    ('use "late.strat" with bars = 3, bars = 4\n', "N287"),
    ('use "late.strat" with bars = close\n', "N287"),
    ('use "late.strat" with bars = 3%\n', "T353"),
    ('use "late.strat" with bars = 99\n', "T354"),
    ('use "late.strat"\nuse "late.strat"\n', "N288"),
    ('let late = close > open\nuse "late.strat"\n', "N288"),
    ('use "late.strat" as close\n', "N288"),
    ('use "Late-2.strat"\n', "N288"),
    ('use "head.strat"\n', "N286"),
    ('use "idle.strat"\n', "N289"),
    ('use "empty.strat"\n', "N283"),
]


@pytest.mark.parametrize(("line", "code"), WRONG, ids=[row[0].strip() for row in WRONG])
def test_what_is_wrong_with_a_line_is_told(line: str, code: str) -> None:
    more = {"Late-2.strat": LATE, "head.strat": "account cash USD\n" + LATE, "idle.strat": "let x = close\n"}
    found = told(line + ENTER, {**FILES, **more, "empty.strat": "# nothing\n"})
    assert [each for each in found if each != "N221"] == [code]


BAD = LATE.replace("not up(close)", "up(volume) > 3")


def test_a_problem_in_a_block_is_shown_in_its_file_with_the_line_that_uses_it() -> None:
    source = linked('use "late.strat"\n' + ENTER, {"late.strat": BAD})
    found = compile_source(source).diagnostics[0]
    frame = render([found], source, color=False, width=100)
    assert " folder/late.strat:6:" in frame.splitlines()[1]
    assert "folder/test.strat:4:1" in frame
    assert "used here" in frame
    document = to_json(found, source)
    assert (document["file"], document["line"]) == ("folder/late.strat", 6)
    assert [(label["file"], label["line"]) for label in document["labels"]][-1] == ("folder/test.strat", 4)
    assert "file=folder/late.strat,line=6" in to_github(found, source)
    place = to_sarif([(source, found)], (), "1")["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "folder/late.strat"
    assert place["region"]["startLine"] == 6


def test_a_block_that_cannot_be_read_is_told_in_its_file() -> None:
    source = linked('use "late.strat"\n' + ENTER, {"late.strat": LATE.replace("when", "wen")})
    found = [each for each in compile_source(source).diagnostics if each.code[0] == "S"]
    assert [to_json(each, source)["file"] for each in found] == ["folder/late.strat"]


def test_fixes_change_the_strategy_and_no_block() -> None:
    source = linked('use "late.strat"\n' + ENTER.replace("when", "whne"), {"late.strat": LATE.replace("when", "whne")})
    fixing = fix_source(source)
    assert [each.line for each in fixing.applied] == [7]
    assert fixing.after.own == HEAD + 'use "late.strat"\n' + ENTER
    assert "whne" in fixing.after.text[len(fixing.after.own) :]
    assert fixing.after.files[0].end == len(fixing.after.text)
    assert "late" not in fixing.diff.replace('use "late.strat"', "")


def test_the_text_of_a_program_holds_its_blocks_and_needs_no_file() -> None:
    program = compiled('use late from "library.strat"\n' + ENTER).program
    assert program is not None
    again = compile_source(
        with_blocks(Source("source.strat", program.source_text), lambda path: Path(path).read_text())
    )
    assert again.program is not None
    assert again.program.source_text == program.source_text
    assert nameless(again.program) == nameless(program)


def test_every_place_of_the_program_lies_in_the_text() -> None:
    program = compiled('use "late.strat"\nuse "late.strat" as again\n' + ENTER).program
    assert program is not None
    spans = [node.span for node in program.nodes] + [rule.span for rule in program.rules]
    assert all(0 <= span.start <= span.end <= len(program.source_text) for span in spans)
    assert program.source_text[program.rules[0].span.start :].startswith("rule leave_late")
