"""What is done to pictures before a model takes them: as its spec says, or the model inside that takes them first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from modelc.files.preprocessing import Preprocessing
from modelc.layers.core.input_layer import InputLayer

if TYPE_CHECKING:
    from modelc.language.definition import Definition
    from modelc.language.view import ModelView

MOVE_PIXELS: Final = frozenset({
    "CenterCrop", "InputLayer", "RandomCrop", "RandomFlip", "RandomPerspective", "RandomRotation", "RandomShear",
    "RandomTranslation", "RandomZoom", "Resizing",
})  # fmt: skip
"""Layers that move pixels and leave their values, whatever range these have."""


def preprocessing_of(spec: Definition) -> tuple[Preprocessing | None, ...]:
    """For each input of a spec's view what is done to pictures for it; None where nothing is said.

    A spec that says nothing itself takes over what a model inside says, if the input goes straight into it, or by way
    of layers that only move pixels, such as RandomFlip.
    """
    return tuple(spec.preprocessing or _of_readers(spec.view, use) for use in inputs_of(spec))


def inputs_of(spec: Definition) -> list[int]:
    """The uses of a spec's view that stand for its inputs."""
    view = spec.view
    at = [i for i in view.order if isinstance(view.by_name[view.wiring.uses[i].layer], InputLayer)]
    return at if spec.is_functional else [-1]


def _of_readers(view: ModelView, source: int) -> Preprocessing | None:
    """What all layers that read a use say of pictures; None where they do not say the same."""
    said = [_of_reader(view, reader, source) for reader in readers_of(view, source)]
    return said[0] if said and all(one == said[0] for one in said) else None


def readers_of(view: ModelView, source: int) -> list[int]:
    """The uses of layers that read what a use gives."""
    return [i for i in view.order if any(operand.use == source for operand in view.wiring.uses[i].operands)]


def _of_reader(view: ModelView, reader: int, source: int) -> Preprocessing | None:
    use = view.wiring.uses[reader]
    layer: Any = view.by_name[use.layer]
    if layer.is_model:
        inside = preprocessing_of(layer.viewed)
        at = next((i for i, operand in enumerate(use.inputs) if operand.use == source), len(inside))
        return inside[at] if at < len(inside) else None
    return _of_readers(view, reader) if layer.type_name() in MOVE_PIXELS else None
