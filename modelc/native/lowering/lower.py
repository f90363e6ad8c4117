"""Graph and memory plan → the steps of kernels that run it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelc.graph.graph import Graph, Node, Value
from modelc.native.engine.schedule import Step
from modelc.native.families import lower_gradients as gradients
from modelc.native.families.chain import lower as chains
from modelc.native.families.conv import contracting, contractions, packing, transposed
from modelc.native.families.elementwise import lower as elementwise
from modelc.native.families.move import lower as moving
from modelc.native.families.order import lower as ordering
from modelc.native.families.recurrent import lower as recurrent
from modelc.native.families.reduce import lower as statistics
from modelc.native.families.sample_attention import lower as samples
from modelc.native.families.warp import lower as images
from modelc.native.lowering.context import Lowering, PackedValue, Table
from modelc.native.ops.chain import Chain
from modelc.native.ops.fused import Affine, Copy, Fused
from modelc.native.ops.packed import PackBias, PackedConv, PackKernel
from modelc.native.ops.packed_overlap import PackedOverlap
from modelc.native.ops.packed_recurrent import PackedRecurrent, PackedRecurrentBackward
from modelc.native.ops.partial import PartialKernelGradient
from modelc.native.passes.memory import MemoryPlan
from modelc.ops.adaptive_pool import AdaptiveMaxPoolGradient, AdaptivePool
from modelc.ops.base import Op
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract, Pack, PackedContract
from modelc.ops.conv import Conv, ConvKernelGradient, ConvTranspose
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.gather import AddRows, Gather
from modelc.ops.matmul import MatMul, MatMulKernelGradient
from modelc.ops.normalize import Normalize
from modelc.ops.order import AddAlong, Order, TakeAlong
from modelc.ops.pool import AveragePoolGradient, MaxPoolGradient, Pool
from modelc.ops.random import Random
from modelc.ops.recurrent import PerSample, Recurrent, Unbatch
from modelc.ops.recurrent_backward import RecurrentBackward
from modelc.ops.reduce import BatchSize, Reduce
from modelc.ops.resample import LinearGradient, Resample
from modelc.ops.sample_attention import SampleAttention, SampleAttentionGradient, SampleNormalizer
from modelc.ops.select import Select
from modelc.ops.shape import Broadcast, Pad, Repeat, Reshape, Slice, Transpose
from modelc.ops.shuffle import Shuffle
from modelc.ops.softmax import Glu, Softmax, SparsemaxGradient
from modelc.ops.take import AddAt, Take
from modelc.ops.warp import Warp, WarpGradient

Rule = Callable[[Lowering, Node, Fused | None], None]

RULES: dict[type[Op], Rule] = {
    AdaptiveMaxPoolGradient: gradients.lower_adaptive_max_gradient,
    AdaptivePool: moving.lower_resample,
    AddAlong: ordering.lower_along,
    AddAt: moving.lower_resample,
    AddRows: gradients.lower_add_rows,
    Affine: elementwise.lower_affine,
    AveragePoolGradient: gradients.lower_pool_gradient,
    BatchSize: gradients.lower_batch_size,
    Binary: elementwise.lower_binary,
    Broadcast: moving.lower_broadcast,
    Cast: elementwise.lower_cast,
    Chain: chains.lower_chain,
    Concat: moving.lower_concat,
    Contract: contracting.lower_contract,
    Conv: contractions.lower_conv,
    ConvKernelGradient: gradients.lower_conv_kernel_gradient,
    ConvTranspose: transposed.lower_conv_transpose,
    Copy: moving.lower_copy,
    Gather: moving.lower_gather,
    Glu: elementwise.lower_glu,
    LinearGradient: moving.lower_resample,
    MatMul: contractions.lower_matmul,
    MatMulKernelGradient: gradients.lower_matmul_kernel_gradient,
    MaxPoolGradient: gradients.lower_pool_gradient,
    Normalize: statistics.lower_normalize,
    PackedOverlap: transposed.lower_overlapped,
    Order: ordering.lower_order,
    Pack: packing.lower_pack,
    PackBias: packing.lower_pack_bias,
    PackKernel: packing.lower_pack_kernel,
    PackedContract: contracting.lower_contract,
    PackedConv: transposed.lower_packed_conv,
    PackedRecurrent: recurrent.lower_recurrent,
    PackedRecurrentBackward: recurrent.lower_recurrent_backward,
    Pad: moving.lower_pad,
    PartialKernelGradient: gradients.lower_conv_kernel_gradient,
    Pool: statistics.lower_pool,
    PerSample: recurrent.lower_per_sample,
    Random: gradients.lower_random,
    Recurrent: recurrent.lower_recurrent,
    RecurrentBackward: recurrent.lower_recurrent_backward,
    Reduce: statistics.lower_reduce,
    Repeat: moving.lower_repeat,
    Resample: moving.lower_resample,
    SampleAttention: samples.lower_sample_attention,
    SampleAttentionGradient: samples.lower_sample_attention,
    SampleNormalizer: samples.lower_sample_attention,
    Select: elementwise.lower_select,
    Shuffle: images.lower_shuffle,
    Slice: moving.lower_slice,
    Softmax: statistics.lower_softmax,
    SparsemaxGradient: gradients.lower_sparsemax_gradient,
    Take: moving.lower_take,
    TakeAlong: ordering.lower_along,
    Transpose: moving.lower_transpose,
    Unary: elementwise.lower_unary,
    Unbatch: moving.lower_copy,
    Warp: images.lower_warp,
    WarpGradient: images.lower_warp_gradient,
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
