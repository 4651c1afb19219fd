"""Months in small letters, cut short or without their `month is` are understood, and never taken for something else."""

from __future__ import annotations

import pytest

from stratc.compiler.workbench import fix_source
from stratc.dsl.source import Source
from tests.check.programs import codes, compiled

pytestmark = pytest.mark.fast

PROGRAM = """strategy "Months"
trade   SPY on 1 day
account margin USD

rule enter
  when flat and {condition}
  then buy 10 shares
       stop loss at low
"""


def fixed(condition):
    after = fix_source(Source("months.strat", PROGRAM.format(condition=condition))).after.text
    return after.partition("flat and ")[2].partition("\n")[0]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("month is october", "month is October"),
        ("month is not october", "month is not October"),
        ("month is Oct", "month is October"),
        ("month is oct", "month is October"),
        ("month is Sept", "month is September"),
        ("month is octobre", "month is October"),
        ("month in Nov..April", "month in November..April"),
        ("month in november..april", "month in November..April"),
        ("month in may..jun", "month in May..June"),
        ("(month is October or November)", "(month is October or month is November)"),
        ("(month is oct or nov or dec)", "(month is October or month is November or month is December)"),
        ("(month in October..December or march)", "(month in October..December or month is March)"),
        ("month in october", "month is October"),
        ("weekday is Mon", "weekday is Monday"),
        ("weekday in Tue..Thu", "weekday in Tuesday..Thursday"),
        ("(weekday is Monday or Friday)", "(weekday is Monday or weekday is Friday)"),
    ],
)
def test_what_is_surely_a_month_is_written(wrong, right):
    assert fixed(wrong) == right
    assert codes(PROGRAM.format(condition=right)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("month is not in May..June", "`not month in May..June`"),
        ("month is in May..June", "`month in May..June`"),
        ("time is not in 10:00..11:00", "`not time in 10:00..11:00`"),
        ("close + open is not in 10 USD..20 USD", "as in `not time in 09:45..15:00`"),
        ("(month is not October or November)", "`month is November`"),
        ("(month is not October or november)", "`month is November`"),
        ("month is day", "`May`"),
    ],
)
def test_what_a_person_must_choose_is_said_and_left(wrong, said):
    (problem,) = compiled(PROGRAM.format(condition=wrong)).diagnostics
    assert said in " ".join((problem.label, *problem.helps))
    assert fixed(wrong) == wrong


@pytest.mark.parametrize("condition", ["month is may", "month in may..july", "(month is may or july)"])
def test_names_that_are_declared_are_no_months(condition):
    own = "let may = open\nlet july = high\nlet month = close\n"
    text = PROGRAM.replace("rule", f"{own}rule", 1).format(condition=condition)
    assert not any("October" in line or "May" in line for each in compiled(text).diagnostics for line in each.helps)
    assert {"N201", "S013"}.isdisjoint(codes(text))


def test_other_names_beside_a_month_are_no_months():
    assert codes(PROGRAM.format(condition="month is ordinary")) == ["N201", "N201"]
    assert codes(PROGRAM.format(condition="month is 10")) == ["N201"]
