"""Which columns of a table are which numbers of a model's inputs."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from modelc.errors import InputError
from modelc.graph.types import Shape, TensorType, format_shape
from modelc.text.unknown import unknown

MAX_COLUMNS = 2**17
"""The most columns of a table of single numbers."""
Chosen = Mapping[str, Sequence[str]]
"""For an input the names of its columns, in the order of its numbers."""


def element_names(name: str, shape: Sequence[int]) -> list[str]:
    """What the columns of a value are called: `x` for one number, else `x[0]`, `x[1]`, … or `x[0,0]`, ….

    Tables of results are written so, and those with such columns are read without a word.
    """
    if math.prod(shape) == 1:
        return [name]
    return [f"{name}[{','.join(map(str, index))}]" for index in np.ndindex(*shape)]


def chosen_columns(texts: Sequence[str], names: Sequence[str]) -> Chosen:
    """The columns that `[NAME=]A,B,C` names for each input; the name may be left out where there is one input.

    A column whose name has a comma is written in quotes. Raises `InputError` for an input that there is not, or twice.
    """
    chosen: dict[str, Sequence[str]] = {}
    for text in texts:
        before, equals, after = text.partition("=")
        name, columns = (before, after) if equals and before in names else (names[0], text)
        if len(names) > 1 and columns is text:
            raise InputError(f"which input are the columns {text} for?", f"write {names[0]}={text}")
        if name in chosen:
            raise InputError(f"the columns of the input `{name}` are given twice")
        chosen[name] = [column.strip() for cells in csv.reader([columns]) for column in cells]
    return chosen


@dataclass(frozen=True)
class Layout:
    """For each input the columns of a table that hold its numbers."""

    columns: tuple[tuple[int, ...], ...]
    width: int
    """How many columns the table has."""


def layout(header: Sequence[str], types: Sequence[TensorType], names: Sequence[str], chosen: Chosen) -> Layout:
    """Which columns of a table the inputs take: those chosen, else those of their names, else all there are.

    Raises `InputError` where they are not there, are of another number, or cannot be told.
    """
    places = {column: i for i, column in enumerate(header)}
    found: list[tuple[int, ...]] = []
    for type, name in zip(types, names, strict=True):
        shape = _fixed(type.shape[1:], name)
        wanted = chosen.get(name) or element_names(name, shape)
        absent = next((column for column in wanted if column not in places), None)
        count = math.prod(shape)
        if absent is None and len(wanted) == count:
            found.append(tuple(places[column] for column in wanted))
        elif name in chosen and absent is not None:
            raise InputError(*unknown("column", absent, header))
        elif name in chosen:
            raise InputError(f"the input `{name}` has {count} numbers, and {len(wanted)} columns are chosen for it")
        elif len(types) == 1 and len(header) == count:
            found.append(tuple(range(count)))
        else:
            raise _untold(header, name, shape, len(types) > 1)
    return Layout(tuple(found), len(header))


def _fixed(shape: Shape, name: str) -> tuple[int, ...]:
    if None in shape:
        help = "give JSON lines, where each sample is a list"
        raise InputError(f"the input `{name}` has a free size: the columns of a table are always the same", help)
    sizes = tuple(size for size in shape if size is not None)
    if math.prod(sizes) > MAX_COLUMNS:
        help = "give JSON lines, Parquet or a .npy file"
        raise InputError(
            f"the input `{name}` has {math.prod(sizes):,} numbers, a table has {MAX_COLUMNS:,} columns", help
        )
    return sizes


def _untold(header: Sequence[str], name: str, shape: tuple[int, ...], several: bool) -> InputError:
    wanted, count = element_names(name, shape), math.prod(shape)
    listed = ", ".join(wanted if len(wanted) < 4 else [*wanted[:2], "…", wanted[-1]])
    option = f"--columns {name}=A,B,…" if several else "--columns A,B,…"
    numbers = f"the input `{name}` of the shape {format_shape(shape)} has {count} number{'s' * (count != 1)}"
    return InputError(
        f"has {len(header)} column{'s' * (len(header) != 1)}, {numbers}",
        f"say which columns hold them: {option}, or call them {listed}",
    )
