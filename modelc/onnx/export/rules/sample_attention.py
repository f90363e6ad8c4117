"""Attention among the samples of a batch."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import CannotSayError, writes
from modelc.ops.sample_attention import MASKED, SampleAttention


@writes(SampleAttention, "MatMul", "Softmax", "Tanh")
def write_sample_attention(w: OnnxWriter, node: Node, op: SampleAttention) -> None:
    """Scores of all pairs of samples, their softmax, and the mean of the values."""
    if op.rate != 0:
        raise CannotSayError("draws random numbers at inference")
    query, key, value, *rest = node.inputs
    q, k = w.use(query), w.use(key)
    if op.score == "tanh":
        weight = w.use(rest.pop(0))
        both = w.emit("Add", w.emit("Unsqueeze", q, w.integers([1])), k)
        scores = w.reduce("ReduceSum", w.emit("Mul", w.emit("Tanh", both), weight), [2], keepdims=False)
    else:
        scores = w.emit("MatMul", q, w.emit("Transpose", k, perm=[1, 0]))
    if op.causal:
        samples = up_to(w, None)
        later = w.emit("Less", w.emit("Unsqueeze", samples, w.integers([1])), samples)
        scores = _lowered(w, scores, later)
    if op.masked:
        scores = _lowered(w, scores, w.emit("Not", w.emit("Cast", w.use(rest[0]), to=9)))
    w.place(node.output, w.emit("MatMul", w.emit("Softmax", scores, axis=-1), w.use(value)))


def _lowered(w: OnnxWriter, scores: str, where: str) -> str:
    """Scores that leave out what is masked."""
    return w.emit("Where", where, w.emit("Sub", scores, w.number(MASKED)), scores)
