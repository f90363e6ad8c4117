"""Graph and memory plan → the steps of kernels that run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.kernels.schedule import Step
from modelc.ops.base import Op
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.fused import Affine, Copy, Fused
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.normalize import Normalize
from modelc.ops.pool import Pool
from modelc.ops.reduce import Reduce
from modelc.ops.resample import Resample
from modelc.ops.shape import Pad, Repeat, Reshape, Slice, Transpose
from modelc.ops.softmax import Glu, Softmax
from modelc.passes.memory import MemoryPlan
from modelc.runtime.lowering import contractions, elementwise, moving, statistics, transposed
from modelc.runtime.lowering.context import Lowering, PackedValue, Table

Rule = Callable[[Lowering, Node, Fused | None], None]

RULES: dict[type[Op], Rule] = {
    Affine: elementwise.lower_affine,
    Binary: elementwise.lower_binary,
    Cast: elementwise.lower_cast,
    Conv: contractions.lower_conv,
    ConvTranspose: transposed.lower_conv_transpose,
    Copy: moving.lower_copy,
    Gather: moving.lower_gather,
    Glu: elementwise.lower_glu,
    MatMul: contractions.lower_matmul,
    Normalize: statistics.lower_normalize,
    Pad: moving.lower_pad,
    Pool: statistics.lower_pool,
    Reduce: statistics.lower_reduce,
    Repeat: moving.lower_repeat,
    Resample: moving.lower_resample,
    Slice: moving.lower_slice,
    Softmax: statistics.lower_softmax,
    Transpose: moving.lower_transpose,
    Unary: elementwise.lower_unary,
}
"""How each op is lowered. A reshape is no step: its output is a view."""


@dataclass(frozen=True)
class Lowered:
    """The steps of a graph, and what lies in its buffer of constants."""

    steps: tuple[Step, ...]
    nodes: tuple[Node, ...]
    """The node that each step is of."""
    packed: tuple[PackedValue, ...]
    tables: tuple[Table, ...]
    constant_bytes: int
    results: tuple[Value, ...]


def lower(graph: Graph, memory: MemoryPlan) -> Lowered:
    """The steps for an optimized and planned graph, in order."""
    lowering = Lowering(graph, memory)
    nodes: list[Node] = []
    for node in graph.nodes:
        if lowering.is_constant(node.output):
            continue
        if isinstance(node.op, Reshape):
            lowering.view(node.output, node.inputs[0])
            continue
        fused = node.op if isinstance(node.op, Fused) else None
        RULES[type(fused.base if fused else node.op)](lowering, node, fused)
        nodes += [node] * (len(lowering.steps) - len(nodes))
    return Lowered(
        tuple(lowering.steps),
        tuple(nodes),
        tuple(lowering.packed),
        tuple(lowering.tables),
        lowering.constant_bytes,
        graph.results,
    )
