"""`view`: a model to be looked at, from whatever holds one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from modelc.files.signatures import is_artifact
from modelc.language.definition import Definition
from modelc.language.text.source import SpecSource
from modelc.model.artifact import read_spec, read_weights
from modelc.model.build import Weights, given_arrays
from modelc.model.loading import load_spec
from modelc.pages.picture import Arrays
from modelc.pages.view import ModelDrawing, view_of_definition


@runtime_checkable
class BuiltModel(Protocol):
    """What is made of a definition and has weights: a model."""

    def to_spec(self) -> Definition:
        """The definition. Raises `SpecError` for outputs that it cannot name."""
        ...

    @property
    def arrays(self) -> Arrays:
        """Its weights, by path."""
        ...


def view(
    source: SpecSource | Definition | BuiltModel,
    *,
    weights: Weights | None = None,
    batch_size: int = 1,
    sizes: Mapping[str, int] | None = None,
) -> ModelDrawing:
    """A model to be looked at: in a notebook it shows itself, `save` writes a page or a picture, `open` shows it.

    `source` is a spec or a model, or what `load_spec` takes, or the path of a `.modelc` file. Nothing is compiled.
    Where there are weights (in the model, the file, `weights`, or what the spec names), their histograms are shown.
    Costs are for `batch_size` samples and these free `sizes`. Raises `SpecError`, `FileFormatError` or `WeightsError`
    as reading does.
    """
    definition, arrays = _held(source, weights)
    return view_of_definition(definition, arrays, batch_size=batch_size, sizes=sizes)


def _held(source: SpecSource | Definition | BuiltModel, weights: Weights | None) -> tuple[Definition, Arrays]:
    """The definition of a model, and its weights by path."""
    if isinstance(source, Definition):
        return source, given_arrays(source, weights)
    if isinstance(source, BuiltModel):
        definition = source.to_spec()
        return definition, source.arrays if weights is None else given_arrays(definition, weights)
    if isinstance(source, str | os.PathLike) and is_artifact(source):
        definition = read_spec(source)
        return definition, arrays_of(source, definition, weights)
    definition = load_spec(source)
    return definition, given_arrays(definition, weights)


def arrays_of(path: str | os.PathLike[str], definition: Definition, weights: Weights | None = None) -> Arrays:
    """The weights of a model by path: those that are given, else those in its file, else those that its spec names."""
    return read_weights(path) if weights is None and is_artifact(path) else given_arrays(definition, weights)
