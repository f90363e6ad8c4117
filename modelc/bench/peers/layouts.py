"""The samples of a model as another runtime takes them, and whether it computes the same outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.types import format_shape

Array = NDArray[Any]

TOLERANCE = 1e-3
"""How much outputs may differ, as a share of the largest: runtimes round in different orders."""


def forms(inputs: Sequence[Mapping[str, Any]], names: Sequence[str], arrays: Sequence[Array]) -> Iterator[list[Array]]:
    """The arrays for the inputs of a peer, which are told by name, else by order: as they are, or with the channels
    first where only that fits; and where both do, so as well.

    Raises `InputError` where neither does.
    """
    if len(inputs) != len(arrays):
        raise InputError(f"the file has {_counted(len(inputs), 'input')}, and the model has {len(arrays)}")
    found = dict(zip(names, arrays, strict=True))
    told = [str(one["name"]) for one in inputs]
    given = [found[name] for name in told] if set(told) == set(names) else list(arrays)
    ways = [[way for way in _ways(x) if _fits(one["shape"], way.shape)] for one, x in zip(inputs, given, strict=True)]
    if not all(ways):
        expected = ", ".join(format_shape(tuple(one["shape"])) for one in inputs)
        raise InputError(
            f"the file takes {expected}, and the samples have {', '.join(format_shape(x.shape) for x in given)}",
            "--batch-size, --size and --input-shape choose other ones",
        )
    types = [str(one["dtype"]) for one in inputs]
    yield [_as_type(some[0], dtype) for some, dtype in zip(ways, types, strict=True)]
    if any(len(some) > 1 for some in ways):
        yield [_as_type(some[-1], dtype) for some, dtype in zip(ways, types, strict=True)]


def _ways(x: Array) -> list[Array]:
    return [x, np.moveaxis(x, -1, 1)] if x.ndim > 2 else [x]


def _fits(expected: Sequence[int | None], shape: Sequence[int]) -> bool:
    return len(expected) == len(shape) and all(a in (None, b) for a, b in zip(expected, shape, strict=True))


def _as_type(x: Array, dtype: str) -> Array:
    try:
        return np.ascontiguousarray(x, np.dtype(dtype))
    except TypeError:
        raise InputError(f"the file takes {dtype}, and samples are numbers") from None


def difference(ours: Sequence[Array], theirs: Sequence[Array]) -> float:
    """The largest difference of outputs, as a share of the largest one. Raises `InputError` for other shapes."""
    if len(ours) != len(theirs):
        raise InputError(f"the file has {_counted(len(theirs), 'output')}, and the model has {len(ours)}")
    worst = 0.0
    for our, their in zip(ours, theirs, strict=True):
        if their.shape != our.shape and their.ndim == our.ndim > 2:
            their = np.moveaxis(their, 1, -1)
        if their.shape != our.shape:
            shapes = format_shape(their.shape), format_shape(our.shape)
            raise InputError(f"the file gives {shapes[0]}, and the model gives {shapes[1]}")
        if our.size:
            largest = float(np.abs(our).max()) or 1.0
            apart = float(np.abs(our.astype(np.float64) - their).max()) / largest
            worst = max(worst, apart) if apart == apart else float("inf")
    return worst


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"
