"""The sums of a matrix's quarters, in the order in which Strassen's products read them. Numba-free."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from modelc.native.families.conv.pack import blocks_of
from modelc.native.families.strassen.params import half_of, left_of
from modelc.native.families.strassen.transforms import KERNEL_SUMS, PRODUCTS
from modelc.native.families.winograd.pack import transformed_pieces
from modelc.native.target import Target, host


def strassen_elements(depth: int, columns: int) -> int:
    """The elements of a packed matrix."""
    return PRODUCTS * (depth // 2) * blocks_of(half_of(columns)).total * host().lanes


def strassen_pieces(matrix: NDArray[np.float32], target: Target | None = None) -> Iterator[NDArray[np.float32]]:
    """What the seven products multiply by, `[block of columns][product][row][lanes]`, in pieces of some megabytes.

    matrix: (depth, columns). It is computed in float64 and rounded once.
    """
    depth, columns = matrix.shape
    half, left = half_of(columns, target), left_of(columns, target)
    quarters = np.zeros((4, depth // 2, half), np.float32)
    for place in range(4):
        rows = matrix[: depth // 2] if place < 2 else matrix[depth // 2 :]
        found = rows[:, left:] if place % 2 else rows[:, :left]
        quarters[place, :, : found.shape[1]] = found
    return transformed_pieces(quarters, KERNEL_SUMS, target)


def pack_strassen_bias(bias: NDArray[np.float32], target: Target | None = None) -> NDArray[np.float32]:
    """A bias, filled up with zeros to what is computed of both halves."""
    return np.pad(bias.reshape(-1), (0, bias_elements(bias.size, target) - bias.size))


def bias_elements(columns: int, target: Target | None = None) -> int:
    """The elements of a packed bias."""
    return left_of(columns, target) + half_of(columns, target)
