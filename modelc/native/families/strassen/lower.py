"""Lowering of Strassen's products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from modelc.graph.graph import Node
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.families.conv.lower import apply_activation, epilogue
from modelc.native.families.strassen.pack import bias_elements, pack_strassen_bias, strassen_elements, strassen_pieces
from modelc.native.families.strassen.steps import strassen_step, sums_step
from modelc.native.lowering.context import Lowering, scaled
from modelc.native.lowering.rules import lowers, lowers_fused
from modelc.native.ops.fused import Fused
from modelc.native.ops.strassen import Strassen, StrassenSums


@lowers(StrassenSums)
def lower_sums(lowering: Lowering, node: Node) -> None:
    """A step over pairs of rows."""
    assert isinstance(node.op, StrassenSums)
    (x,), depth = node.inputs, node.op.depth
    lowering.steps.append(
        sums_step(
            x=lowering.operand(x), sums=lowering.operand(node.output), batch=scaled(x.type, 1),
            rows=x.type.size // depth, depth=depth,
        )
    )  # fmt: skip


@lowers_fused(Strassen)
def lower_strassen(lowering: Lowering, node: Node, fused: Fused | None, residual: Operand = ABSENT) -> None:
    """A step over blocks of columns."""
    op = fused.base if fused else node.op
    assert isinstance(op, Strassen)
    x, kernel, sums = node.inputs[:3]
    *_, depth, columns = kernel.type.dims
    bias = ABSENT
    if fused and fused.bias:
        bias = lowering.constant(node.inputs[-1], pack_strassen_bias, bias_elements(columns))

    def pack(array: NDArray[Any]) -> Iterator[NDArray[Any]]:
        return strassen_pieces(array.reshape(depth, columns))

    lowering.steps.append(
        strassen_step(
            x=lowering.operand(x), y=lowering.operand(node.output),
            weights=lowering.constant(kernel, pack, strassen_elements(depth, columns)), bias=bias,
            sums=lowering.operand(sums), batch=scaled(x.type, 1), rows=x.type.size // depth, depth=depth,
            columns=columns, residual=residual, epilogue=epilogue(fused)[0],
        )
    )  # fmt: skip
    apply_activation(lowering, node, fused)
