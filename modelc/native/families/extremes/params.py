"""Parameters of the gradients of adaptive maxima and sparsemax. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Layout

ADAPTIVE_MAX_GRADIENT = Layout.of(dx=3, x=3, y=3, dy=3, size=1, out=1, channels=1)
"""The gradient of an adaptive maximum for x (a, size, c), from y and dy (a, out, c).
Units: `a` · vectors of channels."""

SPARSEMAX_GRADIENT = Layout.of(dx=3, x=3, dz=3, n=1, inner=1)
"""The gradient of sparsemax over the middle axis of x (outer, n, inner), from that of what its maximum with 0 takes.
Units: `outer · inner`."""
