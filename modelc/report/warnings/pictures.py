"""A warning about pictures whose values are not those that published weights were trained with: scaled twice, say.

What arrives at a model with published weights is computed for a few pixels: the spec's `preprocessing` and the layers
before the model that change values, against the `preprocessing` of the model itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from modelc.errors import Diagnostic
from modelc.language.pictures import MOVE_PIXELS, inputs_of, readers_of
from modelc.layers.base import Layer
from modelc.layers.preprocessing.ranges import Normalization, Rescaling
from modelc.report.warnings.place import warn
from modelc.text.listing import listing

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing
    from modelc.language.definition import Definition
    from modelc.language.view import ModelView

Array = NDArray[Any]

_PIXELS: Final = np.array([[[0, 0, 0], [255, 255, 255], [200, 100, 50]]], np.float64)
"""Black, white and a colour: what becomes of them tells what becomes of all."""
_NEAR: Final = 0.05
"""How far values may be from those of the weights' training, against their range: 1/128 is as good as 1/127.5."""

_SMALLEST: Final = 1e-7
"""The least deviation that a Normalization divides by."""


@dataclass(frozen=True, slots=True)
class _Reached:
    """A model with published weights, and the layers that change the values of pictures on their way to it."""

    model: Any
    before: tuple[Layer, ...]


def picture_warnings(spec: Definition) -> Iterator[Diagnostic]:
    """W405 for every model inside with published weights that gets other values than these were trained with."""
    for source in inputs_of(spec):
        for reached in _reached(spec.view, source, ()):
            yield from _judged(spec, reached)


def _reached(view: ModelView, source: int, before: tuple[Layer, ...]) -> Iterator[_Reached]:
    """The models with published weights that a use leads to, by way of layers that move or scale pixels."""
    for reader in readers_of(view, source):
        use = view.wiring.uses[reader]
        layer: Any = view.by_name[use.layer]
        if layer.is_model and layer.takes_published:
            yield _Reached(layer, before)
        elif layer.is_model:
            inside = inputs_of(layer.viewed)
            at = [i for i, operand in enumerate(use.inputs) if operand.use == source and i < len(inside)]
            for i in at:
                yield from _reached(layer.viewed.view, inside[i], before)
        elif isinstance(layer, Rescaling | Normalization):
            yield from _reached(view, reader, (*before, layer))
        elif layer.type_name() in MOVE_PIXELS:
            yield from _reached(view, reader, before)


def _judged(spec: Definition, reached: _Reached) -> Iterator[Diagnostic]:
    own, said, before = reached.model.viewed.preprocessing, spec.preprocessing, reached.before
    changed = said is not None and said.mode != "none"
    if own is None or reached.model.viewed.pretrained is None or not (before or changed):
        return
    expected = own.of_pixels(_PIXELS)
    found = _arriving(_PIXELS, said, before)
    likely = [found]
    if not changed:  # arrays may hold values from 0 to 1 as well
        likely.append(_arriving(_PIXELS / 255, None, before))
    itself = own.mode == "none"
    if any(_is_near(one, expected) if one is not None else not (itself or changed) for one in likely):
        return
    name = str(reached.model.name)
    ways = ["`preprocessing`"] if changed else []
    ways += [f"`{layer.name}` ({layer.type_name()})" for layer in before]
    values = "normalized" if found is None else f"with values {_range(found)}"
    scaled = ", which the model scales itself" if itself else ""
    message = (
        f"pictures come to `{name}` through {listing(ways)} {values}, and the published weights of "
        f"`{reached.model.viewed.pretrained}` take values {_range(expected)}{scaled}"
    )
    if itself:
        needless, rest = ways, f"`{name}` scales pictures itself"
    elif said == own:
        needless, rest = ways[1:], "`preprocessing` scales pictures already"
    else:
        needless, rest = ways, f"pictures from files are then scaled as `{name}` says, `{own.mode}`"
    place = before[-1].place if before else spec.place("preprocessing")
    yield warn(place, "W405", message, f"remove {listing(needless)}: {rest}", name)


def _arriving(pixels: Array, said: Preprocessing | None, before: Sequence[Layer]) -> Array | None:
    """What pixels become; None where a layer learns it from data, or treats places differently."""
    values = pixels if said is None else said.of_pixels(pixels)
    for layer in before:
        if isinstance(layer, Rescaling):
            scale, offset = _by_colour(layer.scale), _by_colour(layer.offset)
            if scale is None or offset is None:
                return None
            values = values * scale + offset
        elif isinstance(layer, Normalization):
            mean, variance = _by_colour(layer.mean), _by_colour(layer.variance)
            if mean is None or variance is None:
                return None
            deviation = np.maximum(np.sqrt(variance), _SMALLEST)
            values = values * deviation + mean if layer.invert else (values - mean) / deviation
    return values


def _by_colour(numbers: Any) -> Array | None:
    """Numbers of an option for all colours, or one for each; None for others."""
    array = np.array(numbers, np.float64).reshape(-1) if numbers is not None else np.empty(0)
    return array if array.size in (1, 3) else None


def _is_near(found: Array, expected: Array) -> bool:
    return found.shape == expected.shape and bool(np.abs(found - expected).max() <= _NEAR * np.ptp(expected))


def _range(values: Array) -> str:
    return f"from {float(values.min()):.3g} to {float(values.max()):.3g}"
