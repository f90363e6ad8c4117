"""Compute matrix products with fewer multiplications, by Strassen's algorithm, where that takes less time.

matmul(x, K)                →  strassen(x, K, sums(x))
conv(x, K) of single pixels →  strassen(x, K, sums(x))

Of each sample the rows, which are steps or pixels, what is summed over and the columns are cut into halves: seven
products of quarters in place of eight (`families/strassen/transforms.py`). What is added and applied to the product
comes along. It takes a constant K: its sums are then made with the weights. What is not finite in a row reaches all
outputs of that row and of the one that it is paired with.

Rounding errors are some times as large as those of a plain sum; `tests/native/families/test_strassen.py` bounds them.
"""

from __future__ import annotations

import math
from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import likely, no_pads
from modelc.graph.types import ITEM_BYTES
from modelc.native.families.strassen.params import pairs_of
from modelc.native.families.strassen.transforms import PRODUCTS
from modelc.native.ops.fused import Fused
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.ops.strassen import Strassen, StrassenSums
from modelc.native.target import LANES, padded_columns
from modelc.ops.conv import Conv
from modelc.ops.matmul import MatMul
from modelc.passes.rewrite import Rewriter, rewrite

_ROW, _COLUMN, _READ = 40, 80, 4
"""What the sums of rows take for a value of x, what the products that are added take for one of y, and what it takes
to read a weight where none is fetched ahead, in multiply-adds."""
_SHORT = 1.05
"""What a multiply-add takes on tiles whose sums are half as long. All were fitted to `benchmarks/bench_winograd.py`,
whose ratios they give within 3%."""
_GAIN = 0.98
"""The share of the time before that makes it worth its memory and its rounding errors."""
_FEWEST_ROWS = 32
_MOST_BYTES = 2 << 20
"""The most bytes of a sample of x, which are read again for each block of columns, and the sums with them: from a cache
that other cores read as well. With 1.6 MB (28² pixels, 512 channels) 3% were gained, with 4 MB 10% lost."""
_MOST_WEIGHTS = 256 << 20
"""The most bytes of weights of a whole model, as those of its products become 7/4 as large: a gain of some percent is
not worth gigabytes."""


def with_strassen(graph: Graph) -> Graph:
    """The graph in which such products are `Strassen` ops, unless it is to be computed exactly, or its weights are too
    many."""
    weights = sum(math.prod(weight.shape) for weight in graph.weights) * ITEM_BYTES
    return graph if graph.exact or weights > _MOST_WEIGHTS else rewrite(graph, _rule)


def cost_direct(rows: int, depth: int, columns: int) -> float:
    """The multiply-adds of a product on the vectors of its columns, and what it takes to read its weights."""
    return (rows + _READ) * depth * padded_columns(columns)


def cost(rows: int, depth: int, columns: int) -> float:
    """The same of seven products of quarters, with all sums; their weights are fetched ahead."""
    pairs, half = pairs_of(rows), padded_columns(-(-columns // 2))
    products = PRODUCTS * _SHORT * pairs * (depth // 2) * half
    return products + pairs * (_ROW * (depth // 2) + _COLUMN * half)


def gains(rows: int, depth: int, columns: int) -> bool:
    """Whether it takes less time."""
    if depth % 2 or min(depth, columns) < 2 * LANES or rows < _FEWEST_ROWS or rows * depth * ITEM_BYTES > _MOST_BYTES:
        return False
    return cost(rows, depth, columns) <= _GAIN * cost_direct(rows, depth, columns)


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    stage = node.op if isinstance(node.op, Fused | ResidualSum) else Fused(node.op)
    fused = stage.fused if isinstance(stage, ResidualSum) else stage
    base = fused.base
    if not isinstance(base, Conv | MatMul) or node.output in rewriter.constants:
        return None
    x, kernel, *others = rewriter.operands(node)
    constants = [kernel, *(others[:1] if fused.bias else ())]
    if not x.type.batched or not all(value in rewriter.constants for value in constants):
        return None
    if isinstance(base, Conv) and not _is_of_pixels(base, kernel):
        return None
    *_, depth, columns = kernel.type.dims
    if not gains(likely(x.type.size) // depth, depth, columns):
        return None
    made = replace(fused, base=Strassen(base))
    sums = rewriter.emit(StrassenSums(depth), x, layer=node.layer)
    op = ResidualSum(made) if isinstance(stage, ResidualSum) else made
    if op == Fused(made.base):
        op = made.base
    return rewriter.emit(op, x, kernel, sums, *others, layer=node.layer)


def _is_of_pixels(conv: Conv, kernel: Value) -> bool:
    """Whether its window has one tap, and its outputs are as many as its inputs."""
    *taps, _, _ = kernel.type.dims
    return max(*taps, *conv.strides) == 1 and conv.groups == 1 and no_pads(conv.padding)
