"""`Worksheet`: what a plan for any sizes computes for the sizes of a call, written once; one native call works it out.

It computes with registers of 64 bits: first the symbols, whose values a call gives, then whatever follows from them.
Its words are instructions (`instructions.py`), which `worksheet_kernel.py` follows in order. Python takes ten times as
long for the numbers of a plan.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from modelc.graph.expressions import Atom, Expression, SizeSymbol
from modelc.graph.free_sizes import SizeNeededError
from modelc.native.compiler.load import load
from modelc.native.engine.instructions import (
    ADDRESSES,
    BETWEEN,
    DIFFERS,
    DIVIDE,
    END,
    FILL,
    HIGHEST,
    SHEET,
    SUM,
)

_LEAST, _LARGEST = -(2**63), 2**63 - 1
_LAST = (END,) * 4
"""The kernel reads three words behind each instruction, whatever it is."""


class Worksheet:
    """Instructions as they are written, and the registers that they are about."""

    def __init__(self, symbols: Sequence[str]) -> None:
        """A call gives values to these symbols."""
        self._words: list[int] = []
        self._constants: dict[int, int] = {}
        """The register of each plain number, which has it from the start."""
        self._named = {name: register for register, name in enumerate(symbols)}
        self._values: dict[Expression, int] = {}
        self._quotients: dict[Atom, int] = {}
        self._count = len(symbols)

    # --- numbers

    def value(self, expression: Expression) -> int:
        """The register that has the value of an expression."""
        found = self._values.get(expression)
        if found is None:
            found = self._values[expression] = self._value(expression)
        return found

    def _value(self, expression: Expression) -> int:
        plain = expression.number
        if plain is not None:
            return self.number(plain)
        terms = [(c, [*map(self._atom, monomial)]) for monomial, c in expression.terms.items() if monomial]
        if expression.constant == 0 and len(terms) == 1 and terms[0][0] == 1 and len(terms[0][1]) == 1:
            return terms[0][1][0]
        return self._sum(expression.constant, terms)

    def _atom(self, atom: Atom) -> int:
        if isinstance(atom, SizeSymbol):
            return self._named[atom.name]
        found = self._quotients.get(atom)
        if found is None:
            parts = self.value(atom.numerator), self.value(atom.denominator)
            found = self._quotients[atom] = self.quotient(*parts)
        return found

    def quotient(self, numerator: int, denominator: int) -> int:
        """The register that has the quotient of two registers, rounded down."""
        made = self._register()
        self._write(DIVIDE, made, numerator, denominator)
        return made

    def number(self, n: int) -> int:
        """The register that has a plain number."""
        if n not in self._constants:
            self._constants[n] = self._register()
        return self._constants[n]

    def sum(self, registers: Sequence[int]) -> int:
        """The register that has the sum of these."""
        return self._sum(0, [(1, [register]) for register in registers])

    def highest(self, registers: Sequence[int]) -> int:
        """The register that has the highest value of these."""
        if len(registers) == 1:
            return registers[0]
        made = self._register()
        self._write(HIGHEST, made, len(registers), *registers)
        return made

    def name(self, symbols: Mapping[str, int]) -> None:
        """Symbols whose values these registers have."""
        self._named |= symbols

    # --- conditions

    def require_between(self, register: int, low: float, high: float) -> None:
        """What is worked out holds where this register is between these."""
        bounds = _LEAST if low == -inf else int(low), _LARGEST if high == inf else int(high)
        self._write(BETWEEN, register, *bounds)

    def require_equal(self, register: int, other: int) -> None:
        """What is worked out holds where these registers have the same number."""
        self.require_between(self._sum(0, [(1, [register]), (-1, [other])]), 0, 0)

    def require_other(self, register: int, n: int) -> None:
        """What is worked out holds where this register has another number."""
        self._write(DIFFERS, register, n)

    # --- results

    def fill(self, register: int, places: Sequence[int]) -> None:
        """Write a register's value to the words at these places."""
        self._write(FILL, register, len(places), *places)

    def addresses(self, places: Iterable[tuple[int, int]]) -> None:
        """Write to words the address of the bytes at so many behind that of the first word."""
        pairs = [*places]
        self._write(ADDRESSES, len(pairs), *(n for pair in pairs for n in pair))

    def finished(self, template: Sequence[int]) -> Calculation:
        """The worksheet for words that begin as this. Raises `SizeNeededError` where a number has over 64 bits."""
        registers = [0] * self._count
        for n, register in self._constants.items():
            registers[register] = n
        try:
            program = array("q", (*self._words, *_LAST))
            return Calculation.of(program, array("q", registers), array("q", template))
        except OverflowError:
            raise SizeNeededError("a number in the plan has more than 64 bits") from None

    def _sum(self, constant: int, terms: Sequence[tuple[int, Sequence[int]]]) -> int:
        made = self._register()
        self._write(SUM, made, constant, len(terms))
        for coefficient, factors in terms:
            self._words += (coefficient, len(factors), *factors)
        return made

    def _register(self) -> int:
        self._count += 1
        return self._count - 1

    def _write(self, *words: int) -> None:
        self._words += words


class Calculation(NamedTuple):
    """A finished worksheet. Several threads may use it."""

    start: array[int]
    """What the words of a call are at first: a `SHEET`, the registers, and the words to be filled."""
    first: int
    """The first of the words to be filled."""
    program: array[int]
    work_out: Callable[[int], None]

    @classmethod
    def of(cls, program: array[int], registers: array[int], template: array[int]) -> Calculation:
        """That of instructions, and of what the registers and words begin as."""
        head = array("q", SHEET.pack(program=program.buffer_info()[0], words=0, refused=0))
        work_out = _WorkOut(load("worksheet")["work_out"])
        return cls(head + registers + template, len(head) + len(registers), program, work_out)

    def at(self, symbols: Iterable[int]) -> array[int] | None:
        """What came of it where the symbols have these values: the words of a call; None where a condition does not
        hold, or a number has over 62 bits. Symbols behind the last that is given have the value 0. The word `words` of
        the `SHEET` in front has the address of the words that were filled.
        """
        call = self.start[:]
        address = call.buffer_info()[0]
        call[WORDS] = address + _WORD * self.first
        for register, value in enumerate(symbols, REGISTERS):
            call[register] = value
        self.work_out(address)
        return None if call[_REFUSED] else call

    def further(self, call: array[int], symbols: Iterable[int], place: int) -> None:
        """Work it out once more, with the values of symbols from this place on."""
        for register, value in enumerate(symbols, REGISTERS + place):
            call[register] = value
        self.work_out(call.buffer_info()[0])


REGISTERS = SHEET.size
"""The word of a call at which its registers begin."""

WORDS = SHEET.start("words")
"""The word of a call that has the address of those that were filled."""

_WORD = 8
_REFUSED = SHEET.start("refused")
_WorkOut = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
