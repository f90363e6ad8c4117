"""The graph of a model as an event of TensorBoard: a node for each layer, and a scope for each model in the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

_PRODUCER = 22
"""The version of graphs that is written, which all readers know."""


def graph_event(level: Any) -> Any:
    """An event with the graph of a model's layers, given as a `Level` (`modelc.pages.picture`, which lies above)."""
    nodes = list(_nodes(level, "", ()))
    graph = _messages("graph").GraphDef(node=nodes, versions=_messages("versions").VersionDef(producer=_PRODUCER))
    return _messages("event").Event(graph_def=graph.SerializeToString())


def _messages(file: str) -> Any:
    """The messages that a file of TensorBoard's formats declares; they have no types."""
    return import_module(f"tensorboardX.proto.{file}_pb2")


def _nodes(level: Any, scope: str, given: Sequence[str]) -> Iterator[Any]:
    """The nodes of a level in a scope; `given` are the nodes that a model's inputs come from."""
    sources: list[list[int]] = [[] for _ in range(len(level.nodes))]
    edges: Sequence[tuple[int, int]] = level.edges
    for source, target in edges:
        sources[target].append(source)
    for node, own in zip(level.nodes, sources, strict=True):
        name = f"{scope}{node.name}"
        inputs = [end for source in own for end in _ends(level.nodes[source], scope)]
        if node.kind == "input" and not own:
            inputs = list(given)
        if node.inside is None:
            yield _node(node, name, inputs)
        else:
            yield from _nodes(node.inside, f"{name}/", inputs)


def _ends(node: Any, scope: str) -> list[str]:
    """The nodes that the outputs of a node come from: of a model, its layers that it returns."""
    if node.inside is None:
        return [f"{scope}{node.name}"]
    inside = node.inside.nodes
    return [end for one in inside if one.outputs for end in _ends(one, f"{scope}{node.name}/")]


def _node(node: Any, name: str, inputs: Sequence[str]) -> Any:
    value, shape = _messages("attr_value").AttrValue, _messages("tensor_shape").TensorShapeProto
    shapes = [
        shape(dim=[shape.Dim(size=size if isinstance(size, int) else -1) for size in sizes]) for sizes in node.shapes
    ]
    texts = {**node.options, **{cost: amount.text for cost, amount in node.costs.items()}}
    attributes = {
        "_output_shapes": value(list=value.ListValue(shape=shapes)),
        **{key: value(s=str(text).encode("utf-8", "replace")) for key, text in texts.items()},
    }
    return _messages("node_def").NodeDef(name=name, op=node.type, input=inputs, attr=attributes)
