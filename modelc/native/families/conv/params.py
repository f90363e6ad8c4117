"""Parameters of the convolution kernels. Numba-free.

A convolution of any rank is seen as one over (n, d, h, w) with strides in elements. Its input is padded already,
its channels are contiguous, and what one output element reads of it is a list of segments: `length` consecutive
values at each offset of a table. The window's taps and channels, in the order of the kernel array, are those
segments one after another, so that the packed weights keep that order.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from modelc.native.code.record import DIM, F64, I64, OPERAND, Record

LINE_EXTENTS = (DIM, I64, I64, DIM)
"""The loops (n, d, h, w) over the pixels of a gradient: lines of w pixels, or one line with all of them."""

CONV_GRADIENT = Record.of(
    y=OPERAND, x=OPERAND, dy=OPERAND, table=OPERAND, taps=I64, groups=I64, channels=I64, filters=I64, vectors=I64,
    rows=I64, piece=I64, pieces=I64, parts=I64, extents=LINE_EXTENTS, x_strides=I64 * 4, dy_strides=I64 * 4,
)  # fmt: skip

CONV_PACKED_GRADIENT = Record.of(
    y=OPERAND, x=OPERAND, dy=OPERAND, table=OPERAND, taps=I64, groups=I64, channels=I64, filters=I64, vectors=I64,
    rows=I64, most_pixels=I64, columns=I64, parts=I64, extents=LINE_EXTENTS, x_strides=I64 * 4, dy_strides=I64 * 4,
)  # fmt: skip
"""The same, with at the most so many pixels packed at a time, for ranges of so many filters (`columns`)."""

DEPTHWISE_GRADIENT = Record.of(
    y=OPERAND, x=OPERAND, dy=OPERAND, table=OPERAND, taps=I64, channels=I64, parts=I64,
    extents=LINE_EXTENTS, x_strides=I64 * 4, dy_strides=I64 * 4,
)  # fmt: skip
"""`y[p, t, c] = Σ_{n,d,h,w} x[n,d,h,w, table[t] + c] · dy[n,d,h,w, c]` over part p of the lines, the rest as in
`CONV_GRADIENT`. Units: parts · vectors of channels."""

MOST_PIECES = 64
"""The most pieces of lines that one call of a tile function runs over."""

PIECE = Record.of(x=I64, weights=I64, length=I64)
"""A piece of a line, in the table of a tile: where it begins in x and in the weights, and its length, in elements."""

GRADIENT_PIXELS, GRADIENT_COLUMNS, GRADIENT_PACKED = 256, 128, 128 * 192
"""The most pixels that the tiles of a gradient sum over at a time, the most filters of a unit, and the most values of
both together: what is packed of them lies on the stack and stays in the second-level cache."""

PANEL_ROWS = 16
"""The rows (t, c) of a gradient that are packed side by side: those of some tiles, in one line of the cache."""

GROUP_LOOPS, PIXEL_LOOPS = 2, 4
"""The loops of the convolution's kernel: two over groups, and four over pixels, (n, d, h, w)."""

PIXEL_EXTENTS = (DIM, I64, I64, DIM)
"""The extents of these loops: one over the batch grows with it. That is the last where all pixels lie in one line."""
PIXEL_STRIDES = I64 * PIXEL_LOOPS

CONV = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, table=OPERAND, segments=I64, length=I64,
    groups=I64, channels=I64, x_groups=I64 * GROUP_LOOPS, y_groups=I64 * GROUP_LOOPS, bias_group=I64,
    vectors=I64, rows=I64, band=I64, extents=PIXEL_EXTENTS, x_strides=PIXEL_STRIDES, y_strides=PIXEL_STRIDES,
    epilogue=I64, low=F64, high=F64, residual=OPERAND,
)  # fmt: skip
"""bias_group: the vectors from the bias of a group to that of the next one, 0 where all have the same."""

DEPTHWISE = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, table=OPERAND, taps=I64, channels=I64,
    extents=PIXEL_EXTENTS, x_strides=PIXEL_STRIDES, y_strides=PIXEL_STRIDES, epilogue=I64, low=F64, high=F64,
)  # fmt: skip

DEPTHWISE_ROWS = 6
"""Output pixels of a depthwise tile: enough sums to hide the latency of the multiply-add on any CPU."""

DEPTHWISE_ROW = Record.of(
    x=OPERAND, y=OPERAND, weights=OPERAND, bias=OPERAND, table=OPERAND, rows=I64, taps=I64, stride=I64, channels=I64,
    extents=PIXEL_EXTENTS, x_strides=PIXEL_STRIDES, y_strides=PIXEL_STRIDES, epilogue=I64, low=F64, high=F64,
    size=I64 * 2, pads=I64 * 2, line=I64, line_stride=I64, line_dilation=I64, block=I64,
)  # fmt: skip
"""block: the channels for which `depthwise_row` computes some lines before those of the next ones. size, pads: the
lines and pixels of an image, and those of zeros before it, which are not read: see `Edges`."""


class Edges(NamedTuple):
    """The zeros around an image, (h, w), that a kernel leaves out of its sums.

    line: the elements of a line of the image. stride, dilation: from line to line of outputs, and of taps.
    """

    size: tuple[int, int]
    pads: tuple[int, int]
    line: int = 0
    stride: int = 1
    dilation: int = 1


NO_EDGES = Edges((1 << 40, 1 << 40), (0, 0))
"""Those of an image that has all that is read of it."""

ROW_WIDTH = 7
"""Output pixels of a tile of `depthwise_row`; the common image sizes are multiples of it."""

ROW_TAPS, ROW_STRIDES = (3, 5, 7), (1, 2)
"""The windows and strides along a line that `depthwise_row` is compiled for."""


def in_rows(taps: int, stride: int, width: int) -> bool:
    """Whether `depthwise_row` can do a window of so many neighbouring taps along a line of `width` outputs."""
    return taps in ROW_TAPS and stride in ROW_STRIDES and width >= ROW_WIDTH


EPILOGUE_NONE = 0

EPILOGUE_CLIP = 1

EPILOGUE_LEAKY = 2


class Epilogue(NamedTuple):
    """What is done to a sum before it is stored. NaN stays NaN."""

    code: int = EPILOGUE_NONE
    low: float = 0.0
    high: float = 0.0

    @classmethod
    def clip(cls, low: float, high: float = inf) -> Epilogue:
        """`min(max(s, low), high)`; ReLU is `clip(0)`, ReLU6 is `clip(0, 6)`."""
        return cls(EPILOGUE_CLIP, low, high)

    @classmethod
    def leaky(cls, slope: float) -> Epilogue:
        """`s` where it is not negative, else `slope * s`."""
        return cls(EPILOGUE_LEAKY, slope, 0.0)


class Window(NamedTuple):
    """What one output element reads: `length` values at each of `offsets`, in elements from its first one."""

    offsets: tuple[int, ...]
    length: int


def window(size: tuple[int, ...], steps: tuple[int, ...], channels: int) -> Window:
    """The segments of a window of `size` taps, outermost axis first.

    steps: the distance in elements from one tap to the next along each axis, dilation included. channels: the
    values that are read at each tap, which are contiguous. Axes whose taps follow each other without a gap are
    merged into longer segments.
    """
    length, axis = channels, len(size)
    while axis > 0 and (size[axis - 1] == 1 or steps[axis - 1] == length):
        axis -= 1
        length *= size[axis]
    offsets = [0]
    for extent, step in zip(size[:axis], steps[:axis], strict=True):
        offsets = [offset + tap * step for offset in offsets for tap in range(extent)]
    return Window(tuple(offsets), length)
