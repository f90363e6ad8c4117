"""Predictions for samples of different sizes: those of one size run together, and results come in the order given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.data.ragged import as_samples, batches_of_one_size
from modelc.graph.feeding import same_count
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_array, by_name
from modelc.graph.sizes import is_free

Array = NDArray[Any]


def samples_of(x: Any, graph: Graph) -> list[Sequence[Array]] | None:
    """For each input of a model with free sizes its samples, where those of any are a list of different sizes.

    None where x is arrays, or anything else that other code takes. Raises `InputError` where inputs have different
    numbers of samples, or one is not there.
    """
    if graph.free_sizes is None:
        return None
    names, ranks = graph.input_names, [value.type.rank - 1 for value in graph.inputs]
    given = _given(x, names)
    if given is None or len(given) != len(names):
        return None
    found = [as_samples(one, rank) for one, rank in zip(given, ranks, strict=True)]
    if all(samples is None for samples in found):
        return None
    columns = [_rows(one) if samples is None else samples for one, samples in zip(given, found, strict=True)]
    same_count(columns, names)
    return columns


def _rows(array: Any) -> Sequence[Array]:
    """The samples of an array."""
    return list(as_array(array))


def _given(x: Any, names: Sequence[str]) -> list[Any] | None:
    if isinstance(x, Mapping):
        return by_name(cast("Mapping[str, Any]", x), names, "the inputs of the model are")
    if len(names) == 1:
        return [x]
    return list(cast("Sequence[Any]", x)) if isinstance(x, list | tuple) else None


def predicted(
    columns: Sequence[Sequence[Array]], batch_size: int, run: Callable[[list[Array]], list[Array]]
) -> list[list[Array]]:
    """For each output its results, sample by sample in their order; `run` gives those of a batch of one size."""
    rows: dict[int, list[Array]] = {}
    for batch in batches_of_one_size([[np.shape(one) for one in column] for column in columns], batch_size):
        results = run([np.stack([column[int(i)] for i in batch]) for column in columns])
        for place, i in enumerate(batch.tolist()):
            rows[i] = [array[place] for array in results]
    return [list(outputs) for outputs in zip(*(rows[i] for i in range(len(rows))), strict=True)]


def together(outputs: Sequence[Sequence[Array]], graph: Graph) -> list[Any]:
    """Each output as one array; as a list of arrays, one for each sample, where its sizes are free."""
    return [
        list(rows) if any(map(is_free, value.type.shape)) else np.stack(rows)
        for rows, value in zip(outputs, graph.outputs, strict=True)
    ]
