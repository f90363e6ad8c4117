"""Bring contractions to the form that their kernel knows, and make the packing of an operand an op of its own.

matmul(x, w)    →  contract(x, w)                        where w is no constant
conv(x, w)      →  conv(x, PackKernel(w))                where w is no constant, and so for transposed ones
contract(a, b)  →  contract(a, Pack(b))                  where b is no constant: else it is packed with the weights
contract(a, b)  →  contract(transpose(a), b)             where what is summed over is not last in a
contract(a, b)  →  transpose(contract(transpose(a), b))  where the axes of y are too much apart
contract(a, b)  →  kernel_gradient(a, b)                 where it sums over the batch
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.types import TensorType
from modelc.native.families.conv.params import GROUP_LOOPS, PIXEL_LOOPS
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed import PackBias, PackedConv, PackKernel, is_depthwise
from modelc.native.ops.packed_contract import Pack, PackedContract
from modelc.ops.base import Op
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from modelc.ops.matmul import MatMul
from modelc.ops.shape import Reshape, Transpose
from modelc.passes.rewrite import Rewriter

_MOST_PACKED = 6
"""The axes of an operand that one copy can pack."""


@dataclass(frozen=True)
class Loop:
    """`extent` steps (negative: per sample of the batch), and how far each goes in a and in y."""

    extent: int
    a: int
    y: int


def loops_over(letters: str, a: Mapping[str, int], y: Mapping[str, int], sizes: Mapping[str, int | None]) -> list[Loop]:
    """The fewest loops over these axes, from their strides in a and in y."""
    loops: list[Loop] = []
    for c in letters:
        size, loop = sizes[c], Loop(-1 if sizes[c] is None else sizes[c] or 0, a.get(c, 0), y.get(c, 0))
        if loops and size is not None and (loops[-1].a, loops[-1].y) == (loop.a * size, loop.y * size):
            loops[-1] = replace(loop, extent=loops[-1].extent * size)
        elif size != 1:
            loops.append(loop)
    return loops


def strides_by_letter(letters: str, type: TensorType) -> dict[str, int]:
    """The stride of every axis of a contiguous tensor, in elements."""
    strides: dict[str, int] = {}
    size = 1
    for c, d in zip(reversed(letters), reversed(type.shape), strict=True):
        strides[c] = size
        size *= 1 if d is None else d
    return strides


def contract_loops(op: Contract, a: TensorType, y: TensorType) -> tuple[list[Loop], list[Loop], list[Loop]]:
    """The loops over the groups, the rows and what is summed over; for the last the strides in y are 0."""
    a_strides, y_strides = strides_by_letter(op.a, a), strides_by_letter(op.out, y)
    sizes = dict(zip(op.a, a.shape, strict=True))
    groups, rows = (loops_over(letters, a_strides, y_strides, sizes) for letters in (op.groups, op.rows))
    return groups, rows, loops_over(op.sums, a_strides, {}, sizes)


def pack_operands(graph: Graph) -> Graph:
    """The graph in which every contraction has a kernel."""
    if not any(isinstance(_base(node), Contract | MatMul | Conv | ConvTranspose) for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    packed: dict[tuple[Op, Value], Value] = {}
    for node in graph.nodes:
        op, operands = _base(node), rewriter.operands(node)
        if node.output in rewriter.constants:
            rewriter.keep(node)
        elif isinstance(op, Contract):
            if _sums_over_batch(op, operands[0]):
                rewriter.replace(node.output, sum_over_batch(rewriter, op, *operands, layer=node.layer))
            else:
                _write(rewriter, node, op, operands)
        elif isinstance(op, MatMul | Conv | ConvTranspose) and operands[1] not in rewriter.constants:
            if isinstance(op, MatMul):
                op, kernel = _as_contraction(rewriter, operands[0], operands[1])
                _write(rewriter, node, op, (operands[0], kernel, *operands[2:]))
            else:
                _write_conv(rewriter, node, op, operands, packed)
        else:
            rewriter.keep(node)
    return rewriter.graph_out()


def _base(node: Node) -> Op:
    return node.op.base if isinstance(node.op, Fused) else node.op


def _sums_over_batch(op: Contract, a: Value) -> bool:
    return a.type.batched and op.a[0] in op.sums


def _as_contraction(rewriter: Rewriter, x: Value, kernel: Value) -> tuple[Contract, Value]:
    """A matrix product over named axes: a kernel that was only transposed is read as it was."""
    rows = ascii_lowercase[: x.type.rank - 1]
    made = rewriter.producer(kernel)
    if made is not None and made.op == Transpose((1, 0)):
        return Contract(f"{rows}y", "zy", f"{rows}z"), made.inputs[0]
    return Contract(f"{rows}y", "yz", f"{rows}z"), kernel


def _write_conv(
    rewriter: Rewriter,
    node: Node,
    op: Conv | ConvTranspose,
    operands: Sequence[Value],
    packed: dict[tuple[Op, Value], Value],
) -> None:
    x, kernel, *bias = operands
    pack = PackKernel(op)
    if (pack, kernel) not in packed:
        packed[pack, kernel] = rewriter.emit(pack, kernel, layer=node.layer)
    groups = 1 if is_depthwise(op, kernel.type.dims) else op.groups
    bias = [rewriter.emit(PackBias(groups), value, layer=node.layer) for value in bias]
    made = PackedConv(op, kernel.type.dims, bool(bias))
    y = rewriter.emit(_finished(node, made), x, packed[pack, kernel], *bias, layer=node.layer)
    rewriter.replace(node.output, y)


def _finished(node: Node, made: Op) -> Op:
    """The new op with the activation of the old one; its bias is an operand of the op itself."""
    activation = node.op.activation if isinstance(node.op, Fused) else None
    return Fused(made, activation=activation) if activation is not None else made


def _write(rewriter: Rewriter, node: Node, op: Contract, operands: Sequence[Value]) -> None:
    a, b, *bias = operands
    out, layer = op.out, node.layer
    if not _fits(op, a, b):
        a, op = _moved(rewriter, a, op, layer)
    if not _fits(op, a, b):
        a, op = _moved(rewriter, a, replace(op, out=_together(op, a.type)), layer)
    made: Op = op
    if b not in rewriter.constants:
        sizes = dict(zip(op.b, b.type.shape, strict=True))
        if len(op.b) > _MOST_PACKED or len(loops_over(op.columns, strides_by_letter(op.b, b.type), {}, sizes)) > 1:
            letters = op.groups + op.sums + op.columns
            b, op = _transposed(rewriter, b, op.b, letters, layer), replace(op, b=letters)
        made = PackedContract(op, tuple(sizes[c] or 0 for c in op.columns), bool(bias))
        b = rewriter.emit(Pack(op), b, layer=layer)
    bias = [rewriter.emit(PackBias(), value, layer=layer) for value in bias]
    y = rewriter.emit(_finished(node, made), a, b, *bias, layer=layer)
    rewriter.replace(node.output, _transposed(rewriter, y, op.out, out, layer))


def sum_over_batch(rewriter: Rewriter, op: Contract, a: Value, b: Value, *, layer: str) -> Value:
    """A contraction whose sum goes over the batch: the gradient of a convolution without a window by its kernel.

    Its pixels are what is summed over, its groups those of the contraction, its channels the rows.
    """
    sizes = dict(zip(op.a, a.type.shape, strict=True)) | dict(zip(op.b, b.type.shape, strict=True))
    batch, pixels = op.sums[0], op.sums[1:]
    counts = [math.prod(sizes[c] or 1 for c in part) for part in (pixels, op.groups, op.rows, op.columns)]
    count, groups, rows, columns = counts
    a = _transposed(rewriter, a, op.a, batch + pixels + op.groups + op.rows, layer)
    b = _transposed(rewriter, b, op.b, batch + pixels + op.groups + op.columns, layer)
    a = rewriter.emit(Reshape((None, count, groups * rows)), a, layer=layer)
    b = rewriter.emit(Reshape((None, count, groups * columns)), b, layer=layer)
    y = rewriter.emit(ConvKernelGradient((1,), (1,), ((0, 0),), (1,), groups), a, b, layer=layer)
    made = op.rows + op.groups + op.columns
    y = rewriter.emit(Reshape(tuple(sizes[c] for c in made)), y, layer=layer)
    return _transposed(rewriter, y, made, op.out, layer)


def _fits(op: Contract, a: Value, b: Value) -> bool:
    """Whether the kernel has loops enough, and what is summed over comes last in a."""
    groups, rows, sums = contract_loops(op, a.type, op.infer(a.type, b.type))
    return len(groups) <= GROUP_LOOPS and len(rows) <= PIXEL_LOOPS and (not sums or sums[-1].a == 1)


def _together(op: Contract, a: TensorType) -> str:
    """The letters of y with groups, rows and columns each side by side, the batch first."""
    batch = op.out[0] if a.batched else ""
    return batch + "".join(c for c in op.groups + op.rows if c != batch) + op.columns


def _moved(rewriter: Rewriter, a: Value, op: Contract, layer: str) -> tuple[Value, Contract]:
    """a with its axes in the order of y, and those that are summed over at the end."""
    letters = "".join(c for c in op.out if c in op.a) + op.sums
    return _transposed(rewriter, a, op.a, letters, layer), replace(op, a=letters)


def _transposed(rewriter: Rewriter, x: Value, letters: str, wanted: str, layer: str) -> Value:
    if letters == wanted:
        return x
    return rewriter.emit(Transpose(tuple(letters.index(c) for c in wanted)), x, layer=layer)
