"""The parameters of `chain`: several elementwise functions and sums, done piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelc.native.code.layout import Operand
from modelc.native.code.record import DIM, F32, I64, OPERAND, Record
from modelc.native.families.elementwise.codes import BINARY_CODES, FORMS, UNARY_CODES
from modelc.native.ops.chain import PAIRED

PIECE = 2048
"""The most elements of a piece."""
SUM_COLUMNS = 512
"""The most columns that one unit adds up: runs of 2 KB, which memory gives at nearly the speed of long ones."""
PLACES = 8
"""The most pieces that a unit keeps from one instruction to another."""
TENSORS = 24
"""The most tensors that are read or written."""
SUMS = 4
"""The most sums."""
LINKS = 32
"""The most instructions."""

BINARY_CODE = len(UNARY_CODES)
"""The first code of a function of two tensors, `BINARY_CODE + FORMS * (one of BINARY_CODES) + form`; those below are
`UNARY_CODES`."""
AFFINE_CODE = BINARY_CODE + FORMS * len(BINARY_CODES)
"""The code of `a·b + c`."""
REPEATED_AFFINE_CODE = AFFINE_CODE + 1
"""The code of `a·b + c` with b and c each one number for a whole row."""
PAIR_CODE = REPEATED_AFFINE_CODE + 1
"""The first code of a pair: `PAIR_CODE + 2 * (len(PAIRED) * first + second)` is `second(first(a, b), c)`, and the code
after it `second(c, first(a, b))`."""
SUM_CODE = PAIR_CODE + 2 * len(PAIRED) ** 2
"""The code of a sum: `a` is added to sum number `c // 2`, which is written to `y` in the end, divided by the number of
rows if c is odd."""
PRODUCT_SUM_CODE = SUM_CODE + 1
"""The code of a sum of `a·b`."""

CHAIN = Record.of(outer=DIM, rows=DIM, columns=I64, group=DIM, width=I64, step=I64, tensors=I64, links=I64)
"""The loops over all tensors, (outer, rows, columns). A unit does `group` rows and `width` columns of them, in pieces
of `step` rows. The tensors and then the instructions follow, `tensors` and `links` of them. Units: outer · groups of
rows · blocks of columns, the last fastest."""

TENSOR = Record.of(x=OPERAND, strides=I64 * 3)
"""A tensor with its strides along (outer, rows, columns): 0 where it is repeated or summed; the last is 0 or 1."""

LINK = Record.of(code=I64, y=I64, a=I64, b=I64, c=I64, flat=I64, p=F32 * 3)
"""`y = f(a, b, c; p)`: `code` says which function; y, a, b and c are numbers of places, and from `PLACES` on those of
tensors. `flat`: whether the rows of all of them lie side by side without gaps."""


@dataclass(frozen=True)
class ChainLink:
    """One instruction: the fields of `LINK`."""

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
    """The parameters of the kernel: a `CHAIN`, then a `TENSOR` for each tensor and a `LINK` for each instruction."""
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
