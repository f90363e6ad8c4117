"""Parameters of the recurrent kernels. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout

RECURRENT = Layout.of(
    y=3, x=3, weights=3, bias=3, mask=3, h=3, c=3, table=3, steps=1, kept=1, size=1, kind=1, backward=1,
    code=1, p=3, gate_code=1, gate_p=3,
)  # fmt: skip
"""`ops.recurrent.Recurrent`: y (N, kept, P·size), x (N, steps, G·size); bias, mask (N, steps), h and c (N, size)
may be absent. weights, bias: by `pack_recurrent` and `pack_recurrent_bias`. table: one int64, 0. `kind` a `Cell`,
`code` and `gate_code` two of `UNARY_CODES`, its floats behind it. Units: tiles of `TILE_ROWS` samples."""

RECURRENT_BACKWARD = Layout.of(
    y=3, a=3, weights=3, mask=3, dy=3, table=3, steps=1, kept=1, size=1, kind=1, backward=1,
)  # fmt: skip
"""`RecurrentBackward`: y (N, steps + 1, W·size), a (N, steps, K·size), dy (N, kept, P·size); mask
(N, steps) may be absent. weights: Rᵀ (G·size, size) by `pack_kernel`. table: three int64, 0, size and 3·size.
`kind` a `Cell`. Units: tiles of `TILE_ROWS` samples."""

PER_SAMPLE = Layout.of(y=3, w=3, samples=1, size=1)
"""`y[n] = w[n]`, `size` floats each, for n < samples; a batch of more is not read beyond them: zeros. Units: n."""

TILE_ROWS = 4
"""Samples that share a pass over the recurrent kernel."""


class Cell(IntEnum):
    """The equations of a step."""

    SIMPLE = 0
    LSTM = 1
    GRU = 2
    GRU_RESET_BEFORE = 3
