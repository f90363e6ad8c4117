"""Recurrent layers: `LSTM`, `GRU` and `RNN`, or a `Scan` of their steps.

The operators have no masks, and a fixed set of activations. What they cannot say is a loop, whose step is written as
the definition of the op is.
"""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.onnx.export.rules.recurrence import STEPS_FIRST, reads_little
from modelc.onnx.export.rules.recurrent_loop import as_loop
from modelc.onnx.export.rules.recurrent_operator import as_operator
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.recurrent import PARTS, STATES, Recurrent


@writes(Recurrent, "LSTM", "GRU", "RNN", "Scan", note="with a mask or another activation, as a loop of its steps")
def write_recurrent(w: OnnxWriter, node: Node, op: Recurrent) -> None:
    """All steps of a recurrent layer, or the last one."""
    whole = not reads_little(w, node, op)
    written = w.ahead.get(node)
    if written is None and not whole:
        written = as_operator(w, node, op)
    if written is None:
        written = as_loop(w, node, op, node.inputs[1].type.dims[0], whole)
    if whole or (PARTS[op.kind] == 1 and op.kept != 1):
        w.place(node.output, written.of_steps(w), STEPS_FIRST)
    elif op.kept == 1 and STATES[op.kind] == PARTS[op.kind]:
        name = written.last(w)
        w.place(node.output, w.reshape(name, (None, -1), node.output.type.shape))
    else:
        w.kept[node.output] = written
