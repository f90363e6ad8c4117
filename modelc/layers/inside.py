"""Layers inside of layers: those that a wrapper holds in its options, and the layers of a model. How freezing reaches
them, and where it contradicts itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from modelc.errors import Diagnostic, SpecError

if TYPE_CHECKING:
    from modelc.layers.base import Layer
    from modelc.layers.bound import Bound


def replaced_inside(layer: Layer, change: Callable[[Layer], Layer]) -> dict[str, Any]:
    """The options of a wrapper that hold layers, with these changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(change(one) for one in cast("tuple[Layer, ...]", value))
        return None if value is None else change(value)

    return {option: changed(vars(layer)[option]) for option in layer.wrapped}


def hand_down(layer: Bound, trainable: bool) -> None:
    """Set `trainable` of all layers inside, as Keras does: what was set of them before no longer counts."""
    for inner in layer.inside:
        inner.follow(trainable)
        hand_down(inner, trainable)


def freezes(layer: Bound, path: str) -> bool:
    """Whether a layer inside that is frozen by itself has the weight at this path below the layer."""
    return any(
        path.startswith(f"{name}/") and (not part.trainable or freezes(part, path.removeprefix(f"{name}/")))
        for name, part in layer.parts()
    )


def freezing(layers: Iterable[Layer]) -> Iterator[bool]:
    """What of these layers is trained, one by one: what a step of training depends on, besides its labels.

    Not told from weights, since a layer without any that are trained, such as a BatchNormalization with neither
    center nor scale, does something else when it is frozen.
    """
    for layer in layers:
        yield layer.trainable
        if inside := layer.inside:
            yield from freezing(inside)


def require_no_contradiction(layers: Iterable[Layer], frozen: str | None = None) -> None:
    """Raise `SpecError` where a layer was set to be trained after all that it is in was frozen.

    Keras trains such a layer if it is in a frozen wrapper, and leaves it alone without a word if it is in a frozen
    model. `frozen` says what is frozen around the layers.
    """
    for layer in layers:
        if frozen is not None and layer.thawed:
            message = f"`{layer.label}` was set to be trained, but {frozen} is frozen as a whole"
            help = "first set `trainable = True` of the whole, then `trainable = False` of the parts to freeze"
            raise SpecError(Diagnostic("E207", message, help, layer.label))
        if inside := layer.inside:
            around = frozen or (None if layer.trainable else f"{'the model ' if layer.is_model else ''}`{layer.label}`")
            require_no_contradiction(inside, around)
