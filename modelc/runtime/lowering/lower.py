"""Graph and memory plan → the steps of kernels that run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.kernels.schedule import Step
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.base import Op
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract, Pack, PackedContract
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.fused import Affine, Copy, Fused
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.normalize import Normalize
from modelc.ops.pool import Pool
from modelc.ops.recurrent import PerSample, Recurrent
from modelc.ops.reduce import Reduce
from modelc.ops.resample import Resample
from modelc.ops.select import Select
from modelc.ops.shape import Pad, Repeat, Reshape, Slice, Transpose
from modelc.ops.softmax import Glu, Softmax
from modelc.ops.take import Take
from modelc.passes.memory import MemoryPlan
from modelc.runtime.lowering import contracting, contractions, elementwise, moving, recurrent, statistics, transposed
from modelc.runtime.lowering.context import Lowering, PackedValue, Table

Rule = Callable[[Lowering, Node, Fused | None], None]

RULES: dict[type[Op], Rule] = {
    AdaptivePool: moving.lower_resample,
    Affine: elementwise.lower_affine,
    Binary: elementwise.lower_binary,
    Cast: elementwise.lower_cast,
    Concat: moving.lower_concat,
    Contract: contracting.lower_contract,
    Conv: contractions.lower_conv,
    ConvTranspose: transposed.lower_conv_transpose,
    Copy: moving.lower_copy,
    Gather: moving.lower_gather,
    Glu: elementwise.lower_glu,
    MatMul: contractions.lower_matmul,
    Normalize: statistics.lower_normalize,
    Pack: contracting.lower_pack,
    PackedContract: contracting.lower_contract,
    Pad: moving.lower_pad,
    Pool: statistics.lower_pool,
    PerSample: recurrent.lower_per_sample,
    Recurrent: recurrent.lower_recurrent,
    Reduce: statistics.lower_reduce,
    Repeat: moving.lower_repeat,
    Resample: moving.lower_resample,
    Select: elementwise.lower_select,
    Slice: moving.lower_slice,
    Softmax: statistics.lower_softmax,
    Take: moving.lower_take,
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
