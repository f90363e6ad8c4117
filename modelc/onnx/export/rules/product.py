"""Matrix products, over the last axis and over named axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import is_free
from modelc.onnx.export.layouts import Placed, plain
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.base import Array
from modelc.ops.contract import Contract
from modelc.ops.elementwise import Binary
from modelc.ops.matmul import MatMul


@writes(MatMul, "MatMul", "Gemm", note="of what was flattened channels first, the rows of the kernel are reordered")
def write_matmul(w: OnnxWriter, node: Node, op: MatMul) -> None:
    """A product with a kernel, and its bias where x is a matrix."""
    x, kernel = node.inputs
    layer = w.layer = w.weight_behind(kernel)
    if w.is_constant(kernel) and not w.is_constant(x):
        flattened = next((one for one in w.placed(x)[:1] if one.flattened is not None), None)
        if flattened is not None and not any(map(is_free, flattened.flattened.dims)):  # type: ignore[union-attr]
            weights = w.constant(_reordered(w.array(kernel), flattened), f"{layer}/kernel")
            _product(w, node, flattened.name, weights, plain(2), layer)
            return
    layout = w.layout(x)
    if layout[-1] != len(layout) - 1:
        layout = plain(len(layout))
    _product(w, node, w.use(x, layout), w.use(kernel), layout, layer)


def _reordered(kernel: Array, placed: Placed) -> Array:
    """A kernel for a flattened input whose elements are in another order."""
    flattened = placed.flattened
    assert flattened is not None
    apart = kernel.reshape(*flattened.dims, kernel.shape[-1])
    return apart.transpose(*flattened.order, len(flattened.dims)).reshape(kernel.shape)


def _product(w: OnnxWriter, node: Node, x: str, kernel: str, layout: tuple[int, ...], layer: str) -> None:
    """The product, with the bias that the next node adds."""
    kernel_width = node.output.type.dims[-1]
    after = w.only_user(node.output)
    if len(layout) == 2 and after is not None and isinstance(after.op, Binary) and after.op.kind == "add":
        bias = next((v for v in after.inputs if v is not node.output), None)
        width = kernel_width
        if bias is not None and w.is_constant(bias) and w.array(bias).shape in ((), (1,), (width,), (1, width)):
            vector = np.broadcast_to(w.array(bias).reshape(-1), (width,))
            made = w.emit("Gemm", x, kernel, w.constant(vector, f"{layer}/bias"))
            w.place(after.output, made, layout)
            w.done.add(after)
            return
    w.place(node.output, w.emit("MatMul", x, kernel), layout)


@writes(Contract, "MatMul", "Transpose", "Reshape")
def write_contract(w: OnnxWriter, node: Node, op: Contract) -> None:
    """A stack of matrix products: the letters of both operands and the result in front."""
    a, b = node.inputs
    sizes: dict[str, Any] = dict(zip(op.a, a.type.shape, strict=True)) | dict(zip(op.b, b.type.shape, strict=True))
    groups, rows, columns, sums = op.groups, op.rows, op.columns, op.sums
    apart = not groups and bool(rows)
    left = _matrices(w, a, op.a, (groups, rows, sums), sizes, apart=apart)
    right = _matrices(w, b, op.b, (groups, sums, columns), sizes, apart=False)
    product = w.emit("MatMul", left, right)
    made = groups + rows + columns
    flat = [*(sizes[c] for c in groups), *_extents((rows, columns), sizes, apart=apart)]
    if len(flat) != len(made) or len(columns) != 1:
        product = w.reshape(product, flat, [sizes[c] for c in made])
    w.place(node.output, product, tuple(op.out.index(c) for c in made))


def _matrices(
    w: OnnxWriter, x: Value, letters: str, parts: tuple[str, str, str], sizes: dict[str, Any], *, apart: bool
) -> str:
    """An operand as a stack of matrices: each part after the first one becomes an axis, see `_extents`."""
    order = "".join(parts)
    name = w.use(x, tuple(letters.index(c) for c in order))
    groups, *others = parts
    flat = [*(sizes[c] for c in groups), *_extents((others[0], others[1]), sizes, apart=apart)]
    kept = len(flat) == len(order) and len(others[1]) == 1
    return name if kept else w.reshape(name, [sizes[c] for c in order], flat)


def _extents(parts: tuple[str, str], sizes: dict[str, Any], *, apart: bool) -> list[Any]:
    """The extents of the two axes of a matrix, of which the first may stay several, `apart`."""
    first, second = parts
    return [*([sizes[c] for c in first] if apart else [_extent(first, sizes)]), _extent(second, sizes)]


def _extent(letters: str, sizes: dict[str, Any]) -> Any:
    """The product of sizes; -1, the rest, where the batch is one of several."""
    if len(letters) == 1:
        return sizes[letters]
    return -1 if any(sizes[c] is None for c in letters) else math.prod(sizes[c] for c in letters)
