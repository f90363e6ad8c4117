"""TimeDistributed: one layer, or one model, for every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Self

from pydantic import field_validator

from modelc.errors import NotOneCallError, ShapeError
from modelc.graph.builder import Builder
from modelc.graph.scan import scan
from modelc.graph.tensor import Tensor
from modelc.graph.traced_loop import NotOneStepError
from modelc.graph.types import format_shape
from modelc.layers import WRAPPED
from modelc.layers.activation.activate import as_unary
from modelc.layers.base import Layer
from modelc.layers.inside import replaced_inside
from modelc.layers.recurrent.steps import States, require_few_calls, stack, step_of, steps
from modelc.semantics import TimeDistributedMask

_OF_ANY_RANK = frozenset({"Dense", "Identity", "Activation", "ReLU", "LeakyReLU", "ELU", "Rescaling", "Dropout"})
"""Layers that do to a sequence, where their options name no axis, what they do to each of its steps."""
_NAMING_AXES = ("noise_shape", "scale", "offset")


class TimeDistributed(Layer):
    """Applies a layer to each step of a sequence.

    ``y[:, t] = layer(x[:, t])``, with the same weights for all steps.

    x: (N, T, ...) → (N, T, ...). Weights: those of the layer or the model, under its name. As in Keras, the
    `activity_regularizer` of the wrapped layer has no effect.
    """

    keras_parts = (("layer", ("layer",)),)

    holds_layers = True

    differs_in_training = True

    supports_masking = True
    wrapped = ("layer",)

    layer: Annotated[Layer, WRAPPED.field()]
    """The wrapped layer or model, such as `{type: Model, spec: …}`."""

    def parts(self) -> Iterator[tuple[str, Layer]]:
        yield self.layer.name or self.layer.auto_name(), self.layer

    def call(self, g: Builder, x: Tensor) -> Tensor:
        if x.rank < 3:
            message = f"TimeDistributed takes (batch, steps, ...), found {x.rank}-D {format_shape(x.shape)}"
            raise ShapeError(message, "put a Reshape before it, or give the input its missing axes", axis="rank")
        mask = g.masks.of(x)
        self._require_mask(mask, x)
        ((name, _),) = self.parts()
        with g.inside(name) if self.layer.is_model else g.scope(name):
            if self._takes_all():
                return self._only(self.layer.apply(g, x, mask=mask, penalized=False))
            y, *given = self._each_step(g, x, mask)
        if g.semantics.time_distributed_mask is TimeDistributedMask.OF_LAYER:
            g.masks.set(y, given[0] if given else self._of_steps(mask))
        return y

    def _each_step(self, g: Builder, x: Tensor, mask: Tensor | None) -> tuple[Tensor, ...]:
        """What the layer gives for each step, and the masks of it, where it has any."""
        # The mask of a sequence of steps says nothing within one; one of more axes goes on to the layer.
        scanned = (x,) if mask is None or mask.rank == 2 else (x, mask)

        def step(parts: States, _: States) -> tuple[States, States]:
            own = parts[1] if len(parts) == 2 else None
            y = self._only(self.layer.apply(g, parts[0], mask=own, penalized=False))
            given = g.masks.of(y)
            return (), (y,) if given is None else (y, given)

        mark = g.mark()
        try:
            return scan(g, step, scanned, (), backward=False).outputs
        except (NotOneStepError, NotOneCallError):
            g.rewind(mark)
        require_few_calls(x, len(self.layer.inside))
        taken = [step(tuple(step_of(one, t) for one in scanned), ())[1] for t in steps(x)]
        return tuple(stack(parts) for parts in zip(*taken, strict=True))

    @staticmethod
    def _of_steps(mask: Tensor | None) -> Tensor | None:
        """Whether anything of a step counts."""
        if mask is None or mask.rank == 2:
            return mask
        return mask.not_equal(0.0).max(tuple(range(2, mask.rank)))

    @field_validator("layer", mode="before")
    @classmethod
    def _as_layer(cls, layer: Any) -> Any:
        """A model that was made in Python, as a layer."""
        return layer.as_layer() if hasattr(layer, "as_layer") else layer

    def with_frozen(self, selectors: Sequence[str]) -> Self:
        """A copy with its model, or layers of it, frozen: `cnn`, `cnn/conv2d`."""
        ((name, model),) = self.parts()
        inside = [selector.removeprefix(f"{name}/") for selector in selectors if selector != name]
        frozen = model.with_frozen(inside) if inside else model
        return self.model_copy(update={"layer": frozen.with_trainable(model.trainable and name not in selectors)})

    def entry(self, name: str | None) -> Self:
        """A copy as an entry of a spec, the layers of its model frozen as they are now."""
        inside = replaced_inside(self, lambda one: one.entry(one.name))
        return super().entry(name).model_copy(update=inside)

    def without_weight_files(self) -> Self:
        """A copy whose model names no file to load weights from."""
        return self.model_copy(update=replaced_inside(self, lambda one: one.without_weight_files()))

    def _takes_all(self) -> bool:
        if self.layer.type_name() not in _OF_ANY_RANK:
            return False
        activation = getattr(self.layer, "activation", None)
        if isinstance(activation, Layer) and as_unary(activation) is None:
            return False  # it has weights for the positions of one step, or counts the axes of one
        return not any(isinstance(getattr(self.layer, option, None), tuple) for option in _NAMING_AXES)

    def _only(self, outputs: tuple[Tensor, ...]) -> Tensor:
        if len(outputs) != 1:
            kind = self.layer.type_name()
            raise ShapeError(f"TimeDistributed wraps a layer of one output, and this {kind} gives {len(outputs)}")
        return outputs[0]

    @staticmethod
    def _require_mask(mask: Tensor | None, x: Tensor) -> None:
        if mask is not None and mask.shape[:2] != x.shape[:2]:
            shapes = f"{format_shape(mask.shape)} does not begin as the input {format_shape(x.shape)}"
            raise ShapeError(f"the mask {shapes}", "a mask has the batch and the steps of its input")
