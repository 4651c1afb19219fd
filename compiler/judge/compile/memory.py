"""The registers of a rule on its way: each comes into being where it is first needed, after what it reads."""

from __future__ import annotations

from dataclasses import replace

from stratc.compiler.ir.observer import (
    COMPARISONS,
    MONEY,
    TRUTH_REGISTERS,
    TRUTH_SIGNALS,
    Across,
    Amount,
    Ask,
    Combine,
    Constant,
    Invert,
    Operator,
    PerInstrument,
    Read,
    Register,
    RegisterKind,
    Term,
    Trigger,
)


class Memory:
    """Registers and what terms over them are: `per_instrument` says which kind is made now."""

    def __init__(self) -> None:
        self.registers: list[Register] = []
        self.per_instrument = False

    def keep(
        self,
        kind: RegisterKind,
        *,
        up: Trigger | None,
        hint: str,
        days: int = 0,
        calendar: bool = False,
        seconds: int = 0,
        daily: bool = False,
        weight: Term | None = None,
        down: Trigger | None = None,
        reset: Trigger | None = None,
        condition: Term | None = None,
        happening: str = "",
    ) -> Read:
        """The register of this behaviour, the one there is or a new one."""
        wanted = Register(
            name="",
            kind=kind,
            per_instrument=self.per_instrument,
            days=days,
            calendar=calendar,
            seconds=seconds,
            daily=daily,
            up=up,
            weight=weight,
            down=down,
            reset=reset,
            condition=condition,
            happening=happening,
        )
        for index, register in enumerate(self.registers):
            if wanted == replace(register, name=""):
                return Read(index)
        taken = {register.name for register in self.registers}
        name = hint if hint not in taken else f"{hint}_{len(self.registers)}"
        self.registers.append(replace(wanted, name=name))
        return Read(len(self.registers) - 1)

    def is_truth(self, term: Term) -> bool:
        match term:
            case Constant(value=value):
                return isinstance(value, bool)
            case Read(register=register):
                return self.registers[register].kind in TRUTH_REGISTERS
            case Ask(signal=signal):
                return signal in TRUTH_SIGNALS
            case Combine(operator=operator):
                return operator in COMPARISONS or operator in {Operator.AND, Operator.OR}
            case Invert():
                return True
            case _:
                return False

    def is_money(self, term: Term) -> bool | None:
        """Whether a number is money; None of nought, which is as good as no money."""
        match term:
            case Amount():
                return True
            case Constant(value=value):
                return None if value == 0 else False
            case PerInstrument(values=values):
                return None if not any(values) else False
            case Ask(signal=signal):
                return signal in MONEY
            case Read(register=register):
                weight = self.registers[register].weight
                return False if weight is None else self.is_money(weight)
            case Across(operand=operand):
                return False if self.is_truth(operand) else self.is_money(operand)
            case Combine(operator=Operator.MULTIPLY, left=left, right=right):
                return bool(self.is_money(left)) or bool(self.is_money(right))
            case Combine(left=left, right=right):
                found = {self.is_money(left), self.is_money(right)} - {None}
                return None if not found else True in found
            case Invert():
                return False
