"""The architectures of `keras.applications`, called as in Keras: `applications.Xception(include_top=False)`.

Each is built from a spec of the zoo. Nothing is downloaded: `weights` is the path of a weight file, such as one that
Keras stores in `~/.keras/models`, or None for random weights.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal

from modelc.config.validation import kind_of, require_seed, require_sizes, require_texts
from modelc.errors import Diagnostic, InputError, SpecError
from modelc.language.wiring import use_names
from modelc.layers.base import Layer
from modelc.layers.normalization.normalization import LayerNormalization
from modelc.layers.pooling.global_ import GlobalAveragePooling2D, GlobalMaxPooling2D
from modelc.model.loading import load_spec
from modelc.model.model import Model
from modelc.model.spec import Spec
from modelc.model.symbol import Backend, require_backend
from modelc.text.unknown import unknown

NAMES: dict[str, str] = {
    "Xception": "xception", "VGG16": "vgg16", "VGG19": "vgg19",
    "ResNet50": "resnet50", "ResNet101": "resnet101", "ResNet152": "resnet152",
    "ResNet50V2": "resnet50_v2", "ResNet101V2": "resnet101_v2", "ResNet152V2": "resnet152_v2",
    "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2",
    "MobileNet": "mobilenet", "MobileNetV2": "mobilenet_v2",
    "MobileNetV3Small": "mobilenet_v3_small", "MobileNetV3Large": "mobilenet_v3_large",
    "DenseNet121": "densenet121", "DenseNet169": "densenet169", "DenseNet201": "densenet201",
    "NASNetMobile": "nasnet_mobile", "NASNetLarge": "nasnet_large",
    **{f"EfficientNetB{i}": f"efficientnet_b{i}" for i in range(8)},
    **{f"EfficientNetV2B{i}": f"efficientnet_v2_b{i}" for i in range(4)},
    **{f"EfficientNetV2{size}": f"efficientnet_v2_{size.lower()}" for size in "SML"},
    **{f"ConvNeXt{size}": f"convnext_{size.lower()}" for size in ("Tiny", "Small", "Base", "Large", "XLarge")},
}  # fmt: skip
"""Keras's names and the names in the zoo."""

Pooling = Literal["avg", "max"]


def application(
    architecture: str,
    *,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = None,
    input_shape: Sequence[int] | None = None,
    pooling: Pooling | None = None,
    classes: int | None = None,
    classifier_activation: str | None = "softmax",
    name: str | None = None,
    seed: int = 0,
    backend: Backend = "native",
) -> Model:
    """Build the model of an architecture of the zoo.

    With `include_top=False` it returns the last feature maps, or their average or maximum with `pooling`; `input_shape`
    defaults to that of the architecture. Raises `InputError` for weights that would have to be downloaded, `SpecError`
    for an invalid option, and the errors of `spec.build` for an invalid weight file.
    """
    if isinstance(weights, str) and weights.startswith("imagenet") and not os.path.exists(weights):
        raise InputError(
            f"weights={weights!r} would be downloaded, which modelc does not do",
            "give the path of the file, such as one in ~/.keras/models, or weights=None",
        )
    require_backend(backend, architecture)
    require_seed(seed, architecture)
    if name is not None:
        require_texts("name", (name,), architecture)
    spec = application_spec(
        architecture, include_top, input_shape, pooling, classes=classes, classifier_activation=classifier_activation
    )
    spec = spec if name is None else spec.replaced(name=name)
    return spec.build(weights=weights, seed=seed, backend=backend)


def application_spec(
    architecture: str,
    include_top: bool = True,
    input_shape: Sequence[int] | None = None,
    pooling: Pooling | None = None,
    **variables: Any,
) -> Spec:
    """The spec of an architecture with these changes; `variables` that are not None are set in it."""
    settings = [f"vars.{key}={value}" for key, value in variables.items() if value is not None]
    if "classifier_activation" in variables and variables["classifier_activation"] is None:
        settings.append("vars.classifier_activation=linear")
    if not isinstance(include_top, bool):
        message = f"`include_top` must be true or false, found {kind_of(include_top)}"
        raise SpecError(Diagnostic("E203", message, None, architecture))
    if input_shape is not None:
        require_sizes("input_shape", input_shape, architecture)
        settings.append(f"vars.shape={list(input_shape)}")
        settings += _parities(architecture, input_shape)
    spec = load_spec(f"zoo:{architecture}", settings=settings)
    if include_top:
        return spec
    if pooling not in (None, "avg", "max"):
        raise SpecError(Diagnostic("E204", f"`pooling` cannot be {pooling!r}", "one of: avg, max, None", architecture))
    return _without_top(spec, pooling, normalized=architecture.startswith("convnext"))


def _without_top(spec: Spec, pooling: Pooling | None, *, normalized: bool) -> Spec:
    """The spec up to the last feature maps, which are the input of the last global pooling or else of a Flatten."""
    names, wiring = use_names(spec.entries), spec.wiring
    tops = [i for i, e in enumerate(spec.entries) if isinstance(e, Layer) and e.type_name() == "GlobalAveragePooling2D"]
    tops = tops or [i for i, e in enumerate(spec.entries) if isinstance(e, Layer) and e.type_name() == "Flatten"]
    last = wiring.uses[tops[-1]].inputs[0]
    kept = wiring.ancestors([last])
    entries: list[Any] = [spec.entries[i] for i in kept]
    source = names[last.use]
    if pooling is not None:
        kind = GlobalAveragePooling2D if pooling == "avg" else GlobalMaxPooling2D
        entries.append(kind(name=f"{pooling}_pool", inputs=source))
    if normalized:  # ConvNeXt ends with one, whether there is a top or not
        entries.append(LayerNormalization(epsilon=1e-6, inputs=None if pooling else source))
    return spec.replaced(entries=tuple(entries), returns=None if pooling or normalized else source)


def _parities(architecture: str, shape: Sequence[int]) -> list[str]:
    """For NASNet: whether the sizes that its four reductions halve are odd, which determines the padding."""
    if not architecture.startswith("nasnet"):
        return []
    settings: list[str] = []
    size = (shape[0] - 3) // 2 + 1
    for i in range(1, 5):
        settings.append(f"vars.odd{i}={'true' if size % 2 else 'false'}")
        size = -(-size // 2)
    return settings


def __getattr__(name: str) -> Callable[..., Model]:
    if name in NAMES:
        return partial(application, NAMES[name])
    raise AttributeError("; ".join(unknown("architecture", name, NAMES)))


def __dir__() -> list[str]:
    return sorted([*NAMES, "NAMES", "application", "application_spec"])
