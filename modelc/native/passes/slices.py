"""How many samples of a batch go through a graph at once, so that what lies between its steps stays in the caches.

A batch goes through in slices where each sample's results depend on that sample alone. A slice of few samples finds in
the caches what the step before has written, but weights are read again for each slice. The estimate is the same on
every machine, and so are the memory of a call and the bits of its results, which do not depend on threads either.

A product of few rows is summed in another order than one of many, so that a sample of dense layers may differ in its
last bits between slices of few samples and of many, as it does between such batches.
"""

from __future__ import annotations

from modelc.graph.graph import Graph, Node
from modelc.graph.sizes import likely
from modelc.native.families.recurrent.params import TILE_ROWS
from modelc.native.ops.bands import Bands
from modelc.native.ops.chain import Chain
from modelc.native.ops.fused import Affine, Copy, Fused
from modelc.native.ops.packed import PackedConv
from modelc.native.ops.packed_contract import Pack, PackedContract
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.ops.shared_recurrent import SharedRecurrent, StepCounter
from modelc.native.ops.strassen import Strassen, StrassenSums
from modelc.native.ops.winograd import Winograd
from modelc.native.ops.work_area import WorkArea
from modelc.ops.adaptive_pool import AdaptivePool
from modelc.ops.base import Op
from modelc.ops.concat import Concat
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv, ConvTranspose
from modelc.ops.elementwise import Binary, Cast, Unary
from modelc.ops.gather import Gather
from modelc.ops.matmul import MatMul
from modelc.ops.normalize import Normalize
from modelc.ops.pool import Pool
from modelc.ops.recurrent import Recurrent
from modelc.ops.reduce import Reduce
from modelc.ops.resample import Resample
from modelc.ops.select import Select
from modelc.ops.shape import Pad, Reshape, Slice, Transpose
from modelc.ops.softmax import Glu, Softmax
from modelc.ops.take import Take

_SAMPLE_BY_SAMPLE = (
    Unary, Binary, Cast, Select, Affine, Copy, Chain, Conv, ConvTranspose, PackedConv, Winograd, Strassen,
    StrassenSums, Bands, MatMul, Pool, Reduce, AdaptivePool, Resample, Normalize, Softmax, Glu, Pad, Slice, Concat,
    Transpose, Contract, Pack, PackedContract, Gather, Take, Recurrent,
    SharedRecurrent, StepCounter,
)  # fmt: skip
"""Ops of which a sample's output, if it has one, depends on that sample of the operands alone."""

_MOST = 256
"""The most samples of a slice."""
_NEAR, _FAR = 512 << 10, 4 << 20
"""The bytes that the second-level cache holds, and those that a core may count on in the third."""
_NEAR_BYTE, _BYTE, _FAR_BYTE, _WEIGHT_BYTE = 0.03, 0.05, 0.11, 0.056
"""What it takes to read or write a byte in the near cache, in the far one and in memory, and to read a weight's."""
_STEP = 500.0
"""What it takes to begin a step and to share it between threads."""
_MAC = 0.02
"""What a multiply-add takes. All these are nanoseconds."""
_GAIN = 0.98
"""The share of the time of the whole batch that makes slices worth it."""


def samples_at_once(graph: Graph) -> int:
    """The samples of a slice; 0 where a batch goes through as a whole."""
    nodes = [node for node in graph.nodes if node.output not in graph.constants]
    if graph.updates or not nodes or not all(value.type.batched for value in (*graph.inputs, *graph.results)):
        return 0
    if not all(map(_is_by_sample, nodes)):
        return 0
    steps = [node for node in nodes if not isinstance(node.op, Reshape | WorkArea)]
    sizes = [likely(sum(v.type.bytes for v in (*node.inputs, *node.outputs) if v.type.batched)) for node in steps]
    # Of a recurrence a few tiles of samples read the kernel at every step, however many samples there are.
    read = {v for node in steps if not _is_recurrence(node) for v in node.inputs if v in graph.constants}
    once = _WEIGHT_BYTE * likely(sum(value.type.bytes for value in read)) + _STEP * len(steps)
    compute = _MAC * likely(sum(node.macs for node in steps))
    tiled = _MAC * likely(sum(node.macs for node in steps if _is_recurrence(node)))

    def time(samples: int, once: float) -> float:
        return _cost(sizes, once, samples) + compute + tiled * (TILE_ROWS * -(-samples // TILE_ROWS) / samples - 1)

    unit = TILE_ROWS if tiled else 1
    costs = {unit << i: time(unit << i, once) for i in range((_MOST // unit).bit_length())}
    best = min(costs, key=lambda samples: costs[samples])
    return best if costs[best] <= _GAIN * time(1 << 20, 0.0) else 0


def _cost(sizes: list[int], once: float, samples: int) -> float:
    """The time of a sample in slices of so many, where its steps read and write so many bytes each."""
    moved = 0.0
    for size in sizes:
        held = max(1, size * samples)
        near, far = min(1.0, _NEAR / held), min(1.0, _FAR / held)
        moved += size * (_NEAR_BYTE * near + _BYTE * (far - near) + _FAR_BYTE * (1 - far))
    return moved + once / samples


def _is_recurrence(node: Node) -> bool:
    return isinstance(node.op, Recurrent | SharedRecurrent)


def _is_by_sample(node: Node) -> bool:
    """Whether each sample of what a node gives depends on that sample alone."""
    if isinstance(node.op, WorkArea):
        return True
    if not all(value.type.batched for value in node.outputs):
        return False
    op: Op = node.op.fused if isinstance(node.op, ResidualSum) else node.op
    op = op.base if isinstance(op, Fused) else op
    if isinstance(op, Reshape):
        return node.inputs[0].type.batched
    return isinstance(op, _SAMPLE_BY_SAMPLE)
