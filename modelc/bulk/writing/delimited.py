"""Results as CSV: a row for each sample, beginning with its name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from re import compile as regex
from typing import Any, BinaryIO, Self

import numpy as np

from modelc.bulk.chunk import Rows
from modelc.bulk.reading.layout import MAX_COLUMNS, element_names
from modelc.bulk.writing.numbers import blocks, formats, together
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses
from modelc.errors import InputError

NAME = "input"
"""The column of the names of the samples."""
_QUOTED = regex(r'[,"\r\n]')


class TableWriter:
    """Writes CSV to a stream: a column for each number of an output, or the classes and scores of `top`.

    Raises `InputError` where the number of columns is not the same for all samples.
    """

    def __init__(self, stream: BinaryIO, outputs: Sequence[WrittenOutput], top: TopClasses | None = None) -> None:
        self._stream, self._top = stream, top
        self._header = [NAME, *(class_columns(top) if top is not None else number_columns(outputs))]
        if len(set(self._header)) < len(self._header):
            twice = next(name for i, name in enumerate(self._header) if name in self._header[:i])
            raise InputError(f"two columns of the table would be called `{twice}`", "write JSON lines or .npz")
        if top is None:
            cells = [formats(one.dtype) for one in outputs for _ in range(math.prod(one.sizes))]
        else:
            cells = [cell for one in top.outputs for cell in ["%s", formats(one.dtype)] * top.width(one)]
        self._format = ",".join(["%s", *cells]) + "\n"
        self._labels = [
            [_cell(label) for label in one.labels or ()] for one in (top.outputs if top is not None else ())
        ]

    def __enter__(self) -> Self:
        self._stream.write(_row(self._header).encode())
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the rows."""
        for some, values in blocks(names, results):
            columns = self._classes(self._top, values) if self._top is not None else _numbers(values)
            self._stream.write(together(self._format, [_cells(some), *columns]).encode())

    def _classes(self, top: TopClasses, results: Sequence[Rows]) -> Iterator[list[Any]]:
        """The columns of labels and scores in turns."""
        for (_, places, scores), labels in zip(top.best(results), self._labels, strict=True):
            for some, numbers in zip(places.T.tolist(), scores.T.tolist(), strict=True):
                yield [labels[place] for place in some]
                yield numbers

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._stream.flush()


def number_columns(outputs: Sequence[WrittenOutput]) -> Iterator[str]:
    """The names of the columns of numbers: `y[0]`, or by label `y[cat]`; `y` where there is one number."""
    for one in outputs:
        if not one.is_fixed:
            help = "write JSON lines, or an .npz file"
            raise InputError(f"the output `{one.name}` has other sizes for each sample, a table has none", help)
        count = math.prod(one.sizes)
        if count > MAX_COLUMNS:
            help = "write JSON lines, Parquet or a .npy file"
            raise InputError(
                f"the output `{one.name}` has {count:,} numbers, a table has {MAX_COLUMNS:,} columns", help
            )
        if one.labels is not None and len(one.sizes) == 1 and len(one.labels) == count > 1:
            yield from (f"{one.name}[{label}]" for label in one.labels)
        else:
            yield from ([f"{NAME}[0]"] if one.name == NAME and count == 1 else element_names(one.name, one.sizes))


def class_columns(top: TopClasses) -> Iterator[str]:
    """The names of the columns of classes: `label` and `score`, with number and output where there are several."""
    for one in top.outputs:
        before = f"{one.name}." if len(top.outputs) > 1 else ""
        width = top.width(one)
        for i in range(1, width + 1):
            yield from (f"{before}{what}" + (f"_{i}" if width > 1 else "") for what in ("label", "score"))


def _numbers(results: Sequence[Rows]) -> Iterator[list[Any]]:
    """The columns of numbers, those of all outputs."""
    for values in results:
        yield from np.asarray(values).reshape(len(values), -1).T.tolist()


def _cell(text: str) -> str:
    """A text as a cell, in quotes where it needs them."""
    return text if _QUOTED.search(text) is None else '"' + text.replace('"', '""') + '"'


def _cells(texts: list[str]) -> list[str]:
    """Texts as cells. Most need no quotes, which one search tells of all."""
    return texts if _QUOTED.search("".join(texts)) is None else [*map(_cell, texts)]


def _row(cells: list[str]) -> str:
    return ",".join(_cells(cells)) + "\n"
