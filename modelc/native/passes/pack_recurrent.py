"""Make the packing of a recurrent kernel that is no constant ops of its own.

recurrent(x, R, b)  →  recurrent(x, pack(R), pack(b))
backward(a, R, dy)  →  backward(a, Pack(Rᵀ), dy)
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node, Value
from modelc.native.families.recurrent.pack import blocks_of_units
from modelc.native.ops.packed_contract import Pack
from modelc.native.ops.packed_recurrent import PackedRecurrent, PackedRecurrentBackward
from modelc.native.target import LANES
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract
from modelc.ops.recurrent import GATES, Recurrent
from modelc.ops.recurrent_backward import RecurrentBackward
from modelc.ops.shape import Pad, Reshape, Slice, Transpose
from modelc.passes.rewrite import Rewriter


def pack_recurrent(graph: Graph) -> Graph:
    """The graph in which every recurrent kernel is a constant or packed."""
    if not any(isinstance(node.op, Recurrent | RecurrentBackward) for node in graph.nodes):
        return graph
    rewriter = Rewriter(graph)
    for node in graph.nodes:
        packs = len(node.inputs) > 1 and rewriter.new(node.inputs[1]) not in rewriter.constants
        if packs and isinstance(node.op, Recurrent):
            _write(rewriter, node, node.op)
        elif packs and isinstance(node.op, RecurrentBackward):
            a, kernel, *rest = rewriter.operands(node)
            packed = rewriter.emit(Pack(Contract("nk", "uk", "nu")), kernel, layer=node.layer)
            made = PackedRecurrentBackward(node.op, kernel.type.dims[0])
            rewriter.replace(node.output, rewriter.emit(made, a, packed, *rest, layer=node.layer))
        else:
            rewriter.keep(node)
    return rewriter.graph_out()


def _write(rewriter: Rewriter, node: Node, op: Recurrent) -> None:
    x, kernel, *rest = rewriter.operands(node)
    units, gates, layer = kernel.type.dims[0], GATES[op.kind], node.layer

    def packed(first: int, count: int) -> Value:
        """The columns of `count` gates, block by block."""
        whole = (0, first * units), (units, (first + count) * units), (1, 1)
        taken = kernel if count == gates else rewriter.emit(Slice(*whole), kernel, layer=layer)
        blocks = _blocks(rewriter, taken, (units, count, units), layer)
        blocks = rewriter.emit(Reshape((blocks.type.dims[0], units, count * LANES)), blocks, layer=layer)
        made = rewriter.emit(Pack(Contract("bnk", "bkc", "bnc")), blocks, layer=layer)
        return rewriter.emit(Reshape((1, made.type.size)), made, layer=layer)

    parts = [packed(0, 2), packed(2, 1)] if op.kind == "gru_reset_before" else [packed(0, gates)]
    row = parts[0] if len(parts) == 1 else rewriter.emit(Concat(1), *parts, layer=layer)
    if op.bias:
        rest[0] = _blocks(rewriter, rest[0], (1, gates, units), layer)
    y = rewriter.emit(PackedRecurrent(op, units), x, row, *rest, layer=layer)
    rewriter.replace(node.output, y)


def _blocks(rewriter: Rewriter, x: Value, dims: tuple[int, int, int], layer: str) -> Value:
    """(K, gates, U), flattened in any way, as (blocks, K, gates, 16), with zeros behind the last unit."""
    rows, gates, units = dims
    blocks = blocks_of_units(units)
    x = rewriter.emit(Reshape(dims), x, layer=layer)
    if units % LANES:
        x = rewriter.emit(Pad(((0, 0), (0, 0), (0, blocks * LANES - units))), x, layer=layer)
    x = rewriter.emit(Reshape((rows, gates, blocks, LANES)), x, layer=layer)
    return rewriter.emit(Transpose((2, 0, 1, 3)), x, layer=layer)
