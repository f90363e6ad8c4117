"""Output files of commands: default names, and files that must not be overwritten."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from modelc.errors import OverwriteError
from modelc.files.atomic import require_replaceable
from modelc.files.kinds import Kind
from modelc.files.outputs import check_not_read, check_output
from modelc.files.paths import file_name_problem
from modelc.text.quoting import quote

if TYPE_CHECKING:
    from modelc.files.kinds import Kind
    from modelc.language.definition import Definition
    from modelc.model.spec import Spec

F = TypeVar("F", bound=Callable[..., Any])
D = TypeVar("D", bound="Definition")
Inputs = Mapping[str, str | os.PathLike[str] | None]


def force_option(command: F) -> F:
    """`--force`."""
    help = "Overwrite the output file even if it is of another kind; a file that the command reads never is."
    return click.option("--force", is_flag=True, help=help)(command)


def default_output(source: str, name: str, ending: str) -> Path:
    """The file in the current folder named after the spec's file, or after the model `name` for `-`.

    Raises `UsageError` if the name, which comes from an untrusted spec, is not a valid file name.
    """
    from modelc.language.expansion.files import ZOO

    stem = name if source == "-" else Path(source.removeprefix(ZOO)).stem
    problem = file_name_problem(stem) or file_name_problem(stem + ending)
    if problem is not None:
        raise click.UsageError(f"{quote(stem)} is not a valid output file name: {problem}; choose one with --output")
    return Path(stem + ending)


def weights_named(spec: D, output: Path, weights: Path) -> D:
    """The spec with its weight file set, if that lies in the spec's folder or below."""
    folder, file = output.resolve().parent, weights.resolve()
    return spec.replaced(weights=file.relative_to(folder).as_posix()) if file.is_relative_to(folder) else spec


def check_target(
    path: str | os.PathLike[str], kind: Kind | Callable[[str | os.PathLike[str]], Kind], inputs: Inputs, force: bool
) -> None:
    """Raise, before any work is done, if `path` cannot or must not be written.

    `kind` may be a function that determines the kind from the path.
    """
    if not Path(os.path.realpath(path)).parent.is_dir():
        raise click.UsageError(f"there is no folder {Path(path).parent}")
    require_replaceable(path)
    check_not_read(path, inputs)
    check_output(path, kind if isinstance(kind, Kind) else kind(path), force=force)


def files_read(
    source: str, spec: Spec | None = None, **options: str | None
) -> dict[str, str | os.PathLike[str] | None]:
    """The files that a command reads, keyed by description: its argument, its options, and the spec's files."""
    read: dict[str, str | os.PathLike[str] | None] = {"the model that this command reads": source}
    read |= {f"the file of --{name.replace('_', '-')}": path for name, path in options.items()}
    if spec is not None:
        read |= {f"a file that the spec names ({path})": path for path in _named(spec)}
    return read


def _named(spec: Definition) -> Iterator[Path]:
    """The weight and data files that a spec and its nested models refer to, except for those in the cache."""
    from modelc.language.nested import ModelLayer
    from modelc.layers.base import Layer

    if spec.weights is not None and not spec.takes_published:
        yield spec.weights_path
    for entry in spec.entries:
        if isinstance(entry, Layer) and isinstance(entry, ModelLayer):
            if not entry.takes_published and entry.weights_path is not None:
                yield entry.weights_path
            yield from _named(entry.spec)
    training = spec.training
    for data in (training.data, training.validation) if training is not None else ():
        if data is not None and not isinstance(data, int | float):
            yield from ((spec.folder or Path()) / path for path in data.paths())


def check_no_sample(picture: str | os.PathLike[str], inputs: Inputs) -> None:
    """Raise if an output image would overwrite an image in a data folder, which is of the same kind."""
    target = Path(os.path.realpath(picture))
    folders = (os.fspath(given) for given in inputs.values() if given is not None and os.path.isdir(given))
    within = next((folder for folder in folders if target.is_relative_to(os.path.realpath(folder))), None)
    if within is not None and target.is_file():
        raise OverwriteError(
            f"{picture} is a file in {within}, which this command reads: it is not overwritten",
            "give the output another name",
        )


def files_of_callbacks(spec: Spec) -> Iterator[Path]:
    """The files that the callbacks of a spec write, except those whose names contain placeholders."""
    for callback in spec.training.callbacks if spec.training is not None else ():
        for key in ("filepath", "filename"):
            path = getattr(callback, key, None)
            if path and "{" not in path:
                yield (spec.folder or Path()) / path
