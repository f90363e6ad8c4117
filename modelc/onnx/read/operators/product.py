"""Products of matrices."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from modelc.layers.core.dense import Dense
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode, as_float
from modelc.onnx.read.operators.arithmetic import combined
from modelc.onnx.read.operators.shape import dropped
from modelc.onnx.read.reader import Reader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value, known, shuffled
from modelc.sources.refs import Array, Ref


def _bias_behind(r: Reader, node: OnnxNode, units: int, rank: int) -> Array | None:
    """The vector that alone is added to what a node gives; it becomes the bias."""
    behind = r.follower("Add")
    if behind is None:
        return None
    other = behind.inputs[1] if behind.inputs[0] == node.outputs[0] else behind.inputs[0]
    value = r.values.get(other)
    if not isinstance(value, Known) or not value.is_float or value.batch is not None:
        return None
    if value.array.size != units or value.array.shape[-1:] != (units,) or value.rank > rank:
        return None
    r.absorb(behind)
    return value.array.reshape(units)


def dense(r: Reader, x: Flow, kernel: Array, bias: Array | None, name: str) -> Flow:
    """A dense layer along the last axis of the ONNX tensor."""
    order = shuffled(x)
    if order is not None and len(order) == kernel.shape[0]:
        kernel = kernel[order]
    else:
        x = r.in_order(x)
    at = r.sample_axis(x, x.rank - 1)
    if at != len(r.shapes.type_of(x.ref).shape) - 1:
        x = r.plain(x)
    if r.dims(x)[-1] != kernel.shape[0]:
        raise RefusedError(f"its matrix {list(kernel.shape)} does not fit a last axis of {r.dims(x)[-1]}")
    arrays = [kernel] if bias is None else [kernel, bias]
    ref = r.layer(Dense, x.ref, arrays=arrays, name=name, units=kernel.shape[1], use_bias=bias is not None)
    return Flow(ref, x.axes, x.dtype)


def _multiplied(node: OnnxNode, a: Array, b: Array) -> Any:
    rows = a.shape[-2] if a.ndim > 1 else 1
    columns = b.shape[-1] if b.ndim > 1 else 1
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    grown(int(np.prod(lead, dtype=np.float64) * rows * columns))
    return np.matmul(a, b)


@reads("MatMul", becomes="Dense, matmul, einsum", compute=_multiplied)
def _matmul(r: Reader, node: OnnxNode) -> Value:
    a, b = r.operand(0), r.operand(1)
    if a is None or b is None:
        raise RefusedError("one of its operands is left out")
    if isinstance(a, Flow) and isinstance(b, Known) and b.rank == 2 and b.is_float:
        return dense(r, a, b.array, _bias_behind(r, node, b.array.shape[1], a.rank), b.name)
    return product(r, a, b)


def product(r: Reader, a: Value, b: Value) -> Flow:
    """`numpy.matmul` of tensors and constants in any order of axes, as an `einsum` that moves none."""
    if isinstance(a, Flow):
        a = r.in_order(a)
    if isinstance(b, Flow):
        b = r.in_order(b)
    if a.rank < 1 or b.rank < 1:
        raise RefusedError("one of its operands is a number")
    vector_a, vector_b = a.rank == 1, b.rank == 1
    lead = max(a.rank, b.rank, 2) - 2
    letters = iter(string.ascii_lowercase)
    outer = [next(letters) for _ in range(lead)]
    row, inner, column = next(letters), next(letters), next(letters)
    own_a = [*outer[lead - max(a.rank - 2, 0) :], *([] if vector_a else [row]), inner]
    own_b = [*outer[lead - max(b.rank - 2, 0) :], inner, *([] if vector_b else [column])]
    made = [*outer, *([] if vector_a else [row]), *([] if vector_b else [column])]
    a, own_a, b, own_b = _without_ones(r, a, own_a, b, own_b)
    return _einsum(r, [(a, own_a), (b, own_b)], made)


def _without_ones(r: Reader, a: Value, own_a: list[str], b: Value, own_b: list[str]) -> Any:
    """Where an axis of one element meets a longer one, it is left out: einsum repeats none."""
    sizes_a, sizes_b = dict(zip(own_a, r.dims(a), strict=True)), dict(zip(own_b, r.dims(b), strict=True))
    for one in set(own_a) & set(own_b):
        left, right = sizes_a[one], sizes_b[one]
        if isinstance(left, int) and isinstance(right, int) and left != right:
            if left == 1:
                a, own_a = _dropped(r, a, own_a, one)
            elif right == 1:
                b, own_b = _dropped(r, b, own_b, one)
        elif isinstance(left, int) and left == 1:
            a, own_a = _dropped(r, a, own_a, one)
        elif isinstance(right, int) and right == 1:
            b, own_b = _dropped(r, b, own_b, one)
    return a, own_a, b, own_b


def _dropped(r: Reader, value: Value, own: list[str], one: str) -> tuple[Value, list[str]]:
    place = own.index(one)
    rest = [letter for letter in own if letter != one]
    if isinstance(value, Known):
        return Known(value.array.squeeze(place), value.dtype, value.name), rest
    return dropped(r, value, [place]), rest


def _einsum(r: Reader, operands: list[tuple[Value, list[str]]], made: list[str]) -> Flow:
    """An einsum of operands whose ONNX axes have letters. The batch is `z` in front of each tensor."""
    flows = [(value, own) for value, own in operands if isinstance(value, Flow)]
    batches = {own[value.batch] for value, own in flows if value.batch is not None}
    if len(batches) > 1 or (batches and any(value.batch is None for value, _ in flows)):
        raise MixesSamplesError("it multiplies tensors whose batch is at different axes")
    batch = next(iter(batches), None)
    if batch is not None and any(value.batch is None or own[value.batch] != batch for value, own in flows):
        raise MixesSamplesError("it sums over the batch")
    if batch is not None and batch not in made:
        raise MixesSamplesError("it sums over the batch")
    terms: list[str] = []
    given: list[Ref | Array] = []
    for value, own in operands:
        if isinstance(value, Known):
            if value.batch is not None or batch in own:
                raise MixesSamplesError("it multiplies with other numbers for each sample of the batch")
            terms.append("".join(own))
            given.append(as_float(value.array))
        else:
            placed = sorted((at, letter) for at, letter in zip(value.axes, own, strict=True))
            text = "".join(letter for _, letter in placed)
            terms.append(text if batch is not None else f"Z{text}")
            given.append(value.ref)
    if batch is None:
        result, axes = f"Z{''.join(made)}", tuple(range(1, len(made) + 1))
    else:
        order = [batch, *(letter for letter in made if letter != batch)]
        result, axes = "".join(order), tuple(order.index(letter) for letter in made)
    refs = [one for one in given if isinstance(one, Ref)]
    if len(refs) == 2 and _is_matmul(terms, result):
        ref = r.op("matmul", *refs)
    else:
        ref = r.op("einsum", *given, subscripts=f"{','.join(terms)}->{result}")
    first = next(value for value, _ in flows)
    return Flow(ref, axes, first.dtype)


def _is_matmul(terms: list[str], result: str) -> bool:
    a, b = terms
    return (
        len(a) == len(b) >= 3 and a[:-2] == b[:-2] and a[-1] == b[-2] and a[-2] != b[-1]
        and result == f"{a[:-1]}{b[-1]}"
    )  # fmt: skip


@reads("Einsum", becomes="einsum")
def _einsum_of(r: Reader, node: OnnxNode) -> Value:
    equation = node.get("equation").replace(" ", "")
    if "." in equation:
        raise RefusedError("its equation has an ellipsis")
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if not arrow:
        right = "".join(sorted(letter for letter in set(left) - {","} if left.count(letter) == 1))
    values = [r.operand(i) for i in range(len(node.inputs))]
    operands: list[tuple[Value, list[str]]] = []
    for value, term in zip(values, terms, strict=True):
        if value is None or value.rank != len(term):
            raise RefusedError(f"its equation `{equation[:60]}` does not fit its operands")
        operands.append((r.in_order(value) if isinstance(value, Flow) else value, list(term)))
    if any("Z" in term for term in terms):
        raise RefusedError("its equation has the letter Z")
    return _einsum(r, operands, list(right))


@reads("Gemm", becomes="Dense, matmul, einsum")
def _gemm(r: Reader, node: OnnxNode) -> Value:
    alpha, beta = node.get("alpha", 1.0), node.get("beta", 1.0)
    a, b, c = r.operand(0), r.operand(1), r.operand(2)
    if a is None or b is None:
        raise RefusedError("one of its operands is left out")
    a = _turned(r, a) if node.get("transA", 0) else a
    b = _turned(r, b) if node.get("transB", 0) else b
    if isinstance(a, Flow) and isinstance(b, Known) and b.rank == 2:
        kernel = b.array if alpha == 1 else b.array * np.float32(alpha)
        bias = None
        if isinstance(c, Known) and c.batch is None and (c.rank < 2 or c.array.shape[0] == 1):
            bias = np.broadcast_to(c.array.reshape(-1), (kernel.shape[1],)) * np.float32(beta)
            c = None
        made = dense(r, a, kernel, bias, b.name)
    else:
        made = product(r, a, b)
        if alpha != 1:
            made = r.same(made, r.op("multiply", made.ref, alpha))
    if c is None or beta == 0:
        return made
    if beta != 1:
        c = known(c.array * np.float32(beta), c.dtype) if isinstance(c, Known) else r.same(
            c, r.op("multiply", c.ref, beta))  # fmt: skip
    return combined(r, "add", [made, c])


def _turned(r: Reader, value: Value) -> Value:
    if isinstance(value, Known):
        return Known(value.array.T, value.dtype, value.name)
    value = r.in_order(value)
    return Flow(value.ref, value.axes[::-1], value.dtype)
