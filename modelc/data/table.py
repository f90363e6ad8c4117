"""Tables of numbers in CSV files, read in one pass, with errors located by line and column."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import show
from modelc.errors import FileFormatError, InputError
from modelc.files.regular_file import regular_file
from modelc.graph.resources import require_memory
from modelc.system.memory_limits import memory_limit
from modelc.text.unknown import unknown

Array = NDArray[Any]

MAX_LINE_CHARACTERS = 2**22
"""Longer lines are refused: a table of numbers has none."""
MAX_COLUMNS = 2**17
_COPIES = 2
"""How much of memory a table takes: its numbers, and the columns that are made of them."""


@dataclass(frozen=True)
class NumberTable:
    """Numbers (rows, columns), and the names of the columns where there are any."""

    path: Path
    numbers: Array
    names: tuple[str, ...] | None

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.numbers.shape[1]

    def index(self, column: str | int) -> int:
        """The number of a column. Raises `InputError` where there is none of that name or number."""
        if isinstance(column, int):
            if column < self.width:
                return column
            raise InputError(f"{self.path}: there is no column {column}, the last one is {self.width - 1}")
        if self.names is None:
            raise InputError(f"{self.path}: has no header, so there is no column `{column}`", "give its number")
        if column not in self.names:
            raise InputError(*unknown("column", column, self.names)).about(self.path)
        return self.names.index(column)

    def name(self, index: int) -> str:
        """What messages call a column."""
        return _label(index, self.names)

    def values(self, columns: Sequence[int]) -> Array:
        """Some columns, (rows, columns) in float32."""
        if list(columns) == list(range(self.width)):
            return self.numbers.astype(np.float32)
        return self.numbers[:, list(columns)].astype(np.float32)

    def labels(self, columns: Sequence[int]) -> Array:
        """Some columns as labels: int32 where all are integers, else float32; (rows,) for a single one."""
        chosen = self.numbers[:, list(columns)]
        whole = bool(np.all(chosen == np.floor(chosen)) and np.all(np.abs(chosen) < 2**31))
        labels = chosen.astype(np.int32 if whole else np.float32)
        return labels[:, 0] if len(columns) == 1 else labels


def read_table(path: Path, header: bool, separator: str) -> NumberTable:
    """The numbers in a CSV file.

    Raises `InputError` where there is no such file, and `FileFormatError` with the line and the column where it has
    something else than a finite number, or where a row has more or fewer values than the one before.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="", opener=regular_file) as file:
            return _read(path, file, header, separator)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise FileFormatError(f"{path}: is not UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _read(path: Path, file: IO[str], header: bool, separator: str) -> NumberTable:
    lines = _Lines(path, file)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    names: tuple[str, ...] | None = None
    width = 0
    numbers = array("d")
    limit = memory_limit()
    most = (math.inf if limit is None else limit.bytes) // (_COPIES * 8)
    places = array("q")
    try:
        if header:
            names = tuple(name.strip() for name in next(rows, ()))
            width = len(names)
            _check_names(path, names)
        for row in rows:
            if not row:
                continue
            width = width or len(row)
            if len(row) != width or width > MAX_COLUMNS:
                raise FileFormatError(f"{path}:{rows.line_num}: has {len(row)} values, expected {width}")
            try:
                numbers.extend(map(float, row))
            except ValueError:
                raise _not_a_number(path, rows.line_num, row, names) from None
            if lines.underscore and any("_" in cell for cell in row):
                raise _not_a_number(path, rows.line_num, row, names)
            places.append(rows.line_num)
            if len(numbers) > most:
                require_memory(_COPIES * 8 * len(numbers), f"{path}: the table needs", "save it as .npy files instead")
    except csv.Error as error:
        raise FileFormatError(f"{path}:{rows.line_num}: {error}") from None
    if not numbers:
        raise FileFormatError(f"{path}: has no rows of numbers")
    found = np.frombuffer(numbers, np.float64).reshape(-1, width)
    _check_finite(path, found, places, names)
    return NumberTable(path, found, names)


class _Lines:
    """The lines of a file, none of them longer than it may be."""

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path = path
        self._file = file
        self._number = 0
        self.underscore = False
        """Whether the last line has an underscore: Python takes `1_0` for a number."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE_CHARACTERS + 1)
        if not line:
            raise StopIteration
        self._number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            most = f"{MAX_LINE_CHARACTERS:,}"
            raise FileFormatError(f"{self._path}:{self._number}: the line has more than {most} characters")
        self.underscore = "_" in line
        return line


def _check_finite(path: Path, numbers: Array, lines: Sequence[int], names: Sequence[str] | None) -> None:
    """Raise `FileFormatError` at the first number that is not finite."""
    finite = np.isfinite(numbers)
    if not finite.all():
        row, column = (int(i) for i in np.argwhere(~finite)[0])
        found = f"{numbers[row, column]}"
        raise FileFormatError(f"{path}:{lines[row]}: {_label(column, names)}: expected a finite number, found {found}")


def _check_names(path: Path, names: Sequence[str]) -> None:
    if not names:
        raise FileFormatError(f"{path}: is empty")
    if all(_number(name) is not None for name in names):
        raise FileFormatError(f"{path}:1: expected the names of the columns, found numbers", "add `header: false`")
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise FileFormatError(f"{path}:1: two columns are called {show(twice)}")


def _not_a_number(path: Path, line: int, row: Sequence[str], names: Sequence[str] | None) -> FileFormatError:
    index = next(i for i, cell in enumerate(row) if _number(cell) is None)
    found = show(row[index]) if row[index].strip() else "nothing"
    return FileFormatError(f"{path}:{line}: {_label(index, names)}: expected a finite number, found {found}")


def _number(cell: str) -> float | None:
    """The finite number that a cell holds, written as everywhere and not as in Python."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def _label(index: int, names: Sequence[str] | None) -> str:
    return f"column {index}" + (f" (`{names[index]}`)" if names is not None and index < len(names) else "")
