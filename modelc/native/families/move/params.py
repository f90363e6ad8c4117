"""Parameters of copies, fills and padding. Numba-free."""

from __future__ import annotations

from modelc.native.code.layout import Layout

COPY = Layout.of(y=3, x=3, dims=8, x_start=1, x_strides=8, y_start=1, y_strides=8)
"""`y[y_start + i·y_strides] = x[x_start + i·x_strides]` for all i within `dims` (Dims, 1 in front where the rank is
less), elements of 4 bytes, strides of any sign. Fast where the last stride is 1 in both, or where x's last but one
and y's last are 1 (a transpose; units then best come in multiples of 16). Units: rows, the product of dims[:7]."""

FILL = Layout.of(y=3, bits=1)
"""`y[i] = bits`, a 32-bit pattern. Units: elements."""

PADDED_AXES = 4
"""The axes behind that of the batch that `PAD` may make longer."""

PAD = Layout.of(y=3, x=3, size=PADDED_AXES, out=PADDED_AXES, pad=PADDED_AXES, channels=1, bits=1)
"""Constant padding of x (N, *size, C) to y (N, *out, C), `pad` elements before and the rest after. Both contiguous.
Units: rows of y, N·out[0]·out[1]·out[2]."""
