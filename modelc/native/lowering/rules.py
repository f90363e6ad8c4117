"""`@lowers(Warp)`: a rule of lowering says which ops it is for where it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from modelc.graph.graph import Node
from modelc.graph.verify import Dialect
from modelc.native.lowering.context import Lowering
from modelc.native.ops.fused import Fused
from modelc.native.ops.loop import NativeScan
from modelc.ops.base import Op
from modelc.ops.shape import Reshape

Rule = Callable[[Lowering, Node], None]
FusedRule = Callable[[Lowering, Node, Fused | None], None]
"""A rule whose kernel applies what is fused to the op as well: its third argument, if anything is."""

_R = TypeVar("_R", Rule, FusedRule)
_F = TypeVar("_F", bound=FusedRule)

_RULES: dict[type[Op], Rule] = {}
_FUSED_RULES: dict[type[Op], FusedRule] = {}


def lowers(*ops: type[Op]) -> Callable[[Rule], Rule]:
    """Declare the rule that writes the steps of nodes of these ops."""

    def declare(rule: Rule) -> Rule:
        _add(_RULES, ops, rule)
        return rule

    return declare


def lowers_fused(*ops: type[Op]) -> Callable[[_F], _F]:
    """`lowers` for the ops that `takes_activation` holds for. A rule may take more by name."""

    def declare(rule: _F) -> _F:
        _add(_FUSED_RULES, ops, rule)
        return rule

    return declare


def _add(rules: dict[type[Op], _R], ops: tuple[type[Op], ...], rule: _R) -> None:
    for op in ops:
        assert op not in _RULES and op not in _FUSED_RULES, f"{op.__name__} has two rules"
        rules[op] = rule


def fused_ops() -> frozenset[type[Op]]:
    """The ops whose rules apply what is fused to them."""
    return frozenset(_FUSED_RULES)


def has_rule(op: Op) -> bool:
    """Whether steps can be written for an op.

    A reshape has none: its output is a view. Those of a loop are of the ops that it becomes in a flat graph.
    """
    if isinstance(op, Fused):
        return type(op.base) in _FUSED_RULES
    return type(op) in _RULES or type(op) in _FUSED_RULES or isinstance(op, Reshape | NativeScan)


def apply_rule(lowering: Lowering, node: Node) -> None:
    """Write the steps of a node whose op has a rule."""
    fused = node.op if isinstance(node.op, Fused) else None
    op = type(fused.base if fused else node.op)
    if op in _FUSED_RULES:
        _FUSED_RULES[op](lowering, node, fused)
    else:
        _RULES[op](lowering, node)


LOWERED = Dialect("native", has_rule, computes_constants=True)
"""What can be lowered to kernels. Its rules are declared when `lowering.lower` is imported."""
