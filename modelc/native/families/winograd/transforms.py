"""Winograd's minimal filtering: the transforms, as matrices, and the forms that convolutions take. Numba-free.

m outputs of a window of r taps over m + r - 1 inputs need m + r - 1 multiplications rather than m·r:

``y = Aᵀ·[(G·k) ⊙ (Bᵀ·x)]``, and along both axes of an image ``y = Aᵀ·[(G·k·Gᵀ) ⊙ (Bᵀ·x·B)]·A``

(Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural
Networks", 2016). It is the product of two polynomials by their values at m + r - 1 points: 0, pairs ±p, and infinity.
Summed over channels, each point of the square is a matrix product of its own, of tiles by channels by filters.

The points are, of those whose powers are exact in float32, about the ones with the least error: with ±5/8 and ±3/2 it
is a third of that with the ±1 and ±2 of the textbooks (compare Barabasz et al., "Error Analysis and Improving the
Accuracy of Winograd Convolution for Deep Neural Networks", 2020).
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

PAIRS: dict[int, tuple[float, ...]] = {4: (1.0,), 6: (0.625, 1.5), 10: (0.375, 0.75, 1.25, 2.0)}
"""For each number of points along an axis the p, each of which stands for p and -p; 0 and infinity come to them."""

MOST_POINTS = max(PAIRS)


class TileAxis(NamedTuple):
    """Along an axis the outputs of a tile and the taps of the window; one of each where nothing is transformed."""

    outputs: int
    taps: int

    @property
    def points(self) -> int:
        """The points of a tile, which are also the inputs that it reads."""
        return self.outputs + self.taps - 1


class Form(NamedTuple):
    """How a convolution is computed: what a tile is along the height and along the width."""

    rows: TileAxis
    columns: TileAxis

    @property
    def window(self) -> tuple[int, int]:
        """The window that it is for."""
        return self.rows.taps, self.columns.taps

    @property
    def outputs(self) -> int:
        """The outputs of a tile."""
        return self.rows.outputs * self.columns.outputs

    @property
    def points(self) -> int:
        """The points of a tile: so many multiplications it takes."""
        return self.rows.points * self.columns.points

    def tiles(self, height: int, width: int) -> int:
        """The tiles of an output of this size."""
        return -(-height // self.rows.outputs) * -(-width // self.columns.outputs)


_PLAIN = TileAxis(1, 1)

FORMS: dict[str, Form] = {
    "winograd_2": Form(TileAxis(2, 3), TileAxis(2, 3)),
    "winograd_4": Form(TileAxis(4, 3), TileAxis(4, 3)),
    "winograd_5x5": Form(TileAxis(2, 5), TileAxis(2, 5)),
    "winograd_row3": Form(_PLAIN, TileAxis(4, 3)),
    "winograd_row7": Form(_PLAIN, TileAxis(4, 7)),
}
"""The forms by the names of their kernels. A form of a row does columns too, with the axes of the image exchanged."""


@cache
def transforms(axis: TileAxis) -> tuple[Matrix, Matrix, Matrix]:
    """Aᵀ (outputs, points), G (points, taps) and Bᵀ (points, points), the points in the order 0, p, -p, ..., infinity.

    The elements of Aᵀ and Bᵀ are exact in float32.
    """
    outputs, taps = axis
    points = axis.points
    if points == 1:
        return np.eye(1), np.eye(1), np.eye(1)
    places = [0.0, *(sign * p for p in PAIRS[points] for sign in (1, -1))]
    a, g, b = np.zeros((outputs, points)), np.zeros((points, taps)), np.zeros((points, points))
    for j, place in enumerate(places):
        others = [other for other in places if other != place]
        a[:, j] = place ** np.arange(outputs)
        g[j] = place ** np.arange(taps) / np.prod([place - other for other in others])
        b[j, : points - 1] = np.poly(others)[::-1]
    a[-1, -1] = g[-1, -1] = 1.0
    b[-1] = np.poly(places)[::-1]
    return a, g, b


def kernel_transform(form: Form) -> Matrix:
    """What the taps of a kernel, one after the other, are multiplied by to give its points: (points, taps)."""
    return np.asarray(np.kron(transforms(form.rows)[1], transforms(form.columns)[1]), np.float64)
