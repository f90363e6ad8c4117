"""Parameters of pooling and of its gradients. Numba-free."""

from __future__ import annotations

from modelc.native.code.record import I64, OPERAND, Record

POOL = Record.of(
    y=OPERAND, x=OPERAND, size=I64 * 3, out=I64 * 3, window=I64 * 3, stride=I64 * 3, pad=I64 * 3,
    x_strides=I64 * 4, y_strides=I64 * 4, channels=I64,
)  # fmt: skip
"""`y[n, o, c] = max or mean over k of x[n, o·stride + k - pad, c]` over the k that fall inside x; (D, H, W) extents
`size` of x and `out` of y, strides in elements of (N, D, H, W). No window lies wholly outside. Units: rows
of y, N·OD·OH."""

POOL_GRADIENT = Record.of(
    dx=OPERAND, x=OPERAND, y=OPERAND, dy=OPERAND, size=I64 * 3, out=I64 * 3, window=I64 * 3, stride=I64 * 3,
    pad=I64 * 3, x_strides=I64 * 4, y_strides=I64 * 4, channels=I64,
)  # fmt: skip
"""The gradient of `POOL` for x: of a maximum to the first element of the window that is y, of a mean (x and y
absent) in equal parts. x and dx have one shape, y and dy the other. Units: samples · groups of `CHANNELS` channels."""
