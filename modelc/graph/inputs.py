"""Checks and converts the input arrays of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.errors import InputError
from modelc.graph.mapped import is_mapped, read_mapped
from modelc.graph.sizes import shown
from modelc.graph.types import Shape, TensorType, format_shape
from modelc.text.unknown import hint

Array = NDArray[Any]


def by_name(given: Mapping[str, Any], names: Sequence[str], what: str) -> list[Any]:
    """What a mapping gives for each name, in order; the one thing in it where there is one name only.

    Raises `InputError` for all that is missing or is not expected; `what` is "the inputs of the model are".
    """
    if len(names) == 1 and len(given) == 1:
        return list(given.values())
    lines = [f"missing: `{name}`" for name in names if name not in given]
    for name in given:
        if name not in names:
            lines.append("; ".join(filter(None, (f"unexpected: `{name}`", hint(name, names)))))
    if lines:
        raise InputError("\n  ".join([f"{what} {', '.join(names)}:", *lines]))
    return [given[name] for name in names]


def as_input(x: ArrayLike, type: TensorType, name: str = "the input") -> Array:
    """`x` as a C-contiguous array of the model's own dtype. Raises `InputError` where it does not fit.

    Any real dtype is taken for a float input; a float array is taken for an integer input if it holds integers.
    """
    if x.__class__ is np.ndarray and is_ready(cast(Array, x), type):
        return cast(Array, x)
    array = as_array(x, name)
    check_input(array, type, name)
    if array.base is not None and is_mapped(array):
        array = read_mapped(array)
    if type.dtype == "float32":
        return np.ascontiguousarray(array, dtype=np.float32)
    if array.dtype != np.int32:
        _check_integers(array, name)
    return np.ascontiguousarray(array, dtype=np.int32)


_DTYPES = {"float32": np.dtype(np.float32), "int32": np.dtype(np.int32)}


def is_ready(array: Array, type: TensorType) -> bool:
    """Whether an array is as the model takes it, so that nothing is to be converted. It is part of every call."""
    return (
        array.dtype is _DTYPES[type.dtype]
        and _fits(type.shape, array.shape)
        and array.flags.c_contiguous
        and (array.base is None or not is_mapped(array))
    )


def as_array(x: ArrayLike, name: str = "the input") -> Array:
    """`x` as an array of whatever dtype it has, not copied where it is one; also tensors of other libraries.

    Raises `InputError` for ragged lists, and for tensors of a type that NumPy does not have.
    """
    try:
        return np.asanyarray(_plain_tensor(x))
    except (ValueError, TypeError, RuntimeError) as error:
        help = "convert it first: `x.float()` of PyTorch, `tf.cast(x, tf.float32)`" if hasattr(x, "dtype") else None
        raise InputError(f"{name} is not an array: {error}", help) from None


def _plain_tensor(x: Any) -> Any:
    """A tensor of PyTorch without its gradient, and in the memory of the CPU; anything else as it is."""
    if hasattr(x, "detach") and hasattr(x, "cpu"):
        return x.detach().cpu()
    return x


def _fits(expected: Shape, found: tuple[int, ...]) -> bool:
    """Whether these are the sizes; None, for the batch, and those that are free fit any. It is part of every call."""
    if len(expected) != len(found):
        return False
    for size, n in zip(expected, found):  # noqa: B905, SIM110 - `strict` and a generator take longer
        if size.__class__ is int and size != n:
            return False
    return True


def check_input(array: Array, type: TensorType, name: str = "the input") -> None:
    """Raise `InputError` unless `array` has a real dtype and this shape, the batch of any size."""
    require_numbers(array, name)
    found = array.shape
    if _fits(type.shape, found):
        return
    expected = shown(type.shape)
    message = f"{name} has the shape {array.shape}, expected {format_shape(expected)}"
    if len(found) == len(expected) - 1 and all(d in (None, n) for d, n in zip(expected[1:], found, strict=True)):
        raise InputError(message, "add the batch axis: x[None]")
    raise InputError(message)


def holds_numbers(array: Array) -> bool:
    """Whether an array has a real dtype."""
    return array.dtype.kind in "fiub"


def require_numbers(array: Array, name: str = "the input") -> None:
    """Raise `InputError` unless `array` has a real dtype."""
    if not holds_numbers(array):
        verb = "hold" if name.endswith("s") else "holds"
        # NumPy knows the types of other libraries by their names only.
        help = "convert it to float32 first" if "float" in array.dtype.name else None
        raise InputError(f"{name} {verb} {array.dtype}, expected numbers", help)


def _check_integers(array: Array, name: str) -> None:
    if array.size == 0:
        return
    if array.dtype.kind == "f" and not np.array_equal(array, np.floor(array)):
        raise InputError(f"{name} holds fractions, expected integers")
    low, high = array.min(), array.max()
    limits = np.iinfo(np.int32)
    if low < limits.min or high > limits.max:
        raise InputError(f"{name} holds values from {low} to {high}, expected 32-bit integers")
