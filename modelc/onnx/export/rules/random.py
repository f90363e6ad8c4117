"""Random numbers that layers draw at inference, as with `training: true`: the runtime draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelc.graph.graph import Node
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.protos import FLOAT
from modelc.onnx.table import writes
from modelc.ops.random import Random, RandomKind

_OPERATORS: dict[RandomKind, str] = {"uniform": "RandomUniform", "normal": "RandomNormal"}


@writes(
    Random, "RandomUniform", "RandomNormal", "RandomUniformLike", "RandomNormalLike",
    note="drawn by the runtime: from the same distribution, and others than modelc's",
)  # fmt: skip
def write_random(w: OnnxWriter, node: Node, op: Random) -> None:
    """Numbers of a shape, other ones at every call: the number of the call, which modelc draws by, is not needed."""
    w.place(node.output, drawn(w, op.kind, op.shape))


def drawn(w: OnnxWriter, kind: RandomKind, shape: Sequence[Any]) -> str:
    """Random numbers of a shape, in which None is the batch."""
    operator = _OPERATORS[kind]
    if all(isinstance(size, int) for size in shape) and shape:
        made = w.emit(operator, dtype=FLOAT, shape=[*map(int, shape)])
    else:
        zeros = w.emit("ConstantOfShape", w.sizes.shape(shape))
        made = w.emit(f"{operator}Like", zeros, dtype=FLOAT)
    return w.as_float(made) if w.half else made
