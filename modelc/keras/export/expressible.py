"""What Keras 3 does not have, or would compute otherwise than modelc, and so is not written for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modelc.errors import UnsupportedError
from modelc.graph.graph import prune
from modelc.graph.printer import format_graph
from modelc.language.definition import Definition
from modelc.language.nested import ModelLayer
from modelc.layers.activation.classes import PReLU
from modelc.layers.base import Layer
from modelc.layers.operations.layer import Operation
from modelc.ops.scan import comparable
from modelc.semantics import KERAS_3


def require_expressible(spec: Definition) -> None:
    """Raise `UnsupportedError` for a spec that no configuration of Keras 3 describes."""
    for layer in _all_layers(spec.layers):
        reason = _unknown_to_keras_3(layer)
        if reason is not None:
            raise UnsupportedError(f"`{layer.name or layer.type_name()}` {reason}")
    if _follows_keras_2(spec) and not _computes_the_same(spec, _under_keras_3(spec)):
        raise UnsupportedError(
            "the model has `semantics: keras2`, and by the rules of Keras 3 its masks, its padding, or what "
            "RandomCrop, Resizing or UpSampling2D does, are others: exported, it would compute something else. Keep it "
            "as a spec or an artifact of modelc's"
        )


def _unknown_to_keras_3(layer: Layer) -> str | None:
    """What Keras 2 could do with a layer, and Keras 3 cannot."""
    axis = getattr(layer, "axis", None)
    if layer.type_name() == "BatchNormalization" and isinstance(axis, tuple):
        return "normalizes several axes, and a BatchNormalization of Keras 3 has one"
    if layer.type_name() == "SeparableConv1D" and getattr(layer, "padding", None) == "causal":
        return "has causal padding, which a SeparableConv1D of Keras 3 does not have"
    return None


def _all_layers(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        yield layer
        yield from _all_layers(layer.inside)


def _inner(spec: Definition) -> Iterator[Definition]:
    for layer in _all_layers(spec.layers):
        if isinstance(layer, ModelLayer):
            yield layer.spec


def _follows_keras_2(spec: Definition) -> bool:
    return any(one.semantics != KERAS_3.name for one in (spec, *_inner(spec)))


def _under_keras_3(spec: Definition) -> Definition:
    entries = tuple(
        entry.model_copy(update={"spec": _under_keras_3(entry.spec)}) if isinstance(entry, ModelLayer) else entry
        for entry in spec.entries
    )
    return spec.replaced(entries=entries, semantics=KERAS_3.name)


def _computes_the_same(a: Definition, b: Definition) -> bool:
    """Whether two specs are traced to the same ops with the same attributes; not where the input shape is not known."""
    if not (a.is_functional or a.input is not None):
        return False
    graphs = [prune(spec.graph) for spec in (a, b)]
    ops = [[comparable(node.op) for node in graph.nodes] for graph in graphs]
    return ops[0] == ops[1] and format_graph(graphs[0]) == format_graph(graphs[1])


def require_in_keras(layers: Iterable[Layer]) -> None:
    """Raise `UnsupportedError` for a layer, inside of another one too, that Keras 3 does not have."""
    for layer in layers:
        if layer.origin in ("Keras 2", "Keras 1"):
            raise UnsupportedError(
                f"`{layer.label}`: Keras 3 has no {layer.type_name()}, which was removed with {layer.origin}"
            )
        method = layer.arguments.get("interpolation") if isinstance(layer, Operation) else None
        method = method or getattr(layer, "interpolation", None)
        if method in ("area", "gaussian", "mitchellcubic"):
            raise UnsupportedError(f"`{layer.label}`: Keras 3 has no `interpolation: {method}`, which Keras 2 had")
        _require_two_activations(layer)
        require_in_keras(layer.inside)


def _require_two_activations(layer: Layer) -> None:
    """Raise `UnsupportedError` where the two activations of a recurrent layer share their weights."""
    pair = [getattr(layer, option, None) for option in ("activation", "recurrent_activation")]
    names = {one.name for one in pair if isinstance(one, PReLU)}
    if all(isinstance(one, PReLU) for one in pair) and len(names) == 1:
        raise UnsupportedError(
            f"`{layer.label}`: its two activations are one layer, `{names.pop()}`, and a file of Keras would hold two: "
            "give them different names"
        )
