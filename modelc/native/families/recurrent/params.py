"""Parameters of the recurrent kernel, and the packing of its weights. Numba-free."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from modelc.native.code.layout import Layout
from modelc.native.families.conv.params import pack_bias, pack_kernel
from modelc.native.target import Target, host

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

WIDTH = 16
"""The units of a block: their gates are computed together."""
TILE_ROWS = 4
"""Samples that share a pass over the recurrent kernel."""


class Cell(IntEnum):
    """The equations of a step."""

    SIMPLE = 0
    LSTM = 1
    GRU = 2
    GRU_RESET_BEFORE = 3


def blocks_of_units(units: int) -> int:
    """How many blocks of `WIDTH` units there are."""
    return -(-units // WIDTH)


def pack_recurrent(kernel: NDArray[np.float32], kind: Cell, target: Target | None = None) -> NDArray[np.float32]:
    """The recurrent kernel (U, G·U) as `[block][k][gate][WIDTH]`, in the vectors of `pack_kernel`, filled with zeros.

    For `GRU_RESET_BEFORE`, first the gates z and r of all blocks, then the candidates of all blocks.
    """
    units = len(kernel)
    gates = kernel.reshape(units, -1, units)
    if kind is Cell.GRU_RESET_BEFORE:
        parts = [_pack(gates[:, :2], target), _pack(gates[:, 2:], target)]
        return np.concatenate(parts)
    return _pack(gates, target)


def pack_recurrent_bias(bias: NDArray[np.float32], units: int, target: Target | None = None) -> NDArray[np.float32]:
    """The recurrent bias (G·U,) as `[block][gate][WIDTH]`."""
    blocks = _blocks(bias.reshape(1, -1, units))
    return pack_bias(np.ascontiguousarray(blocks.reshape(-1)), blocks.shape[1], target or host())


def _pack(gates: NDArray[np.float32], target: Target | None) -> NDArray[np.float32]:
    blocks = _blocks(gates)
    return pack_kernel(np.ascontiguousarray(blocks.reshape(len(gates), -1)), blocks.shape[1], target or host())


def _blocks(gates: NDArray[np.float32]) -> NDArray[np.float32]:
    """(k, gate, unit) → (k, block, gate, WIDTH)."""
    k, count, units = gates.shape
    blocks = blocks_of_units(units)
    padded = np.zeros((k, count, blocks * WIDTH), np.float32)
    padded[:, :, :units] = gates
    return padded.reshape(k, count, blocks, WIDTH).transpose(0, 2, 1, 3)
