"""`Stack`: the layers of a Sequential model, named, traced and given weights as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelc.config.arguments import require_seed
from modelc.config.options import Precision
from modelc.errors import Diagnostic, NotBuiltError, SpecError
from modelc.graph.graph import Graph, LayerTrace
from modelc.language.definition import Definition, InputSpec
from modelc.language.names import Namer, name_problem, resolve_names
from modelc.language.nested import ModelLayer
from modelc.language.trace import LayerChain, tensor_names
from modelc.layers.base import Layer
from modelc.layers.wrappers.time_distributed import TimeDistributed
from modelc.model.symbol import INPUT_NAME, Backend, bind_layer, require_backend, require_precision
from modelc.semantics import SemanticsName
from modelc.weights.assign import make_variable
from modelc.weights.variable import Variable


class Stack:
    """A chain of layers that grows and shrinks at its end.

    Once its input is known, each layer is traced when it comes, and only then; its weights keep their values from
    then on. A layer that already has weights, from a call by itself or from another model, brings them along.
    Whatever is refused leaves the stack as it was.
    """

    def __init__(
        self,
        name: str,
        seed: int,
        backend: Backend,
        precision: Precision,
        semantics: SemanticsName = "keras3",
    ) -> None:
        require_backend(backend, "Sequential")
        require_precision(precision, "Sequential")
        require_seed(seed, "Sequential")
        self.name = name
        self.semantics: SemanticsName = semantics
        self.precision: Precision = precision
        self.backend: Backend = backend
        self.variables: dict[str, Variable] = {}
        self._seed = seed
        self._namer = Namer()
        self._automatic: set[str] = set()
        self._layers: list[Layer] = []
        self._members: set[int] = set()
        self._input: InputSpec | None = None
        self._chain: LayerChain | None = None
        self._graph: Graph | None = None
        self._last: LayerTrace | None = None

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, in order."""
        return tuple(self._layers)

    @property
    def input(self) -> InputSpec | None:
        """What the model takes, as far as it is known."""
        return self._input

    @property
    def graph(self) -> Graph:
        """The graph so far. Raises `NotBuiltError` while there is nothing to trace."""
        if self._graph is None:
            graph = self._require_chain().graph(self.name)
            fixed = self.input is not None and self.input.batch_size is not None
            # As in Keras, the size of the batch that an Input says binds stateful layers only.
            kept = fixed or any(weight.state for weight in graph.weights)
            self._graph = graph if kept else replace(graph, batch_size=None)
        return self._graph

    def _require_chain(self) -> LayerChain:
        if self._chain is None:
            raise NotBuiltError(
                f"the model `{self.name}` is not built yet: its weights are made when it is first called on data, when "
                "`build(input_shape)` is called, or from the start if its first entry is an `Input(shape=…)`"
            )
        return self._chain

    # --- changing it

    def take_input(self, input: InputSpec, batch_size: int | None = None) -> None:
        """Make the input known, and build the layers that are there; `batch_size` is for those that are stateful.

        Raises `SpecError` where they do not fit.
        """
        chain = LayerChain(
            input.shape, input.dtype, batch_size=input.batch_size or batch_size, semantics=self.semantics,
            precision=self.precision,
        )  # fmt: skip
        records = [chain.add(layer) for layer in self._layers]
        for layer, record in zip(self._layers, records, strict=True):
            _require_fit(layer, record)
        self._input, self._chain, self._graph, self._last = input, chain, None, None
        for layer, record in zip(self._layers, records, strict=True):
            self._build(layer, record)

    def forget_input(self) -> None:
        """Make an empty stack one whose input is not known."""
        self._input = self._chain = self._graph = None

    def extend(self, layers: Sequence[Layer]) -> None:
        """Put layers on the stack: all of them, or none where one does not fit."""
        self._check_new(layers)
        explicit = [layer.name for layer in layers if layer.name is not None]
        for name in explicit:
            self._namer.take(name)
        unbuilt = {id(layer) for layer in layers if not layer.built}
        count = len(self._layers)
        try:
            for layer in layers:
                self._add(layer)
        except Exception:
            while len(self._layers) > count:
                layer = self.pop()
                if id(layer) in unbuilt:
                    layer.bind(None)
                if layer.name not in explicit:
                    layer.give_name(None)
            for name in explicit:
                self._namer.release(name)
            raise

    def _check_new(self, layers: Sequence[Layer]) -> None:
        seen, names = set[int](), set[str]()
        for layer in layers:
            if id(layer) in self._members or id(layer) in seen:
                help = "make a second layer: a plain stack does not use one twice"
                raise _refused("E207", f"`{layer.label}` is in the model already", help, layer)
            seen.add(id(layer))
            if layer.name is None:
                continue
            problem = name_problem(layer.name)
            if problem is not None:
                raise _refused("E206", f"`{layer.name}` cannot be a layer's name: {problem}", None, layer)
            if layer.name in names or layer.name in self._namer:
                help = "names are unique in a model, automatic ones included: give another `name=`"
                raise _refused("E206", f"two layers have the name `{layer.name}`", help, layer)
            names.add(layer.name)

    def _add(self, layer: Layer) -> None:
        automatic = layer.name is None
        if automatic:
            layer.give_name(self._namer.make(layer.auto_name()))
        name = str(layer.name)
        if self._chain is not None:
            try:
                record = self._chain.add(layer)
                try:
                    _require_fit(layer, record)
                except SpecError:
                    self._chain.pop()
                    raise
            except Exception:
                if automatic:
                    self._namer.release(name)
                    layer.give_name(None)
                raise
            self._build(layer, record)
        if automatic:
            self._automatic.add(name)
        self._layers.append(layer)
        self._members.add(id(layer))
        self._graph = None

    def _build(self, layer: Layer, record: LayerTrace) -> None:
        """Give a layer that was traced its weights and symbols."""
        variables, shared = tuple(layer.variables), layer.in_model
        model, shape = layer, record.input.type.shape
        if isinstance(layer, TimeDistributed):
            model, shape = layer.layer, (shape[0], *shape[2:])
        if isinstance(model, ModelLayer) and model.source is not None:
            if not model.source.built:
                model.source.build(shape)
            variables, shared = tuple(model.source.variables), True
        elif not layer.built:
            variables = tuple(make_variable(w, self._seed) for w in record.weights)
        for variable, weight in zip(variables, record.weights, strict=True):
            if not shared:  # a layer that was called by itself is named only now
                variable.path = weight.path
            self.variables[weight.path] = variable
        if not layer.in_model:
            self._bind(layer, record)
        self._last = record

    def _bind(self, layer: Layer, record: LayerTrace) -> None:
        before = self._last
        known = {INPUT_NAME: self._require_chain().input}
        if before is not None:
            known |= dict(zip(tensor_names(before.name, len(before.outputs)), before.outputs, strict=True))
        bind_layer(layer, self, record, known, {value: name for name, value in known.items()}, self.variables)

    def pop(self) -> Layer:
        """Take the last layer off; it keeps its name and its weights. Raises `SpecError` where there is none."""
        if not self._layers:
            raise SpecError(Diagnostic("E204", "there are no layers in the model", None, self.name))
        layer = self._layers.pop()
        self._members.remove(id(layer))
        name = str(layer.name)
        if self._chain is not None:
            for weight in self._chain.records[-1].weights:
                del self.variables[weight.path]
            self._chain.pop()
            self._last = self._chain.records[-1] if self._chain.records else None
        if layer.in_model and layer.output.owner is self:
            layer.bind(tuple(layer.variables))
        self._namer.release(name)
        self._automatic.discard(name)
        self._graph = None
        return layer

    # --- text

    def to_spec(self) -> Definition:
        """The spec of the layers as they are now: automatic names are left out where a spec gives the same ones."""
        names = [str(layer.name) for layer in self._layers]
        entries = [
            layer.entry(None if name in self._automatic else name)
            for layer, name in zip(self._layers, names, strict=True)
        ]
        if resolve_names(entries) != names:
            entries = [layer.entry(name) for layer, name in zip(self._layers, names, strict=True)]
        input = self._input
        if input is not None and self.graph.batch_size is not None:
            input = input.model_copy(update={"batch_size": self.graph.batch_size})
        options = {
            "name": self.name, "input": input, "layers": tuple(entries), "semantics": self.semantics,
            "precision": self.precision,
        }  # fmt: skip
        return Definition.validate_options(options)


def _require_fit(layer: Layer, record: LayerTrace) -> None:
    """Raise `SpecError` where a layer has weights of other shapes than this model needs."""
    found, expected = [v.shape for v in layer.variables], [w.shape for w in record.weights]
    if layer.built and found != expected:
        message = f"`{layer.label}` has weights of the shapes {found}, its place in the model needs {expected}"
        raise _refused("E401", message, "it was built for another input: make a new layer", layer)


def _refused(code: str, message: str, help: str | None, layer: Layer) -> SpecError:
    return SpecError(Diagnostic(code, message, help, layer.label))
