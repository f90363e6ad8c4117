"""Parameters of pooling and of its gradients. Numba-free."""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout


class Pooling(IntEnum):
    """What a window is reduced to."""

    MAX = 0
    AVERAGE = 1


POOL = Layout.of(y=3, x=3, size=3, out=3, window=3, stride=3, pad=3, x_strides=4, y_strides=4, channels=1, kind=1)
"""`y[n, o, c] = max or mean over k of x[n, o·stride + k - pad, c]` over the k that fall inside x; (D, H, W) extents
`size` of x and `out` of y, strides in elements of (N, D, H, W). `kind` a `Pooling`. A window may not lie wholly
outside. Units: rows of y, N·OD·OH."""

POOL_GRADIENT = Layout.of(
    dx=3, x=3, y=3, dy=3, size=3, out=3, window=3, stride=3, pad=3, x_strides=4, y_strides=4, channels=1
)
"""The gradient of `POOL` for x: of a maximum to the first element of the window that is y, of a mean (x and y
absent) in equal parts. x and dx have one shape, y and dy the other. Units: samples · groups of `CHANNELS` channels."""
