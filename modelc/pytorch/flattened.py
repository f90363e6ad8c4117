"""Where a model flattens: PyTorch does it channels first, and a spec channels last."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.pool import Pool
from modelc.ops.shape import Reshape

_LETTERS = {1: "w", 2: "hw", 3: "dhw"}


@dataclass(frozen=True, slots=True)
class FlattenedAxis:
    """The sizes along an axis that several became, in the order of the spec."""

    sizes: tuple[tuple[str, int], ...]
    """Of the places by letters, then of the channels, `c`."""

    @property
    def channels_first(self) -> str:
        """The axis as PyTorch has it, in a pattern."""
        *places, channels = [name for name, _ in self.sizes]
        return f"({' '.join([channels, *places])})"

    @property
    def channels_last(self) -> str:
        """The axis as the spec has it, in a pattern."""
        return f"({' '.join(name for name, _ in self.sizes)})"


def flattened_values(graph: Graph) -> Mapping[int, FlattenedAxis]:
    """The values, by their ids, whose last axis is that of flattened feature maps with more than one place.

    An array of rank 3 is a feature map where a convolution or pooling made it, and a sequence otherwise: sequences are
    flattened in the same order by both.
    """
    found: dict[int, FlattenedAxis] = {}
    maps: set[int] = set()
    for node in graph.nodes:
        first = node.inputs[0] if node.inputs else None
        if first is None:
            continue
        if isinstance(node.op, Conv | ConvTranspose | Pool | AdaptivePool):
            maps.add(id(node.output))
        elif isinstance(node.op, Reshape):
            if (flat := _merged(node, id(first) in maps)) is not None:
                found[id(node.output)] = flat
            elif id(first) in found and node.output.type.shape == first.type.shape:
                found[id(node.output)] = found[id(first)]
        elif isinstance(node.op, Unary | Binary) or _keeps_shape(node):
            for value in node.inputs:
                if id(value) in maps and value.type.rank == node.output.type.rank:
                    maps.add(id(node.output))
                if id(value) in found and value.type.shape == node.output.type.shape:
                    found[id(node.output)] = found[id(value)]
        elif id(first) in maps and node.output.type.rank == first.type.rank:
            maps.add(id(node.output))
    return found


def _keeps_shape(node: Node) -> bool:
    return len(node.inputs) == 1 and node.inputs[0].type.shape == node.output.type.shape


def _merged(node: Node, is_map: bool) -> FlattenedAxis | None:
    before, after = node.inputs[0].type, node.output.type
    if not (before.batched and after.batched and after.rank == 2 and before.rank >= 3):
        return None
    dims = before.shape[1:]
    if any(not isinstance(n, int) for n in dims) or (before.rank == 3 and not is_map):
        return None
    places = [int(n) for n in dims[:-1] if n is not None]
    if len(places) != len(dims) - 1 or dims[-1] is None or math.prod(places) == 1 or len(places) not in _LETTERS:
        return None
    return FlattenedAxis((*zip(_LETTERS[len(places)], places, strict=True), ("c", int(dims[-1]))))
