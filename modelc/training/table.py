"""Tables of numbers in CSV files, read in one pass, with errors that say line and column."""

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

from modelc.errors import FileFormatError, InputError
from modelc.suggest import did_you_mean
from modelc.validation import show

Array = NDArray[Any]

MAX_LINE_CHARACTERS = 2**22
"""Longer lines are refused: a table of numbers has none."""
MAX_COLUMNS = 2**17


@dataclass(frozen=True)
class Table:
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
            raise InputError(f"{self.path}: has no header, so there is no column `{column}`\n  help: give its number")
        if column not in self.names:
            near = did_you_mean(column, self.names)
            help = f"did you mean `{near}`?" if near else f"the columns are: {', '.join(self.names[:20])}"
            raise InputError(f"{self.path}: there is no column `{column}`\n  help: {help}")
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


def read_table(path: Path, header: bool, separator: str) -> Table:
    """The numbers in a CSV file.

    Raises `InputError` where there is no such file, and `FileFormatError` with the line and the column where it has
    something else than a finite number, or where a row has more or fewer values than the one before.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _read(path, file, header, separator)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except UnicodeDecodeError:
        raise FileFormatError(f"{path}: is not UTF-8 text") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _read(path: Path, file: IO[str], header: bool, separator: str) -> Table:
    rows = csv.reader(_lines(path, file), delimiter=separator, strict=True)
    names: tuple[str, ...] | None = None
    width = 0
    numbers = array("d")
    try:
        if header:
            names = tuple(name.strip() for name in next(rows, ()))
            width = len(names)
            _check_names(path, names)
        for row in rows:
            if not row:
                continue
            if not width:
                width = len(row)
            if len(row) != width or width > MAX_COLUMNS:
                raise FileFormatError(f"{path}:{rows.line_num}: has {len(row)} values, expected {width}")
            try:
                numbers.extend(map(float, row))
            except ValueError:
                raise _not_a_number(path, rows.line_num, row, names) from None
            # A sum is finite if all are, but for those too large to add: these are looked at one by one.
            if not math.isfinite(sum(numbers[-width:])) or "_" in "".join(row):
                _check_row(path, rows.line_num, row, names)
    except csv.Error as error:
        raise FileFormatError(f"{path}:{rows.line_num}: {error}") from None
    if not numbers:
        raise FileFormatError(f"{path}: has no rows of numbers")
    return Table(path, np.frombuffer(numbers, np.float64).reshape(-1, width), names)


def _lines(path: Path, file: IO[str]) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            raise FileFormatError(f"{path}:{number}: the line has more than {MAX_LINE_CHARACTERS:,} characters")
        yield line


def _check_names(path: Path, names: Sequence[str]) -> None:
    if not names:
        raise FileFormatError(f"{path}: is empty")
    if all(_number(name) is not None for name in names):
        raise FileFormatError(
            f"{path}:1: expected the names of the columns, found numbers\n  help: add `header: false`"
        )
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise FileFormatError(f"{path}:1: two columns are called {show(twice)}")


def _check_row(path: Path, line: int, row: Sequence[str], names: Sequence[str] | None) -> None:
    if any(_number(cell) is None for cell in row):
        raise _not_a_number(path, line, row, names)


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
