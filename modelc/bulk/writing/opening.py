"""Open the file that results go to, by its name."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self, get_args

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.arrays import ArraysWriter, ArrayWriter, SampleWriter
from modelc.bulk.writing.delimited import TableWriter
from modelc.bulk.writing.json_lines import LinesWriter
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.parquet import ParquetWriter
from modelc.bulk.writing.top import TopClasses
from modelc.bulk.writing.writer import ResultWriter
from modelc.errors import InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind

Format = Literal["npy", "npz", "csv", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)
TABLES: tuple[Format, ...] = ("csv", "jsonl", "parquet")
"""The formats with a row for each sample, of its name and its results."""
_SUFFIXES: dict[str, Format] = {".ndjson": "jsonl", ".pq": "parquet", **{f".{one}": one for one in FORMATS}}
_KINDS = {
    "npy": Kind.ARRAY, "npz": Kind.ARRAYS, "csv": Kind.RESULTS_CSV, "jsonl": Kind.RESULTS_LINES,
    "parquet": Kind.PARQUET,
}  # fmt: skip
STANDARD_OUTPUT = "-"


def format_of(path: str, given: Format | None = None) -> Format:
    """The format of results: the one given, else by the file's suffix; of standard output JSON lines.

    Raises `InputError` for a name that says none.
    """
    if given is not None:
        return given
    if path == STANDARD_OUTPUT:
        return "jsonl"
    found = _SUFFIXES.get(Path(path).suffix.lower())
    if found is None:
        raise InputError(f"{path}: an output is a file that ends in one of {', '.join(f'.{one}' for one in FORMATS)}")
    return found


def kind_of_results(format: Format) -> Kind:
    """The kind of file that holds results in a format."""
    return _KINDS[format]


def open_results(
    path: str,
    outputs: Sequence[WrittenOutput],
    *,
    format: Format | None = None,
    top: TopClasses | None = None,
    with_names: bool = False,
    stream: BinaryIO | None = None,
    force: bool | None = None,
) -> ResultWriter:
    """What writes results to a file, or to `stream` for the path `-`.

    Tables hold the names of samples, and with `top` classes and scores instead of the numbers. Arrays hold the
    numbers, an .npz file names too if `with_names`. Raises `InputError` where the format cannot hold these outputs.
    """
    used = format_of(path, format)
    if used == "npy" and len(outputs) > 1:
        raise InputError(f"{path}: the model has {len(outputs)} outputs, a .npy file holds one: name it .npz")
    if path == STANDARD_OUTPUT:
        assert stream is not None
        if used in ("csv", "jsonl"):
            return _streamed(used, stream, outputs, top)
        return _Copied(stream, lambda file: _in_file(file, used, outputs, top, with_names, True))
    if used in ("csv", "jsonl"):
        return _TextFile(Path(path), used, outputs, top, force)
    return _in_file(Path(path), used, outputs, top, with_names, force)


def _in_file(
    path: Path,
    format: Format,
    outputs: Sequence[WrittenOutput],
    top: TopClasses | None,
    with_names: bool,
    force: bool | None,
) -> ResultWriter:
    if format == "parquet":
        return ParquetWriter(path, outputs, top, force=force)
    if not all(one.is_fixed for one in outputs):
        if format == "npy":
            help = "name it .npz, which holds an array for each, or .jsonl"
            raise InputError(f"{path}: the outputs have other sizes for each sample, a .npy file holds one array", help)
        return SampleWriter(path, outputs, force=force)
    if format == "npy":
        return ArrayWriter(path, outputs[0], force=force)
    return ArraysWriter(path, outputs, with_names=with_names, force=force)


def _streamed(
    format: Format, stream: BinaryIO, outputs: Sequence[WrittenOutput], top: TopClasses | None
) -> ResultWriter:
    if format == "csv":
        return TableWriter(stream, outputs, top)
    return LinesWriter(stream, outputs, top)


class _Delegate:
    """A writer that hands everything on to another one, which is made when it begins."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def _begin(self, stack: ExitStack) -> ResultWriter:
        raise NotImplementedError

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._writer = self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Hand them on."""
        self._writer.write(names, results)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        return self._stack.__exit__(kind, error, trace)


class _TextFile(_Delegate):
    """A file of text, which takes its name when it is whole."""

    def __init__(
        self, path: Path, format: Format, outputs: Sequence[WrittenOutput], top: TopClasses | None, force: bool | None
    ) -> None:
        super().__init__()
        self._path, self._outputs, self._top, self._force = path, outputs, top, force
        self._format: Format = format
        _streamed(format, io.BytesIO(), outputs, top)  # tells now what cannot be written

    def _begin(self, stack: ExitStack) -> ResultWriter:
        target = stack.enter_context(replacing(self._path, kind_of_results(self._format), force=self._force))
        file = stack.enter_context(target.open("wb"))
        return stack.enter_context(_streamed(self._format, file, self._outputs, self._top))


class _Copied(_Delegate):
    """A file that is written elsewhere first, and then to a stream, for formats that begin with what comes last."""

    def __init__(self, stream: BinaryIO, make: Callable[[Path], ResultWriter]) -> None:
        super().__init__()
        self._stream, self._make = stream, make

    def _begin(self, stack: ExitStack) -> ResultWriter:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "results"
        stack.push(self._copier(file))
        return stack.enter_context(self._make(file))

    def _copier(self, file: Path) -> Any:
        def copy(kind: Any, error: Any, trace: Any) -> bool:
            if kind is None:
                with file.open("rb") as source:
                    shutil.copyfileobj(source, self._stream, 1 << 20)
                self._stream.flush()
            return False

        return copy
