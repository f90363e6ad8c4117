"""Parameters of the kernels of Winograd's convolution, and the memory that they work in. Numba-free."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.record import DIM, F64, I64, OPERAND, Record
from modelc.native.families.winograd.transforms import Form
from modelc.native.ops.work_area import ALL_BYTES, WorkMemory
from modelc.native.target import CACHE_LINE

WINOGRAD = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, leases=OPERAND, areas=OPERAND, slots=I64, area=I64,
    v_point=I64, m_point=I64, batch=DIM, size=I64 * 2, y_size=I64 * 2, x_strides=I64 * 2, y_strides=I64 * 2,
    pads=I64 * 2, channels=I64, filters=I64, block=I64, parts=I64, part=I64, vectors=I64, rows=I64,
    epilogue=I64, low=F64, high=F64,
)  # fmt: skip
"""`y = epilogue(bias + conv(x))` with strides of 1, and pads[0] lines of zeros above x and pads[1] pixels left of it.
size, y_size: height and width of x and y. x_strides, y_strides: elements from a line to the next and from a pixel to
the next, so that height and width may be exchanged. The output is cut into tiles, which are numbered through (n,
height, width). Units: blocks of at most `block` tiles, as even as can be, in each of them `parts` parts of the filters,
`part` blocks of columns of `vectors` vectors each. rows: those of the tallest register tile. The rest is working
memory, see `WorkingMemory`."""

LEASE = Record.of(taken=I64, block=I64)
"""Of a slot of working memory: whether a thread has it, and one more than the number of the block of tiles whose points
it holds, 0 for none."""

TILE_POINTS = 25 * 36
"""Points of all tiles of a block at the most: so many tiles that each weight that is read is used often, so few that
their values stay in the second-level cache where channels are few."""

AREA_BYTES = 4 << 20
"""The largest area of a slot, but for one whose channels are so many that few tiles take more."""
_FEWEST_TILES = 6


@dataclass(frozen=True)
class WorkingMemory(WorkMemory):
    """An area for each thread that may be at work: the points of a block of tiles, of the inputs and of the outputs.

    The points of all tiles of a block lie side by side, `v_point` bytes from those of one point to those of the next,
    so that a point is a matrix of tiles by channels; those of the outputs, `m_point` bytes apart, come after them.
    """

    form: Form
    channels: int
    filters: int
    slots: int

    @classmethod
    def of(cls, form: Form, channels: int, filters: int, threads: int) -> WorkingMemory:
        """That for so many threads."""
        area = cls(form, channels, filters, 1).area
        return cls(form, channels, filters, max(1, min(threads, ALL_BYTES // area)))

    @property
    def block(self) -> int:
        """The tiles of a block."""
        tile = self.form.points * (self.channels + self.filters) * ITEM_BYTES
        return max(_FEWEST_TILES, min(TILE_POINTS // self.form.points, AREA_BYTES // tile))

    @property
    def v_point(self) -> int:
        """Bytes from the inputs' values at one point to those at the next: an odd number of cache lines."""
        return _odd_lines(self.block * self.channels * ITEM_BYTES)

    @property
    def m_point(self) -> int:
        """The same for the outputs."""
        return _odd_lines(self.block * self.filters * ITEM_BYTES)

    @property
    def area(self) -> int:
        """Bytes of a slot."""
        return self.form.points * (self.v_point + self.m_point)


def _odd_lines(size: int) -> int:
    """At least `size` bytes, an odd number of lines: a tile's points do not all lie in the same set of a cache."""
    return (-(-size // CACHE_LINE) | 1) * CACHE_LINE
