"""Winograd's minimal filtering for windows of three taps: the transforms, as matrices. Numba-free.

m outputs of a window of 3 over m + 2 inputs need m + 2 multiplications rather than 3·m:

``y = Aᵀ·[(G·k) ⊙ (Bᵀ·x)]``, and along both axes of an image ``y = Aᵀ·[(G·k·Gᵀ) ⊙ (Bᵀ·x·B)]·A``

(Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural
Networks", 2016). It is the product of two polynomials by their values at m + 2 points: 0, pairs ±p, and infinity.
Summed over channels, each point of the square is a matrix product of its own, of tiles by channels by filters.

For m = 4 the points are ±5/8 and ±3/2: of the pairs whose powers are exact in float32, about those with the least
error, a third of that of the ±1 and ±2 of the textbooks (compare Barabasz et al., "Error Analysis and Improving the
Accuracy of Winograd Convolution for Deep Neural Networks", 2020).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

TAPS = 3
"""The taps of a window along an axis."""

PAIRS: dict[int, tuple[float, ...]] = {2: (1.0,), 4: (0.625, 1.5)}
"""For each number of outputs of a tile along an axis, its points p, each of which stands for p and -p."""

LARGEST = max(PAIRS)


def points_of(outputs: int) -> int:
    """The points of a tile along an axis, which are also the inputs that it reads."""
    return outputs + TAPS - 1


@cache
def transforms(outputs: int) -> tuple[Matrix, Matrix, Matrix]:
    """Aᵀ (outputs, points), G (points, taps) and Bᵀ (points, points) in the order 0, p, -p, ..., infinity.

    The elements of Aᵀ and Bᵀ are exact in float32.
    """
    places = [0.0, *(sign * p for p in PAIRS[outputs] for sign in (1, -1))]
    points = points_of(outputs)
    a, g, b = np.zeros((outputs, points)), np.zeros((points, TAPS)), np.zeros((points, points))
    for j, place in enumerate(places):
        others = [other for other in places if other != place]
        a[:, j] = place ** np.arange(outputs)
        g[j] = place ** np.arange(TAPS) / np.prod([place - other for other in others])
        b[j, : points - 1] = np.poly(others)[::-1]
    a[-1, -1] = g[-1, -1] = 1.0
    b[-1] = np.poly(places)[::-1]
    return a, g, b
