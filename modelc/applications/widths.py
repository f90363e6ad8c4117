"""The narrower and wider variants of MobileNet and MobileNetV2: `alpha` multiplies the channels of all layers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from modelc.applications.checks import SIZES
from modelc.errors import Diagnostic, SpecError
from modelc.text.unknown import unknown

ALPHAS = {"mobilenet": (0.25, 0.5, 0.75, 1.0), "mobilenet_v2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)}
"""The values of `alpha` for which there are published weights."""

_OPTIONS = {"mobilenet": ("alpha", "depth_multiplier", "dropout"), "mobilenet_v2": ("alpha",)}
_NAMES = {"mobilenet": "mobilenet", "mobilenet_v2": "mobilenetv2"}
"""What Keras's names of the models begin with."""
_WIDTHS = (32, 64, 128, 256, 512, 1024)
_OUTPUTS = (16, 24, 32, 64, 96, 160, 320)
_EXPANSION = 6
_TOP = 1280


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of an architecture."""

    pretrained: str
    """The name of its published weights."""
    name: str | None = None
    """What Keras calls the model; None for what the spec calls it."""
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the variables of the spec are for it."""


def variant_of(
    architecture: str, input_shape: Sequence[int | None] | None, *, pretrained: bool, **options: Any
) -> Variant:
    """The variant with these options. Raises `SpecError` for options that the architecture has not.

    With `pretrained` weights it must be one that has them, and the weights for pictures of 224 × 224 serve for sizes
    that have none of their own, with a warning.
    """
    known = _OPTIONS.get(architecture, ())
    for key in options:
        if key not in known:
            said = unknown("option", key, known, where=f"of {architecture}", otherwise="the options are those of Keras")
            raise SpecError(Diagnostic("E201", *said, architecture))
    if architecture not in SIZES:
        return Variant(architecture)
    alpha, multiplier = options.get("alpha", 1.0), options.get("depth_multiplier", 1)
    _require_number("alpha", alpha, architecture)
    size = _size(architecture, input_shape)
    if pretrained:
        if alpha not in ALPHAS[architecture]:
            listed = ", ".join(map(str, ALPHAS[architecture]))
            raise SpecError(
                Diagnostic("E204", f"there are no weights for alpha={alpha}", f"one of: {listed}", architecture)
            )
        if multiplier != 1:
            message = f"there are weights for depth_multiplier=1 only, found {multiplier}"
            raise SpecError(Diagnostic("E204", message, "leave it out, or give weights=None", architecture))
    if size is None:
        if pretrained and input_shape is not None:
            shown = ", ".join(map(str, SIZES[architecture]))
            text = (
                f"{architecture} has weights for squares of {shown} pixels: those for 224 are taken for {input_shape}"
            )
            warnings.warn(text, stacklevel=4)
        size = 224
    rows = size if input_shape is None or pretrained else input_shape[0]
    plain = alpha == 1 and size == 224
    of_weights = architecture if plain else f"{architecture}_{alpha:.2f}_{size}"
    published = alpha in ALPHAS[architecture] and multiplier == 1
    variables = _variables(architecture, alpha) | ({"pretrained": of_weights} if published else {})
    variables |= {key: options[key] for key in ("depth_multiplier", "dropout") if key in options}
    return Variant(of_weights, f"{_NAMES[architecture]}_{alpha:.2f}_{rows}", variables)


def _size(architecture: str, shape: Sequence[int | None] | None) -> int | None:
    """The height and width, if there are published weights for them."""
    if shape is None:
        return 224
    return shape[0] if len(shape) == 3 and shape[0] == shape[1] and shape[0] in SIZES[architecture] else None


def _variables(architecture: str, alpha: float) -> dict[str, Any]:
    """The numbers of channels."""
    if alpha == 1:
        return {}
    if architecture == "mobilenet":
        return {f"width{i}": int(width * alpha) for i, width in enumerate(_WIDTHS, 1)}
    outputs = [_multiple_of_8(width * alpha) for width in _OUTPUTS]
    variables = {"stem": _multiple_of_8(32 * alpha), "top": _multiple_of_8(_TOP * alpha) if alpha > 1 else _TOP}
    variables |= {f"out{i}": width for i, width in enumerate(outputs, 1)}
    return variables | {f"wide{i}": _EXPANSION * width for i, width in enumerate(outputs[:-1], 1)}


def _multiple_of_8(width: float) -> int:
    """The nearest multiple of 8 that is not more than a tenth below `width`, and at least 8."""
    nearest = max(8, int(width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * width else nearest


def _require_number(name: str, value: Any, architecture: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 100:
        message = f"`{name}` must be a positive number, found {value!r}"
        raise SpecError(Diagnostic("E204", message, None, architecture))
