"""What the functions of TensorFlow in a Keras model are applied to: tensors of the model, and data that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from modelc.errors import UnsupportedError
from modelc.keras.config.layers import plain_data
from modelc.sources.refs import Array, Ref, is_open

_MAX_DEPTH = 16


def items_of(value: Any) -> list[Any]:
    """The items of a list; of any other value, the value alone."""
    return list(cast("Sequence[Any]", value)) if isinstance(value, list | tuple) else [value]


def plain(value: Any, what: str, depth: int = 0) -> Any:
    """Nested lists of plain data out of arrays and Keras's wrappers. Raises `UnsupportedError` for a tensor in it."""
    if depth > _MAX_DEPTH:
        raise UnsupportedError(f"{what} is nested too deeply")
    if isinstance(value, Ref):
        raise UnsupportedError(f"{what} depends on the model's inputs, and modelc takes constants there only")
    if isinstance(value, np.ndarray | np.generic):
        return cast("Any", value).tolist()
    if isinstance(value, list | tuple):
        return [plain(item, what, depth + 1) for item in cast("Sequence[Any]", value)]
    return plain_data(value, what, depth) if isinstance(value, Mapping) else value


def as_array(value: Any, what: str) -> Array:
    """Known data as an array, of objects where the batch or a free size is among it. Raises `UnsupportedError` for
    anything else."""
    data = plain(value, what)
    flat = list(_leaves(data))
    try:
        if any(map(is_open, flat)):
            return np.array(data, dtype=object)
        array = np.array(data)
    except ValueError:
        raise UnsupportedError(f"{what} has rows of different lengths") from None
    if array.size and array.dtype.kind not in "biuf":
        raise UnsupportedError(f"{what} is not made of numbers")
    return array


def _leaves(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return [leaf for item in cast("list[Any]", value) for leaf in _leaves(item)]
