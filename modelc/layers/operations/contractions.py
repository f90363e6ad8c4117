"""Matrix products."""

from __future__ import annotations

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.core.einsum import einsum, letters_for
from modelc.layers.operations.arranging import reshaped
from modelc.layers.operations.registry import Table, adder
from modelc.ops.elementwise import broadcast

TABLE: Table = {}
_add = adder(TABLE)


@_add("matmul")
def _matmul(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """``y[..., m, n] = Σ_k x1[..., m, k]·x2[..., k, n]``; a vector stands for a row or a column."""
    x1, x2 = x1.as_float(), x2.as_float()
    if min(x1.rank, x2.rank) < 1:
        raise ShapeError("a product of matrices takes no single numbers", "use the operation `multiply`", axis="rank")
    if x2.rank == 1:
        y = _matmul(g, x1, reshaped(x2, (*x2.shape, 1)))
        return reshaped(y, y.shape[:-1])
    if not x2.batched and x2.rank == 2:
        return x1 @ x2
    if x1.rank == 1:
        y = _matmul(g, reshaped(x1, (1, *x1.shape)), x2)
        return reshaped(y, (*y.shape[:-2], y.shape[-1]))
    if (x2.batched and x2.rank < 3) or (x1.batched and x1.rank < 3):
        shapes = f"{format_shape(x1.shape)} and {format_shape(x2.shape)}"
        raise ShapeError(f"the product of {shapes} would mix samples", "the batch comes before the two matrix axes")
    if x1.shape[-1] != x2.shape[-2]:
        shapes = f"{format_shape(x1.shape)} and {format_shape(x2.shape)}"
        raise ShapeError(f"the matrices {shapes} do not fit: the last axis of one is the last but one of the other")
    return _stacked(x1, x2)


def _stacked(x1: Tensor, x2: Tensor) -> Tensor:
    """A product for each place of the axes in front, which broadcast."""
    rank = max(x1.rank, x2.rank)
    lead = broadcast(x1.shape[:-2], x2.shape[:-2])
    outer, (m, k, n) = letters_for(rank - 2), letters_for(rank + 1)[-3:]
    operands: list[tuple[str, Tensor]] = []
    for x in (x1, x2):
        # What is repeated along an axis of the other operand has no letter for it.
        missing = rank - x.rank
        axes = [axis for axis, d in enumerate(x.shape[:-2]) if d == lead[missing + axis]]
        shape = (*(x.shape[axis] for axis in axes), *x.shape[-2:])
        operands.append(("".join(outer[missing + axis] for axis in axes), reshaped(x, shape)))
    (a, x1), (b, x2) = operands
    return einsum(f"{a}{m}{k}", f"{b}{k}{n}", f"{outer}{m}{n}", x1, x2)


@_add("dot")
def _dot(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
    """`matmul` where x2 is a constant vector or matrix, as NumPy's dot is."""
    if x2.batched or x2.rank > 2:
        raise ShapeError("`dot` takes a constant vector or matrix as its second tensor", "use `matmul`")
    return _matmul(g, x1, x2)
