"""Parameters of the kernels of gradients, and the steps that run those of convolutions. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.params import GRAIN, blocks_of
from modelc.native.target import Target, host

WIDE = 16
"""The channels of one vector of the kernels that are written as vectors of sixteen lanes."""

CONV_GRADIENT = Layout.of(
    y=3, x=3, dy=3, table=3, taps=1, groups=1, channels=1, filters=1, vectors=1, rows=1, piece=1, pieces=1, parts=1,
    extents=4, x_strides=4, dy_strides=4,
)  # fmt: skip

DEPTHWISE_GRADIENT = Layout.of(
    y=3, x=3, dy=3, table=3, taps=1, channels=1, parts=1, extents=4, x_strides=4, dy_strides=4
)
"""`y[p, t, c] = Σ_{n,d,h,w} x[n,d,h,w, table[t] + c] · dy[n,d,h,w, c]` over part p of the lines, the rest as in
`CONV_GRADIENT`. Units: parts · vectors of channels."""

POOL_GRADIENT = Layout.of(
    dx=3, x=3, y=3, dy=3, size=3, out=3, window=3, stride=3, pad=3, x_strides=4, y_strides=4, channels=1
)
"""The gradient of `POOL` for x: of a maximum to the first element of the window that is y, of a mean (x and y
absent) in equal parts. x and dx have one shape, y and dy the other. Units: samples · groups of `GROUP` channels."""

GROUP = 64
"""Channels that a unit of `POOL_GRADIENT` takes: whole cache lines side by side."""

ADAPTIVE_MAX_GRADIENT = Layout.of(dx=3, x=3, y=3, dy=3, size=1, out=1, channels=1)
"""The gradient of an adaptive maximum for x (a, size, c), from y and dy (a, out, c).
Units: `a` · vectors of channels."""

SPARSEMAX_GRADIENT = Layout.of(dx=3, x=3, dz=3, n=1, inner=1)
"""The gradient of sparsemax over the middle axis of x (outer, n, inner), from that of what its maximum with 0 takes.
Units: `outer · inner`."""

ADD_ROWS = Layout.of(y=3, indices=3, dy=3, rows=1, width=1, count=1)
"""`y[indices[i], :] += dy[i, :]` for i < count (Dim), from zeros; indices in 0 <= index < rows, others are left out.
Units: vectors of the width."""

BATCH_SIZE = Layout.of(y=3)
"""`y[0]` is the batch size. Units: 1."""

RANDOM = Layout.of(y=3, step=3, step_is_float=1, key=2, kind=1, size=1)
"""`y[e]` for e < size (Dim) is the random number of element e, see `ops.random`: `key` its two words of 32 bits, `step`
a scalar of float32 or int32, `kind` a `Draw`. Units: runs of `DRAWN` elements."""

DRAWN = 1024
"""Elements of one unit of `RANDOM`."""


class Draw(IntEnum):
    """The distributions of `RANDOM`."""

    UNIFORM = 0
    NORMAL = 1


_CACHED = 128 * 1024
"""Elements of x and dy together that stay in the second-level cache while all tiles read them."""
MOST_PIECES = 64
"""Pieces of lines that one call of a tile runs over."""


def conv_gradient_step(
    *,
    x: Operand,
    dy: Operand,
    y: Operand,
    table: Operand,
    taps: int,
    channels: int,
    filters: int,
    extents: tuple[int, int, int, int],
    x_strides: tuple[int, int, int, int],
    dy_strides: tuple[int, int, int, int],
    groups: int = 1,
    parts: int = 1,
    target: Target | None = None,
) -> Step:
    """The step of the gradient of a convolution by its kernel, as the sums of parts of the pixels.

    ``y[p,t,c,g,q] = Σ_{n,d,h,w} x[n,d,h,w, table[t] + g·channels + c] · dy[n,d,h,w, g·filters + q]``

    table: the operand of the taps' offsets in elements as int64. channels, filters: those of one group. extents: of
    (n, d, h, w), n and w as Dims. x, dy: contiguous channels at these strides. Units: parts · groups · blocks of
    filters · tiles of (t, c).
    """
    target = target or host()
    count, vectors, _ = blocks_of(filters, target)
    rows = target.tile_rows(vectors)
    width = abs(extents[3]) if extents[3] > 0 else 1 << 20  # a line as long as the batch is cut in any case
    pixels = max(16, _CACHED // max(1, x_strides[3] + dy_strides[3]))
    piece = min(width, pixels)
    params = CONV_GRADIENT.pack(
        x=x, dy=dy, y=y, table=table, taps=taps, groups=groups, channels=channels, filters=filters, vectors=vectors,
        rows=rows, piece=piece, pieces=min(MOST_PIECES, max(1, pixels // piece)), extents=extents,
        x_strides=x_strides, dy_strides=dy_strides, parts=parts,
    )  # fmt: skip
    tiles = -(-taps * channels // rows)
    units = parts * groups * count * tiles
    cost = max(1, abs(extents[0]) * extents[1] * extents[2] * abs(extents[3]) * rows * vectors // parts)
    grain = max(1, GRAIN // cost)
    over_batch = extents[0] < 0 or extents[3] < 0
    return Step("conv_gradient", params, units, grain=-grain if over_batch else grain)
