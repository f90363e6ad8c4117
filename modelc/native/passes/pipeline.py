"""`NATIVE`: the passes that make a simplified graph ready to be lowered to kernels of this target, in their order."""

from __future__ import annotations

from modelc.graph.graph import Graph
from modelc.native.passes.absorb_padding import absorb_padding
from modelc.native.passes.add_residuals import add_residuals
from modelc.native.passes.fewer_products import fewer_products
from modelc.native.passes.fuse import fuse
from modelc.native.passes.fuse_chains import fuse_chains
from modelc.native.passes.gate_kernels import gate_kernels
from modelc.native.passes.in_bands import in_bands
from modelc.native.passes.lone_pixels import lone_pixels
from modelc.native.passes.loops_over_steps import with_loops
from modelc.native.passes.materialize_padding import materialize_padding
from modelc.native.passes.memory import plan_memory
from modelc.native.passes.merge_groups import merge_groups
from modelc.native.passes.overlap_rows import overlap_rows
from modelc.native.passes.pack_operands import pack_operands
from modelc.native.passes.pack_recurrent import pack_recurrent
from modelc.native.passes.regular_axes import regular_axes
from modelc.native.passes.regular_pads import regular_pads
from modelc.native.passes.separate_outputs import separate_outputs
from modelc.native.passes.share_recurrences import share_recurrences
from modelc.native.passes.split_sums import split_gradients, split_reductions
from modelc.native.passes.strassen import with_strassen
from modelc.native.passes.update_early import update_early
from modelc.native.passes.widen_convolutions import widen_convolutions
from modelc.native.passes.widen_rows import widen_rows
from modelc.passes.cancel_transposes import cancel_transposes
from modelc.passes.pipeline import simplify


def optimize_loops(graph: Graph) -> Graph:
    """The graph with the steps of its loops after all passes."""
    return with_loops(graph, optimize)


NATIVE = (
    optimize_loops,
    split_reductions,
    regular_axes,
    absorb_padding,
    regular_pads,
    cancel_transposes,  # those that the passes before have made
    fuse,
    widen_rows,
    lone_pixels,
    merge_groups,
    overlap_rows,
    fewer_products,
    widen_convolutions,
    materialize_padding,
    pack_recurrent,
    share_recurrences,
    pack_operands,
    split_gradients,
    separate_outputs,
    update_early,
    add_residuals,
    gate_kernels,
    in_bands,
    with_strassen,
    fuse_chains,
)


def optimize(graph: Graph) -> Graph:
    """The graph after all passes, those for any target first: what `plan_memory` plans and what is lowered."""
    graph = simplify(graph)
    for run in NATIVE:
        graph = run(graph)
    return graph


def activation_memory(graph: Graph, batch_size: int = 1) -> int:
    """The bytes that a call of the compiled graph allocates: its arena and the arrays that it returns."""
    return plan_memory(optimize(graph)).activation_bytes(batch_size)
