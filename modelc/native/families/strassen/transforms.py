"""Strassen's algorithm in Winograd's form: the seven products, as sums of quarters. Numba-free.

A product of matrices that are cut into quarters, ``C = A·B``, takes eight products of quarters by its definition, and
seven so:

    P1 = A11·B11                    C11 = P1 + P2
    P2 = A12·B21                    U2 = P1 + P6
    P3 = (A11 + A12 - A21 - A22)·B22
    P4 = A22·(B11 - B12 - B21 + B22)     U3 = U2 + P7
    P5 = (A21 + A22)·(B12 - B11)    C12 = U2 + P5 + P3
    P6 = (A21 + A22 - A11)·(B22 - B12 + B11)    C21 = U3 - P4
    P7 = (A11 - A21)·(B22 - B12)    C22 = U3 + P5

(Strassen, "Gaussian Elimination is not Optimal", 1969; Winograd, "On Multiplication of 2×2 Matrices", 1971.) What the
sums of B are is computed once, where B is constant. Rounding errors are larger than those of plain sums, relative to
the largest numbers of A and B (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 23.2.2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

P1, P2, P3, P4, P5, P6, P7 = range(7)
PRODUCTS = 7

KERNEL_SUMS: NDArray[np.float64] = np.array(
    [
        [1, 0, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
        [-1, 1, 1, -1],
        [-1, 1, 0, 0],
        [1, -1, 0, 1],
        [0, -1, 0, 1],
    ],
    np.float64,
)
"""What each product takes of B11, B12, B21 and B22: of the fourth, minus what is above, so that it is only added."""
