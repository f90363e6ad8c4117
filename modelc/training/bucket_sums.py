"""`BucketSums`: arrays that are summed over parts and processes, some of them at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.training.bfloat16 import from_bfloat16, round_to_bfloat16, to_bfloat16
from modelc.training.exchange import Exchange
from modelc.training.tree import TreeSum, covering

Array = NDArray[Any]
Compression = Literal["bfloat16"] | None
"""How gradients travel: as they are, in float32, or rounded."""


class Summing(NamedTuple):
    """How the gradient of a batch is made of those of its parts."""

    micro_batches: int = 1
    """How many parts there are."""
    compress: Compression = None
    """How gradients are rounded."""

    def plain(self) -> dict[str, Any]:
        """What is not as by default, as plain data."""
        options = {"micro-batches": (self.micro_batches, 1), "compress": (self.compress, None)}
        return {name: value for name, (value, default) in options.items() if value != default}


class Bucket(NamedTuple):
    """Some of the arrays, one behind the other."""

    arrays: tuple[int, ...]
    """Their numbers."""
    shapes: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """The elements of all of them."""
        return sum(map(math.prod, self.shapes))

    def flat(self, arrays: Sequence[Array]) -> Array:
        """The arrays as one, which may be changed."""
        if len(self.arrays) == 1:
            return arrays[self.arrays[0]].reshape(-1)
        return np.concatenate([arrays[i].reshape(-1) for i in self.arrays])

    def split(self, flat: Array) -> dict[int, Array]:
        """The arrays by their numbers."""
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])
        parts = np.split(flat, ends[:-1])
        return {i: part.reshape(shape) for i, part, shape in zip(self.arrays, parts, self.shapes, strict=True)}


def buckets_of(order: Sequence[int], shapes: Sequence[tuple[int, ...]], size: int) -> list[Bucket]:
    """The arrays in that order, in buckets that each end with the array that makes `size` bytes full."""
    made: list[Bucket] = []
    current: list[int] = []
    filled = 0
    for i in order:
        current.append(i)
        filled += 4 * math.prod(shapes[i])
        if filled >= size:
            made.append(Bucket(tuple(current), tuple(shapes[i] for i in current)))
            current, filled = [], 0
    if current:
        made.append(Bucket(tuple(current), tuple(shapes[i] for i in current)))
    return made


class BucketSum:
    """The sum of one bucket over all parts.

    Each process that computes adds up its own parts, as far as the tree permits. Then it gets a slice of the sums of
    all others, ends the tree for it, and sends the result to all.
    """

    def __init__(self, exchange: Exchange, leaves: int, own: Sequence[range], compress: Compression) -> None:
        """`own` are the leaves of each process."""
        self._exchange = exchange
        self._leaves = leaves
        self._own = own
        self._compress = compress
        self._rounding = round_to_bfloat16 if compress else None
        self._sum = TreeSum(leaves, self._rounding)

    def put(self, leaf: int, array: Array) -> None:
        """Take the array of an own leaf, the one after those so far, which is changed."""
        self._sum.put_leaf(leaf, array)

    def finish(self, size: int) -> Array:
        """The sum of all leaves of all processes: float32 numbers, `size` of them."""
        exchange = self._exchange
        if exchange.size == 1:
            return self._sum.root
        dtype = np.uint16 if self._compress else np.float32
        bounds = _slices(size, exchange)
        nodes = [covering(own, self._leaves) for own in self._own]
        mine = bounds[exchange.rank]
        width = mine.stop - mine.start
        held = [*self._sum.nodes.values()]
        sends = [self._packed([array[span] for array in held], dtype) for span in bounds]
        receives = [np.empty(len(of) * width, dtype) for of in nodes]
        exchange.swap(sends, receives)
        receives[exchange.rank] = sends[exchange.rank]
        sum = TreeSum(self._leaves, self._rounding)
        if width:
            for of, received in zip(nodes, receives, strict=True):
                for node, array in zip(of, received.reshape(len(of), width) if of else (), strict=True):
                    sum.put(node, from_bfloat16(array) if self._compress else array)
            done = self._packed([sum.root], dtype)
        else:
            done = np.empty(0, dtype)
        whole = np.empty(size, dtype)
        whole[mine] = done
        exchange.swap([done] * exchange.size, [whole[span] for span in bounds])
        return from_bfloat16(whole) if self._compress else whole

    def _packed(self, arrays: list[Array], dtype: type[Any]) -> Array:
        if not arrays:
            return np.empty(0, dtype)
        whole = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
        return to_bfloat16(whole) if self._compress else np.ascontiguousarray(whole)


def _slices(size: int, exchange: Exchange) -> list[slice]:
    """The slice of a bucket that each process ends the tree for: none where it does not compute."""
    ranks, made = exchange.computing, [slice(0, 0)] * exchange.size
    for i, rank in enumerate(ranks):
        made[rank] = slice(i * size // len(ranks), (i + 1) * size // len(ranks))
    return made
