"""Operators that are others: what one gives is read from nodes that the file might have had instead."""

from __future__ import annotations

from typing import Any

from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError
from modelc.onnx.read.values import Value


def applied(r: OnnxReader, operator: str, *operands: Value | None, **attributes: Any) -> Value:
    """What an operator gives for these operands; of several outputs the first."""
    return applied_whole(r, operator, *operands, **attributes)[0]


def applied_whole(r: OnnxReader, operator: str, *operands: Value | None, **attributes: Any) -> tuple[Value, ...]:
    """All outputs of an operator. No node behind the present one becomes part of it."""
    outer = r.node
    label = f"{next(filter(None, outer.outputs), '')}#"
    names = ["" if one is None else f"{label}{i}" for i, one in enumerate(operands)]
    node = OnnxNode(operator, names, [label], outer.name, "", attributes)
    for name, operand in zip(names, operands, strict=True):
        if operand is not None:
            r.values[name] = operand
    r.node = node
    try:
        made = r.given(node)
    finally:
        r.node = outer
        for name in names:
            r.values.pop(name, None)
    return made if isinstance(made, tuple) else (made,)


def required(r: OnnxReader, index: int, what: str) -> Value:
    """An operand that must be there."""
    value = r.value(index)
    if value is None:
        raise RefusedError(f"its operand {index}, the {what}, is left out")
    return value
