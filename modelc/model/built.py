"""`BuiltGraph`: a traced model that no longer changes, whole or the part between some of its tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, Value, prune
from modelc.language.definition import Definition
from modelc.language.labels import labels_of
from modelc.language.nested import with_trainable
from modelc.language.view import part_of
from modelc.layers.base import Layer
from modelc.model.symbol import Backend, Symbol, Traced, bind_layers, tensors_by_name
from modelc.weights.variable import Variable


@dataclass(frozen=True, eq=False)
class BuiltGraph:
    """A graph, its layers in order and its variables by path."""

    graph: Graph
    layers: tuple[Layer, ...]
    variables: Mapping[str, Variable]
    backend: Backend
    base: Definition
    """The spec that it was made from: of the same layers, or of more where this is a part."""

    def bind(self) -> None:
        """Give each layer its weights and its symbolic input and output."""
        bind_layers(self.layers, self.graph.layers, self)

    def to_spec(self) -> Definition:
        """The spec that gives this graph, its layers frozen as they are now.

        Raises `SpecError` for outputs that a spec cannot name: the model's input, or a tensor twice.
        """
        spec = with_trainable(self.base, self.layers)
        if spec.name != self.graph.name:
            spec = spec.replaced(name=self.graph.name)
        names = self.graph.output_names
        keys = self.graph.output_keys
        if (names, keys) == (self.base.graph.output_names, self.base.graph.output_keys):
            return spec
        if (len(set(names)) < len(names) and not keys) or any(spec.wiring.tensor(name) is None for name in names):
            message = f"a spec cannot name the outputs {list(names)}"
            help = "take outputs of layers, each once"
            raise SpecError(Diagnostic("E207", message, help, self.graph.name))
        # `extract` names layers, `outputs` also single tensors of theirs.
        if not keys and not any("[" in name for name in names):
            return spec.replaced(extracts=names)
        returns = dict(zip(keys, names, strict=True)) if keys else names
        return spec.replaced(returns=returns, labels=self._labels(), truncate_at=None, extracts=())

    def _labels(self) -> tuple[str, ...] | dict[str, tuple[str, ...]] | None:
        """The labels of those outputs that the spec has as well."""
        own = dict(zip(self.base.graph.output_names, labels_of(self.base), strict=True))
        names = zip(self.graph.output_labels, self.graph.output_names, strict=True)
        found = {label: labels for label, name in names if (labels := own.get(name)) is not None}
        return next(iter(found.values()), None) if len(self.graph.outputs) == 1 else found or None


def part_between(
    inputs: Sequence[Symbol], outputs: Sequence[Symbol], name: str | None, keys: Sequence[str] = ()
) -> BuiltGraph:
    """The part of a traced model between these tensors; it shares layers and variables with the whole.

    `keys` are those of its outputs, where it returns a mapping.

    Raises `SpecError` where the tensors do not belong together.
    """
    owner = outputs[0].owner
    if any(s.owner is not owner for s in (*inputs, *outputs)):
        raise _mismatch("the inputs and outputs belong to different models")
    graph = owner.graph
    if not {s.value for s in inputs} <= set(graph.inputs):
        help = "take `inputs` of the model whose layers these are"
        raise _mismatch("a model starts at the inputs of the model it is made from", help)
    known = tensors_by_name(graph)
    gone = [s.name for s in outputs if known.get(s.name) is not s.value]
    if gone:
        raise _mismatch(f"no longer in the model: {', '.join(f'`{n}`' for n in gone)}")
    base = _spec_of(owner)
    part, kept = part_of(graph, base, [s.value for s in outputs], [s.name for s in outputs])
    missing = _needed_inputs(part) - {s.value for s in inputs}
    if missing:
        names = [n for v, n in zip(graph.inputs, graph.input_names, strict=True) if v in missing]
        raise _mismatch(f"the outputs depend on more inputs: {', '.join(f'`{n}`' for n in names)}")
    part = _with_inputs(replace(part, name=name or graph.name, output_keys=tuple(keys)), [s.value for s in inputs])
    layers = tuple(layer for layer in owner.layers if layer.name in kept)
    variables = {w.path: owner.variables[w.path] for w in part.weights}
    return BuiltGraph(prune(part), layers, variables, owner.backend, base)


def _needed_inputs(graph: Graph) -> set[Value]:
    used = {value for node in prune(graph).nodes for value in node.inputs} | set(graph.outputs)
    return used & set(graph.inputs)


def _with_inputs(graph: Graph, inputs: Sequence[Value]) -> Graph:
    """The graph with only these of its inputs, in this order."""
    if list(graph.inputs) == list(inputs):
        return graph
    places = [graph.inputs.index(value) for value in inputs]
    return replace(
        graph,
        inputs=tuple(inputs),
        input_names=tuple(graph.input_names[i] for i in places),
        input_dtypes=tuple(graph.input_dtypes[i] for i in places),
    )


def _spec_of(owner: Traced) -> Definition:
    return owner.base if isinstance(owner, BuiltGraph) else owner.to_spec()


def _mismatch(message: str, help: str | None = None) -> SpecError:
    return SpecError(Diagnostic("E207", message, help, "Model"))
