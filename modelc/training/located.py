"""The data of a run: the command's, else the spec's, whose paths must stay inside its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from modelc.data.batches import ArrayData, Options
from modelc.data.columns import Signature
from modelc.data.sources import Source, as_source
from modelc.errors import InputError
from modelc.files.paths import path_problem
from modelc.language.definition import Definition


@dataclass(frozen=True, slots=True)
class Located:
    """A source, and the folder that its paths count from."""

    source: Source
    folder: Path


def opened(signature: Signature, located: Located, options: Options) -> ArrayData:
    """The data of a source, checked against what the model takes."""
    return ArrayData(located.source.open(signature, located.folder), signature, options)


def source_of_run(
    given: str | None, own: Source | float | None, spec: Definition, folder: Path | None = None
) -> Located | float | None:
    """The data source of a run: the command's choice, else that of the spec; or a fraction of the training data.

    The command may name any file. A spec may come from an untrusted source, also through a nested model: its files must
    lie in its own folder or below, with symbolic links resolved.
    """
    if given is not None:
        try:
            share = float(given)
        except ValueError:
            source = chosen_source(given)
            if not Path(given).exists():  # told before the model is built
                raise InputError(f"{given}: there is no such {'file' if Path(given).suffix else 'folder'}") from None
            return Located(source, Path())
        if not 0 <= share < 1:  # 0 is for none, where the spec has some
            raise InputError(f"{given}: a fraction of the samples must be at least 0 and less than 1")
        return share
    if own is None or isinstance(own, int | float):
        return own
    place = spec.place("training")
    folder = (place.source.folder if place is not None else spec.folder) or folder or Path()
    for path in own.paths():
        problem = path_problem(path, folder)
        if problem is not None:
            raise InputError(f"{folder / path}: the path {problem}", "--data on the command takes any path")
        if not (folder / path).exists():
            raise InputError(
                f"{folder / path}: there is no such file",
                "`data` in a spec or model counts from its folder; --data on the command takes any path",
            )
    return Located(own, folder)


def chosen_source(path: str) -> Source:
    """The source that a path on the command line means. Raises `InputError`."""
    from pydantic_core import PydanticCustomError

    try:
        return cast(Source, as_source(path))
    except PydanticCustomError as error:
        help = dict(error.context or {}).get("help")
        raise InputError(error.message(), f"in the spec: data: {help}" if help else None) from None
