"""Lowering of contractions: the convolution's kernel over an operand that is packed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.graph import Node, Value
from modelc.graph.types import TensorType
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.families.conv.lower import apply_activation, bias_of, epilogue
from modelc.native.families.conv.pack import blocks_of, kernel_pieces
from modelc.native.families.conv.params import PIXEL_LOOPS, Window, window
from modelc.native.families.conv.steps_contract import Groups, contract_step
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.packed_contract import PackedContract
from modelc.native.passes.pack_operands import Loop, contract_loops
from modelc.native.target import host
from modelc.ops.contract import Contract, matrices

Array = NDArray[Any]


@lowers_fused(Contract, PackedContract)
def lower_contract(lowering: Lowering, node: Node, fused: Fused | None, residual: Operand = ABSENT) -> None:
    """A matrix product for each group."""
    made = fused.base if fused else node.op
    assert isinstance(made, Contract | PackedContract)
    op = made if isinstance(made, Contract) else made.contract
    a, b = node.inputs[:2]
    groups, rows, sums = contract_loops(op, a.type, node.output.type)
    taken = Window((0,), 1)
    if sums:
        *outer, last = sums
        taken = window(tuple(s.extent for s in outer), tuple(s.a for s in outer), last.extent)
    lowering.steps.append(
        contract_step(
            x=lowering.operand(a), y=lowering.operand(node.output),
            weights=_packed(lowering, op, b) if isinstance(made, Contract) else lowering.operand(b),
            table=lowering.words(taken.offsets), window=taken,
            bias=bias_of(lowering, node, fused, _columns(op, node.output.type)),
            channels=_columns(op, node.output.type), groups=_groups(groups), **_rows(rows),
            epilogue=epilogue(fused)[0], residual=residual,
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)


def _packed(lowering: Lowering, op: Contract, b: Value) -> Operand:
    """A constant operand, packed with the weights."""
    sizes = _sizes(op.b, b.type)
    count, depth, columns = (math.prod(sizes[c] for c in part) for part in (op.groups, op.sums, op.columns))

    def pack(array: Array) -> Iterable[Array]:
        found = matrices(array, op.b, (op.groups, op.sums, op.columns), sizes)
        return kernel_pieces(np.ascontiguousarray(found.transpose(1, 0, 2), np.float32).reshape(depth, -1), count)

    return lowering.constant(b, pack, count * depth * blocks_of(columns).total * host().lanes)


def _sizes(letters: str, type: TensorType) -> dict[str, int]:
    """The extent of every axis, 1 for the batch: what is per sample."""
    return {c: 1 if d is None else d for c, d in zip(letters, type.shape, strict=True)}


def _columns(op: Contract, y: TensorType) -> int:
    sizes = _sizes(op.out, y)
    return math.prod(sizes[c] for c in op.columns)


def _groups(loops: Sequence[Loop]) -> Groups:
    """One loop goes first where it is over the batch, else second."""
    none = Loop(1, 0, 0)
    first, second = (none, none, *loops)[-2:]
    if second.extent < 0:
        first, second = second, none
    return Groups((first.extent, second.extent), (first.a, second.a), (first.y, second.y))


def _rows(loops: Sequence[Loop]) -> dict[str, Any]:
    """The four loops over rows; one over the batch is the first."""
    missing = [Loop(1, 0, 0)] * (PIXEL_LOOPS - len(loops))
    four = [*loops[:1], *missing, *loops[1:]] if loops else missing
    return {
        "extents": tuple(loop.extent for loop in four),
        "x_strides": tuple(loop.a for loop in four),
        "y_strides": tuple(loop.y for loop in four),
    }
