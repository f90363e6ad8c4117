"""Columns as they are sent to workers: arrays by their values, files by their paths."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.data.columns import ArrayColumn, Column, Columns
from modelc.data.picture_column import PictureColumn
from modelc.native.engine.buffers import address_of

Array = NDArray[Any]


class MappedColumn(ArrayColumn):
    """A column in a file that is mapped: in another process, that maps the file anew."""

    def __init__(self, path: str, dtype: str, offset: int, shape: tuple[int, ...]) -> None:
        self._place = path, dtype, offset, shape
        super().__init__(np.memmap(path, np.dtype(dtype), "r", offset, shape))

    def __reduce__(self) -> tuple[Any, ...]:
        return MappedColumn, self._place


def sendable(columns: Columns) -> Columns:
    """The same columns, of which those in files are read by whom they are sent to."""

    def each(column: Column | None) -> Any:
        return None if column is None else _sendable(column)

    return replace(
        columns,
        x=tuple(map(each, columns.x)),
        y=None if columns.y is None else tuple(map(each, columns.y)),
        weights=None if columns.weights is None else tuple(map(each, columns.weights)),
    )


def _sendable(column: Column) -> Column:
    if isinstance(column, PictureColumn):
        return column.absolute()
    if isinstance(column, ArrayColumn):
        return _mapped(column.array) or column
    return column


def _mapped(array: Array) -> MappedColumn | None:
    """The column of an array that lies as it is in a file; None for others."""
    root: Any = array
    while isinstance(getattr(root, "base", None), np.memmap):
        root = root.base
    if not isinstance(root, np.memmap) or not array.flags.c_contiguous or array.dtype.hasobject:
        return None
    path: Any = cast("Any", root).filename
    if path is None:
        return None
    offset = int(cast("Any", root).offset) + address_of(array) - address_of(cast("Array", root))
    return MappedColumn(os.path.abspath(path), array.dtype.str, offset, array.shape)
