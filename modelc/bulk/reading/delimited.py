"""Samples in CSV files with a header, a row each."""

from __future__ import annotations

import csv
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import BadSample, Chunk, Numbered
from modelc.bulk.reading.layout import Chosen, Layout, layout
from modelc.bulk.reading.text import MAX_LINE_BYTES, Lines, TextBlock
from modelc.config.arguments import show
from modelc.errors import FileFormatError, InputError
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType

Array = NDArray[Any]
_SEPARATORS = (",", ";", "\t")
_QUOTE = '"'
MAX_ROW_LINES = 10_000
"""The most lines of a row, in cells with line breaks: where a quote is not closed, no more are read ahead."""


@dataclass(frozen=True)
class TableFormat:
    """What is the same in all rows of a table."""

    file: str
    header: tuple[str, ...]
    separator: str
    layout: Layout
    shapes: tuple[tuple[int | None, ...], ...]
    """For each input the shape of its samples."""

    def chunk(self, numbers: Array, names: Sequence[str], bad: Sequence[BadSample] = ()) -> Chunk:
        """The samples in rows of numbers, which stand in the order of the layout: those of one input after another."""
        inputs: list[Array] = []
        start = 0
        for columns, shape in zip(self.layout.columns, self.shapes, strict=True):
            inputs.append(numbers[:, start : start + len(columns)].reshape(-1, *shape))
            start += len(columns)
        return Chunk(tuple(inputs), names, tuple(bad))


@dataclass(frozen=True)
class TablePart:
    """Some lines of a table."""

    format: TableFormat
    block: TextBlock

    @property
    def names(self) -> Numbered:
        """The file and the line of each row."""
        return Numbered(f"{self.format.file}:", self.block.numbers)

    def read(self) -> Chunk:
        """The samples; a row that has something else than finite numbers is a bad one."""
        numbers = self._at_once()
        return self._one_by_one() if numbers is None else self.format.chunk(numbers, self.names)

    @property
    def _used(self) -> list[int]:
        return [column for columns in self.format.layout.columns for column in columns]

    def _at_once(self) -> Array | None:
        """The numbers by NumPy's reader, which is faster and does not say where a mistake is; None for one."""
        try:
            text = [line.decode() for line in self.block.lines]
            format = self.format
            numbers = (
                np.loadtxt(text, np.float64, comments=None, delimiter=format.separator, quotechar=_QUOTE, ndmin=2)
                if len(self._used) == format.layout.width
                else None
            )
        except ValueError:
            return None
        if numbers is None or numbers.shape != (len(text), self.format.layout.width) or not np.isfinite(numbers).all():
            return None
        return numbers[:, self._used]

    def _one_by_one(self) -> Chunk:
        """The numbers of each row, and what is wrong with the others."""
        rows: list[list[float]] = []
        good: list[int] = []
        bad: list[BadSample] = []
        used = self._used
        for number, line in zip(self.block.numbers, self.block.lines, strict=True):
            try:
                cells = self._cells(line)
                rows.append([_number(cells[i], self.format.header[i]) for i in used])
                good.append(number)
            except FileFormatError as error:
                bad.append(BadSample(f"{self.format.file}:{number}", error))
        numbers = np.array(rows, np.float64).reshape(-1, len(used))
        return self.format.chunk(numbers, Numbered(f"{self.format.file}:", good), bad)

    def _cells(self, line: bytes) -> list[str]:
        try:
            cells = next(csv.reader([line.decode()], delimiter=self.format.separator, strict=True))
        except UnicodeDecodeError:
            raise FileFormatError("is not UTF-8 text") from None
        except csv.Error as error:
            raise FileFormatError(f"is no row of a table: {error}") from None
        if len(cells) != self.format.layout.width:
            raise FileFormatError(f"has {len(cells)} values, expected {self.format.layout.width}")
        return cells


class RowLines(Lines):
    """The rows of a table: each a line, or several where a cell in quotes has line breaks (RFC 4180).

    A quote that is never closed, or that begins no cell, spoils its own line only.
    """

    def __init__(self, name: str, stream: BinaryIO | None = None) -> None:
        super().__init__(name, stream)
        self.separator: str | None = "\t" if name.lower().endswith(".tsv") else None
        """What stands between cells; None until the names of the columns tell."""
        self.width: int | None = None
        """The number of columns, once it is known."""
        self._back: deque[tuple[int, bytes]] = deque()
        """Lines that were read and belong to no row yet, with their numbers."""

    def first(self) -> tuple[int, bytes] | None:
        """The next row that is not blank, and the number of its first line; None at the end."""
        while (found := self._line()) is not None:
            if found[1].strip():
                return self._whole(*found) if found[1].count(_QUOTE.encode()) % 2 else found
        return None

    def _line(self) -> tuple[int, bytes] | None:
        if self._back:
            return self._back.popleft()
        line = self._next()
        return (self._number, line) if line else None

    def _whole(self, number: int, line: bytes) -> tuple[int, bytes]:
        """The row that begins with a line; the line alone where no row does."""
        more: list[tuple[int, bytes]] = []

        def lines() -> Iterator[str]:
            yield text
            size = len(line)
            while len(more) < MAX_ROW_LINES and size < MAX_LINE_BYTES and (found := self._line()) is not None:
                more.append(found)
                size += len(found[1])
                yield found[1].decode()

        try:
            text = line.decode()
            cells = next(csv.reader(lines(), delimiter=self.separator or _separator(text), strict=True))
        except (csv.Error, UnicodeDecodeError):
            cells = None
        if cells is None or self.width not in (None, len(cells)):
            self._back.extendleft(reversed(more))
            return number, line
        return number, b"".join([line, *(one for _, one in more)])


class TableRows:
    """The rows of a CSV file or a stream, which begins with the names of the columns."""

    count = None
    is_named = True
    is_held = True
    arrays = None

    def __init__(
        self,
        file: str,
        types: Sequence[TensorType],
        names: Sequence[str],
        chosen: Chosen,
        stream: BinaryIO | None = None,
    ) -> None:
        """Reads the header. Raises `InputError` and `FileFormatError`, where it has not the columns of the inputs."""
        self._lines = RowLines(file, stream)
        first = self._lines.first()
        if first is None:
            raise FileFormatError(f"{file}: is empty, expected a line with the names of the columns")
        try:
            text = first[1].decode()
            separator = self._lines.separator = self._lines.separator or _separator(text)
            header = tuple(name.strip() for name in next(csv.reader([text], delimiter=separator, strict=True)))
            self._lines.width = len(header)
            _check_header(header)
            found = layout(header, types, names, chosen)
        except UnicodeDecodeError:
            raise FileFormatError(f"{file}: is not UTF-8 text") from None
        except csv.Error as error:
            raise FileFormatError(f"{file}:{first[0]}: {error}") from None
        except (FileFormatError, InputError) as error:
            raise error.about(f"{file}:{first[0]}") from None
        self._format = TableFormat(file, header, separator, found, tuple(shown(type.shape[1:]) for type in types))

    def parts(self, size: int) -> Iterator[TablePart]:
        """At most `size` rows at a time."""
        for block in self._lines.blocks(size):
            yield TablePart(self._format, block)


def _separator(line: str) -> str:
    """What stands between the names of columns: a comma, or if there is none a semicolon or a tab."""
    return next((one for one in _SEPARATORS if one in line), ",")


def _check_header(names: Sequence[str]) -> None:
    if all(_is_number(name) for name in names):
        help = "write a line with names above them"
        raise FileFormatError("expected the names of the columns, found numbers", help)
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FileFormatError(f"two columns are called {show(name)}")
        seen.add(name)


def _number(cell: str, column: str) -> float:
    if not _is_number(cell):
        found = show(cell) if cell.strip() else "nothing"
        raise FileFormatError(f"column `{column}`: expected a finite number, found {found}")
    return float(cell)


def _is_number(cell: str) -> bool:
    """Whether a cell holds a finite number, written as everywhere and not as in Python."""
    try:
        return math.isfinite(float(cell)) and "_" not in cell
    except ValueError:
        return False
