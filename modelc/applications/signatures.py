"""The arguments of Keras's functions, in their order: `MobileNetV2((96, 96, 3), 0.5)` means the same in both."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import Parameter, Signature
from typing import Any, Final

from modelc.errors import Diagnostic, SpecError
from modelc.text.unknown import unknown
from modelc.zoo.imagenet import CLASSES
from modelc.zoo.pretrained import IMAGENET

_USUAL = "include_top weights input_tensor input_shape pooling classes classifier_activation name"
_ORDERS: Final = {
    "convnext": "include_top include_preprocessing weights input_tensor input_shape pooling classes"
    " classifier_activation name",
    "efficientnet_v2": "include_top weights input_tensor input_shape pooling classes classifier_activation"
    " include_preprocessing name",
    "nasnet": "input_shape include_top weights input_tensor pooling classes classifier_activation name",
    "mobilenet_v3": "input_shape alpha minimalistic include_top weights input_tensor classes pooling dropout_rate"
    " classifier_activation include_preprocessing name",
    "mobilenet_v2": "input_shape alpha include_top weights input_tensor pooling classes classifier_activation name",
    "mobilenet": "input_shape alpha depth_multiplier dropout include_top weights input_tensor pooling classes"
    " classifier_activation name",
}
"""By what the names of the architectures begin with, the longer ones first."""

DEFAULTS: Final[dict[str, Any]] = {
    "include_top": True, "weights": IMAGENET, "input_tensor": None, "input_shape": None, "pooling": None,
    "classes": CLASSES, "classifier_activation": "softmax", "name": None, "include_preprocessing": True,
    "alpha": 1.0, "minimalistic": False, "depth_multiplier": 1, "dropout": 0.001, "dropout_rate": 0.2,
}  # fmt: skip
"""Keras's defaults. A name that is None is that of Keras as well."""

OF_VARIANTS: Final = ("alpha", "minimalistic", "depth_multiplier", "dropout", "dropout_rate", "include_preprocessing")
"""The arguments that only some of the functions have."""

_OWN: Final[dict[str, Any]] = {"seed": 0, "backend": "native", "mirror": None}
"""Options of modelc, with their defaults."""


def names_of(architecture: str) -> tuple[str, ...]:
    """The names of the arguments of Keras's function, in order."""
    order = next((order for family, order in _ORDERS.items() if architecture.startswith(family)), _USUAL)
    return tuple(order.split())


def signature_of(architecture: str) -> Signature:
    """The signature: Keras's arguments, then those of modelc by name only."""
    keras = [Parameter(n, Parameter.POSITIONAL_OR_KEYWORD, default=DEFAULTS[n]) for n in names_of(architecture)]
    return Signature(keras + [Parameter(n, Parameter.KEYWORD_ONLY, default=value) for n, value in _OWN.items()])


def by_name(architecture: str, args: Sequence[Any], options: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by their names. Raises `SpecError` where one is unknown, or given twice."""
    names = names_of(architecture)
    if len(args) > len(names):
        message = f"{architecture} takes at most {len(names)} arguments without a name, found {len(args)}"
        raise SpecError(Diagnostic("E204", message, f"in this order: {', '.join(names)}", architecture))
    given = dict(zip(names, args, strict=False))
    for key in options:
        if key in given:
            message = f"`{key}` is given twice: once without its name"
            raise SpecError(Diagnostic("E207", message, "name all arguments", architecture))
    require_known(architecture, options)
    return given | options


def require_known(architecture: str, options: dict[str, Any]) -> None:
    """Raise `SpecError` for an option that the function has not."""
    known = (*names_of(architecture), *_OWN)
    for key in options:
        if key not in known:
            said = unknown("option", key, known, where=f"of {architecture}", otherwise="the options are those of Keras")
            raise SpecError(Diagnostic("E201", *said, architecture))
