"""`BuiltChain`: a traced chain of layers that no longer changes, whole or the part between two of its tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from modelc.errors import Diagnostic, SpecError
from modelc.graph.graph import Graph, prune
from modelc.layers.base import Layer
from modelc.runtime.symbol import INPUT_NAME, Backend, Symbol, Traced, bind_layer
from modelc.spec.spec import Spec
from modelc.variables import Variable


@dataclass(frozen=True, eq=False)
class BuiltChain:
    """A graph, its layers in order and its variables by path."""

    graph: Graph
    layers: tuple[Layer, ...]
    variables: Mapping[str, Variable]
    backend: Backend
    base: Spec
    """The spec that it was made from: of the same layers, or of more where this is a part."""

    def bind(self) -> None:
        """Give each layer its weights and its symbolic input and output."""
        before = INPUT_NAME
        for layer, record in zip(self.layers, self.graph.layers, strict=True):
            bind_layer(layer, self, record, before, tuple(self.variables[w.path] for w in record.weights))
            before = record.name

    def to_spec(self) -> Spec:
        """The spec that gives this chain and these outputs, its layers frozen as they are now.

        Raises `SpecError` for outputs that a spec cannot name: the model's input, or a tensor twice.
        """
        spec = _with_trainable(self.base, self.layers)
        if spec.name != self.graph.name:
            spec = spec.replaced(name=self.graph.name)
        names, known = self.graph.output_names, [str(layer.name) for layer in spec.layers]
        if names == (spec.output_names or tuple(known[-1:])):
            return spec
        if len(set(names)) < len(names) or not set(names) <= set(known):
            message = f"a spec cannot name the outputs {list(names)}"
            help = "take outputs of layers, each once"
            raise SpecError(Diagnostic("E207", message, help, self.graph.name))
        return spec.replaced(extracts=names)


def part_between(inputs: Sequence[Symbol], outputs: Sequence[Symbol], name: str | None) -> BuiltChain:
    """The part of a traced chain between these tensors; it shares layers and variables with the whole.

    Raises `SpecError` where the tensors do not belong together.
    """
    owner = outputs[0].owner
    if any(s.owner is not owner for s in (*inputs, *outputs)):
        raise _mismatch("the inputs and outputs belong to different models")
    graph = owner.graph
    if [s.value for s in inputs] != list(graph.inputs):
        help = "take `inputs` of the model whose layers these are"
        raise _mismatch("a model starts at the inputs of the model it is made from", help)
    index = {INPUT_NAME: -1, **{record.name: i for i, record in enumerate(graph.layers)}}
    gone = [s.name for s in outputs if s.name not in index or not _is_current(s, graph, index[s.name])]
    if gone:
        raise _mismatch(f"no longer in the model: {', '.join(f'`{n}`' for n in gone)}")
    count = max(index[s.name] for s in outputs) + 1
    records = graph.layers[:count]
    weights = tuple(w for record in records for w in record.weights)
    part = replace(
        graph,
        name=name or graph.name,
        outputs=tuple(s.value for s in outputs),
        output_names=tuple(s.name for s in outputs),
        weights=weights,
        layers=records,
    )
    variables = {w.path: owner.variables[w.path] for w in weights}
    return BuiltChain(prune(part), owner.layers[:count], variables, owner.backend, _spec_of(owner))


def _is_current(symbol: Symbol, graph: Graph, index: int) -> bool:
    return symbol.value is (graph.inputs[0] if index < 0 else graph.layers[index].output)


def _spec_of(owner: Traced) -> Spec:
    return owner.base if isinstance(owner, BuiltChain) else owner.to_spec()


def _with_trainable(spec: Spec, layers: Sequence[Layer]) -> Spec:
    """The spec with `layers`, which are its first ones, frozen as they are now."""
    before = [layer.trainable for layer in spec.layers]
    now = [layer.trainable for layer in layers] + before[len(layers) :]
    if now == before:
        return spec
    kept = tuple(entry.with_trainable(t) for entry, t in zip(spec.entries, now, strict=False))
    return spec.replaced(entries=kept + spec.entries[len(kept) :], freezes=())


def _mismatch(message: str, help: str | None = None) -> SpecError:
    return SpecError(Diagnostic("E207", message, help, "Model"))
