"""Parameters of the kernel of Strassen's products, and the memory that it works in. Numba-free."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.record import DIM, F64, I64, OPERAND, Record
from modelc.native.ops.work_area import ALL_BYTES, WorkMemory
from modelc.native.target import CACHE_LINE, LANES, Target, host

STRASSEN = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, residual=OPERAND, leases=OPERAND, areas=OPERAND, slots=I64,
    area=I64, sum_row=I64, product_row=I64, product=I64, zeros=I64, batch=DIM, rows=I64, depth=I64, columns=I64,
    left=I64, half=I64, panels=I64, parts=I64, part=I64, vectors=I64, tile_rows=I64, epilogue=I64, low=F64, high=F64,
)  # fmt: skip
"""`y = epilogue(bias + x·w + residual)`, x: (batch, rows, depth), y: (batch, rows, columns). The rows of a sample are
cut into `panels` panels, and those of a panel into two halves; `depth` into two; and the columns into `left` and the
rest, which are computed as `half` vectors each. Units: panels of samples, in each of them `parts` parts of half the
columns, `part` blocks of columns of `vectors` vectors each. tile_rows: those of the tallest register tile. The rest is
working memory, see `PanelMemory`."""

LEASE = Record.of(taken=I64)
"""Of a slot of working memory: whether a thread has it."""

_PAIRS = 32
"""The most rows of half a panel: so many that each weight that is read is used often, so few that sums of rows, and of
products, stay in the second-level cache."""


@dataclass(frozen=True)
class PanelMemory(WorkMemory):
    """An area for each thread that may be at work: sums of rows of half a panel, three products, and a row of zeros.

    `depth` are the values of a row of x, and `columns` those of one of y.
    """

    depth: int
    columns: int
    slots: int

    @classmethod
    def of(cls, depth: int, columns: int, threads: int) -> PanelMemory:
        """That for so many threads."""
        area = cls(depth, columns, 1).area
        return cls(depth, columns, max(1, min(threads, ALL_BYTES // area)))

    @property
    def sum_row(self) -> int:
        """Bytes from a row of sums to the next one."""
        return _odd_lines(self.depth // 2 * ITEM_BYTES)

    @property
    def product_row(self) -> int:
        """Bytes from a row of a product to the next one."""
        return _odd_lines(half_of(self.columns) * ITEM_BYTES)

    @property
    def product(self) -> int:
        """Bytes from a product to the next one."""
        return _PAIRS * self.product_row

    @property
    def zeros(self) -> int:
        """Bytes before the row of zeros, which is as long as any other one."""
        return _PAIRS * self.sum_row + 3 * self.product

    @property
    def area(self) -> int:
        """Bytes of a slot."""
        return self.zeros + _odd_lines(max(self.depth * ITEM_BYTES, self.product_row))


def panels_of(rows: int) -> int:
    """The panels of a sample of so many rows."""
    return -(-((rows + 1) // 2) // _PAIRS)


def half_of(columns: int, target: Target | None = None) -> int:
    """The columns that are computed of each half: whole vectors."""
    lanes = (target or host()).lanes
    return -(-columns // (2 * lanes)) * lanes


def left_of(columns: int, target: Target | None = None) -> int:
    """The columns of the left half, whole vectors. Of both halves, no more than the last vector that is computed may go
    beyond its columns: tiles store all others whole."""
    lanes, half = (target or host()).lanes, half_of(columns, target)
    return half if 2 * half - columns <= lanes else half - lanes


def _odd_lines(size: int) -> int:
    """At least `size` bytes and a whole vector more, an odd number of lines: rows do not all lie in the same set of a
    cache."""
    return (-(-(size + LANES * ITEM_BYTES) // CACHE_LINE) | 1) * CACHE_LINE
