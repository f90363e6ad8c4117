"""The steps that run the gradient of a convolution by its kernel. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import CONV_GRADIENT, MOST_PIECES
from modelc.native.families.conv.steps import GRAIN
from modelc.native.target import Target, host

_CACHED = 128 * 1024
"""Elements of x and dy together that stay in the second-level cache while all tiles read them."""


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
    blocks = blocks_of(filters, target)
    count, vectors = blocks.count, blocks.vectors
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
