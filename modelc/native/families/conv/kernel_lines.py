"""Where a line of pixels begins, for the gradients of convolutions by their kernels."""

from __future__ import annotations

from modelc.native.code.memory import load_i64
from modelc.native.code.vector import inlined


@inlined
def line_offset(params, field, n, d, h):
    """The elements before line (n, d, h) of a tensor whose strides are the parameters from `field` on."""
    return n * load_i64(params, field) + d * load_i64(params, field + 1) + h * load_i64(params, field + 2)
