"""Where a line of pixels begins, for the gradients of convolutions by their kernels."""

from __future__ import annotations

from modelc.native.code.vector import inlined


@inlined
def line_offset(strides, n, d, h):
    """The elements before line (n, d, h) of a tensor with these strides."""
    return n * strides[0] + d * strides[1] + h * strides[2]
