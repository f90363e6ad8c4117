"""What Keras's functions check of their options, before anything is built."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from modelc.config.arguments import kind_of, require_sizes
from modelc.errors import Diagnostic, SpecError
from modelc.language.definition import Definition
from modelc.language.load import load_definition
from modelc.layers.core.input_layer import InputLayer
from modelc.zoo.imagenet import CLASSES
from modelc.zoo.pretrained import IMAGENET

Pooling = Literal["avg", "max"]

SIZES = {"mobilenet": (128, 160, 192, 224), "mobilenet_v2": (96, 128, 160, 192, 224)}
"""The heights and widths for which there are published weights, where there are several."""
_LEAST = {"xception": 71, "inception_v3": 75, "inception_resnet_v2": 75}
_LEAST_OF_OTHERS = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of a call."""

    architecture: str
    include_top: bool
    weights: str | os.PathLike[str] | None
    input_shape: Sequence[int | None] | None
    pooling: Pooling | None
    classes: int | None
    activation: str | None

    def check(self) -> None:
        """Raise `SpecError` for options that Keras refuses."""
        self._check_weights()
        if self.classes is not None and (not isinstance(self.classes, int) or isinstance(self.classes, bool)):
            raise self._wrong("E203", f"`classes` must be a number of classes, found {kind_of(self.classes)}")
        if self.weights is not None and self.include_top and self.activation not in (None, "softmax", "linear"):
            message = f"pretrained weights are for the activation softmax or none, found {kind_of(self.activation)}"
            raise self._wrong("E207", message, "give classifier_activation='softmax' or None")
        if self.weights == IMAGENET and self.include_top and self.classes not in (None, CLASSES):
            message = f"the weights of {IMAGENET} have {CLASSES} classes, and `classes` is {self.classes}"
            help = "leave the top layers out, include_top=False, and add your own; or give weights=None"
            raise self._wrong("E207", message, help)
        if self.input_shape is not None:
            self._check_shape(self.input_shape)

    def _check_weights(self) -> None:
        given = self.weights
        if given is None or given == IMAGENET:
            return
        if not isinstance(given, str | os.PathLike):
            raise self._wrong("E203", f"`weights` must be a path, '{IMAGENET}' or None, found {kind_of(given)}")
        if not os.path.exists(given):
            message = f"`weights` is {os.fspath(given)!r}, and there is no such file"
            raise self._wrong(
                "E204", message, f"give the path of a weight file, '{IMAGENET}', or None for random weights"
            )

    def _check_shape(self, shape: Sequence[int | None]) -> None:
        require_sizes("input_shape", shape, self.architecture)
        found = tuple(shape)
        if len(found) != 3:
            message = f"`input_shape` is height, width and channels, found {len(found)} numbers: {found}"
            raise self._wrong("E204", message, "leave the batch out: input_shape=(224, 224, 3)")
        least = _LEAST.get(self.architecture, _LEAST_OF_OTHERS)
        if any(size is not None and size < least for size in found[:2]):
            message = f"pictures must have at least {least} × {least} pixels, found input_shape={found}"
            raise self._wrong("E204", message, f"give at least input_shape=({least}, {least}, {found[2]})")
        if self.include_top and None in found and not self.of_any_size:
            message = f"with its top layers the sizes of pictures are fixed, found input_shape={found}"
            raise self._wrong("E207", message, "give heights and widths, or include_top=False")
        if self.weights == IMAGENET:
            if found[2] != 3:
                message = f"the weights of {IMAGENET} are for pictures of 3 channels, found input_shape={found}"
                raise self._wrong("E207", message, "give 3 channels, or weights=None")
            if self.include_top and found != self.default_shape and not self.of_any_size:
                message = (
                    f"with its top layers and the weights of {IMAGENET} it takes {self.default_shape}, found {found}"
                )
                raise self._wrong("E207", message, "leave input_shape out, or the top layers: include_top=False")
        elif found[2] not in (1, 3):
            text = f"{self.architecture} usually takes 1 or 3 channels; input_shape={found} has {found[2]}"
            warnings.warn(text, stacklevel=5)

    @property
    def of_any_size(self) -> bool:
        """Whether the classifier takes pictures of any size: that of MobileNetV3 is convolutional."""
        return self.architecture.startswith("mobilenet_v3")

    @property
    def default_shape(self) -> tuple[int | None, ...]:
        """The input shape for which the published weights with the classifier are."""
        shape = tuple(self.input_shape or ())
        sizes = SIZES.get(self.architecture, ())
        if len(shape) == 3 and shape[0] == shape[1] and shape[0] in sizes:
            return shape
        return default_shape(load_definition(f"zoo:{self.architecture}"))

    def _wrong(self, code: str, message: str, help: str | None = None) -> SpecError:
        return SpecError(Diagnostic(code, message, help, self.architecture))


def default_shape(spec: Definition) -> tuple[int | None, ...]:
    """The shape of one sample that a spec takes."""
    first: Any = next(entry for entry in spec.entries if isinstance(entry, InputLayer))
    return tuple(first.shape)
