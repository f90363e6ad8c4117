"""Follow the instructions of a worksheet, see `worksheet.py`."""

from __future__ import annotations

from modelc.native.code.memory import load_i64, store_i64
from modelc.native.code.view import view
from modelc.native.engine.instructions import (
    BETWEEN,
    DIFFERS,
    DIVIDE,
    END,
    FILL,
    HIGHEST,
    MOST,
    SHEET,
    SUM,
)

_SHEET_BYTES = SHEET.bytes


def work_out(sheet):
    """Do the instructions of a worksheet, up to the first condition that does not hold."""
    call = view(SHEET, 0, sheet)
    program, words = call.program, call.words
    registers = sheet + _SHEET_BYTES
    at = 0
    while True:
        do = load_i64(program, at)
        if do == END:
            return
        first, second, third = load_i64(program, at + 1), load_i64(program, at + 2), load_i64(program, at + 3)
        if do == SUM:
            total, bound = second, abs(float(second))
            at += 4
            for _ in range(third):
                product = load_i64(program, at)
                size = abs(float(product))
                factors = load_i64(program, at + 1)
                for i in range(factors):
                    factor = load_i64(registers, load_i64(program, at + 2 + i))
                    product *= factor
                    size *= abs(float(factor))
                total += product
                bound += size
                at += 2 + factors
            if bound > MOST:
                call.refused = 1
                return
            store_i64(registers, first, total)
        elif do == DIVIDE:
            divisor = load_i64(registers, third)
            if divisor == 0:  # a size that another one divides is 0: the plan is for none of these sizes
                call.refused = 1
                return
            store_i64(registers, first, load_i64(registers, second) // divisor)
            at += 4
        elif do == HIGHEST:
            highest = load_i64(registers, third)
            for i in range(1, second):
                highest = max(highest, load_i64(registers, load_i64(program, at + 3 + i)))
            store_i64(registers, first, highest)
            at += 3 + second
        elif do == BETWEEN:
            value = load_i64(registers, first)
            if value < second or value > third:
                call.refused = 1
                return
            at += 4
        elif do == DIFFERS:
            if load_i64(registers, first) == second:
                call.refused = 1
                return
            at += 3
        elif do == FILL:
            value = load_i64(registers, first)
            for i in range(second):
                store_i64(words, load_i64(program, at + 3 + i), value)
            at += 3 + second
        else:  # ADDRESSES
            for i in range(first):
                index, distance = load_i64(program, at + 2 + 2 * i), load_i64(program, at + 3 + 2 * i)
                store_i64(words, index, words + distance)
            at += 2 + 2 * first


KERNELS = (work_out,)
