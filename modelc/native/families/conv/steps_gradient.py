"""The steps that run the gradient of a convolution by its kernel. Numba-free."""

from __future__ import annotations

from typing import Any

from modelc.graph.sizes import likely
from modelc.native.code.layout import Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import (
    CONV_GRADIENT,
    CONV_PACKED_GRADIENT,
    GRADIENT_COLUMNS,
    GRADIENT_PACKED,
    GRADIENT_PIXELS,
    MOST_PIECES,
    PANEL_ROWS,
)
from modelc.native.families.conv.steps import GRAIN
from modelc.native.target import LANES, Target, host

_NARROW = LANES
"""Elements from pixel to pixel of x up to which it is read as it lies: a tile uses most of a line of the cache."""
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
    packed: bool | None = None,
    target: Target | None = None,
) -> Step:
    """The step of the gradient of a convolution by its kernel, as the sums of parts of the pixels.

    ``y[p,t,c,g,q] = Σ_{n,d,h,w} x[n,d,h,w, table[t] + g·channels + c] · dy[n,d,h,w, g·filters + q]``

    table: the operand of the taps' offsets in elements as int64. channels, filters: those of one group. extents: of
    (n, d, h, w), n and w as Dims. x, dy: contiguous channels at these strides. packed: whether pixels are packed a few
    at a time, by default where they lie far apart. Units: parts · groups · blocks of filters · tiles of (t, c), or
    where `packed` parts · groups · ranges of filters · panels of rows (t, c).
    """
    target = target or host()
    blocks = blocks_of(filters, target)
    count, vectors = blocks.count, blocks.vectors
    rows = target.tile_rows(vectors)
    fields: dict[str, Any] = {
        "x": x, "dy": dy, "y": y, "table": table, "taps": taps, "groups": groups, "channels": channels,
        "filters": filters, "vectors": vectors, "rows": rows, "extents": extents, "x_strides": x_strides,
        "dy_strides": dy_strides, "parts": parts,
    }  # fmt: skip
    pixels_of_part = likely(abs(extents[0]) * extents[1] * extents[2] * abs(extents[3])) // parts
    over_batch = extents[0] < 0 or extents[3] < 0
    if likely(x_strides[3]) > _NARROW if packed is None else packed:
        width = vectors * target.lanes
        columns = min(GRADIENT_COLUMNS // width, likely(count)) * width
        params = CONV_PACKED_GRADIENT.pack(
            **fields, most_pixels=min(GRADIENT_PIXELS, GRADIENT_PACKED // columns), columns=columns
        )
        panel = PANEL_ROWS // rows * rows
        units = parts * groups * -(-filters // columns) * -(-taps * channels // panel)
        grain = max(1, GRAIN * target.lanes // max(1, pixels_of_part * panel * columns))
        return Step("conv_packed_gradient", params, units, grain=-grain if over_batch else grain)
    width = abs(extents[3]) if extents[3] > 0 else 1 << 20  # a line as long as the batch is cut in any case
    pixels = max(16, _CACHED // max(1, x_strides[3] + dy_strides[3]))
    piece = min(width, pixels)
    params = CONV_GRADIENT.pack(**fields, piece=piece, pieces=min(MOST_PIECES, max(1, pixels // piece)))
    units = parts * groups * count * -(-taps * channels // rows)
    grain = max(1, GRAIN // max(1, pixels_of_part * rows * vectors))
    return Step("conv_gradient", params, units, grain=-grain if over_batch else grain)
