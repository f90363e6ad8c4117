"""Parameters of the kernels of Strassen's products, and how the sums of rows lie in memory. Numba-free."""

from __future__ import annotations

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.record import DIM, F64, I64, OPERAND, Record
from modelc.native.target import CACHE_LINE, LANES, Target, host

STRASSEN = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, residual=OPERAND, sums=OPERAND, sum_row=I64, batch=DIM,
    rows=I64, depth=I64, columns=I64, left=I64, half=I64, panels=I64, vectors=I64, tile_rows=I64, epilogue=I64,
    low=F64, high=F64,
)  # fmt: skip
"""`y = epilogue(bias + x·w + residual)`, x: (batch, rows, depth), y: (batch, rows, columns). The rows of a sample are
cut into two halves, and each of these into `panels` panels; `depth` into two; and the columns into `left` and the
rest, which are computed as `half` vectors each. Units: of each sample the panels, and of each panel the blocks of half
the columns, `vectors` vectors each. sums: what `STRASSEN_SUMS` writes, its rows `sum_row` bytes apart. tile_rows: those
of the tallest register tile."""

STRASSEN_SUMS = Record.of(x=OPERAND, sums=OPERAND, sum_row=I64, batch=DIM, rows=I64, depth=I64)
"""sums: (batch, `SUMS`, half the rows, half the depth), each row `sum_row` bytes after the one before; those of P5, P6,
P7 and P3 in `transforms.py`, in this order. Units: of each sample the rows of half of it."""

SUMS = 4
"""The products that take sums of quarters of x; the others take a quarter as it is."""

PANEL_ROWS = 96
"""The most rows of a panel: so many that each weight that is read is used often, so few that their products of a block
stay in the first-level cache, and take little of a thread's stack (74 kB with AVX-512)."""


def pairs_of(rows: int) -> int:
    """The rows of the first half: that of an odd number has one more."""
    return (rows + 1) // 2


def panels_of(rows: int) -> int:
    """The panels of a sample of so many rows."""
    return -(-pairs_of(rows) // PANEL_ROWS)


def sum_row(depth: int) -> int:
    """Bytes from a row of sums to the next one: a vector more than it has, and an odd number of lines, so that rows do
    not all lie in the same set of a cache."""
    return (-(-(depth // 2 + LANES) * ITEM_BYTES // CACHE_LINE) | 1) * CACHE_LINE


def sums_elements(rows: int, depth: int) -> int:
    """The elements of all sums of a sample."""
    return SUMS * pairs_of(rows) * (sum_row(depth) // ITEM_BYTES)


def half_of(columns: int, target: Target | None = None) -> int:
    """The columns that are computed of each half: whole vectors."""
    lanes = (target or host()).lanes
    return -(-columns // (2 * lanes)) * lanes


def left_of(columns: int, target: Target | None = None) -> int:
    """The columns of the left half, whole vectors. Of both halves, no more than the last vector that is computed may go
    beyond its columns: tiles store all others whole."""
    lanes, half = (target or host()).lanes, half_of(columns, target)
    return half if 2 * half - columns <= lanes else half - lanes
