"""The arrays of a model's weights: initialized, or given by the user and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.config.arguments import kind_of
from modelc.errors import WeightsError
from modelc.graph.graph import Graph, Weight
from modelc.graph.inputs import holds_numbers
from modelc.weights.stored import StoredArray, StoredArrays
from modelc.weights.variable import Variable, assign_together

Array = NDArray[Any]
Shape = tuple[int, ...]


def draw(weight: Weight, seed: int) -> Array:
    """The initial array of a weight: it depends on the seed and the weight's path, not on what else there is."""
    own = getattr(weight.initializer, "seed", None)
    key = [seed, crc32(weight.path.encode())] if own is None else [own]
    return weight.initializer.draw(weight.shape, np.random.default_rng(key))


class OwnArrays(dict[str, Array]):
    """Arrays by path that nothing else holds, such as those that were read from a file: they need not be copied."""


def make_variables(
    graph: Graph, seed: int, given: Mapping[str, Array] | StoredArrays = MappingProxyType({})
) -> dict[str, Variable]:
    """A variable for every weight of a graph: with the array `given` by path, or drawn by its initializer."""
    copied = not isinstance(given, OwnArrays)
    return {w.path: make_variable(w, seed, given.get(w.path), copied=copied) for w in graph.weights}


def make_variable(
    weight: Weight, seed: int, array: Array | StoredArray | None = None, *, copied: bool = True
) -> Variable:
    """The variable of a weight, with an array, copied unless it has no other references, or one that its initializer
    draws."""
    value = draw(weight, seed) if array is None else array
    copied = copied and array is not None
    return Variable(weight.path, value, trainable=weight.trainable, state=weight.state, copied=copied)


def shapes_of(weights: Iterable[Weight | Variable]) -> dict[str, Shape]:
    """The shape of each weight, by path, in order."""
    return {w.path: w.shape for w in weights}


def assign_all(variables: Sequence[Variable], arrays: Sequence[ArrayLike], owner: str) -> None:
    """Assign arrays in the order of the variables. Raises `WeightsError`, and assigns nothing, on any mismatch."""
    matched = match_list(shapes_of(variables), arrays, owner)
    assign_together((v, matched[v.path]) for v in variables)


def assign_by_path(
    variables: Sequence[Variable], arrays: Mapping[str, ArrayLike], owner: str, ignore: Collection[str] = ()
) -> None:
    """Assign arrays by path; those of the layers in `ignore` are passed over.

    Raises `WeightsError`, and assigns nothing, on any mismatch.
    """
    matched = match_by_path(shapes_of(variables), arrays, owner, ignore)
    assign_together((v, matched[v.path]) for v in variables)


def match_list(expected: Mapping[str, Shape], arrays: Sequence[ArrayLike], owner: str) -> dict[str, Array]:
    """The arrays by path, given in the order of `expected`. Raises `WeightsError` with every mismatch."""
    if not isinstance(arrays, list | tuple):
        raise WeightsError(f"{owner} takes a list of arrays, found {kind_of(arrays)}; nothing was loaded")
    given = [np.asarray(array) for array in arrays]
    if len(given) != len(expected):
        raise WeightsError(f"{owner} has {len(expected)} weights, found {len(given)} arrays; nothing was loaded")
    return match_by_path(expected, dict(zip(expected, given, strict=True)), owner)


def match_by_path(
    expected: Mapping[str, Shape], arrays: Mapping[str, ArrayLike], owner: str, ignore: Collection[str] = ()
) -> dict[str, Array]:
    """The arrays of the weights in `expected`. Raises `WeightsError` with every mismatch."""
    given = {path: np.asarray(array) for path, array in arrays.items()}
    problems = {p: f"holds {a.dtype}" for p, a in given.items() if not holds_numbers(a)}
    require_match(expected, {p: a.shape for p, a in given.items()}, owner, ignore, problems)
    return {path: given[path] for path in expected}


def require_match(
    expected: Mapping[str, Shape],
    found: Mapping[str, Shape],
    owner: str,
    ignore: Collection[str] = (),
    problems: Mapping[str, str] | None = None,
) -> None:
    """Raise `WeightsError` with every missing, unexpected and mis-shaped tensor.

    `problems` says what else is wrong with some of those found; `ignore` names layers whose tensors may be there.
    """
    lines: list[str] = []
    for path, shape in expected.items():
        if path not in found:
            lines.append(f"missing: `{path}` {shape}")
        elif problems and path in problems:
            lines.append(f"not numbers: `{path}` {problems[path]}")
        elif found[path] != shape:
            lines.append(f"mis-shaped: `{path}` is {found[path]}, expected {shape}")
    lines += [
        f"unexpected: `{path}` {shape}"
        for path, shape in found.items()
        if path not in expected and not any(path[:i] in ignore for i, c in enumerate(path) if c == "/")
    ]
    if lines:
        raise WeightsError("\n  ".join([f"the weights do not match {owner}; nothing was loaded:", *lines]))
