"""Interpolation and pooling to a size along an axis.

Two resamplings in a row, of the rows and the columns of images, are one `Resize` where the operator computes the same;
any other one is a product with the matrix of its weights.
"""

from __future__ import annotations

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import is_free
from modelc.onnx.export.layouts import Layout, channels_first
from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.rules.resample_matrix import matrix_of
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.resample import Resample


@writes(Resample, "Resize", "MatMul", "Gather")
def write_resample(w: OnnxWriter, node: Node, op: Resample) -> None:
    """Another size along an axis."""
    (x,) = node.inputs
    size = x.type.shape[op.axis]
    if op.method == "bilinear" and not op.antialias and op.steps is None:
        _linear(w, node, op)
        return
    layout = w.layout(x)
    axis = layout.index(op.axis)
    if op.method == "nearest":
        w.place(node.output, w.emit("Gather", w.use(x, layout), _nearest(w, op, size), axis=axis), layout)
        return
    assert size is not None, "a layer resizes no batch"
    free = is_free(size) or is_free(op.size)
    matrix = matrix_of(w, op, size) if free else _weights(w, op.matrix(size))
    _product(w, x, node.output, op.axis, matrix)


def _linear(w: OnnxWriter, node: Node, op: Resample) -> None:
    """One `Resize` for all axes in a row that are interpolated."""
    (x,) = node.inputs
    output, sizes = node.output, {op.axis: op.size}
    after = w.only_user(output)
    if (
        after is not None and isinstance(after.op, Resample) and after.op.axis not in sizes
        and (after.op.method, after.op.antialias, after.op.steps) == ("bilinear", False, None)
    ):  # fmt: skip
        sizes[after.op.axis] = after.op.size
        output = after.output
        w.done.add(after)
    rank = x.type.rank
    layout: Layout = channels_first(rank) if rank == 4 and rank - 1 not in sizes else w.layout(x)
    target = [sizes.get(axis, x.type.shape[axis]) for axis in layout]
    made = w.emit(
        "Resize", _as_float(w, x, layout), "", "", w.sizes.shape(target), mode="linear",
        coordinate_transformation_mode="half_pixel",
    )  # fmt: skip
    w.place(output, made, layout)


def _as_float(w: OnnxWriter, x: Value, layout: Layout) -> str:
    name = w.use(x, layout)
    return name if x.type.dtype == "float32" else w.as_float(name)


def _nearest(w: OnnxWriter, op: Resample, size: int | None) -> str:
    """The place of the element that each output's centre lies in."""
    if not is_free(size) and not is_free(op.size):
        assert size is not None
        return w.integers((2 * np.arange(op.size) + 1) * size // (2 * op.size))
    doubled = w.emit("Add", w.emit("Mul", up_to(w, op.size), w.integers(2)), w.integers(1))
    return w.emit("Div", w.emit("Mul", doubled, w.sizes.scalar(size)), w.sizes.scalar(2 * op.size))


def _weights(w: OnnxWriter, matrix: np.ndarray) -> str:
    """The matrix (outputs, inputs) as `_product` takes it."""
    return w.constant(matrix.T.astype(np.float32), "weights")


def _product(w: OnnxWriter, x: Value, output: Value, axis: int, matrix: str) -> None:
    """``Σ_i x[..., i, ...]·matrix[i, o]``, the axis being brought to the end."""
    layout = tuple(a for a in w.layout(x) if a != axis)
    w.place(output, w.emit("MatMul", _as_float(w, x, (*layout, axis)), matrix), (*layout, axis))


@writes(AdaptivePool, "MatMul", "ReduceMax", "Gather", "Where")
def write_adaptive_pool(w: OnnxWriter, node: Node, op: AdaptivePool) -> None:
    """The mean or the largest of windows that cover an axis."""
    (x,) = node.inputs
    axis = op.axis % x.type.rank
    size = x.type.shape[axis]
    if not is_free(size) and size is not None:
        if op.kind == "average":
            _product(w, x, node.output, axis, _weights(w, op.matrix(size)))
            return
        indices = op.table(size)[0].astype(np.int64)
        _largest(w, node, axis, w.integers(indices))
        return
    # Window o has the elements from ⌊o·n/size⌋ to below ⌈(o + 1)·n/size⌉: at most ⌈n/size⌉ + 1 of them.
    outputs, total = w.integers(np.arange(op.size)), w.sizes.scalar(size)
    starts = w.emit("Div", w.emit("Mul", outputs, total), w.integers(op.size))
    after = w.emit("Mul", w.integers(np.arange(1, op.size + 1)), total)
    ends = w.emit("Div", w.emit("Add", after, w.integers(op.size - 1)), w.integers(op.size))
    if op.kind == "average":
        # Each mean as a row of a matrix: 1 over the number of elements, where an element is in the window.
        places = up_to(w, size)
        inside = w.emit(
            "And", w.emit("GreaterOrEqual", places, w.emit("Unsqueeze", starts, w.integers([1]))),
            w.emit("Less", places, w.emit("Unsqueeze", ends, w.integers([1]))),
        )  # fmt: skip
        counts = w.emit("Unsqueeze", w.as_float(w.emit("Sub", ends, starts)), w.integers([1]))
        matrix = w.emit("Transpose", w.emit("Div", w.as_float(inside), counts), perm=[1, 0])
        _product(w, x, node.output, axis, matrix)
        return
    taps = up_to(w, (size + op.size - 1) // op.size + 1)  # pyright: ignore[reportOptionalOperand]
    reach = w.emit("Add", w.emit("Unsqueeze", starts, w.integers([1])), taps)
    lasts = w.emit("Unsqueeze", w.emit("Sub", ends, w.integers(1)), w.integers([1]))
    _largest(w, node, axis, w.emit("Min", reach, lasts))


def _largest(w: OnnxWriter, node: Node, axis: int, indices: str) -> None:
    """The largest of the elements at the places of each window, (size, taps)."""
    (x,) = node.inputs
    layout = w.layout(x)
    place = layout.index(axis)
    windows = w.emit("Gather", w.use(x, layout), indices, axis=place)
    w.place(node.output, w.reduce("ReduceMax", windows, [place + 1], keepdims=False), layout)
