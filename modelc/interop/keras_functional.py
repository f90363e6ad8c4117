"""The layers of a Functional model of Keras and their calls, as the entries of a spec."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from modelc.errors import FileFormatError
from modelc.interop.keras import MODELS, config_of
from modelc.interop.keras_calls import bind
from modelc.interop.keras_nodes import Call, KerasTensor, calls_of, is_older, structure_of
from modelc.interop.keras_notes import Notes
from modelc.interop.keras_operations import is_operation, operation_from_keras
from modelc.interop.keras_order import Key, order_calls
from modelc.interop.keras_tf_operations import is_tf_operation, operation_from_tf
from modelc.interop.unsupported import UnsupportedError
from modelc.layers.base import Layer
from modelc.layers.core import InputLayer
from modelc.spec.nested import Model
from modelc.spec.wiring import Entry, Reuse

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
    ) -> None:
        self._notes, self._make = notes, layer
        self._written = {_name(entry): entry for entry in entries}
        self._older = is_older(entries)
        self._calls: dict[Key, Call] = {}
        for name, entry in self._written.items():
            calls = [Call((), {})] if entry.get("class_name") == _INPUT else calls_of(entry, name, self._first_call)
            self._calls.update({(name, i): call for i, call in enumerate(calls)})
        self._names: dict[Key, str] = {}
        self._layers: dict[str, Layer] = {}
        self._options: dict[str, Mapping[str, Any]] = {}
        inputs = [self._checked(t).layer for t in structure_of(options.get("input_layers"), "input_layers", _from_0)]
        made = [self._entry(key) for key in self._order()]
        self.entries = tuple(_with_inputs_in_order(made, inputs))
        """The entries, each after those that it is applied to; layers in Keras's order."""
        outputs = structure_of(options.get("output_layers"), "output_layers", self._first_output)
        self.returns = tuple(self._reference(self._checked(tensor)) for tensor in outputs)
        """What the model returns."""
        if not self.returns:
            raise FileFormatError("the Keras model is malformed: it has no outputs")

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

    def _reference(self, tensor: KerasTensor) -> str:
        return f"{self._names[tensor.layer, tensor.node]}[{tensor.index}]"

    def _entry(self, key: Key) -> Entry:
        name, _ = key
        entry, call = self._written[name], self._calls[key]
        if is_operation(entry) or is_tf_operation(entry):
            return self._operation(key, entry, call)
        first = name not in self._layers
        if first:
            self._layers[name] = self._make(entry)
        layer = self._layers[name]
        if isinstance(layer, InputLayer):
            self._names[key] = name
            return layer
        bound = bind(layer, call, name, self._notes, _input_names(layer))
        connections = bound.connections(self._reference)
        if first:
            self._options[name] = bound.options
            self._names[key] = name
            return layer.model_copy(update={**bound.options, "connections": connections})
        if bound.options != self._options[name]:
            raise UnsupportedError(f"the Keras layer `{name}` is called with other options at one place than another")
        self._names[key] = f"{name}@{sum(other[0] == name for other in self._names)}"
        return Reuse(use=name, inputs=connections)  # pyright: ignore[reportCallIssue]

    def _operation(self, key: Key, entry: Mapping[str, Any], call: Call) -> Entry:
        """A bare operation; one that is called again is another entry, since it has no weights to share."""
        read = operation_from_tf if is_tf_operation(entry) else operation_from_keras
        made = read(entry, call.args, call.kwargs, lambda value: isinstance(value, KerasTensor))
        name = key[0]
        while key[1] and name in self._written:
            name = f"{name}_{key[1]}"
        self._names[key] = name
        references = tuple(map(self._reference, made.tensors))
        connections = references[0] if len(references) == 1 else references
        return made.layer.model_copy(update={"name": name, "connections": connections})


def _name(entry: Mapping[str, Any]) -> str:
    return str(config_of(entry, str(entry.get("class_name"))).get("name"))


def _from_0(name: str) -> int:
    del name
    return 0


def _input_names(layer: Layer) -> Sequence[str]:
    if not isinstance(layer, Model):
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
