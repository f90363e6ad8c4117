"""Graphs of the file: their nodes without those that nothing reads, and the graphs of the steps of loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from modelc.graph.graph import Value
from modelc.onnx.export.layouts import Layout, permuted
from modelc.onnx.protos import INT32, Proto, graph_proto, tensor_info

if TYPE_CHECKING:
    from modelc.onnx.export.writer import OnnxWriter


_OPTIONAL = ("LSTM", "GRU", "RNN")
"""Operators that compute less where an output has no name."""


def used(nodes: Sequence[Proto], wanted: Iterable[str]) -> list[Proto]:
    """The nodes that these tensors depend on, in order."""
    needed, kept = set(wanted), list[Proto]()
    for node in reversed(nodes):
        if needed.isdisjoint(node.output):
            continue
        if node.op_type in _OPTIONAL:
            outputs = [name if name in needed else "" for name in node.output]
            while outputs and not outputs[-1]:
                outputs.pop()
            del node.output[:]
            node.output.extend(outputs)
        kept.append(node)
        needed.update(reads(node))
    return kept[::-1]


def reads(node: Proto) -> Iterator[str]:
    """The tensors that a node reads, those from outside of the graphs inside of it among them."""
    yield from node.input
    for attribute in node.attribute:
        if attribute.name == "body":
            graph = attribute.g
            for inner in graph.node:
                yield from reads(inner)
            yield from (one.name for one in graph.output)


def value_info(w: OnnxWriter, name: str, value: Value, layout: Layout) -> Proto:
    """The type of a tensor in a loop; the batch and free sizes stay open."""
    shape = [d if isinstance(d, int) else None for d in permuted(value.type.shape, layout)]
    return tensor_info(name, w.float_type if value.type.dtype == "float32" else INT32, shape)


def body_graph(
    inner: OnnxWriter, name: str, inputs: Sequence[Proto], outputs: Sequence[tuple[str, Value, Layout]]
) -> Proto:
    """The graph of a step: each output is a tensor of its own, made in it."""
    made = {output for node in inner.nodes for output in node.output}
    named: list[str] = []
    for tensor, _, _ in outputs:
        named.append(tensor if tensor in made and tensor not in named else inner.emit("Identity", tensor))
    infos = [value_info(inner, one, value, layout) for one, (_, value, layout) in zip(named, outputs, strict=True)]
    return graph_proto(name, used(inner.nodes, named), inputs, infos)
