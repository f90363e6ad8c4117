"""`to_categorical` and `normalize`, as Keras has them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.config.arguments import require_count
from modelc.errors import InputError
from modelc.graph.inputs import as_array, require_numbers

Array = NDArray[Any]


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> Array:
    """One-hot rows of the numbers of classes: ``y[..., c] = 1 where x[...] = c, else 0``.

    x: (...) or (..., 1), integers from 0 → (..., num_classes) float64. `num_classes` is the largest one and 1 unless
    said. Raises `InputError` for numbers that are none of these classes.
    """
    numbers = as_array(x, "`x`")
    require_numbers(numbers, "`x`")
    if numbers.dtype.kind == "f" and not np.array_equal(numbers, np.floor(numbers)):
        raise InputError("`x` holds fractions, expected the numbers of classes")
    numbers = numbers.astype(np.int64)
    if numbers.ndim > 1 and numbers.shape[-1] == 1:
        numbers = numbers[..., 0]
    if num_classes is None:
        if numbers.size == 0:
            raise InputError("`x` is empty, which does not say how many classes there are", "give `num_classes`")
        num_classes = int(numbers.max()) + 1
    require_count("num_classes", num_classes)
    if numbers.size and (numbers.min() < 0 or numbers.max() >= num_classes):
        raise InputError(
            f"`x` holds numbers from {numbers.min()} to {numbers.max()}, expected 0 to {num_classes - 1}",
            f"these are the numbers of {num_classes} class{'es' * (num_classes != 1)}",
        )
    return (numbers[..., None] == np.arange(num_classes)).astype(np.float64)


def normalize(x: ArrayLike, axis: int = -1, order: float = 2) -> Array:
    """An array divided by its norms along an axis: ``y = x / |x|``, where ``|x| = (Σ |x_i|^order)^(1/order)``.

    What has the norm 0 stays as it is. Raises `InputError` for an axis that `x` does not have.
    """
    array = as_array(x, "`x`")
    require_numbers(array, "`x`")
    if not -array.ndim <= axis < array.ndim:
        raise InputError(f"`x` has {array.ndim} axes, and none is number {axis}")
    norms = np.linalg.norm(array, order, axis, keepdims=True)
    return array / np.where(norms == 0, 1, norms)
