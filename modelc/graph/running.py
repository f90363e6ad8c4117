"""The product, or the largest, of all elements along an axis whose size is free, and of all up to each.

The axis is cut into blocks, filled up with the neutral element. What is done within a block is written out, and a loop
goes from block to block, so that the graph is the same for every size, and the loop is short.
"""

from __future__ import annotations

from typing import Literal

from modelc.graph.builder import Builder
from modelc.graph.scan import Tensors, scan
from modelc.graph.sizes import is_free, surely_equal
from modelc.graph.tensor import Tensor
from modelc.graph.types import Shape
from modelc.ops.constant import Constant
from modelc.ops.shape import Broadcast, Pad

Joining = Literal["multiply", "maximum"]

BLOCK = 64
"""The elements of a block, a power of 2."""


def joined(g: Builder, kind: Joining, x: Tensor, axis: int, neutral: float) -> Tensor:
    """``x[0] ∘ … ∘ x[n - 1]`` along an axis that is not the batch, which keeps an extent of 1."""
    at = int(x.batched)
    blocks = _blocks(_moved(x, axis, at), at, neutral)

    def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
        return (states[0].combine(kind, parts[0]),), ()

    first = _filled(g, (*blocks.shape[:at], *blocks.shape[at + 1 :]), neutral, blocks)
    (y,) = scan(g, step, (blocks,), (first,), backward=False).states
    count = BLOCK
    while count > 1:
        count //= 2
        y = y.part(at, 0, count).combine(kind, y.part(at, count, 2 * count))
    return _moved(y, at, axis)


def running(g: Builder, kind: Joining, x: Tensor, axis: int, neutral: float) -> Tensor:
    """``y[i] = x[0] ∘ … ∘ x[i]`` along an axis that is not the batch."""
    at, size = int(x.batched), x.shape[axis]
    assert size is not None
    if not is_free(size):
        return _within(kind, x, axis, neutral)
    blocks = _within(kind, _blocks(_moved(x, axis, at), at, neutral), at + 1, neutral)
    ends = blocks.part(at + 1, BLOCK - 1, BLOCK)

    def step(parts: Tensors, states: Tensors) -> tuple[Tensors, Tensors]:
        return (states[0].combine(kind, parts[0]),), states

    first = _filled(g, (*ends.shape[:at], *ends.shape[at + 1 :]), neutral, ends)
    (before,) = scan(g, step, (ends,), (first,), backward=False).outputs
    y = blocks.combine(kind, before)
    y = y.reshape((*y.shape[:at], _filled_up(size), *y.shape[at + 2 :]))
    return _moved(y.part(at, 0, size), at, axis)


def _within(kind: Joining, x: Tensor, axis: int, neutral: float) -> Tensor:
    """`running` along an axis of a known size, written out: what is 1, 2, 4, … places apart is joined."""
    size, reach = x.shape[axis], 1
    assert size is not None
    while reach < size:
        pads = tuple((reach, 0) if a == axis else (0, 0) for a in range(x.rank))
        x = x.combine(kind, x.part(axis, 0, size - reach).emit(Pad(pads, neutral)))
        reach *= 2
    return x


def _filled_up(size: int) -> int:
    """A size, or more, in whole blocks."""
    return -(-size // BLOCK) * BLOCK


def _blocks(x: Tensor, axis: int, neutral: float) -> Tensor:
    """The axis as two: (blocks, BLOCK)."""
    size = x.shape[axis]
    assert size is not None
    whole = _filled_up(size)
    if not surely_equal(whole, size):
        pads = tuple((0, whole - size) if a == axis else (0, 0) for a in range(x.rank))
        x = x.emit(Pad(pads, neutral))
    return x.reshape((*x.shape[:axis], whole // BLOCK, BLOCK, *x.shape[axis + 1 :]))


def _filled(g: Builder, shape: Shape, value: float, like: Tensor) -> Tensor:
    return g.emit(Broadcast(shape), g.emit(Constant((value,), ())), *([like] if like.batched else []))


def _moved(x: Tensor, axis: int, to: int) -> Tensor:
    """x with one of its axes at another place."""
    if axis == to:
        return x
    others = [a for a in range(x.rank) if a != axis]
    return x.transpose([*others[:to], axis, *others[to:]])
