"""Parameters of the kernel for bands of lines, and the memory that it works in. Numba-free."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.record import F32, I64, OPERAND, Record
from modelc.native.families.conv.params import CONV, DEPTHWISE_ROW
from modelc.native.ops.work_area import WorkMemory
from modelc.native.target import CACHE_LINE

BANDS = Record.of(
    x=OPERAND, y=OPERAND, leases=OPERAND, areas=OPERAND, slots=I64, area=I64, middle=I64, bands=I64, lines=I64,
    x_sample=I64, x_line=I64, y_sample=I64, y_line=I64, expands=I64, projects=I64, in_pairs=I64,
    height=I64, width=I64, ring=I64, top=I64, stride=I64, dilation=I64, reach=I64,
    expand_code=I64, expand_p=F32 * 3, code=I64, p=F32 * 3,
)  # fmt: skip
"""A depthwise convolution of two axes, in `bands` of so many `lines` of its outputs a sample.

What it reads is x, or, if the step `expands`, what a convolution of single pixels makes of x; what it makes is y, or,
if the step `projects`, what another such convolution makes y of. x_sample, x_line, y_sample, y_line: the elements of a
sample and of a line of x and y. height, width: of what the depthwise convolution reads; `ring` lines of it are kept
where it is expanded. top, stride, dilation, reach: the lines of zeros above it, the lines from output to output and
from tap to tap, and those of a window. in_pairs: whether two lines are done at a time (`kernel_depthwise_3x3.py`).
expand_code, expand_p; code, p: the functions, by `UNARY_CODES`, that are applied to what is expanded and to what the
depthwise convolution makes. Units: bands of all samples. slots, leases, areas, area, middle: see `BandMemory`."""

DEPTHWISE = BANDS.bytes
EXPAND = DEPTHWISE + DEPTHWISE_ROW.bytes
PROJECT = EXPAND + CONV.bytes
"""Where in the parameters those of the convolutions begin: a `DEPTHWISE_ROW`, then a `CONV` for each of the others.
What lies in an area is no operand of theirs."""

MOST_ROWS = 16
"""The most lines of taps of a window."""


@dataclass(frozen=True)
class BandMemory(WorkMemory):
    """An area for each thread that may be at work: some lines of what is expanded, then a band of depthwise outputs."""

    kept: int
    """Elements of the lines that are kept of what is expanded."""
    made: int
    """Elements of a band of depthwise outputs, where they are convolved at once."""
    slots: int

    @property
    def middle(self) -> int:
        """Bytes of what is kept, in whole cache lines."""
        return _whole_lines(self.kept)

    @property
    def area(self) -> int:
        """Bytes of a slot."""
        return self.middle + _whole_lines(self.made)


def _whole_lines(elements: int) -> int:
    return -(-elements * ITEM_BYTES // CACHE_LINE) * CACHE_LINE
