"""The samples that `modelc run` is given: files by input, or images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.files.arrays import read_input
from modelc.files.picture_list import Pictures, pictures_in
from modelc.files.pictures import PICTURES

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing
    from modelc.model.model import Model


def files_of(names: Sequence[str], sources: Sequence[str], pictures: Sequence[str]) -> list[tuple[str, ...]]:
    """The files for each input: `NAME=FILE`, or the one file without a name; for one input maybe several images."""
    if pictures:
        if sources:
            raise click.UsageError("give files either with --input or without it")
        if len(names) > 1:
            raise click.UsageError(_wanted(names))
        return [_as_samples(pictures)]
    named: dict[str, str] = {}
    others: list[str] = []
    for source in sources:
        name, equals, file = source.partition("=")
        if equals and name in names and name not in named:
            named[name] = file
        else:
            others.append(source)
    if not named and not others:
        raise click.UsageError("there are no samples: give images, or --input FILE")
    if len(names) == 1 and not named:
        return [_as_samples(others)]
    missing = [name for name in names if name not in named]
    if len(others) != min(1, len(missing)):
        raise click.UsageError(_wanted(names))
    return [(named.get(name) or others[0],) for name in names]


def _wanted(names: Sequence[str]) -> str:
    each = " ".join(f"--input {name}=FILE" for name in names)
    return f"the model has the inputs {', '.join(names)}: give one file with all of them, or {each}"


def _as_samples(files: Sequence[str]) -> tuple[str, ...]:
    """Files of which each is a sample, those in folders among them.

    Raises `UsageError` for several that are not all images, by their names.
    """
    files = [one for file in files for one in (pictures_in(file) if Path(file).is_dir() else (file,))]
    other = next((file for file in files if not _is_picture(file)), None)
    if other is not None and len(files) > 1:
        raise click.UsageError(f"several files are one sample each if they are images, and {other} is not")
    return tuple(files)


def pictures_of(model: Model, files: Sequence[Sequence[str]]) -> Pictures | None:
    """The images that are the samples of the model's one input; None where its samples are in one file."""
    (first, *others) = files
    if others or len(first) == 1 or not _is_picture(first[0]):
        return None
    return Pictures(first, model.face.inputs[0].type, _preprocessing(model)[0])


def arrays_of(model: Model, files: Sequence[Sequence[str]]) -> list[Any]:
    """The samples for each input, in a file each. Raises as `read_input` does."""
    face = model.face
    # What the spec says of pictures takes longer to be found than many a model to run.
    hows = _preprocessing(model) if any(_is_picture(some[0]) for some in files) else [None] * len(files)
    return [
        read_input(some[0], value.type, name, how)
        for some, value, name, how in zip(files, face.inputs, face.input_names, hows, strict=True)
    ]


def _is_picture(file: str) -> bool:
    return Path(file).suffix.lower() in PICTURES


def _preprocessing(model: Model) -> Sequence[Preprocessing | None]:
    from modelc.language.pictures import preprocessing_of

    return preprocessing_of(model.spec)
