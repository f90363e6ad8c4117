"""The layers of a Functional model of Keras and their calls, as the entries of a spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from modelc.errors import FileFormatError, UnsupportedError
from modelc.keras.config.calls import bind
from modelc.keras.config.layers import MODELS, config_of
from modelc.keras.config.nodes import Call, KerasTensor, calls_of, is_older, structure_of
from modelc.keras.config.operations import is_operation, operation_from_keras
from modelc.keras.config.order import Key, order_calls
from modelc.keras.tensorflow.read import is_tf_function, steps_of_tf
from modelc.language.nested import ModelLayer
from modelc.language.wiring import Entry, Reuse
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.semantics import KERAS_3, Semantics
from modelc.sources.notes import Notes
from modelc.sources.refs import Ref
from modelc.sources.shapes import Shapes

_INPUT = "InputLayer"


class Functional:
    """Reads the options of a serialized Functional model, whose `layers` are `entries`.

    References among the made entries all say which tensor they mean, `dense[0]`; `layer` makes a layer of an entry.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        entries: Sequence[Mapping[str, Any]],
        notes: Notes,
        layer: Callable[[Mapping[str, Any]], Layer],
        semantics: Semantics = KERAS_3,
    ) -> None:
        self._semantics = semantics
        self._notes, self._make = notes, layer
        self._written = {_name(entry): entry for entry in entries}
        self._older = is_older(entries)
        self._calls: dict[Key, Call] = {}
        for name, entry in self._written.items():
            calls = [Call((), {})] if entry.get("class_name") == _INPUT else calls_of(entry, name, self._first_call)
            self._calls.update({(name, i): call for i, call in enumerate(calls)})
        self._names: dict[Key, str] = {}
        self._given: dict[Key, Any] = {}
        """What functions of TensorFlow give: tensors, data, or lists of them."""
        self._shapes = Shapes()
        self._steps: dict[str, str] = {}
        """The names of the entries that functions of TensorFlow are."""
        self._layers: dict[str, Layer] = {}
        self._options: dict[str, Mapping[str, Any]] = {}
        taken = structure_of(options.get("input_layers"), "input_layers", _from_0)
        inputs = [self._checked(t).layer for t in taken.tensors]
        made = [entry for key in self._order() for entry in self._entries(key)]
        self.entries = tuple(_with_inputs_in_order(made, inputs))
        """The entries, each after those that it is applied to; layers in Keras's order."""
        outputs = structure_of(options.get("output_layers"), "output_layers", self._first_output)
        returned = tuple(self._reference(self._checked(tensor)) for tensor in outputs.tensors)
        self.returns = dict(zip(outputs.keys, returned, strict=True)) if outputs.keys else returned
        """What the model returns."""
        if not returned:
            raise FileFormatError("the Keras model is malformed: it has no outputs")
        if outputs.nested:
            notes.add("the model returns lists or mappings in one another; their tensors become one list")

    # --- from which number calls are counted

    def _first_call(self, name: str) -> int:
        return int(self._older and self._is_model(name, (*MODELS,)))

    def _first_output(self, name: str) -> int:
        return int(self._is_model(name, (*MODELS,) if self._older else ("Functional", "Model")))

    def _is_model(self, name: str, classes: Sequence[str]) -> bool:
        """Whether a layer is a model of one of these classes whose input is known: it has had a call by itself."""
        entry = self._written.get(name, {})
        if entry.get("class_name") not in classes:
            return False
        options = config_of(entry, "Sequential")
        if entry.get("class_name") != "Sequential" or "build_input_shape" in options:
            return True
        layers: Any = options.get("layers")
        front: Any = cast("list[Any]", layers)[0] if isinstance(layers, list) and layers else None
        if not isinstance(front, Mapping):
            return False
        first = cast("Mapping[str, Any]", front)
        inner: Any = first.get("config")
        return first.get("class_name") == _INPUT or (isinstance(inner, Mapping) and "batch_input_shape" in inner)

    # --- entries

    def _order(self) -> list[Key]:
        needs = {
            key: [(t.layer, t.node) for t in map(self._checked, call.tensors)] for key, call in self._calls.items()
        }
        return order_calls(list(self._written), needs)

    def _checked(self, tensor: KerasTensor) -> KerasTensor:
        if (tensor.layer, tensor.node) not in self._calls:
            raise FileFormatError(
                f"the Keras model is malformed: it has no call {tensor.node} of the layer `{tensor.layer[:60]}`"
            )
        return tensor

    def _value(self, tensor: KerasTensor) -> Any:
        """A tensor as a `Ref`, or the data that it is."""
        key = tensor.layer, tensor.node
        given = self._given.get(key)
        if isinstance(given, list):
            values = cast("list[Any]", given)
            if tensor.index >= len(values):
                raise FileFormatError(
                    f"the Keras model is malformed: `{tensor.layer[:60]}` gives {len(values)} tensors"
                )
            return values[tensor.index]
        if isinstance(given, Ref):
            return Ref(given.key, tensor.index) if tensor.index else given
        return Ref(self._names[key], tensor.index) if given is None else given

    def _reference(self, tensor: KerasTensor) -> str:
        value = self._value(tensor)
        if not isinstance(value, Ref):
            raise UnsupportedError(
                f"`{tensor.layer}` of the Keras model gives a constant, made of the sizes of tensors, and layers take "
                "tensors only"
            )
        return f"{self._steps.get(value.key, value.key)}[{value.index}]"

    def _entries(self, key: Key) -> list[Entry]:
        entry = self._written[key[0]]
        return self._tf_function(key, entry) if is_tf_function(entry) else [self._entry(key)]

    def _entry(self, key: Key) -> Entry:
        name, _ = key
        entry, call = self._written[name], self._calls[key]
        if is_operation(entry):
            return self._operation(key, entry, call)
        first = name not in self._layers
        if first:
            self._layers[name] = self._make(entry)
        layer = self._layers[name]
        if isinstance(layer, InputLayer):
            self._names[key] = name
            self._shapes.add(name, layer)
            return layer
        bound = bind(layer, call, name, self._notes, _input_names(layer), self._semantics)
        connections = bound.connections(self._reference)
        if first:
            self._options[name] = bound.options
            self._names[key] = name
            self._note(name, layer.model_copy(update=dict(bound.options)), bound.inputs)
            return layer.model_copy(update={**bound.options, "connections": connections})
        if bound.options != self._options[name]:
            raise UnsupportedError(f"the Keras layer `{name}` is called with other options at one place than another")
        self._names[key] = f"{name}@{sum(other[0] == name for other in self._names)}"
        self._note(self._names[key], layer.model_copy(update=dict(bound.options)), bound.inputs)
        return Reuse(use=name, inputs=connections)  # pyright: ignore[reportCallIssue]

    def _operation(self, key: Key, entry: Mapping[str, Any], call: Call) -> Entry:
        """A bare operation; one that is called again is another entry, since it has no weights to share."""
        made = operation_from_keras(entry, call.args, call.kwargs, lambda value: isinstance(value, KerasTensor))
        name = self._names[key] = self._free_name(key[0], key[1])
        self._note(name, made.layer.model_copy(update={"name": name}), {"": made.tensors})
        references = tuple(map(self._reference, made.tensors))
        connections = references[0] if len(references) == 1 else references
        return made.layer.model_copy(update={"name": name, "connections": connections})

    def _tf_function(self, key: Key, entry: Mapping[str, Any]) -> list[Entry]:
        """A function of TensorFlow: the operations that it is, of which the last has its name."""
        call = self._calls[key]
        args, kwargs = self._filled(call.args), self._filled(call.kwargs)
        own = f"{key[0]}@{key[1]}" if key[1] else key[0]
        steps, self._given[key] = steps_of_tf(entry, own, args, kwargs, self._shapes)
        made: list[Entry] = []
        for i, step in enumerate(steps.made):
            last = i == len(steps.made) - 1
            name = self._free_name(key[0], key[1]) if last else self._free_name(f"{key[0]}_step", i + 1)
            self._steps[step.key] = name
            inputs = tuple(f"{self._steps.get(x.key, x.key)}[{x.index}]" for x in step.inputs)
            connections = inputs[0] if len(inputs) == 1 else inputs
            made.append(step.layer.model_copy(update={"name": name, "connections": connections}))
        return made

    def _filled(self, value: Any) -> Any:
        """A nested value, its tensors as `Ref`s and data."""
        if isinstance(value, KerasTensor):
            return self._value(value)
        if isinstance(value, Mapping):
            return {key: self._filled(item) for key, item in cast("Mapping[str, Any]", value).items()}
        if isinstance(value, list | tuple):
            return [self._filled(item) for item in cast("Sequence[Any]", value)]
        return value

    def _free_name(self, name: str, number: int) -> str:
        """The name, or where it is number 1 or more, one that no other entry has."""
        taken = {*self._written, *self._names.values(), *self._steps.values()} if number else ()
        while name in taken:
            name = f"{name}_{number}"
        return name

    def _note(self, name: str, layer: Layer, inputs: Mapping[str, Sequence[KerasTensor]]) -> None:
        """Tell the shapes of an entry and what it is applied to, by argument."""
        tensors = {argument: tuple(map(self._value, given)) for argument, given in inputs.items()}
        positional = [x for argument in ("", *layer.input_names) for x in tensors.pop(argument, ())]
        self._shapes.add(name, layer, positional, tensors)


def _name(entry: Mapping[str, Any]) -> str:
    return str(config_of(entry, str(entry.get("class_name"))).get("name"))


def _from_0(name: str) -> int:
    del name
    return 0


def _input_names(layer: Layer) -> Sequence[str]:
    if not isinstance(layer, ModelLayer):
        return ()
    return [str(entry.name) for entry in layer.spec.entries if isinstance(entry, InputLayer)]


def _with_inputs_in_order(entries: list[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries with their InputLayers in the order in which the model takes its inputs.

    Where Keras lists them in another order, they go to the front.
    """
    inputs = {str(entry.name): entry for entry in entries if isinstance(entry, InputLayer)}
    if sorted(inputs) != sorted(names):
        raise FileFormatError("the Keras model is malformed: its `input_layers` are not its InputLayers")
    if list(inputs) == list(names):
        return entries
    return [*(inputs[name] for name in names), *(entry for entry in entries if not isinstance(entry, InputLayer))]
