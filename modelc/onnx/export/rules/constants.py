"""Constants that depend on free sizes; all others are numbers of the file."""

from __future__ import annotations

import numpy as np

from modelc.graph.graph import Node
from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.constant import Range, ShareRest, SizeConstant
from modelc.ops.recurrent import PerSample


@writes(Range, "Range", "Cast")
def write_range(w: OnnxWriter, node: Node, op: Range) -> None:
    """0, 1, … below a size."""
    w.place(node.output, w.as_float(up_to(w, op.size)))


@writes(SizeConstant, "Shape", "Cast", "Reciprocal")
def write_size(w: OnnxWriter, node: Node, op: SizeConstant) -> None:
    """A size, or one over it."""
    size = w.as_float(w.sizes.scalar(op.size))
    w.place(node.output, w.emit("Reciprocal", size) if op.reciprocal else size)


@writes(ShareRest, "Shape", "Cast", "Mul", "Floor")
def write_share_rest(w: OnnxWriter, node: Node, op: ShareRest) -> None:
    """How far a place is beyond an element, in float64."""
    last = w.emit("Cast", w.sizes.scalar(op.size - 1), to=11)
    at = w.emit("Mul", last, w.raw(np.array(op.share, np.float64)))
    w.place(node.output, w.as_float(w.emit("Sub", at, w.emit("Floor", at))))


@writes(PerSample, "Identity", note="the file takes batches of the size that the model is made for")
def write_per_sample(w: OnnxWriter, node: Node, op: PerSample) -> None:
    """What is kept for each sample of a batch of a fixed size."""
    w.place(node.output, w.use(node.inputs[0]))
