"""An architecture of the zoo with the options of Keras's functions: with or without its top layers, pooled, pretrained,
narrower."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modelc.applications.checks import Asked, Pooling
from modelc.applications.tensors import input_of, with_input
from modelc.applications.variants import variant_of
from modelc.config.arguments import kind_of, require_seed, require_sizes, require_texts
from modelc.errors import Diagnostic, DownloadError, SpecError
from modelc.files.preprocessing import Preprocessing
from modelc.language.wiring import use_names
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.layers.normalization.by_sample import LayerNormalization
from modelc.layers.pooling.all_positions import GlobalAveragePooling2D, GlobalMaxPooling2D
from modelc.model.loading import load_spec
from modelc.model.model import Model
from modelc.model.spec import Spec
from modelc.model.symbol import Backend, require_backend
from modelc.zoo.fetching import fetched_or_fetch
from modelc.zoo.imagenet import CLASSES
from modelc.zoo.pretrained import IMAGENET

_ANY = (None, None, 3)
"""What Keras's functions take without the top layers, except for those of NASNet: pictures of any size."""


def application(
    architecture: str,
    *,
    include_top: bool = True,
    weights: str | os.PathLike[str] | None = IMAGENET,
    input_tensor: InputLayer | None = None,
    input_shape: Sequence[int | None] | None = None,
    pooling: Pooling | None = None,
    classes: int = CLASSES,
    classifier_activation: str | None = "softmax",
    name: str | None = None,
    seed: int = 0,
    backend: Backend = "native",
    mirror: str | None = None,
    **options: Any,
) -> Model:
    """Build the model of an architecture of the zoo, with the options of Keras's function.

    `weights` is `"imagenet"`, the default, for the weights that Keras publishes, which are downloaded into the user's
    cache unless they are there (from `mirror`, the URL of one, if given); the path of a weight file; or None for random
    weights, by `seed`. With `include_top=False` the model returns the last feature maps, or with `pooling` (`"avg"`,
    `"max"`) their average or maximum, of pictures of any size unless `input_shape` says one; else that of the
    architecture is the default. `input_tensor` is an `Input` instead: its shape, name, data type and batch size.
    `classes` and `classifier_activation` (None for logits) are those of the top.

    MobileNets have a width, `alpha`; MobileNet a `depth_multiplier` and a `dropout`; MobileNetV3 `minimalistic` and
    `dropout_rate`. With `include_preprocessing=False` EfficientNetV2, MobileNetV3 and ConvNeXt do not scale pixels.

    Raises `SpecError` for an option that Keras refuses too, `DownloadError` for weights that cannot be downloaded, and
    the errors of `spec.build` for a weight file that does not fit.
    """
    require_backend(backend, architecture)
    require_seed(seed, architecture)
    if name is not None:
        require_texts("name", (name,), architecture)
    input = input_of(input_tensor, input_shape, architecture)
    if input is not None:
        input_shape = input.shape
    asked = Asked(architecture, include_top, weights, input_shape, pooling, classes, classifier_activation)
    asked.check()
    pretrained = weights == IMAGENET
    variant = variant_of(architecture, input_shape, pretrained=pretrained, name=name, **options)
    if input_shape is None and (asked.of_any_size or not (include_top or architecture.startswith("nasnet"))):
        input_shape = _ANY
    spec = application_spec(
        architecture, include_top, input_shape, pooling, classes=classes, classifier_activation=classifier_activation,
        **variant.variables,
    )  # fmt: skip
    if input is not None:
        spec = with_input(spec, input)
    if variant.mode is not None:
        spec = spec.replaced(preprocessing=Preprocessing(mode=variant.mode))
    named = name or variant.name
    spec = spec if named is None else spec.replaced(name=named)
    if pretrained:
        weights = _fetched(variant.pretrained, include_top, mirror)
    return spec.build(weights=weights, seed=seed, backend=backend)


def _fetched(pretrained: str, top: bool, mirror: str | None) -> Path:
    """The published weights. Raises `DownloadError` where they are neither in the cache nor to be had."""
    try:
        return fetched_or_fetch(pretrained, top=top, mirror=mirror)
    except DownloadError as error:
        raise DownloadError(error.message, f"{error.help}; weights=None are random ones") from None


def application_spec(
    architecture: str,
    include_top: bool = True,
    input_shape: Sequence[int | None] | None = None,
    pooling: Pooling | None = None,
    **variables: Any,
) -> Spec:
    """The spec of an architecture with these changes; `variables` that are not None are set in it."""
    settings = [f"vars.{key}={json.dumps(value)}" for key, value in variables.items() if value is not None]
    if "classifier_activation" in variables and variables["classifier_activation"] is None:
        settings.append("vars.classifier_activation=linear")
    if not isinstance(include_top, bool):
        message = f"`include_top` must be true or false, found {kind_of(include_top)}"
        raise SpecError(Diagnostic("E203", message, None, architecture))
    if input_shape is not None:
        require_sizes("input_shape", input_shape, architecture)
        settings.append(f"vars.shape={json.dumps(list(input_shape))}")
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
    return spec.replaced(entries=tuple(entries), returns=None if pooling or normalized else source, labels=None)
