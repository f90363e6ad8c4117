"""Warnings about `training`: losses that do not fit the last activation, and what has no effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from modelc.config.by_output import for_output
from modelc.errors import Diagnostic
from modelc.functions.table import gives_probabilities
from modelc.language.text.node import TextNode
from modelc.report.warnings.inside import layers_by_path
from modelc.report.warnings.last import last_activation, makers
from modelc.report.warnings.place import warn

if TYPE_CHECKING:
    from modelc.language.definition import Definition

_ONE_OF_MANY = ("CategoricalCrossentropy", "SparseCategoricalCrossentropy", "CategoricalFocalCrossentropy")
_EACH = ("BinaryCrossentropy", "BinaryFocalCrossentropy")
_GUESSED = ("crossentropy", "ce")
_REGRESSION = (
    "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber",
    "LogCosh",
)  # fmt: skip


def training_warnings(spec: Definition) -> Iterator[Diagnostic]:
    """What `training` says that is probably not meant, at the values in it."""
    training: Any = spec.training
    if training is None:
        return
    section = spec.place("training")
    names = spec.graph.output_labels
    losses: dict[str, Any] = dict(zip(names, _by_output(training.loss, names), strict=True))
    layers = layers_by_path(spec)
    made = makers(spec.graph.layers)
    for name, output in zip(names, spec.graph.outputs, strict=True):
        place = _of_output(section, "loss", name)
        last = last_activation(made.get(output), made, layers)
        if losses[name] is None:
            help = f"add `{name}: …` to `loss`, or leave it out of `outputs`"
            yield warn(place, "W306", f"the output `{name}` has no loss and is not trained", help, name)
        elif last is not None:
            yield from _loss_and_activation(losses[name], last, output.type.dims[-1:], place, name)
            yield from _accuracy(training, losses[name], last, section, name, names)
    yield from _without_validation(training, section)


def _by_output(given: Any, names: tuple[str, ...]) -> list[Any]:
    if isinstance(given, Mapping):
        table = cast("Mapping[str, Any]", given)
        return [for_output(name, table.get(name)) for name in names]
    return [given] * len(names)


def _of_output(section: TextNode | None, key: str, name: str) -> TextNode | None:
    """Where the value for an output is written: under its name, or for all."""
    node = section.get(key) if section is not None else None
    child = node.get(name) if node is not None else None
    return child or node or section


def _loss_and_activation(
    loss: Any, last: str, channels: tuple[int, ...], place: TextNode | None, name: str
) -> Iterator[Diagnostic]:
    kind = loss if isinstance(loss, str) else loss.type_name()
    many, each = kind in _ONE_OF_MANY, kind in _EACH
    if not (many or each or kind in _GUESSED):
        return
    one = channels == (1,)
    wanted = "sigmoid" if each or (one and not many) else "softmax"
    from_logits = getattr(loss, "from_logits", False)
    if not from_logits and not gives_probabilities(last):
        written = kind if kind not in _GUESSED else "BinaryCrossentropy" if one else "SparseCategoricalCrossentropy"
        message = f"the loss expects probabilities, but the last activation of `{name}` is `{last}`"
        help = f"write `activation: {wanted}`"
        if last == "linear":
            help += f", or `loss: {{type: {written}, from_logits: true}}`"
        yield warn(place, "W301", message, help, name)
    elif from_logits and last in ("softmax", "sigmoid"):
        message = f"with `from_logits` the loss applies a {wanted}, but `{name}` already ends with `{last}`"
        yield warn(place, "W302", message, "remove `from_logits`, or the activation", name)
    elif last == "softmax" and one:
        help = "write `activation: sigmoid` with `loss: binary_crossentropy`, or a unit for each class"
        yield warn(place, "W303", f"the softmax of `{name}` over a single unit is always 1", help, name)


def _accuracy(
    training: Any, loss: Any, last: str, section: TextNode | None, name: str, names: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Accuracy, which counts equal classes, of a model that is trained to give numbers."""
    kind = loss if isinstance(loss, str) else loss.type_name()
    if kind not in _REGRESSION or last not in ("linear", "relu"):
        return
    metrics = _by_output(training.metrics, names)[names.index(name)] or ()
    for metric in cast("tuple[Any, ...]", metrics if isinstance(metrics, tuple) else (metrics,)):
        if metric in ("accuracy", "acc"):
            message = f"accuracy is for classes, but `{name}` is trained by regression ({kind})"
            help = "use a regression metric: `metrics: mae`"
            yield warn(_of_output(section, "metrics", name), "W307", message, help, name)


def _without_validation(training: Any, section: TextNode | None) -> Iterator[Diagnostic]:
    """What looks at the validation data, where there is none."""
    if training.validation is not None:
        return
    node = section.get("callbacks") if section is not None else None
    places = node.value if node is not None and isinstance(node.value, tuple) else ()
    for i, callback in enumerate(training.callbacks):
        watched = getattr(callback, "watched", None)
        if isinstance(watched, str) and watched.startswith("val_"):
            place = places[i] if i < len(places) else section
            kind = callback.type_name()
            message = f"{kind} monitors `{watched}`, but there is no validation data"
            help = f"add `validation: 0.2`, or `monitor: {watched.removeprefix('val_')}`"
            yield warn(place, "W305", message, help, kind)
    if training.validation_freq != 1:
        node = section.get("validation_freq") if section is not None else None
        yield warn(
            node or section, "W305", "`validation_freq` has no effect without validation data",
            "add `validation: 0.2`", "training",
        )  # fmt: skip
