"""Random samples that a model takes, of any sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.graph.graph import Graph, Value
from modelc.graph.refused import require_bounds
from modelc.graph.sizes import expression_of, is_free
from modelc.ops.gather import Gather
from modelc.text.listing import listing
from modelc.text.unknown import unknown

Array = NDArray[Any]

_FEW = 2
"""Integers that are no indices of a table are below this."""


def chosen_sizes(graph: Graph, sizes: Mapping[str, int]) -> dict[str, int]:
    """A size for each that is free: the one given, else its `max`.

    Raises `InputError` for one that is not free, that its bounds exclude, or that is not known.
    """
    symbols = graph.free_sizes.symbols if graph.free_sizes is not None else {}
    for name in sizes:
        if name not in symbols:
            told = f"the free sizes are {', '.join(symbols)}" if symbols else "no size of the model is free"
            raise InputError(*unknown("size", name, symbols, otherwise=told))
    if graph.free_sizes is not None:
        require_bounds(sizes, graph.free_sizes)
    chosen = {name: sizes.get(name, symbol.largest) for name, symbol in symbols.items()}
    open = [name for name, size in chosen.items() if size == float("inf")]
    if open:
        raise InputError(
            f"the model is measured for some sizes, and {listing([f'`{name}`' for name in open])} "
            f"{'has' if len(open) == 1 else 'have'} no `max` that would be taken",
            f"give --size {open[0]}=… (in Python: sizes={{{open[0]!r}: …}})",
        )
    return {name: int(size) // symbols[name].unit * symbols[name].unit for name, size in chosen.items()}


def random_samples(graph: Graph, batch_size: int, sizes: Mapping[str, int], seed: int = 0) -> list[Array]:
    """An array for each input: floats from 0 to 1, or integers that are in all tables which they are looked up in."""
    draw = np.random.default_rng(seed)
    values = {} if graph.free_sizes is None else graph.free_sizes.values(sizes)
    arrays: list[Array] = []
    for value in graph.inputs:
        dims = [expression_of(n).value(values) if is_free(n) else n for n in value.type.dims]
        shape = (batch_size, *dims)
        if value.type.dtype == "int32":
            arrays.append(draw.integers(0, _rows(graph, value), shape, np.int32))
        else:
            arrays.append(draw.random(shape, np.float32))
    return arrays


def _rows(graph: Graph, input: Value) -> int:
    """The rows of the smallest table that what follows from an input is looked up in."""
    following = {input}
    least: int | None = None
    for node in graph.nodes:
        if following.intersection(node.inputs):
            following.update(node.outputs)
            if isinstance(node.op, Gather) and node.inputs[0] in following:
                rows = node.inputs[1].type.dims[0]
                least = rows if least is None else min(least, rows)
    return _FEW if least is None else least
