"""The order in which the recurrent kernel reads its weights. Numba-free."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelc.native.families.conv.pack import pack_bias, pack_kernel
from modelc.native.families.recurrent.params import Cell
from modelc.native.target import LANES, Target, host


def blocks_of_units(units: int) -> int:
    """How many blocks of `LANES` units there are."""
    return -(-units // LANES)


def pack_recurrent(kernel: NDArray[np.float32], kind: Cell, target: Target | None = None) -> NDArray[np.float32]:
    """The recurrent kernel (U, G·U) as `[block][k][gate][LANES]`, in the vectors of `pack_kernel`, filled with zeros.

    For `GRU_RESET_BEFORE`, first the gates z and r of all blocks, then the candidates of all blocks.
    """
    units = len(kernel)
    gates = kernel.reshape(units, -1, units)
    if kind is Cell.GRU_RESET_BEFORE:
        parts = [_pack(gates[:, :2], target), _pack(gates[:, 2:], target)]
        return np.concatenate(parts)
    return _pack(gates, target)


def pack_recurrent_bias(bias: NDArray[np.float32], units: int, target: Target | None = None) -> NDArray[np.float32]:
    """The recurrent bias (G·U,) as `[block][gate][LANES]`."""
    blocks = _blocks(bias.reshape(1, -1, units))
    return pack_bias(np.ascontiguousarray(blocks.reshape(-1)), blocks.shape[1], target or host())


def _pack(gates: NDArray[np.float32], target: Target | None) -> NDArray[np.float32]:
    blocks = _blocks(gates)
    return pack_kernel(np.ascontiguousarray(blocks.reshape(len(gates), -1)), blocks.shape[1], target or host())


def _blocks(gates: NDArray[np.float32]) -> NDArray[np.float32]:
    """(k, gate, unit) → (k, block, gate, LANES)."""
    k, count, units = gates.shape
    blocks = blocks_of_units(units)
    padded = np.zeros((k, count, blocks * LANES), np.float32)
    padded[:, :, :units] = gates
    return padded.reshape(k, count, blocks, LANES).transpose(0, 2, 1, 3)
