"""Conversion of a call's argument to input arrays: one array, a list of them, or a mapping by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_array, as_input, by_name, check_input

Array = NDArray[Any]


def is_arrays(x: Any) -> bool:
    """Whether x is one array or several, and not something that gives batches."""
    if hasattr(x, "__array__") or isinstance(x, list | tuple | Mapping | str | bytes):
        return True
    return not (isinstance(x, Iterable) or hasattr(x, "__getitem__"))


def gather(x: Any, names: Sequence[str]) -> list[Array]:
    """The arrays for the inputs of these names, in order; not copied.

    Raises `InputError` where there are more or fewer, or one of another name.
    """
    if x.__class__ is np.ndarray and len(names) == 1:
        return [x]
    if isinstance(x, Mapping):
        given = by_name(cast("Mapping[str, Any]", x), names, "the inputs of the model are")
        return _arrays(given, names)
    if len(names) == 1:
        return [as_array(_only(x))]
    if not isinstance(x, list | tuple) or len(cast("Sequence[Any]", x)) != len(names):
        found = f"{len(cast('Sequence[Any]', x))} arrays" if isinstance(x, list | tuple) else "one array"
        raise InputError(
            f"the model takes {len(names)} inputs ({', '.join(names)}), found {found}",
            "give a list of arrays in this order, or a mapping by name",
        )
    return _arrays(cast("Sequence[Any]", x), names)


def _arrays(items: Sequence[Any], names: Sequence[str]) -> list[Array]:
    if len(names) == 1:
        return [as_array(items[0])]
    return [as_array(item, f"the input `{name}`") for item, name in zip(items, names, strict=True)]


def _only(x: Any) -> Any:
    """The one input of a call: an array, or a list that holds one."""
    if isinstance(x, list | tuple):
        items = cast("Sequence[Any]", x)
        if len(items) == 1 and isinstance(items[0], np.ndarray):
            return cast(Array, items[0])
    return cast(Any, x)


def check(arrays: Sequence[Array], graph: Graph, names: Sequence[str], labels: Sequence[str] | None = None) -> int:
    """The number of samples; `labels` are what messages call the arrays.

    Raises `InputError` where an array does not fit, or has fewer samples than another.
    """
    for array, value, label in zip(arrays, graph.inputs, labels or _labels(names), strict=True):
        check_input(array, value.type, label)
    return same_count(arrays, names)


def same_count(columns: Sequence[Sized], names: Sequence[str]) -> int:
    """The number of samples of all inputs. Raises `InputError` where they have different ones."""
    counts = [len(column) for column in columns]
    if len(set(counts)) > 1:
        found = ", ".join(f"`{name}` has {count}" for name, count in zip(names, counts, strict=True))
        raise InputError(f"the inputs have different numbers of samples: {found}")
    return counts[0]


def check_batch(count: int, graph: Graph) -> None:
    """Raise `InputError` where the model fixes the batch size, and it is another one."""
    if graph.batch_size is not None and count != graph.batch_size:
        raise InputError(
            f"the model takes batches of {graph.batch_size}, found {count}",
            "`batch_size` of its input fixes that; predict takes it too: predict(x, batch_size=…)",
        )


def convert(arrays: Sequence[Array], graph: Graph, names: Sequence[str]) -> list[Array]:
    """The arrays of one batch as the program takes them. Raises `InputError` where one does not fit."""
    if len(names) == 1:
        return [as_input(arrays[0], graph.inputs[0].type)]
    labels = _labels(names)
    return [as_input(a, v.type, label) for a, v, label in zip(arrays, graph.inputs, labels, strict=True)]


def _labels(names: Sequence[str]) -> list[str]:
    return ["the input"] if len(names) == 1 else [f"the input `{name}`" for name in names]
