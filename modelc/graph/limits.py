"""How large a tensor may be before anything is computed with it."""

from __future__ import annotations

import math

from modelc.errors import ShapeError
from modelc.graph.sizes import is_free
from modelc.graph.types import TensorType

MAX_ELEMENTS = 2**40
"""Elements of one tensor, per sample: beyond, and far below what int64 holds, sizes are mistakes or attacks."""


def require_bounded(type: TensorType) -> TensorType:
    """The type itself. Raises `ShapeError` where the tensor is too large to be meant."""
    if any(map(is_free, type.shape)):
        return type  # when its sizes are known, it is known whether there is so much memory
    # An empty tensor has sizes, too, that are counted and walked.
    if math.prod(max(1, size) for size in type.dims) > MAX_ELEMENTS:
        raise ShapeError(
            f"it would make a tensor of {type.size:,} elements, more than the {MAX_ELEMENTS:,} allowed", code="E403"
        )
    return type
