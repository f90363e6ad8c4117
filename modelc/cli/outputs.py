"""Where a command writes: the names that it chooses itself, and what it must not write over."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from modelc.interop.kinds import Kind
    from modelc.spec.spec import Spec

F = TypeVar("F", bound=Callable[..., Any])
Inputs = Mapping[str, str | os.PathLike[str] | None]


def force_option(command: F) -> F:
    """`--force`."""
    help = "Replace the output even where it is a file of another kind; never a file that the command reads."
    return click.option("--force", is_flag=True, help=help)(command)


def default_output(source: str, name: str, ending: str) -> Path:
    """The file in the current folder that is named after the spec's file, or after the model `name` for `-`.

    Raises `UsageError` where the name, which a stranger may have written, is not that of a file.
    """
    from modelc.spec.files import ZOO
    from modelc.spec.node import quote
    from modelc.spec.paths import file_name_problem

    stem = name if source == "-" else Path(source.removeprefix(ZOO)).stem
    problem = file_name_problem(stem) or file_name_problem(stem + ending)
    if problem is not None:
        raise click.UsageError(f"the name {quote(stem)} cannot be that of the output: {problem}; name it with --output")
    return Path(stem + ending)


def check_target(
    path: str | os.PathLike[str], kind: Kind | Callable[[str | os.PathLike[str]], Kind], inputs: Inputs, force: bool
) -> None:
    """Raise where `path` cannot be written, or must not be: before the work whose result it is.

    `kind` may be what tells it by the name.
    """
    from modelc.interop.atomic import require_replaceable
    from modelc.interop.kinds import Kind
    from modelc.interop.outputs import check_not_read, check_output

    if not Path(os.path.realpath(path)).parent.is_dir():
        raise click.UsageError(f"there is no folder {Path(path).parent}")
    require_replaceable(path)
    check_not_read(path, inputs)
    check_output(path, kind if isinstance(kind, Kind) else kind(path), force=force)


def files_read(
    source: str, spec: Spec | None = None, **options: str | None
) -> dict[str, str | os.PathLike[str] | None]:
    """The files that a command reads, by what they are: its argument, its options, and what the spec names."""
    read: dict[str, str | os.PathLike[str] | None] = {"the model that this command reads": source}
    read |= {f"the file of --{name.replace('_', '-')}": path for name, path in options.items()}
    if spec is not None:
        read |= {f"a file that the spec names ({path})": path for path in _named(spec)}
    return read


def _named(spec: Spec) -> Iterator[Path]:
    """The files of weights and samples that a spec names, and the models in it."""
    from modelc.layers.base import Layer
    from modelc.spec.nested import Model

    if spec.weights is not None:
        yield spec.weights_path
    for entry in spec.entries:
        if isinstance(entry, Layer) and isinstance(entry, Model):
            if entry.weights_path is not None:
                yield entry.weights_path
            yield from _named(entry.spec)
    training = spec.training
    for data in (training.data, training.validation) if training is not None else ():
        if data is not None and not isinstance(data, int | float):
            yield from ((spec.folder or Path()) / path for path in data.paths())


def check_no_sample(picture: str | os.PathLike[str], inputs: Inputs) -> None:
    """Raise where a picture is to take the place of one in a folder of samples, which is of the same kind."""
    from modelc.errors import OverwriteError

    target = Path(os.path.realpath(picture))
    folders = (os.fspath(given) for given in inputs.values() if given is not None and os.path.isdir(given))
    within = next((folder for folder in folders if target.is_relative_to(os.path.realpath(folder))), None)
    if within is not None and target.is_file():
        raise OverwriteError(
            f"{picture} is a file in {within}, which this command reads: the output is not written over it\n"
            "  help: give the output another name"
        )


def files_of_callbacks(spec: Spec) -> Iterator[Path]:
    """The files that the callbacks of a spec write, but for those whose names are filled in during the run."""
    for callback in spec.training.callbacks if spec.training is not None else ():
        for key in ("filepath", "filename"):
            path = getattr(callback, key, None)
            if path and "{" not in path:
                yield (spec.folder or Path()) / path
