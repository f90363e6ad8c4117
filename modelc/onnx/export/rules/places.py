"""Elements at places: by lists and rules, by tensors of indices, and the order that sorts them."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.graph.graph import Node
from modelc.graph.sizes import is_free, surely_equal
from modelc.onnx.export.layouts import plain
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import CannotSayError, writes
from modelc.ops.gather import Gather
from modelc.ops.order import Order, TakeAlong
from modelc.ops.places import AtShare, Extended, Framed, PlaceRule, Rolled, Stepped, Tiled, listed
from modelc.ops.shuffle import Shuffle
from modelc.ops.take import Take


@writes(Take, "Gather", "Slice", "Range")
def write_take(w: OnnxWriter, node: Node, op: Take) -> None:
    """The elements at given places along an axis."""
    (x,) = node.inputs
    layout = w.layout(x)
    axis = layout.index(op.axis % x.type.rank)
    name = w.use(x, layout)
    size = x.type.shape[op.axis]
    if _is_reversal(op.indices, size):
        w.place(node.output, w.reversed(name, axis), layout)
        return
    w.place(node.output, w.emit("Gather", name, _places(w, op.indices), axis=axis), layout)


def _is_reversal(places: Any, size: Any) -> bool:
    """Whether places are all of an axis, the last one first."""
    if not isinstance(places, Stepped):
        return isinstance(size, int) and size > 1 and places == tuple(range(size - 1, -1, -1))
    return places.step == -1 and surely_equal(places.amount, size) and surely_equal(places.start, size - 1)


def _places(w: OnnxWriter, places: Any) -> str:
    """The places as an int64 tensor."""
    if not isinstance(places, PlaceRule) or not _free(places):
        return w.integers(listed(places))
    return _Counting(w).places(places)


def _free(rule: PlaceRule) -> bool:
    return any(map(is_free, vars(rule).values()))


class _Counting:
    """Places by rules that hold free sizes, as arithmetic of integers."""

    def __init__(self, w: OnnxWriter) -> None:
        self._w = w

    def places(self, rule: PlaceRule) -> str:
        """All places of a rule."""
        w = self._w
        match rule:
            case Stepped(start, step, amount):
                return self._plus(self._times(self._up_to(amount), step), start)
            case Rolled(size, by):
                return w.emit("Mod", self._plus(self._up_to(size), -by), w.sizes.scalar(size))
            case Tiled(size, times):
                return w.emit("Tile", self._up_to(size), w.sizes.shape([times]))
            case Framed(frames, length, stride, dilation):
                starts = w.emit("Unsqueeze", self._times(self._up_to(frames), stride), w.integers([1]))
                inner = self._times(self._up_to(length), dilation)
                return w.emit("Reshape", w.emit("Add", starts, inner), w.integers([-1]))
            case AtShare(size, share, after):
                last = w.emit("Cast", w.sizes.shape([size - 1]), to=11)
                at = w.emit("Mul", last, w.raw(np.array(share, np.float64)))
                return w.emit("Cast", w.emit("Ceil" if after else "Floor", at), to=7)
            case Extended(size, before, after, mode):
                return self._extended(size, before, after, mode)
            case _:
                raise CannotSayError(f"takes places by the rule {type(rule).__name__} of a free size")

    def _extended(self, size: Any, before: Any, after: Any, mode: str) -> str:
        """What `np.pad` takes beyond the ends."""
        w = self._w
        i = self._plus(self._up_to(before + size + after), -before)
        if mode == "edge":
            return w.emit("Min", w.emit("Max", i, w.integers(0)), w.sizes.scalar(size - 1))
        if mode == "wrap":
            return w.emit("Mod", i, w.sizes.scalar(size))
        period = 2 * size if mode == "symmetric" else 2 * size - 2
        back = w.sizes.scalar(2 * size - 1 if mode == "symmetric" else 2 * size - 2)
        around = w.emit("Max", w.sizes.scalar(period), w.integers(1))
        i = w.emit("Mod", i, around)
        return w.emit("Max", w.emit("Min", i, w.emit("Sub", back, i)), w.integers(0))

    def _up_to(self, size: Any) -> str:
        return up_to(self._w, size)

    def _plus(self, x: str, n: Any) -> str:
        return x if surely_equal(n, 0) else self._w.emit("Add", x, self._w.sizes.scalar(n))

    def _times(self, x: str, n: Any) -> str:
        return x if surely_equal(n, 1) else self._w.emit("Mul", x, self._w.sizes.scalar(n))


def up_to(w: OnnxWriter, size: Any) -> str:
    """0, 1, … below a size, as an int64 tensor."""
    return w.emit("Range", w.integers(0), w.sizes.scalar(size), w.integers(1))


@writes(
    Gather, "Gather", note="an index outside of the table is an error of the runtime; one below 0 counts from the end"
)
def write_gather(w: OnnxWriter, node: Node, op: Gather) -> None:
    """Rows of a table."""
    x, table = node.inputs
    layout = w.layout(x)
    made = w.emit("Gather", w.use(table), w.use(x, layout), axis=0)
    w.place(node.output, made, (*layout, x.type.rank))


@writes(Order, "TopK", note="the order of what is not a number is the runtime's")
def write_order(w: OnnxWriter, node: Node, op: Order) -> None:
    """The places of the elements in their order."""
    (x,) = node.inputs
    layout = w.layout(x)
    axis = op.axis % x.type.rank
    count = w.sizes.shape([x.type.shape[axis]])
    _, places = w.emit_all("TopK", [w.use(x, layout), count], 2, axis=layout.index(axis), largest=0)
    w.place(node.output, w.emit("Cast", places, to=6), layout)


@writes(TakeAlong, "GatherElements")
def write_take_along(w: OnnxWriter, node: Node, op: TakeAlong) -> None:
    """The elements at computed places along an axis."""
    x, indices = node.inputs
    layout = w.layout(x)
    axis = layout.index(op.axis % x.type.rank)
    w.place(node.output, w.emit("GatherElements", w.use(x, layout), w.use(indices, layout), axis=axis), layout)


@writes(Shuffle, "TopK", "Gather")
def write_shuffle(w: OnnxWriter, node: Node, op: Shuffle) -> None:
    """The samples in the order of their keys, or back."""
    x, keys = node.inputs
    samples = w.sizes.shape([None])
    _, order = w.emit_all("TopK", [w.use(keys), samples], 2, axis=0, largest=0)
    if op.inverse:
        _, order = w.emit_all("TopK", [w.emit("Cast", order, to=11), samples], 2, axis=0, largest=0)
    w.place(node.output, w.emit("Gather", w.use(x), order, axis=0), plain(x.type.rank))
