"""Open the samples that somebody names: files of one kind, folders and globs of pictures, standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from modelc.bulk.reading.arrays import ArraySource, Column, MappedArray
from modelc.bulk.reading.delimited import TableRows
from modelc.bulk.reading.json_lines import JsonRows
from modelc.bulk.reading.layout import Chosen
from modelc.bulk.reading.parquet import ParquetSource
from modelc.bulk.reading.pictures import PictureSource
from modelc.bulk.reading.source import Joined, SampleSource
from modelc.bulk.reading.stream import STANDARD_INPUT, from_stream
from modelc.bulk.reading.zarr_arrays import column_of
from modelc.errors import InputError
from modelc.files.arrays import read_input
from modelc.files.picture_list import MAX_FILES, pictures_in
from modelc.files.pictures import PICTURES
from modelc.graph.feeding import check
from modelc.graph.graph import Graph
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing

TABLES = (".csv", ".tsv")
JSON_LINES = (".jsonl", ".ndjson")
PARQUET = (".parquet", ".pq")
ARRAYS = (".npy", ".npz")
ZARR = (".zarr",)


@dataclass(frozen=True)
class Taker:
    """The model that takes the samples, as far as reading them depends on it."""

    graph: Graph
    """A graph with its inputs."""
    pictures: Callable[[], Sequence[Preprocessing | None]]
    """Gives for each input what is done to pictures."""
    chosen: Chosen = field(default_factory=dict[str, Sequence[str]])
    """The columns of tables that are chosen for inputs."""
    stream: BinaryIO | None = None
    """Standard input."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return self.graph.input_names

    @property
    def types(self) -> list[TensorType]:
        """The types of the inputs, without the sizes that are free: they can be pickled."""
        return [value.type.with_shape(shown(value.type.shape)) for value in self.graph.inputs]


def open_samples(files: Sequence[str], taker: Taker) -> SampleSource:
    """The samples in files of one kind, in the order given; those of folders and globs in the order of their names.

    Raises `InputError` where there are none, where files are of several kinds, or one does not fit the model, and
    `FileFormatError` where a file is not what its name says.
    """
    paths = [path for file in files for path in expanded(file)]
    first = kind_of_samples(paths[0])
    other = next((path for path in paths if kind_of_samples(path) != first), None)
    if other is not None:
        raise InputError(
            f"several files are of one kind: {paths[0]} is {first}, and {other} is {kind_of_samples(other)}"
        )
    if first == "an image":
        return _pictures(paths, taker)
    sources = [_SOURCES[first](path, taker) for path in paths]
    return sources[0] if len(sources) == 1 else Joined(sources)


def open_by_input(files: Sequence[str], taker: Taker) -> SampleSource:
    """The samples whose inputs are in files of their own: a .npy, .npz or .zarr file, or an image, for each input."""
    for file, name in zip(files, taker.names, strict=True):
        if kind_of_samples(file) not in ("an array", "a Zarr array", "an image"):
            help = "give one file that has all inputs"
            message = f"{file}: the input `{name}` by itself is a .npy, .npz or .zarr file, or an image"
            raise InputError(message, help)
    graph = taker.graph
    hows: Sequence[Preprocessing | None] = [None] * len(files)
    if any(kind_of_samples(file) == "an image" for file in files):
        hows = taker.pictures()
    columns = [
        _column(file, value.type, name, how)
        for file, value, name, how in zip(files, graph.inputs, graph.input_names, hows, strict=True)
    ]
    source = ArraySource(columns, files[0])
    check(source.arrays, graph, graph.input_names, files)
    return source


def _column(file: str, type: TensorType, name: str, how: Preprocessing | None) -> Column:
    """The rows of one input."""
    suffix = Path(file).suffix.lower()
    if suffix == ".npy":
        return MappedArray(file)
    return column_of(file, name) if suffix in ZARR else read_input(file, type, name, how)


def kind_of_samples(path: str) -> str:
    """What samples are in a file, by its name. Raises `InputError` for a name that says none."""
    suffix = Path(path).suffix.lower()
    if path == STANDARD_INPUT:
        return "standard input"
    if suffix in PICTURES:
        return "an image"
    found = next((kind for kind, some in _SUFFIXES.items() if suffix in some), None)
    if found is None and not os.path.lexists(path):
        raise InputError(f"{path}: there is no such file or folder")
    if found is None:
        known = ", ".join([*(one for some in _SUFFIXES.values() for one in some), *sorted(PICTURES)])
        raise InputError(f"{path}: an input is a file that ends in one of {known}")
    return found


def expanded(file: str) -> list[str]:
    """The files that a name stands for: itself, the images in a folder, or those that fit a pattern such as `*.jpg`.

    Raises `InputError` where there are none.
    """
    if file == STANDARD_INPUT or os.path.lexists(file) or not glob.has_magic(file):
        return pictures_in(file) if os.path.isdir(file) and not _is_zarr(file) else [file]
    found = sorted(path for path in glob.glob(file, recursive=True) if not os.path.isdir(path) or _is_zarr(path))
    if not found:
        raise InputError(f"{file}: no file fits")
    if len(found) > MAX_FILES:
        raise InputError(f"{file}: {len(found):,} files fit, more than {MAX_FILES:,}")
    return found


def _is_zarr(path: str) -> bool:
    """Whether a folder is called as those of Zarr arrays are."""
    return Path(path).suffix.lower() in ZARR


_SUFFIXES = {"an array": ARRAYS, "a Zarr array": ZARR, "a table": TABLES, "JSON lines": JSON_LINES, "Parquet": PARQUET}


def _pictures(paths: Sequence[str], taker: Taker) -> SampleSource:
    if len(taker.names) > 1:
        each = " ".join(f"--input {name}=FILE" for name in taker.names)
        inputs = ", ".join(taker.names)
        raise InputError(f"the model has the inputs {inputs}: give one file with all of them, or {each}")
    if len(paths) == 1 and taker.graph.free_sizes is not None:  # its size tells that of the outputs
        return open_by_input(paths, taker)
    return PictureSource(paths, taker.types[0], next(iter(taker.pictures()), None))


def _array(path: str, taker: Taker) -> SampleSource:
    return open_by_input([path] * len(taker.names), taker)


def _table(path: str, taker: Taker) -> SampleSource:
    return TableRows(path, taker.types, taker.names, taker.chosen)


def _json_lines(path: str, taker: Taker) -> SampleSource:
    return JsonRows(path, taker.types, taker.names, taker.chosen)


def _parquet(path: str, taker: Taker) -> SampleSource:
    return ParquetSource(path, taker.types, taker.names, taker.chosen)


def _standard_input(path: str, taker: Taker) -> SampleSource:
    if taker.stream is None:
        raise InputError("there is no standard input")
    return from_stream(taker.stream, taker.types, taker.names, taker.chosen)


_SOURCES: dict[str, Callable[[str, Taker], SampleSource]] = {
    "an array": _array, "a Zarr array": _array, "a table": _table, "JSON lines": _json_lines, "Parquet": _parquet,
    "standard input": _standard_input,
}  # fmt: skip
