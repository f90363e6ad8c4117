"""The step of a product of two tensors that both change from call to call, on the convolution's kernel. Numba-free.

One operand is read in place, the other is copied into the order of packed weights first, so that the same register
tile does both (Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008).
"""

from __future__ import annotations

from typing import NamedTuple

from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.schedule import Step
from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.conv.params import CONV, Epilogue, Window
from modelc.native.families.conv.steps import in_long_lines, tile_grain
from modelc.native.target import Target, host


class Groups(NamedTuple):
    """Two loops over matrix products, the first one a Dim: their extents, and their strides in x and y."""

    extents: tuple[int, int]
    x_strides: tuple[int, int]
    y_strides: tuple[int, int]


def contract_step(
    *,
    x: Operand,
    y: Operand,
    weights: Operand,
    table: Operand,
    window: Window,
    channels: int,
    groups: Groups,
    extents: tuple[int, int, int, int],
    x_strides: tuple[int, int, int, int],
    y_strides: tuple[int, int, int, int],
    epilogue: Epilogue,
    bias: Operand = ABSENT,
    residual: Operand = ABSENT,
    target: Target | None = None,
) -> Step:
    """The step of a stack of matrix products.

    ``y[g,r,c] = epilogue(bias[c] + Σ_{s,k} x[g,r, table[s] + k] · w[g,s,k,c] + residual[g,r,c])``

    r goes through four loops, of which the first may be a Dim where no group is one. weights: [group][block][k][lanes],
    see `pack_kernel`. The rest as in `conv_step`.
    """
    target = target or host()
    blocks = blocks_of(channels, target)
    count, vectors = blocks.count, blocks.vectors
    tall = target.tile_rows(vectors)
    extents, x_strides, y_strides = in_long_lines(extents, x_strides, y_strides)
    params = CONV.pack(
        x=x, y=y, weights=weights, bias=bias, table=table,
        segments=len(window.offsets), length=window.length,
        groups=groups.extents[1], channels=channels, x_groups=groups.x_strides, y_groups=groups.y_strides, bias_group=0,
        vectors=vectors, rows=tall, band=0, extents=extents, x_strides=x_strides, y_strides=y_strides,
        epilogue=epilogue.code, low=epilogue.low, high=epilogue.high, residual=residual,
    )  # fmt: skip
    rows = extents[0] * extents[1] * extents[2] * extents[3]
    grain = tile_grain(rows, tall, len(window.offsets) * window.length * vectors)
    products = groups.extents[0] * groups.extents[1]
    if rows < 0:
        return Step("conv", params, rows, tile=tall, times=products * count, grain=grain)
    return Step("conv", params, products * count * -(-rows // tall), grain=grain)
