"""Attention among the samples of a batch."""

from __future__ import annotations

from modelc.graph.graph import Node
from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.rules.random import drawn
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import writes
from modelc.ops.sample_attention import MASKED, SampleAttention


@writes(SampleAttention, "MatMul", "Softmax", "Tanh")
def write_sample_attention(w: OnnxWriter, node: Node, op: SampleAttention) -> None:
    """Scores of all pairs of samples, their softmax, and the mean of the values."""
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
    weights = w.emit("Softmax", scores, axis=-1)
    if op.rate != 0:
        kept = w.emit("GreaterOrEqual", drawn(w, "uniform", (None, None)), w.number(op.rate))
        weights = w.emit("Div", w.emit("Mul", weights, w.as_float(kept)), w.number(1 - op.rate))
    w.place(node.output, w.emit("MatMul", weights, w.use(value)))


def _lowered(w: OnnxWriter, scores: str, where: str) -> str:
    """Scores that leave out what is masked."""
    return w.emit("Where", where, w.emit("Sub", scores, w.number(MASKED)), scores)
