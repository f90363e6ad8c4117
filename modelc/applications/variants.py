"""The variants of an architecture: what the options that only some of Keras's functions have do to its spec.

MobileNets have widths, `alpha`, and MobileNetV3 a minimalistic form; EfficientNetV2, MobileNetV3 and ConvNeXt scale
pixels themselves, unless `include_preprocessing` is false; EfficientNet scales them once more for published weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelc.applications import widths
from modelc.applications.checks import SIZES
from modelc.applications.signatures import DEFAULTS, OF_VARIANTS, names_of, require_known
from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, SpecError
from modelc.files.preprocessing import Mode

ALPHAS = {
    "mobilenet": (0.25, 0.5, 0.75, 1.0),
    "mobilenet_v2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
    "mobilenet_v3_small": (0.75, 1.0),
    "mobilenet_v3_large": (0.75, 1.0),
}
"""The values of `alpha` for which there are published weights."""

_NAMES = {"mobilenet": "mobilenet", "mobilenet_v2": "mobilenetv2"}
"""What Keras's names of the models begin with."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of an architecture."""

    pretrained: str
    """The name of its published weights."""
    name: str | None = None
    """What Keras calls the model; None for what the spec calls it."""
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the variables of the spec are for it."""
    mode: Mode | None = None
    """What is done to pictures from files, where it is another mode than the spec's."""


def variant_of(
    architecture: str,
    input_shape: Sequence[int | None] | None,
    *,
    pretrained: bool,
    name: str | None = None,
    **options: Any,
) -> Variant:
    """The variant with these options. Raises `SpecError` for options that the architecture has not.

    With `pretrained` weights it must be one that has them. MobileNet and MobileNetV2 have weights for squares of
    several sizes; those for pictures of 224 × 224 serve for other sizes, with a warning.
    """
    require_known(architecture, options)
    chosen = {key: options.get(key, DEFAULTS[key]) for key in names_of(architecture) if key in OF_VARIANTS}
    if "alpha" in chosen:
        _require_number("alpha", chosen["alpha"], "a positive number", lambda alpha: 0 < alpha < 100, architecture)
        _require_published(architecture, pretrained, chosen)
    if architecture.startswith("mobilenet_v3"):
        return _mobilenet_v3(architecture, input_shape, pretrained=pretrained, **chosen)
    if architecture in SIZES:
        return _mobilenet(architecture, input_shape, pretrained=pretrained, **chosen)
    if "include_preprocessing" in chosen:
        return _scaling(architecture, input_shape, name=name, **chosen)
    again = architecture.startswith("efficientnet") and pretrained
    return Variant(architecture, variables={"rescale": True} if again else {})


def _published_widths(architecture: str, *, minimalistic: bool) -> tuple[float, ...]:
    """The values of `alpha` for which there are published weights of this form."""
    return (1.0,) if minimalistic else ALPHAS[architecture]


def _require_published(architecture: str, pretrained: bool, chosen: dict[str, Any]) -> None:
    """Raise `SpecError` unless a variant that shall be pretrained has published weights."""
    alpha, multiplier, minimalistic = chosen["alpha"], chosen.get("depth_multiplier", 1), chosen.get("minimalistic")
    if not pretrained:
        return
    known = _published_widths(architecture, minimalistic=bool(minimalistic))
    if alpha not in known:
        listed, whose = ", ".join(map(str, known)), " of the minimalistic network" if minimalistic else ""
        message = f"there are no weights for alpha={alpha}{whose}"
        raise SpecError(Diagnostic("E204", message, f"one of: {listed}; or give weights=None", architecture))
    if multiplier != 1:
        message = f"there are weights for depth_multiplier=1 only, found {multiplier}"
        raise SpecError(Diagnostic("E204", message, "leave it out, or give weights=None", architecture))


def _mobilenet(
    architecture: str,
    input_shape: Sequence[int | None] | None,
    *,
    pretrained: bool,
    alpha: float,
    depth_multiplier: int = 1,
    dropout: float | None = None,
) -> Variant:
    """MobileNet and MobileNetV2, whose published weights are for one of several sizes."""
    size = _size(architecture, input_shape)
    if size is None:
        if pretrained and input_shape is not None:
            _warn_of_size(architecture, SIZES[architecture], input_shape)
        size = 224
    rows = size if input_shape is None or pretrained else input_shape[0]
    plain = alpha == 1 and size == 224
    of_weights = architecture if plain else f"{architecture}_{alpha:.2f}_{size}"
    published = alpha in ALPHAS[architecture] and depth_multiplier == 1
    variables: dict[str, Any] = {"pretrained": of_weights} if published else {}
    if alpha != 1:
        variables |= widths.mobilenet(alpha) if architecture == "mobilenet" else widths.mobilenet_v2(alpha)
    if architecture == "mobilenet":
        variables |= {"depth_multiplier": depth_multiplier, "dropout": dropout}
    return Variant(of_weights, f"{_NAMES[architecture]}_{alpha:.2f}_{rows}", variables)


def _size(architecture: str, shape: Sequence[int | None] | None) -> int | None:
    """The height and width, if there are published weights for them."""
    if shape is None:
        return 224
    return shape[0] if len(shape) == 3 and shape[0] == shape[1] and shape[0] in SIZES[architecture] else None


def _mobilenet_v3(
    architecture: str,
    input_shape: Sequence[int | None] | None,
    *,
    pretrained: bool,
    alpha: float,
    minimalistic: bool,
    dropout_rate: float,
    include_preprocessing: bool,
) -> Variant:
    """MobileNetV3, whose weights are for squares of 224 pixels and serve for all sizes."""
    for key, value in (("minimalistic", minimalistic), ("include_preprocessing", include_preprocessing)):
        _require_flag(key, value, architecture)
    if pretrained and input_shape is not None and tuple(input_shape[:2]) not in ((224, 224), (None, None)):
        _warn_of_size(architecture, (224,), input_shape)
    of_weights = f"{architecture}{'_minimalistic' if minimalistic else ''}"
    of_weights += "" if alpha == 1 else f"_{alpha:.2f}"
    published = alpha in _published_widths(architecture, minimalistic=minimalistic)
    variables: dict[str, Any] = {"pretrained": of_weights} if published else {}
    if alpha != 1:
        variables |= widths.mobilenet_v3(architecture, alpha)
    if minimalistic:
        variables |= {"kernel": 3, "activation": "relu", "excite": False}
    _require_number("dropout_rate", dropout_rate, "a number from 0 to 1", lambda rate: 0 <= rate <= 1, architecture)
    variables |= {"dropout": dropout_rate, "include_dropout": dropout_rate > 0}
    variables["include_preprocessing"] = include_preprocessing
    return Variant(of_weights, variables=variables, mode=None if include_preprocessing else "tf")


def _scaling(
    architecture: str, input_shape: Sequence[int | None] | None, *, include_preprocessing: bool, name: str | None
) -> Variant:  # fmt: skip
    """EfficientNetV2 and ConvNeXt, which normalize pictures of three colours by the means of ImageNet."""
    _require_flag("include_preprocessing", include_preprocessing, architecture)
    convnext = architecture.startswith("convnext")
    normalizing = convnext or architecture.startswith("efficientnet_v2_b")
    variables: dict[str, Any] = {"model": name} if convnext and name is not None else {}
    variables["include_preprocessing"] = include_preprocessing
    if normalizing and input_shape is not None and len(input_shape) == 3 and input_shape[2] != 3:
        if convnext:
            variables["include_preprocessing"] = False
        else:
            variables |= {"normalize": False, "scale": 1 / 128, "offset": -1.0}
    mode: Mode = "torch" if normalizing else "tf"
    return Variant(architecture, variables=variables, mode=None if include_preprocessing else mode)


def _warn_of_size(architecture: str, sizes: Sequence[int], found: Sequence[int | None]) -> None:
    shown = ", ".join(map(str, sizes))
    text = f"{architecture} has weights for squares of {shown} pixels: those for 224 are taken for {tuple(found)}"
    warnings.warn(text, stacklevel=6)


def _require_number(
    name: str, value: Any, what: str, valid: Callable[[float], bool], architecture: str
) -> None:  # fmt: skip
    """Raise `SpecError` unless an option is a number that is `valid`: `what` says so."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not valid(value):
        raise SpecError(Diagnostic("E204", f"`{name}` must be {what}, found {value!r}", None, architecture))


def _require_flag(name: str, value: Any, architecture: str) -> None:
    if not isinstance(value, bool):
        raise SpecError(
            Diagnostic("E203", f"`{name}` must be true or false, found {kind_of(value)}", None, architecture)
        )
