"""Parameters and codes of the elementwise kernels. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Layout

UNARY = Layout.of(y=3, x=3, code=1, p=3)
"""`y[i] = f(x[i]; p)`; `code` one of `UNARY_CODES`, `p` the parameters as three floats. y may be x. Units: elements."""

BINARY = Layout.of(y=3, a=3, b=3, dims=6, a_strides=6, b_strides=6, op=1, code=1, p=3)
"""`y = f(a op b; p)` with broadcasting: `op` one of `BINARY_CODES`, `code` one of `UNARY_CODES`, `dims` (Dims) y's
extents, 1 in front where the rank is less, and the strides those of a and b, 0 along axes that are repeated. y is
contiguous and may be a or b where that has y's shape. Units: rows, the product of dims[:5]."""

SELECT = Layout.of(y=3, mask=3, a=3, b=3, dims=6, mask_strides=6, a_strides=6, b_strides=6)
"""`y = a where mask ≠ 0, else b` with broadcasting, as in `BINARY`. Units: rows, the product of dims[:5]."""

AFFINE = Layout.of(y=3, x=3, scale=3, shift=3, channels=1, code=1, p=3)
"""`y[i, c] = f(x[i, c]·scale[c] + shift[c]; p)`; scale or shift may be absent; y may be x. Units: rows i."""
