"""Lowering of sums of a product and another value: the product's tile begins with that value."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.native.families.conv.lower import lower_conv, lower_matmul
from modelc.native.families.conv.lower_contract import lower_contract
from modelc.native.families.strassen.lower import lower_strassen
from modelc.native.lowering.context import Lowering
from modelc.native.lowering.rules import lowers
from modelc.native.ops.packed_contract import PackedContract
from modelc.native.ops.residual_sum import ResidualSum
from modelc.native.ops.strassen import Strassen
from modelc.ops.contract import Contract
from modelc.ops.conv import Conv
from modelc.ops.matmul import MatMul

_RULES = {
    Conv: lower_conv,
    MatMul: lower_matmul,
    Contract: lower_contract,
    PackedContract: lower_contract,
    Strassen: lower_strassen,
}


@lowers(ResidualSum)
def lower_residual_sum(lowering: Lowering, node: Node) -> None:
    """The step of the product alone, with one more operand."""
    assert isinstance(node.op, ResidualSum)
    fused, (*operands, residual) = node.op.fused, node.inputs
    rule = _RULES[type(fused.base)]  # pyright: ignore[reportArgumentType]
    rule(lowering, Node(fused, tuple(operands), node.output), fused, residual=lowering.operand(residual))
