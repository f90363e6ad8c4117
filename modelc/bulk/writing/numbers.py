"""Numbers as text: nine digits, which give a number of 32 bits back as it was."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from modelc.bulk.chunk import Array, Rows


def formats(dtype: str) -> str:
    """How Python formats a number of this type."""
    return "%.9g" if dtype == "float32" else "%d"


def nested(shape: Sequence[int], number: str) -> str:
    """The format of an array of this shape in JSON: `[[%.9g, %.9g], [%.9g, %.9g]]`."""
    if not shape:
        return number
    return f"[{', '.join([nested(shape[1:], number)] * shape[0])}]"


_CELLS = 2**13
"""What is formatted at once has so many cells, or one row: so it takes less than a megabyte."""


def blocks(names: Sequence[str], results: Sequence[Rows]) -> Iterator[tuple[list[str], list[Rows]]]:
    """Some samples after the other, of all."""
    width = 1 + sum(
        values[0].size if isinstance(values, list) else values[:1].size for values in results if len(values)
    )
    size = max(1, _CELLS // width)
    for start in range(0, len(names), size):
        yield [*names[start : start + size]], [values[start : start + size] for values in results]


def together(row: str, columns: Sequence[Sequence[Any]]) -> str:
    """The text of all rows, by the format of one, of which each column is given.

    Python formats them in one call: what takes time is a call for each row.
    """
    count, width = len(columns[0]), len(columns)
    cells: list[Any] = [None] * (count * width)
    for i, column in enumerate(columns):
        cells[i::width] = column
    return (row * count) % tuple(cells)


def columns_in_json(rows: Array, dtype: str) -> tuple[str, list[list[Any]]]:
    """The format of a number in JSON, and the columns of such numbers; null for what is no number or infinite, which
    JSON does not have."""
    format, columns = formats(dtype), rows.T.tolist()
    if rows.dtype.kind != "f" or np.isfinite(rows).all():
        return format, columns
    return "%s", [[format % n if math.isfinite(n) else "null" for n in column] for column in columns]


def in_json(value: Array, dtype: str) -> str:
    """One value in JSON."""
    number, columns = columns_in_json(value.reshape(1, -1), dtype)
    return nested(value.shape, number) % tuple(cell for (cell,) in columns)
