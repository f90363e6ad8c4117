"""The parameters and codes of every kernel but convolution: what lowering writes, without loading numba.

Sizes and strides count elements, not bytes. `Dim` marks an extent that may grow with the batch (see `layout`);
all else is a plain integer. The units of a kernel, which is what a step is divided by, are given in its layout's
docstring.
"""

from __future__ import annotations

from enum import IntEnum

from modelc.native.code.layout import Layout

BLOCK = 64
"""Channels that one unit of `reduce`, `normalize` and `softmax` takes where they lie side by side."""


class Pooling(IntEnum):
    """What a window is reduced to."""

    MAX = 0
    AVERAGE = 1


class Reduction(IntEnum):
    """What the reduced axes become."""

    SUM = 0
    MEAN = 1
    MAX = 2
    MIN = 3
    SUM_SQUARES = 4


class Normalization(IntEnum):
    """What the values are divided by."""

    MEAN_VARIANCE = 0
    """(x - mean) / sqrt(variance + eps)"""
    RMS = 1
    """x / sqrt(mean(x²) + eps)"""
    L2 = 2
    """x / sqrt(max(sum(x²), eps))"""


class Softmax(IntEnum):
    """The functions that turn scores into a distribution."""

    SOFTMAX = 0
    LOG_SOFTMAX = 1
    SPARSEMAX = 2


class Cast(IntEnum):
    """Conversions between element types."""

    INT32_TO_FLOAT32 = 0
    FLOAT32_TO_INT32 = 1
    UINT8_TO_FLOAT32 = 2


def blocks(k: int, r2: int) -> int:
    """The units per leading index of `reduce`, `normalize` and `softmax`, whose view ends in (k, r2).

    Where `r2` is 1 the k values lie side by side and go in blocks of `BLOCK`; else each is a unit by itself.
    """
    return k if r2 != 1 else -(-k // BLOCK)


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

POOL = Layout.of(y=3, x=3, size=3, out=3, window=3, stride=3, pad=3, x_strides=4, y_strides=4, channels=1, kind=1)
"""`y[n, o, c] = max or mean over k of x[n, o·stride + k - pad, c]` over the k that fall inside x; (D, H, W) extents
`size` of x and `out` of y, strides in elements of (N, D, H, W). `kind` a `Pooling`. A window may not lie wholly
outside. Units: rows of y, N·OD·OH."""

REDUCE = Layout.of(y=3, x=3, r1=1, k=1, r2=1, kind=1)
"""`y[a, k] = reduction over r1 and r2 of x[a, r1, k, r2]`; r1 (Dim). `kind` a `Reduction`.
Units: `a * blocks(k, r2)`."""

NORMALIZE = Layout.of(y=3, x=3, scale=3, shift=3, r1=1, k=1, r2=1, kind=1, epsilon=1)
"""`y = normalized(x) · scale[k, r2] + shift[k, r2]` over r1 and r2 of x[a, r1, k, r2]; r1 (Dim); scale or shift may
be absent; y may be x. `kind` a `Normalization`. Units: `a * blocks(k, r2)`."""

SOFTMAX = Layout.of(y=3, x=3, n=1, inner=1, kind=1)
"""Over the middle axis of x[outer, n, inner]; `kind` a `Softmax`. y may be x.
Units: `outer` where inner is 1, else `outer * blocks(inner, 1)`."""

COPY = Layout.of(y=3, x=3, dims=8, x_start=1, x_strides=8, y_start=1, y_strides=8)
"""`y[y_start + i·y_strides] = x[x_start + i·x_strides]` for all i within `dims` (Dims, 1 in front where the rank is
less), elements of 4 bytes, strides of any sign. Fast where the last stride is 1 in both, or where x's last but one
and y's last are 1 (a transpose; units then best come in multiples of 16). Units: rows, the product of dims[:7]."""

FILL = Layout.of(y=3, bits=1)
"""`y[i] = bits`, a 32-bit pattern. Units: elements."""

PAD = Layout.of(y=3, x=3, size=4, out=4, pad=4, channels=1, bits=1)
"""Constant padding of x (N, *size, C) to y (N, *out, C), `pad` elements before and the rest after. Both contiguous.
Units: rows of y, N·out[0]·out[1]·out[2]."""

GATHER = Layout.of(y=3, table=3, indices=3, rows=1, width=1)
"""`y[i, :] = table[indices[i], :]`, int32 indices in 0 <= index < rows; others give zeros and set
`ctx[CTX_ERROR]` to `ERROR_INDEX`. Units: indices."""

CAST = Layout.of(y=3, x=3, kind=1)
"""`y[i] = x[i]` in another type; `kind` a `Cast`; to integers by truncation. Units: elements."""

ORDER = Layout.of(y=3, x=3, n=1, inner=1)
"""`y[a, :, c]` are the int32 places of x[a, :, c] from the smallest on, of equal ones in their order, NaN last: x and y
(a, n, inner). Units: `a * inner`."""

ALONG = Layout.of(y=3, x=3, indices=3, n=1, count=1, inner=1)
"""`take_along`: `y[a, j, c] = x[a, indices[a, j, c], c]`, elements of 4 bytes: x (a, n, inner), int32 indices and y
(a, count, inner), an index below 0 counts from the end; others outside give zeros and set `ctx[CTX_ERROR]` to
`ERROR_INDEX`. Units: `a * count`. `add_along`: `y[a, indices[a, j, c], c] += x[a, j, c]` of zeros, x and indices
(a, count, inner), y (a, n, inner). Units: `a`."""

RESAMPLE = Layout.of(y=3, x=3, weights=3, indices=3, size=1, out=1, taps=1, channels=1)
"""`y[a, o, c] = Σ_t weights[o, t]·x[a, indices[o, t], c]`: x (a, size, c), y (a, out, c), float32 weights and int32
indices (out, taps); without weights the largest of the taps. Units: `a * out`."""
