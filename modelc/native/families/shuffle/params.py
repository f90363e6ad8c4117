"""Parameters of the kernel that changes the order of a batch. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Layout

SHUFFLE = Layout.of(y=3, x=3, keys=3, samples=1, size=1, inverse=1)
"""`y[r(n), :] = x[n, :]`, if `inverse` `y[n, :] = x[r(n), :]`: `samples` (Dim) of `size` elements, r(n) the number of
keys that are less than `keys[n]`, or equal and earlier. Units: samples."""
