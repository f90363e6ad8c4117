"""The parameters of `chain`: several elementwise functions and sums, done to one piece of memory after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelc.native.code.layout import Operand
from modelc.native.code.record import DIM, F32, I64, OPERAND, Record
from modelc.native.families.elementwise.codes import BINARY_CODES, UNARY_CODES
from modelc.native.ops.chain import PAIRED

PIECE = 2048
"""Elements of a piece, at most."""
SUM_COLUMNS = 512
"""Columns that one unit adds up, at most: runs of 2 KB, which memory gives at nearly the speed of long ones."""
PLACES = 8
"""Pieces that a unit may keep between instructions."""
TENSORS = 24
"""Tensors in memory, at most."""
SUMS = 4
"""Sums, at most."""
LINKS = 32
"""Instructions, at most."""

FORMS = 3
BOTH, B_REPEATED, A_REPEATED = range(FORMS)
"""Which operand of a function of two is one number for a whole row."""
BINARY_CODE = len(UNARY_CODES)
"""A code below it is one of `UNARY_CODES`; from it on `BINARY_CODE + FORMS * (one of BINARY_CODES) + form`."""
AFFINE_CODE = BINARY_CODE + FORMS * len(BINARY_CODES)
"""`a·b + c`."""
REPEATED_AFFINE_CODE = AFFINE_CODE + 1
"""The same, b and c each one number for a whole row."""
PAIR_CODE = REPEATED_AFFINE_CODE + 1
"""From it on `PAIR_CODE + 2 * (len(PAIRED) * first + second)`: `second(first(a, b), c)`; one more: its operands turned.
"""
SUM_CODE = PAIR_CODE + 2 * len(PAIRED) ** 2
"""To the sum number `c // 2` is added `a`, and in the end it goes to `y`: if c is odd, over the number of rows."""
PRODUCT_SUM_CODE = SUM_CODE + 1
"""The same for `a·b`."""

CHAIN = Record.of(outer=DIM, rows=DIM, columns=I64, group=DIM, width=I64, step=I64, tensors=I64, links=I64)
"""What lies in memory, as (outer, rows, columns), all Dims but the last, and a unit's part of it: `group` (Dim) rows
and `width` columns, of which a piece has `step` rows. Behind it come the tensors and the instructions. Units: outer ·
groups of rows · blocks of columns, the last fastest."""

TENSOR = Record.of(x=OPERAND, strides=I64 * 3)
"""A tensor, and its strides along outer, rows and columns: 0 where it is repeated or summed, the last 0 or 1."""

LINK = Record.of(code=I64, y=I64, a=I64, b=I64, c=I64, flat=I64, p=F32 * 3)
"""`y = f(a, b, c; p)`: numbers of places, then of tensors. `flat`: whether rows follow upon each other in all of them.
"""


@dataclass(frozen=True)
class ChainLink:
    """One instruction."""

    code: int
    y: int
    a: int
    b: int
    c: int
    flat: bool
    p: Sequence[float]


def pack_chain(
    *,
    extents: tuple[int, int, int],
    group: int,
    width: int,
    step: int,
    tensors: Sequence[tuple[Operand, tuple[int, int, int]]],
    links: Sequence[ChainLink],
) -> list[int]:
    """The parameters of a step."""
    outer, rows, columns = extents
    words = CHAIN.pack(
        outer=outer, rows=rows, columns=columns, group=group, width=width, step=step, tensors=len(tensors),
        links=len(links),
    )  # fmt: skip
    for operand, strides in tensors:
        words += TENSOR.pack(x=operand, strides=strides)
    for link in links:
        words += LINK.pack(code=link.code, y=link.y, a=link.a, b=link.b, c=link.c, flat=int(link.flat), p=link.p)
    return words
