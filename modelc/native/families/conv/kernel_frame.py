"""The frame: a record on the stack in which a kernel tells a tile function what to compute."""

from __future__ import annotations

import numba

from modelc.native.code.record import F64, I64, Record
from modelc.native.code.vector import quotient
from modelc.native.code.view import on_stack
from modelc.native.target import host

MAX_ROWS = max(host().tile_rows(v) for v in range(1, host().max_vectors + 1))

FRAME = Record.of(
    weights=I64, bias=I64, table=I64, segments=I64, length=I64, epilogue=I64, low=F64, high=F64, channels=I64,
    accumulate=I64, residual=I64, x_step=I64, weights_step=I64, y_step=I64, x_tile=I64, y_tile=I64,
    first_segment=I64, first_column=I64, end_column=I64,
    x=I64 * MAX_ROWS, y=I64 * MAX_ROWS, z=I64 * MAX_ROWS, z_tile=I64, following=I64, following_step=I64,
)  # fmt: skip
"""weights, bias, table, x, y: addresses, of x and y one for each row; bias is 0 where there is none. segments, length:
the segments of a window, and the values of each. epilogue, low, high: see `Epilogue`. channels: those from the first of
the tile on. accumulate: whether the sums are added to what lies `residual` bytes after y, such as 0. x_step,
weights_step: of a gradient, the elements from pixel to pixel; of `depthwise_row`, the bytes from an input pixel to the
next, and from the weights of a tap to those of the next. y_step: of the latter, the bytes from an output pixel to the
next; first_segment: the first of its `segments` that lies in the image; first_column, end_column: the columns of a tile
that do. x_tile, y_tile, z_tile: the bytes from each row of a tile to that of the next tile, where several are run at
once. z, following, following_step: of `run_sum_tiles` alone, the addresses of what the sums of each row begin with, the
address of the weights which are multiplied with next, and the bytes of these that are fetched for each value of a row.
"""

new_frame = on_stack(FRAME)
"""A frame on the caller's stack."""


@numba.njit(inline="always", error_model="numpy")
def place_of(extents, pixel):
    """The place (n, d, h, w) of a pixel, which are numbered through the loops of these extents."""
    depth, height, width = extents[1], extents[2], extents[3]
    line = quotient(pixel, width)
    plane = quotient(line, height)
    n = quotient(plane, depth)
    return n, plane - n * depth, line - plane * height, pixel - line * width


@numba.njit(inline="always", error_model="numpy")
def set_rows(frame, extents, x_strides, y_strides, x, y, place, count):
    """Write the addresses of the inputs and outputs of `count` pixels, from a place on, into the frame.

    `extents` and the strides have a value for each of the loops (n, d, h, w). The last pixel is repeated up to the
    tallest tile. Returns the place after the last pixel.
    """
    depth, height, width = extents[1], extents[2], extents[3]
    n, d, h, w = place
    x_step, y_step = 4 * x_strides[3], 4 * y_strides[3]
    row = 0
    while row < count:
        x_line = x + 4 * (n * x_strides[0] + d * x_strides[1] + h * x_strides[2])
        y_line = y + 4 * (n * y_strides[0] + d * y_strides[1] + h * y_strides[2])
        run = min(count - row, width - w)
        for i in range(run):
            frame.x[row + i] = x_line + (w + i) * x_step
            frame.y[row + i] = y_line + (w + i) * y_step
        row += run
        w += run
        if w == width:
            w = 0
            h += 1
            if h == height:
                h = 0
                d += 1
                if d == depth:
                    d = 0
                    n += 1
    for extra in range(count, MAX_ROWS):
        frame.x[extra] = frame.x[count - 1]
        frame.y[extra] = frame.y[count - 1]
    return n, d, h, w


@numba.njit(inline="always", error_model="numpy")
def set_rows_of_line(frame, x_step, y_step, x, y, count):
    """`set_rows` for pixels of one line, from `x` and `y` on, which lie so many bytes apart."""
    for row in range(MAX_ROWS):
        frame.x[row] = x
        frame.y[row] = y
        if row + 1 < count:
            x += x_step
            y += y_step
    frame.x_tile = count * x_step
    frame.y_tile = count * y_step
