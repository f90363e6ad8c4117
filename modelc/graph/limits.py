"""How large a tensor may be before anything is computed with it."""

from __future__ import annotations

import math

from modelc.errors import ShapeError
from modelc.graph.free_sizes import told
from modelc.graph.sizes import Size, likely
from modelc.graph.types import TensorType

MAX_ELEMENTS = 2**40
"""Elements of one tensor, per sample: beyond, and far below what int64 holds, sizes are mistakes or attacks."""


def require_bounded(type: TensorType) -> TensorType:
    """The type itself. Raises `ShapeError` where the tensor is too large to be meant."""
    count = 1
    for size in type.shape:
        if size is None:
            continue
        # Free sizes are looked at again when they are known.
        number = size if size.__class__ is int else likely(size)
        if number > 1:  # an empty tensor has sizes, too, that are counted and walked
            count *= number
    if count > MAX_ELEMENTS:
        dims = [likely(size) for size in type.dims]
        free = next((size for size in type.dims if isinstance(size, Size)), None)
        where = "" if free is None else f" for the sizes {told(free.sizes.sizes())}"
        raise ShapeError(
            f"it would make a tensor of {math.prod(dims):,} elements{where}, more than the {MAX_ELEMENTS:,} allowed",
            code="E403",
        )
    return type
