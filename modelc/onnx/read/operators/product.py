"""Products of matrices."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from modelc.layers.core.dense import Dense
from modelc.layers.reshaping.shape import Flatten
from modelc.onnx.read.fold import grown
from modelc.onnx.read.graph import OnnxNode, as_float
from modelc.onnx.read.operators.arithmetic import combined
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value, known
from modelc.onnx.read.writing import extent
from modelc.sources.refs import Array, Ref, SampleCount


def dense(r: OnnxReader, x: Flow, kernel: Array, bias: Array | None, name: str) -> Flow:
    """A dense layer along the last axis of the ONNX tensor."""
    last = x.parts(x.rank - 1)
    shape = r.shapes.type_of(x.ref).shape
    if isinstance(r.dims(x)[-1], SampleCount):
        raise MixesSamplesError("it multiplies along an axis that the batch was made part of")
    if r.dims(x)[-1] != kernel.shape[0]:
        raise RefusedError(f"its matrix {list(kernel.shape)} does not fit a last axis of {r.dims(x)[-1]}")
    if len(last) > 1 and x.places == (0, last) and sorted(last) == list(range(1, len(shape))):
        # What was flattened with its channels last stays so: the rows of the matrix are in another order.
        grid = kernel.reshape((*(cast("int", shape[at]) for at in last), kernel.shape[1]))
        grid = grid.transpose((*sorted(range(len(last)), key=lambda i: last[i]), len(last)))
        kernel = grid.reshape(kernel.shape)
        x = x.placed(r.layer(Flatten, x.ref), (0, 1))
    x = r.with_last(x)
    arrays = [kernel] if bias is None else [kernel, bias]
    ref = r.layer(Dense, x.ref, arrays=arrays, name=name, units=kernel.shape[1], use_bias=bias is not None)
    return x.placed(ref, x.places)


def _multiplied(node: OnnxNode, a: Array, b: Array) -> Any:
    rows = a.shape[-2] if a.ndim > 1 else 1
    columns = b.shape[-1] if b.ndim > 1 else 1
    lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    grown(int(np.prod(lead, dtype=np.float64) * rows * columns))
    return np.matmul(a, b)


@reads("MatMul", becomes="Dense, matmul, einsum", compute=_multiplied)
def _matmul(r: OnnxReader, node: OnnxNode) -> Value:
    a, b = r.value(0), r.value(1)
    if a is None or b is None:
        raise RefusedError("one of its operands is left out")
    if isinstance(a, Flow) and isinstance(b, Known) and b.rank == 2 and b.is_float:
        return dense(r, a, b.array, None, b.name)
    return product(r, a, b)


def product(r: OnnxReader, a: Value, b: Value) -> Flow:
    """`numpy.matmul` of tensors and constants in any order of axes, as an `einsum` that moves none."""
    if a.rank < 1 or b.rank < 1:
        raise RefusedError("one of its operands is a number")
    vector_a, vector_b = a.rank == 1, b.rank == 1
    lead = max(a.rank, b.rank, 2) - 2
    outer = [f"o{i}" for i in range(lead)]
    own_a = [*outer[lead - max(a.rank - 2, 0) :], *([] if vector_a else ["row"]), "inner"]
    own_b = [*outer[lead - max(b.rank - 2, 0) :], "inner", *([] if vector_b else ["column"])]
    made = [*outer, *([] if vector_a else ["row"]), *([] if vector_b else ["column"])]
    return contracted(r, [(a, own_a), (b, own_b)], made)


@dataclass(slots=True)
class _Operand:
    """An operand whose ONNX axes are labelled."""

    value: Value
    labels: list[str]

    def parts(self, r: OnnxReader, label: str) -> list[Any]:
        """The sizes of the axes that a label's axis is the product of."""
        axis = self.labels.index(label)
        if isinstance(self.value, Known):
            return [] if self.value.array.shape[axis] == 1 else [self.value.array.shape[axis]]
        shape = r.shapes.type_of(self.value.ref).shape
        sizes = [extent(shape, at) for at in self.value.parts(axis)]
        return [size for size in sizes if not (isinstance(size, int) and size == 1)]


def contracted(r: OnnxReader, operands: Sequence[tuple[Value, list[str]]], made: list[str]) -> Flow:
    """An einsum of operands whose axes have labels, in whatever layout they lie.

    Each axis that a labelled axis is the product of has a letter of its own. The batch is one of them; where tensors
    are whole samples, it is in front of each.
    """
    given = [_Operand(value, labels) for value, labels in operands]
    if not _agree(r, given):
        given = [_Operand(r.in_order(one.value) if isinstance(one.value, Flow) else one.value, one.labels)
                 for one in given]  # fmt: skip
    return _einsum(r, given, made)


def _agree(r: OnnxReader, given: Sequence[_Operand]) -> bool:
    """Whether all operands have each label as the same product, or as one element."""
    for label in {label for one in given for label in one.labels}:
        parts = [own for one in given if label in one.labels if (own := one.parts(r, label))]
        if any(own != parts[0] for own in parts):
            return False
    return True


def _einsum(r: OnnxReader, given: Sequence[_Operand], made: list[str]) -> Flow:
    letters = iter(string.ascii_letters)
    batch = next(letters)
    flows = [one.value for one in given if isinstance(one.value, Flow)]
    has_batch = [any(0 in x.parts(i) for i in range(x.rank)) for x in flows]
    if any(has_batch) != all(has_batch):
        raise MixesSamplesError("it multiplies what has the batch with what has none")
    names: dict[str, list[str]] = {}
    terms: list[str] = []
    refs: list[Ref | Array] = []
    for one in given:
        own: dict[int, str] = {}
        for axis, label in enumerate(one.labels):
            parts = one.value.parts(axis) if isinstance(one.value, Flow) else (axis,)
            sizes = one.parts(r, label)
            long = [at for at in parts if not _is_one(r, one.value, at)]
            if sizes and label not in names:
                names[label] = [batch if at == 0 and isinstance(one.value, Flow) else next(letters) for at in long]
            for at, letter in zip(long, names.get(label, []) if sizes else [], strict=True):
                if (letter == batch) != (isinstance(one.value, Flow) and at == 0):
                    raise MixesSamplesError("it multiplies along the batch of one tensor and another axis of the other")
                own[at] = letter
        terms.append("".join(own[at] for at in sorted(own)) if all(has_batch) or isinstance(one.value, Known)
                     else batch + "".join(own[at] for at in sorted(own)))  # fmt: skip
        refs.append(_bare(r, one.value, sorted(own)))
    places = [names.get(label, []) for label in made]
    order = [letter for own in places for letter in own]
    if all(has_batch) and batch not in order:
        raise MixesSamplesError("it sums over the batch")
    result = batch + "".join(letter for letter in _wanted(r, places) or _nearest(order, terms) if letter != batch)
    inputs = [one for one in refs if isinstance(one, Ref)]
    if len(inputs) == len(refs) == 2 and _is_matmul(terms, result):
        ref = r.op("matmul", *inputs)
    else:
        ref = r.op("einsum", *refs, subscripts=f"{','.join(terms)}->{result}")
    dtype = flows[0].dtype
    return Flow(ref, tuple(tuple(result.index(letter) for letter in own) for own in places), dtype)


def _wanted(r: OnnxReader, places: Sequence[Sequence[str]]) -> list[str] | None:
    """The letters in the order that a transpose behind the product gives: the product has it at once."""
    behind = r.follower("Transpose")
    order: list[int] | None = behind.get("perm") if behind is not None else None
    if order is None or sorted(order) != list(range(len(places))):
        return None
    return [letter for i in order for letter in places[i]]


def _is_one(r: OnnxReader, value: Value, axis: int) -> bool:
    """Whether an axis of the model's tensor, or of a constant, has one element."""
    if isinstance(value, Known):
        return value.array.shape[axis] == 1
    return axis != 0 and r.shapes.type_of(value.ref).shape[axis] == 1


def _bare(r: OnnxReader, value: Value, kept: Sequence[int]) -> Ref | Array:
    """An operand without its axes of one element."""
    if isinstance(value, Known):
        if value.batch is not None:
            raise MixesSamplesError("it multiplies with a constant that is repeated for every sample")
        return as_float(value.array.reshape([value.array.shape[at] for at in kept]))
    shape = r.shapes.type_of(value.ref).shape
    return r.reshaped(value.ref, [shape[at] for at in kept if at])


def _nearest(order: Sequence[str], terms: Sequence[str]) -> Sequence[str]:
    """The letters of the result: as a product of matrices has them, if the operands lie so; else in ONNX's order."""
    if len(terms) == 2:
        a, b = terms
        plain = f"{a[:-1]}{b[-1:]}"
        if _is_matmul(terms, plain) and sorted(plain) == sorted(order):
            return plain
    return order


def _is_matmul(terms: Sequence[str], result: str) -> bool:
    a, b = terms
    return (
        len(a) == len(b) >= 3 and a[:-2] == b[:-2] and a[-1] == b[-2] and a[-2] != b[-1]
        and result == f"{a[:-1]}{b[-1]}"
    )  # fmt: skip


@reads("Einsum", becomes="einsum")
def _einsum_of(r: OnnxReader, node: OnnxNode) -> Value:
    equation = node.get("equation").replace(" ", "")
    if "." in equation:
        raise RefusedError("its equation has an ellipsis")
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    if not arrow:
        right = "".join(sorted(letter for letter in set(left) - {","} if left.count(letter) == 1))
    values = [r.value(i) for i in range(len(node.inputs))]
    operands: list[tuple[Value, list[str]]] = []
    for value, term in zip(values, terms, strict=True):
        if value is None or value.rank != len(term):
            raise RefusedError(f"its equation `{equation[:60]}` does not fit its operands")
        operands.append((value, list(term)))
    return contracted(r, operands, list(right))


@reads("Gemm", becomes="Dense, matmul, einsum")
def _gemm(r: OnnxReader, node: OnnxNode) -> Value:
    alpha, beta = node.get("alpha", 1.0), node.get("beta", 1.0)
    a, b, c = r.value(0), r.value(1), r.value(2)
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


def _turned(r: OnnxReader, value: Value) -> Value:
    if isinstance(value, Known):
        return Known(value.array.T, value.dtype, value.name)
    return value.placed(value.ref, value.places[::-1])
