"""Bidirectional: a recurrent layer in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, constant
from modelc.layers import LAYERS
from modelc.layers.base import Layer
from modelc.layers.recurrent.recurrence import Recurrence, reset_states
from modelc.layers.recurrent.steps import Given, States, as_states, reverse

_FORWARD, _BACKWARD = "forward_", "backward_"
_COMMON = ("stateful", "return_sequences", "return_state")
_MERGES: dict[str, Any] = {"sum": "add", "mul": "multiply", "ave": "add"}


class Bidirectional(Layer):
    """Runs a recurrent layer forwards and a second one backwards over a sequence (Schuster and Paliwal, 1997).

    x: (N, T, C) → the two outputs combined by `merge_mode`, each in the order of x; with `return_state` also the states
    of the forward layer, then those of the backward layer. Initial states are given in the same order. With
    `return_sequences`, masked steps give zeros. Weights: those of `forward_<name>`, then those of `backward_<name>`.
    """

    keras_parts = (("forward_layer", ("layer",)), ("backward_layer", ("backward_layer", "layer")))

    holds_layers = True

    differs_in_training = True

    variadic: ClassVar[bool] = True
    tensor_arguments: ClassVar[frozenset[str]] = frozenset({"initial_state"})
    wrapped = ("layer", "backward_layer")

    layer: Annotated[Layer, LAYERS.field()]
    """The forward recurrent layer, such as `{type: LSTM, units: 32}`. If it has `go_backwards`, the two directions are
    swapped."""
    merge_mode: Literal["sum", "mul", "concat", "ave"] | None = "concat"
    """How the outputs of the two directions are combined: concatenated (`concat`), added (`sum`), multiplied (`mul`) or
    averaged (`ave`); null returns both."""
    backward_layer: Annotated[Layer, LAYERS.field()] | None = None
    """The backward recurrent layer. By default a copy of `layer`."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for layer in (self.layer, *([self.backward_layer] if self.backward_layer else [])):
            if not isinstance(layer, Recurrence):
                text = f"Bidirectional wraps a recurrent layer, found {layer.type_name()}"
                raise PydanticCustomError("value", "{text}", {"text": text, "help": "such as LSTM, GRU or RNN"})
        first, second = self._directions()
        if first.go_backwards == second.go_backwards:
            text = f"both layers have `go_backwards: {str(first.go_backwards).lower()}`, they must differ"
            raise PydanticCustomError("conflict", "{text}", {"text": text})
        for option in _COMMON:
            a, b = getattr(first, option), getattr(second, option)
            if a != b:
                text = f"`{option}` of the two layers must be the same, found {a} and {b}"
                raise PydanticCustomError("conflict", "{text}", {"text": text})
        return self

    def parts(self) -> Iterator[tuple[str, Layer]]:
        for layer in self._directions():
            yield str(layer.name), layer

    def _directions(self) -> tuple[Recurrence, Recurrence]:
        """The two layers, with their names."""
        given = self.layer
        assert isinstance(given, Recurrence)
        zero = {"zero_output_for_mask": given.return_sequences}
        name = given.name or given.auto_name()
        first = given.model_copy(update={"name": _FORWARD + name.removeprefix(_FORWARD), **zero})
        other = self.backward_layer
        if other is None:
            name = _BACKWARD + name.removeprefix(_BACKWARD)
            return first, given.model_copy(update={"name": name, "go_backwards": not given.go_backwards, **zero})
        assert isinstance(other, Recurrence)
        name = other.name or _BACKWARD + other.auto_name()
        return first, other.model_copy(update={"name": name, **zero})

    def call(self, g: Builder, x: Tensor, *states: Tensor, initial_state: Given | None = None) -> tuple[Tensor, ...]:
        if initial_state is not None:
            states = as_states(initial_state)
        if len(states) % 2:
            message = f"it takes as many first states for one direction as for the other, found {len(states)}"
            raise ShapeError(message, "write those of the forward layer, then those of the backward layer")
        half, mask = len(states) // 2, g.masks.of(x)
        layers = self._directions()
        outputs: list[Tensor] = []
        after: States = ()
        for layer, own in zip(layers, (states[:half], states[half:]), strict=True):
            with g.scope(str(layer.name)):
                y, *left = layer.apply(g, x, *own)
            outputs.append(reverse(y) if layer.return_sequences and layer is layers[1] else y)
            after += tuple(left)
        merged = self._merged(g, *outputs)
        if layers[0].return_sequences:
            for y in merged:
                g.masks.set(y, mask)
        return merged + after

    def _merged(self, g: Builder, a: Tensor, b: Tensor) -> tuple[Tensor, ...]:
        if self.merge_mode is None:
            return a, b
        if self.merge_mode == "concat":
            return (a.concat(b, axis=a.rank - 1),)
        y = a.combine(_MERGES[self.merge_mode], b)
        return (y * constant(g, 0.5) if self.merge_mode == "ave" else y,)

    def reset_state(self) -> None:
        """Let the next batch begin with zeros, for stateful layers that are built."""
        reset_states(self)

    def reset_states(self) -> None:
        """Keras's older name of `reset_state`."""
        reset_states(self)
