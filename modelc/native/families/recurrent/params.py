"""Parameters of the recurrent kernels. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.record import F32, I64, OPERAND, Record

RECURRENT = Record.of(
    y=OPERAND, x=OPERAND, weights=OPERAND, bias=OPERAND, mask=OPERAND, h=OPERAND, c=OPERAND, table=OPERAND,
    done=OPERAND, steps=I64, kept=I64, size=I64, kind=I64, gates=I64, parts=I64, backward=I64,
    code=I64, p=F32 * 3, gate_code=I64, gate_p=F32 * 3,
)  # fmt: skip
"""`ops.recurrent.Recurrent`: y (N, kept, parts·size), x (N, steps, gates·size); bias, mask (N, steps), h and c
(N, size) may be absent. weights, bias: by `pack_recurrent` and `pack_recurrent_bias`. table: one int64, 0. `kind` a
`Cell`, `code` and `gate_code` two of `UNARY_CODES`, each followed by the parameters of the function. Units: tiles of
`TILE_ROWS` samples, which go through all steps; where there is `done`, an int64, the step after so many is done alone,
and units are the blocks of `LANES` units, for all samples."""

RECURRENT_BACKWARD = Record.of(
    y=OPERAND, a=OPERAND, weights=OPERAND, mask=OPERAND, dy=OPERAND, table=OPERAND, steps=I64, kept=I64, size=I64,
    kind=I64, gates=I64, parts=I64, width=I64, factors=I64, backward=I64,
)  # fmt: skip
"""`RecurrentBackward`: y (N, steps + 1, width·size), a (N, steps, factors·size), dy (N, kept, parts·size); mask
(N, steps) may be absent. weights: Rᵀ (gates·size, size) by `pack_kernel`. table: three int64, 0, size and 3·size.
`kind` a `Cell`. Units: tiles of `TILE_ROWS` samples."""

PER_SAMPLE = Record.of(y=OPERAND, w=OPERAND, samples=I64, size=I64)
"""`y[n] = w[n]`, `size` floats each, for n < samples, and zeros for the other samples of the batch. Units: n."""

TILE_ROWS = 6
"""The most samples of a tile, whose products are summed in registers: tiles are as even as can be."""

PANEL_TILES = 4
"""The most tiles that go through the steps side by side, so that the recurrent kernel is read once for all of them."""


class Cell(IntEnum):
    """The equations of a step."""

    SIMPLE = 0
    LSTM = 1
    GRU = 2
    GRU_RESET_BEFORE = 3
