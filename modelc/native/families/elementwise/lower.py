"""Lowering of elementwise ops."""

from __future__ import annotations

import math

from modelc.graph.graph import Node
from modelc.graph.sizes import is_free
from modelc.graph.types import TensorType
from modelc.native.families.elementwise.codes import BINARY_CODES, GLU, PLAIN_RELU, UNARY_CODES
from modelc.native.families.elementwise.params import AFFINE, BINARY, LOOPS, SELECT, UNARY
from modelc.native.lowering.context import GRAIN, Lowering, at, front, scaled, strides_of
from modelc.native.lowering.rules import lowers, lowers_fused
from modelc.native.ops.fused import Affine, Fused
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.select import Select
from modelc.ops.softmax import Glu

_LEAST_ROW = 64
"""The fewest elements of a row that are worth a call for it."""


def activation_code(activation: Unary | None) -> tuple[int, list[float]]:
    """The code of an activation and its three parameters, filled up with 0; of none, those of `linear`."""
    if activation is None:
        return UNARY_CODES["linear"], [0.0] * 3
    parameters = activation.filled
    is_plain = activation.kind == "relu" and parameters == activation.function.filled()
    code = UNARY_CODES[PLAIN_RELU if is_plain else activation.kind]
    return code, [float(p) for p in (*parameters, 0.0, 0.0, 0.0)[:3]]


@lowers(Unary)
def lower_unary(lowering: Lowering, node: Node) -> None:
    """One function over all elements."""
    assert isinstance(node.op, Unary)
    code, p = activation_code(node.op)
    params = UNARY.pack(y=lowering.operand(node.output), x=lowering.operand(node.inputs[0]), code=code, p=p)
    lowering.step("unary", params, scaled(node.output.type, node.output.type.size))


@lowers_fused(Binary)
def lower_binary(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """Two operands that broadcast, then perhaps an activation."""
    op = fused.base if fused else node.op
    assert isinstance(op, Binary)
    code, p = activation_code(fused.activation if fused else None)
    a, b = node.inputs
    dims, (a_strides, b_strides) = _shared_out(*loops_over(node.output.type, a.type, b.type))
    params = BINARY.pack(
        y=lowering.operand(node.output), a=lowering.operand(a), b=lowering.operand(b),
        dims=front(dims, LOOPS, 1), a_strides=front(a_strides, LOOPS, 0), b_strides=front(b_strides, LOOPS, 0),
        op=BINARY_CODES[op.kind], code=code, p=p,
    )  # fmt: skip
    rows = 1
    for d in dims[:-1]:
        rows *= abs(d)
    lowering.step("binary", params, scaled(node.output.type, rows), elements=abs(dims[-1]))


@lowers(Select)
def lower_select(lowering: Lowering, node: Node) -> None:
    """Three operands that broadcast."""
    mask, a, b = node.inputs
    dims, strides = _shared_out(*loops_over(node.output.type, mask.type, a.type, b.type))
    mask_strides, a_strides, b_strides = (front(s, LOOPS, 0) for s in strides)
    params = SELECT.pack(
        y=lowering.operand(node.output), mask=lowering.operand(mask), a=lowering.operand(a), b=lowering.operand(b),
        dims=front(dims, LOOPS, 1), mask_strides=mask_strides, a_strides=a_strides, b_strides=b_strides,
    )  # fmt: skip
    rows = math.prod(map(abs, dims[:-1]))
    lowering.step("choose", params, scaled(node.output.type, rows), elements=abs(dims[-1]))


@lowers(Glu)
def lower_glu(lowering: Lowering, node: Node) -> None:
    """One half of an axis, gated by the other: both are strided views of the operand."""
    assert isinstance(node.op, Glu)
    (x,) = node.inputs
    dims = [1 if d is None else d for d in x.type.shape]
    half = math.prod(dims[node.op.axis :]) // 2
    outer = scaled(x.type, math.prod(dims[: node.op.axis]))
    code, p = activation_code(None)
    whole = lowering.operand(x)
    params = BINARY.pack(
        y=lowering.operand(node.output), a=whole, b=at(whole, half), dims=front((outer, half), LOOPS, 1),
        a_strides=front((2 * half, 1), LOOPS, 0), b_strides=front((2 * half, 1), LOOPS, 0),
        op=BINARY_CODES[GLU], code=code, p=p,
    )  # fmt: skip
    lowering.step("binary", params, outer, elements=half)


def loops_over(output: TensorType, *operands: TensorType) -> tuple[list[int], list[list[int]]]:
    """Extents (Dims) of the fewest loops over `output` that read all operands, and each operand's strides."""
    shape = [1 if d is None else d for d in output.shape]
    strides = [_strides(operand, output) for operand in operands]
    loops: list[tuple[int, ...]] = []
    for axis, extent in enumerate(shape):
        dim = -1 if axis == 0 and output.batched else extent
        loop = (dim, *(s[axis] for s in strides))
        if loops and _merge(loops[-1], loop):
            loops[-1] = (loops[-1][0] * extent, *loop[1:])
        elif dim != 1 or not loops:
            loops.append(loop)
    if not loops or (len(loops) == 1 and output.batched):
        loops.append((1, *(0 for _ in operands)))
    return [loop[0] for loop in loops], [[loop[i + 1] for loop in loops] for i in range(len(operands))]


def _shared_out(dims: list[int], strides: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """The same loops, but a single long one, such as over a weight, is cut into rows that threads can share."""
    if len(dims) > 1 or is_free(dims[0]) or dims[0] <= GRAIN:
        return dims, strides
    row = next(n for n in range(GRAIN, 0, -1) if dims[0] % n == 0)
    if row < _LEAST_ROW:
        return dims, strides
    return [dims[0] // row, row], [[s * row, s] for (s,) in strides]


def _merge(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    """Whether two nested loops are one: in all operands the outer stride spans the inner loop."""
    if abs(inner[0]) == 1:
        return False
    return all(o == i * inner[0] for o, i in zip(outer[1:], inner[1:], strict=True)) and outer[0] > 0


def _strides(operand: TensorType, output: TensorType) -> list[int]:
    """The operand's stride along every axis of the output, 0 where it is repeated."""
    rank = output.rank
    dims = [1 if d is None else d for d in operand.shape]
    strides = strides_of(dims)
    found = [0] * (rank - len(dims))
    for axis, (d, stride) in enumerate(zip(operand.shape, strides, strict=True)):
        repeated = d == 1 and output.shape[rank - len(dims) + axis] != 1
        found.append(0 if repeated else stride)
    return found


@lowers_fused(Affine)
def lower_affine(lowering: Lowering, node: Node, fused: Fused | None) -> None:
    """A scale and a shift per channel, then perhaps an activation."""
    x, scale, shift = node.inputs
    channels = node.output.type.dims[-1]
    code, p = activation_code(fused.activation if fused else None)
    params = AFFINE.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), scale=lowering.operand(scale),
        shift=lowering.operand(shift), channels=channels, code=code, p=p,
    )  # fmt: skip
    rows = node.output.type.size // channels
    lowering.step("affine", params, scaled(node.output.type, rows), elements=channels)
