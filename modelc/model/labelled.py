"""`Labelled`: what stands around the numbers of a model, the pictures that it takes and the names of its classes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import require_count
from modelc.errors import InputError
from modelc.graph.inputs import holds_numbers

if TYPE_CHECKING:
    from types import ModuleType

    from modelc.files.preprocessing import Preprocessing
    from modelc.graph.graph import Graph
    from modelc.language.labels import Labels
    from modelc.model.spec import Spec

Array = NDArray[Any]


class Guess(NamedTuple):
    """A class and how likely the model takes it to be."""

    label: str
    """The name of the class."""
    score: float
    """The number that the model returned for it."""


def _language() -> ModuleType:
    """What the language says of labels and pictures: numbers are computed without it."""
    from modelc.language import around

    return around


class Labelled:
    """Labels and pictures of a model."""

    _said: Mapping[str, Any] = {}
    """What was set in Python of the spec's `labels` and `preprocessing`."""

    if TYPE_CHECKING:

        @property
        def graph(self) -> Graph:
            """The traced graph."""
            ...

        def to_spec(self) -> Spec:
            """The spec of the model."""
            ...

    @property
    def labels(self) -> tuple[str, ...] | dict[str, tuple[str, ...] | None] | None:
        """The names of the classes, in the order of the numbers that the model returns, or None.

        For a model with several outputs a dictionary by output name. Setting a list of names, `"imagenet"`, a mapping
        by output name or None changes them; they are saved with the model. Raises `SpecError` for labels that do not
        fit.
        """
        found = _language().labels_of(self.to_spec())
        names = self.graph.output_labels
        return found[0] if len(names) == 1 else dict(zip(names, found, strict=True))

    @labels.setter
    def labels(self, value: Labels | list[str] | Mapping[str, Any] | None) -> None:
        self._say("labels", value)

    @property
    def preprocessing(self) -> Preprocessing | None:
        """What is done to pictures from files before the model takes them: that of its first input.

        Setting a mode of Keras such as `"tf"`, a `Preprocessing` or a mapping with its options changes it; it is saved
        with the model.
        """
        return next(iter(_language().preprocessing_of(self.to_spec())), None)

    @preprocessing.setter
    def preprocessing(self, value: Preprocessing | Mapping[str, Any] | str | None) -> None:
        self._say("preprocessing", value)

    def take_class_names(self, names: tuple[str, ...]) -> None:
        """Take the names of the classes of the training data as labels, unless the model has some.

        Raises `InputError` where it has the same ones in another order.
        """
        labels = _language().with_class_names(self.to_spec(), names).labels if names else None
        if labels is not None and labels != self.to_spec().labels:
            self._said = {**self._said, "labels": labels}

    def _say(self, key: str, value: Any) -> None:
        checked = _language().checked(key, value)
        spec = self.to_spec().replaced(**{key: checked})
        _ = spec.graph  # which holds the labels against its outputs
        self._said = {**self._said, key: checked}

    def read_pictures(self, *paths: str | os.PathLike[str]) -> Array | list[Array]:
        """Pictures from files as the model takes them, in one batch: resized, with values as `preprocessing` says.

        Pictures of different sizes, which a model with free sizes takes, are a list, as `predict` takes it. Without
        `preprocessing` they must have the size that the model takes. Raises `InputError` for pictures that do
        not fit, `FileFormatError` for files that are no pictures.
        """
        if not paths:
            raise InputError("there are no pictures", "give the path of each")
        if len(self.graph.inputs) != 1:
            raise InputError("pictures are read for a model with one input", "read those of each input by themselves")
        type = self.graph.inputs[0].type
        return _stacked([_language().read_picture(path, type, self.preprocessing) for path in paths])

    def decode(self, y: Any, top: int = 5) -> Any:
        """The most likely classes of each sample, by name: a list of `top` pairs `(label, score)`, the likeliest first.

        `y` is what the model returned: of shape (samples, classes), or (samples, 1) for the probability of the second
        of two classes. For several outputs, a list or dictionary of which those that have no labels become None. Raises
        `InputError` where there are no labels or `y` is something else.
        """
        require_count("top", top)
        names, labels = self.graph.output_labels, _language().labels_of(self.to_spec())
        if not any(labels):
            help = "set them: `model.labels = [...]`, or `labels` in the spec"
            raise InputError("the model has no labels", help)
        if isinstance(y, Mapping):
            table = cast("Mapping[str, Any]", y)
            by_name = dict(zip(names, labels, strict=True))
            return {name: decoded(value, by_name.get(name), top) for name, value in table.items()}
        if isinstance(y, list) and len(names) > 1:
            items = cast("list[Any]", y)
            if len(items) != len(names):
                raise InputError(f"the model has {len(names)} outputs, found {len(items)} arrays")
            return [decoded(value, some, top) for value, some in zip(items, labels, strict=True)]
        if len(names) > 1:
            raise InputError("the model has several outputs", "give the list or dictionary that it returned")
        return decoded(y, labels[0], top)


def decoded(y: Any, labels: tuple[str, ...] | None, top: int) -> list[list[Guess]] | None:
    """As `Labelled.decode`, for one output; None without labels."""
    if labels is None:
        return None
    order, best = best_classes(y, labels, top)
    return [
        [Guess(labels[i], score) for i, score in zip(places, row, strict=True)]
        for places, row in zip(order.tolist(), best.tolist(), strict=True)
    ]


def best_classes(y: Any, labels: tuple[str, ...], top: int) -> tuple[Array, Array]:
    """The places in `labels` of the most likely classes of each sample, the likeliest first, and their scores.

    Both are of shape (samples, top), or (samples, classes) where there are fewer. Raises `InputError` where `y` is
    something else than a number for each class.
    """
    scores = np.asarray(y)
    if scores.ndim == 2 and scores.shape[1] == 1 and len(labels) == 2:
        scores = np.concatenate([1 - scores, scores], axis=1)
    if scores.ndim != 2 or scores.shape[1] != len(labels) or not holds_numbers(scores):
        message = f"expected an array of shape (samples, {len(labels)}), found {scores.dtype} of shape {scores.shape}"
        raise InputError(message, "give what the model returned")
    order = best_first(scores)[:, :top]
    return order, np.take_along_axis(scores, order, 1).astype(np.float64)


def best_first(scores: Array) -> Array:
    """For each row the positions of its numbers from the largest to the least; of equal ones the first first, what is
    no number last."""
    numbers = scores.astype(np.float64)
    return np.argsort(np.where(np.isnan(numbers), np.inf, -numbers), axis=1, kind="stable")


def _stacked(pictures: list[Array]) -> Array | list[Array]:
    """Pictures in one array, as they are where their sizes differ."""
    return np.stack(pictures) if len({picture.shape for picture in pictures}) == 1 else pictures
