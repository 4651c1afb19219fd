"""`--set NAME=VALUE`: a value in the language's own spelling (`1%`, `20`, `3 pips`) as the program's number."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from stratc.compiler.ir.nodes import Program

SCALES: Final = {"%": Decimal("0.01"), "bps": Decimal("0.0001"), "x": Decimal(1), "R": Decimal(1), "": Decimal(1)}


def read_values(program: Program, given: Mapping[str, str]) -> dict[str, float]:
    """The values by input; raises `ValueError` for a name that is no input and for what is no such value."""
    return {name: _value(program, name, text) for name, text in given.items()}


def _value(program: Program, name: str, text: str) -> float:
    declared = next((each for each in program.inputs if each.name == name), None)
    if declared is None:
        raise ValueError(f"there is no input `{name}`; there are {', '.join(i.name for i in program.inputs) or 'none'}")
    number = text.rstrip("%abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
    unit = text[len(number) :].strip()
    try:
        value = Decimal(number.replace("_", ""))
    except InvalidOperation:
        raise ValueError(f"`{text}` is no value for `{name}`") from None
    wanted = declared.unit
    if unit != wanted and not (unit in SCALES and wanted in SCALES and unit and wanted):
        raise ValueError(f"`{name}` is in {wanted or 'plain numbers'}; write `--set {name}={number}{wanted}`")
    return float(value * SCALES.get(unit, Decimal(1)))
