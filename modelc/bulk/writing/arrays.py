"""Results as arrays: .npy for one output, .npz for any number."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import numpy as np

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.files.atomic import replacing, scratch
from modelc.files.kinds import Kind

NAMES = "input"
"""The array of an .npz file with the names of the samples."""
_BLOCK = 4096
_DTYPES = {"float32": "<f4", "int32": "<i4"}


class ArrayWriter:
    """A .npy file with the values of one output, of all samples."""

    def __init__(self, path: Path, output: WrittenOutput, *, force: bool | None = None) -> None:
        self._path, self._output, self._force = path, output, force
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            target = stack.enter_context(replacing(self._path, Kind.ARRAY, force=self._force))
            self._rows = stack.enter_context(RowFile(target, self._output))
            self._stack = stack.pop_all()
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the rows."""
        self._rows.append(results[0])

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        return self._stack.__exit__(kind, error, trace)


class ArraysWriter:
    """An .npz file with an array for each output, and with one of the names of the samples where they have some."""

    def __init__(
        self, path: Path, outputs: Sequence[WrittenOutput], *, with_names: bool = False, force: bool | None = None
    ) -> None:
        self._path, self._outputs, self._force = path, outputs, force
        self._with_names = with_names and all(one.name != NAMES for one in outputs)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            target = stack.enter_context(replacing(self._path, Kind.ARRAYS, force=self._force))
            folder = stack.enter_context(scratch(target))
            self._files = {one.name: folder / f"{i}.npy" for i, one in enumerate(self._outputs)}
            stack.push(self._packer(target, folder))
            self._rows = [
                stack.enter_context(RowFile(path, one))
                for path, one in zip(self._files.values(), self._outputs, strict=True)
            ]
            self._names = stack.enter_context(NameFile(folder / "names")) if self._with_names else None
            self._stack = stack.pop_all()
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the rows of each output."""
        for rows, values in zip(self._rows, results, strict=True):
            rows.append(values)
        if self._names is not None:
            self._names.append(names)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    def _packer(self, target: Path, folder: Path) -> Any:
        """What packs the arrays into the .npz once their files are closed."""

        def pack(kind: Any, error: Any, trace: Any) -> bool:
            if kind is None:
                files = dict(self._files)
                if self._names is not None:
                    files[NAMES] = self._names.as_array(folder / "names.npy")
                with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                    for name, path in files.items():
                        # A fixed date: the same outputs give the same bytes.
                        with (
                            path.open("rb") as source,
                            archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member,
                        ):
                            shutil.copyfileobj(source, member, 1 << 20)
            return False

        return pack


class SampleWriter:
    """An .npz file with the array `OUTPUT/SAMPLE` for each sample, of outputs whose sizes differ."""

    def __init__(self, path: Path, outputs: Sequence[WrittenOutput], *, force: bool | None = None) -> None:
        self._path, self._outputs, self._force = path, outputs, force
        self._seen: dict[str, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            target = stack.enter_context(replacing(self._path, Kind.ARRAYS, force=self._force))
            self._archive = stack.enter_context(zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True))
            self._stack = stack.pop_all()
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the arrays of each sample."""
        for name, *rows in zip(names, *results, strict=True):
            sample = self._once(Path(name).name)
            for output, row in zip(self._outputs, rows, strict=True):
                info = zipfile.ZipInfo(f"{output.name}/{sample}.npy")
                with self._archive.open(info, "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.ascontiguousarray(row), allow_pickle=False)

    def _once(self, name: str) -> str:
        """The name, with a number where two folders have a file of that name."""
        self._seen[name] = count = self._seen.get(name, 0) + 1
        return name if count == 1 else f"{name}.{count}"

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        return self._stack.__exit__(kind, error, trace)


class RowFile:
    """A .npy file whose rows are appended. Its header has room for their number, which is known at the end."""

    def __init__(self, path: Path, output: WrittenOutput) -> None:
        self._path, self._output = path, output
        self._count = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        self._header()
        return self

    def append(self, rows: Rows) -> None:
        """Append some rows."""
        array = np.asarray(rows)
        self._file.write(np.ascontiguousarray(array, _DTYPES[self._output.dtype]).data)
        self._count += len(array)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._header()

    def _header(self) -> None:
        write_header(self._file, _DTYPES[self._output.dtype], (self._count, *self._output.sizes))


def write_header(file: IO[bytes], dtype: str, shape: tuple[int, ...]) -> None:
    """The header of a .npy file, which is as long for any number of rows: NumPy leaves room for that to grow."""
    header = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_2_0(file, header)


class NameFile:
    """Names in a file, line by line, until it is known how long the longest one is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count, self._longest = 0, 1

    def __enter__(self) -> Self:
        self._file = self._path.open("w", encoding="utf-8")
        return self

    def append(self, names: Sequence[str]) -> None:
        """Append some names."""
        for name in names:
            self._longest = max(self._longest, len(name))
            self._file.write(json.dumps(name) + "\n")
        self._count += len(names)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._file.close()

    def as_array(self, path: Path) -> Path:
        """The names as the array in a .npy file."""
        dtype = f"<U{self._longest}"
        with path.open("wb") as target, self._path.open(encoding="utf-8") as lines:
            write_header(target, dtype, (self._count,))
            while block := [json.loads(line) for _, line in zip(range(_BLOCK), lines, strict=False)]:
                target.write(np.array(block, dtype).tobytes())
        return path
