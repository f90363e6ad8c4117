"""Computing with known data, in which sizes of the batch may be: the shape of a tensor, and what models make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from modelc.sources.refs import Array


def _get_item(x: Array, *, key: list[Any]) -> Any:
    return x[tuple(_item(item) for item in key)]


def _item(item: Any) -> Any:
    if item is None or item == "...":
        return None if item is None else ...
    if not isinstance(item, str):
        return item
    return slice(*(int(part) if part else None for part in item.split(":")))


def _add(a: Array, b: Array) -> Any:
    return a + b


def _multiply(a: Array, b: Array) -> Any:
    return a * b


def _divide(a: Array, b: Array) -> Any:
    return a / b


def _floor_divide(a: Array, b: Array) -> Any:
    return a // b


def _subtract(a: Array, b: Array) -> Any:
    return a - b


def _concatenate(*xs: Array, axis: int = 0) -> Any:
    return np.concatenate(xs, axis)


def _stack(*xs: Array, axis: int = 0) -> Any:
    return np.stack(xs, axis)


def _reshape(x: Array, *, newshape: list[int]) -> Any:
    return x.reshape(newshape)


def _expand_dims(x: Array, *, axis: int) -> Any:
    return np.expand_dims(x, axis)


def _unstack(x: Array, *, axis: int = 0, num: int | None = None) -> Any:
    return list(np.moveaxis(x, axis, 0))


def _squeeze(x: Array, *, axis: list[int] | None = None) -> Any:
    return np.squeeze(x, None if axis is None else tuple(axis))


def _take(x: Array, indices: Array, *, axis: int = 0) -> Any:
    return np.take(x, indices.astype(int), axis)


def _cast(x: Array, *, dtype: str) -> Any:
    return np.trunc(x).astype(np.int64) if "int" in dtype and x.dtype != object else x


def _identity(x: Array) -> Any:
    return x


def _prod(x: Array, *, axis: Any = None, keepdims: bool = False) -> Any:
    return np.prod(x, tuple(cast("list[int]", axis)) if isinstance(axis, list) else axis, keepdims=keepdims)


def _where(condition: Array, a: Array, b: Array) -> Any:
    return np.where(condition.astype(bool), a, b)


def _ones_like(x: Array) -> Any:
    return np.ones(x.shape, np.int64)


def _zeros_like(x: Array) -> Any:
    return np.zeros(x.shape, np.int64)


OF_SIZES: Mapping[str, Callable[..., Any]] = {
    "get_item": _get_item,
    "add": _add,
    "multiply": _multiply,
    "divide": _divide,
    "floor_divide": _floor_divide,
    "subtract": _subtract,
    "concatenate": _concatenate,
    "stack": _stack,
    "reshape": _reshape,
    "expand_dims": _expand_dims,
    "squeeze": _squeeze,
    "unstack": _unstack,
    "take": _take,
    "cast": _cast,
    "identity": _identity,
    "prod": _prod,
    "where": _where,
    "ones_like": _ones_like,
    "zeros_like": _zeros_like,
}
"""Operations on known data that may hold the size of the batch, by our names. They raise TypeError where it matters."""
