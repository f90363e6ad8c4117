"""Bring contractions to the form that their kernel knows, and make the packing of an operand an op of its own.

contract(a, b)  →  contract(a, Pack(b))                  where b is no constant: else it is packed with the weights
contract(a, b)  →  contract(transpose(a), b)             where what is summed over is not last in a
contract(a, b)  →  transpose(contract(transpose(a), b))  where the axes of y are too much apart
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.types import TensorType
from modelc.ops.base import Op
from modelc.ops.contract import Contract, Pack, PackedContract
from modelc.ops.fused import Fused
from modelc.ops.shape import Transpose
from modelc.passes.rewrite import Rewriter

MOST_GROUPS, MOST_ROWS = 2, 4
"""The loops of the kernel over groups and over rows."""
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
    if not any(isinstance(_base(node), Contract) for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        op = _base(node)
        if isinstance(op, Contract) and node.output not in rewriter.constants:
            _write(rewriter, node, op)
        else:
            rewriter.keep(node)
    return rewriter.graph_out()


def _base(node: Node) -> Op:
    return node.op.base if isinstance(node.op, Fused) else node.op


def _write(rewriter: Rewriter, node: Node, op: Contract) -> None:
    a, b = rewriter.operands(node)
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
        made = PackedContract(op, tuple(sizes[c] or 0 for c in op.columns))
        b = rewriter.emit(Pack(op), b, layer=layer)
    if isinstance(node.op, Fused):
        made = replace(node.op, base=made)
    y = rewriter.emit(made, a, b, layer=layer)
    rewriter.replace(node.output, _transposed(rewriter, y, op.out, out, layer))


def _fits(op: Contract, a: Value, b: Value) -> bool:
    """Whether the kernel has loops enough, and what is summed over comes last in a."""
    groups, rows, sums = contract_loops(op, a.type, op.infer(a.type, b.type))
    return len(groups) <= MOST_GROUPS and len(rows) <= MOST_ROWS and (not sums or sums[-1].a == 1)


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
