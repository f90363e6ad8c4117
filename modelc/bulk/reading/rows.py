"""Values of single samples, and how they become the rows of a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import Rows
from modelc.config.arguments import show
from modelc.errors import InputError
from modelc.graph.inputs import check_input
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType, format_shape

Array = NDArray[Any]


def as_row(value: Any, type: TensorType, name: str) -> Array:
    """One sample of nested lists of numbers. Raises `InputError` where it is something else, or does not fit."""
    what = f"the input `{name}`"
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError, RecursionError):
        raise InputError(f"{what} has lists of different lengths, or of different depths") from None
    expected = format_shape(shown(type.shape[1:]))
    if array.dtype.kind not in "fiu" or (array.size == 0 and array.dtype.kind == "f" and 0 in array.shape):
        raise InputError(f"{what}: expected numbers of the shape {expected}, found {show(value)}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError(f"{what}: expected finite numbers, found {array[~np.isfinite(array)].flat[0]}")
    try:
        check_input(array[None], type, what)
    except InputError:
        raise InputError(f"{what} has the shape {array.shape}, expected {expected}") from None
    return array


def gathered(rows: Sequence[Array], type: TensorType) -> Rows:
    """The rows as one array, or as they are where their sizes differ."""
    if not rows:
        return np.empty((0, *(1 if size is None else size for size in shown(type.shape[1:]))), np.float32)
    return np.stack(rows) if len({row.shape for row in rows}) == 1 else list(rows)
