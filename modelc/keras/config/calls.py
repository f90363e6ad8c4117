"""From the arguments of a call in Keras to the `inputs` of an entry, and the options that Keras takes in the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.config.nodes import Call, KerasTensor, tensors_in
from modelc.language.names import escaped
from modelc.layers.base import Layer
from modelc.semantics import KERAS_3, Semantics, TrainingInCall
from modelc.sources.notes import Notes

_RECURRENT = ("sequences", "initial_state", "mask", "training")
_BY_POSITION: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional"), _RECURRENT),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _RECURRENT),
    **dict.fromkeys(
        ("Attention", "AdditiveAttention"),
        ("inputs", "mask", "training", "return_attention_scores", "use_causal_mask"),
    ),
    "MultiHeadAttention": (
        "query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask", "return_attention_scores",
        "training", "use_causal_mask",
    ),
    "GroupQueryAttention": (
        "query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask", "return_attention_scores",
        "training", "use_causal_mask",
    ),
    **dict.fromkeys(("GlobalAveragePooling1D", "Softmax"), ("inputs", "mask")),
    "CategoryEncoding": ("inputs", "count_weights"),
    "ReversibleEmbedding": ("inputs", "reverse"),
}  # fmt: skip
"""What Keras calls the arguments of a call, in order."""

_USUAL = ("inputs", "training", "mask")

_NOISE = frozenset(
    {
        "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D",
        "SpatialDropout3D",
    }
)  # fmt: skip
"""Layers of which `training=True` in a call is never Keras's own default: it asks for Monte Carlo dropout."""


@dataclass(frozen=True, slots=True)
class BoundCall:
    """A call as an entry of a spec writes it."""

    inputs: Mapping[str, tuple[KerasTensor, ...]]
    """The tensors by argument; `""` alone where all of them are told by their order."""
    options: Mapping[str, Any]
    """Options of the layer that Keras takes in the call."""

    def connections(self, reference: Callable[[KerasTensor], str]) -> str | tuple[str, ...] | dict[str, Any]:
        """What `inputs` says, given the reference that a tensor is."""
        written = {name: _short(tuple(map(reference, tensors))) for name, tensors in self.inputs.items()}
        return written.get("", written)


def _short(references: tuple[str, ...]) -> str | tuple[str, ...]:
    return references[0] if len(references) == 1 else references


def bind(
    layer: Layer, call: Call, name: str, notes: Notes, order: Sequence[str] = (), semantics: Semantics = KERAS_3
) -> BoundCall:
    """A call of a layer. Raises `UnsupportedError` for arguments that modelc does not have.

    `order` are the names of the inputs of a model, in the order in which it takes them; `semantics` are those of the
    Keras which wrote the call.
    """
    binder = _Binder(layer, name, notes, order, semantics)
    for argument, value in _named(layer, call, name):
        binder.take(argument, value)
    return binder.bound()


def _named(layer: Layer, call: Call, name: str) -> Iterator[tuple[str, Any]]:
    """The arguments of a call by name; the first one is called `""`."""
    class_name = layer.type_name()
    known = _BY_POSITION.get(class_name) or (layer.input_names if layer.required_inputs > 1 else _USUAL)
    if len(call.args) > len(known):
        raise UnsupportedError(f"the Keras layer `{name}` is called with {len(call.args)} arguments")
    for i, value in enumerate(call.args):
        yield (known[i] if i else ""), value
    first = None if call.args else _first_key(call.kwargs, (known[0], "inputs", layer.input_names[0]))
    for key, value in call.kwargs.items():
        yield ("" if key == first else key), value


def _first_key(kwargs: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """The keyword that stands for the first argument of a call: one of its usual names, or the first with tensors."""
    usual = (key for key in kwargs if key in names)
    return next(usual, None) or next((key for key, value in kwargs.items() if any(tensors_in(value))), None)


class _Binder:
    def __init__(self, layer: Layer, name: str, notes: Notes, order: Sequence[str], semantics: Semantics) -> None:
        self._semantics = semantics
        self._layer, self._name, self._notes, self._order = layer, name, notes, order
        self._positional: dict[str, tuple[KerasTensor, ...]] = {}
        self._tensors: dict[str, tuple[KerasTensor, ...]] = {}
        self._options: dict[str, Any] = {}

    def take(self, argument: str, value: Any) -> None:
        layer = self._layer
        if argument == "":
            self._first(value)
        elif value is None:
            return
        elif argument == "training":
            self._training(value)
        elif argument in layer.call_options:
            if value not in (False, True):  # 0 and 1 are taken, as Keras does
                raise self._unsupported(argument, "it is not true or false")
            if value:
                self._options[argument] = True
        elif any(tensors_in(value)):
            self._tensor(argument, value)
        elif not _is_nothing(value):
            raise self._unsupported(argument, "it has no such option")

    def _training(self, value: Any) -> None:
        """Set the option `training` from the argument of the call.

        In Keras 2 the argument holds. Keras 3 writes true, its default, into the calls of all layers that prepare
        images, and its `predict` ignores the argument: there, true is taken over for layers such as Dropout only, where
        it asks for Monte Carlo dropout.
        """
        if not isinstance(value, bool | int):
            raise self._unsupported("training", "it is not true or false")
        layer = self._layer
        if not layer.differs_in_training:
            return
        holds = self._semantics.training_in_call is TrainingInCall.HOLDS
        if holds or (value and layer.type_name() in _NOISE):
            self._options["training"] = bool(value)
        if not holds and value:
            kept = "Keras 3's `predict` passes over it"
            if layer.type_name() in _NOISE:
                self._notes.add(f"drops at inference, as it is called with training=True; {kept}", self._name)
            else:
                self._notes.add(f"called with training=True, which was left out: {kept}", self._name)

    def _first(self, value: Any) -> None:
        tensors = self._flat(value, "its first argument")
        if not tensors:
            raise UnsupportedError(f"the Keras layer `{self._name}` is applied to no tensor")
        if len(tensors) > 1 and "initial_state" in self._layer.tensor_arguments:  # as Keras 2 wrote them
            self._positional[""], self._tensors["initial_state"] = tensors[:1], tensors[1:]
        else:
            self._positional[""] = tensors

    def _tensor(self, argument: str, value: Any) -> None:
        layer = self._layer
        if argument == "mask":
            masks = _without_last_nones(value)
            if isinstance(masks, list) and None in masks:
                self._notes.add("the masks are those that go with the inputs: some inputs have none", self._name)
            else:
                self._tensors[argument] = self._flat(masks, "`mask`")
        elif argument in layer.input_names:
            self._positional[argument] = self._flat(value, f"`{argument}`")
        elif argument in layer.tensor_arguments:
            self._tensors[argument] = self._flat(value, f"`{argument}`")
        else:
            raise self._unsupported(argument, "it takes no such tensor")

    def _flat(self, value: Any, what: str) -> tuple[KerasTensor, ...]:
        if isinstance(value, KerasTensor):
            return (value,)
        if isinstance(value, Mapping):
            return self._by_name(cast("Mapping[str, Any]", value), what)
        if not isinstance(value, list | tuple):
            raise UnsupportedError(f"the Keras layer `{self._name}` is called on something other than tensors ({what})")
        return tuple(t for item in cast("Sequence[Any]", value) for t in self._flat(item, what))

    def _by_name(self, value: Mapping[str, Any], what: str) -> tuple[KerasTensor, ...]:
        """The tensors of a mapping in the order of the inputs of the model that they are for."""
        named = {escaped(name): item for name, item in value.items()}
        if not self._order or set(named) != set(self._order):
            raise UnsupportedError(f"the Keras layer `{self._name}` is called on a dictionary ({what})")
        return tuple(t for name in self._order for t in self._flat(named[name], what))

    def bound(self) -> BoundCall:
        """All that was taken."""
        names = self._layer.input_names
        positional = {name or names[0]: self._positional[name] for name in ("", *names) if name in self._positional}
        in_order = tuple(positional) == names[: len(positional)]
        if in_order and not self._tensors and all(len(tensors) == 1 for tensors in list(positional.values())[:-1]):
            positional = {"": tuple(t for tensors in positional.values() for t in tensors)}
        return BoundCall({**positional, **self._tensors}, self._options)

    def _unsupported(self, argument: str, reason: str) -> UnsupportedError:
        return UnsupportedError(f"the Keras layer `{self._name}` is called with `{argument}`: {reason}")


def _is_nothing(value: Any) -> bool:
    """Whether an argument is false, or has nothing but null in it."""
    if isinstance(value, Mapping):
        value = list(cast("Mapping[str, Any]", value).values())
    if isinstance(value, list | tuple):
        return all(map(_is_nothing, cast("Sequence[Any]", value)))
    return value is None or value is False


def _without_last_nones(value: Any) -> Any:
    """A list of masks, of which the last may be left out."""
    if not isinstance(value, list | tuple):
        return value
    items = list(cast("Sequence[Any]", value))
    while items and items[-1] is None:
        items.pop()
    return items
