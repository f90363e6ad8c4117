"""Samples in Parquet files, a row each (extra `tables`)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import Chunk, Numbered, Rows
from modelc.bulk.reading.json_lines import ObjectFormat, chunk_of
from modelc.bulk.reading.layout import Chosen, layout
from modelc.errors import FileFormatError, InputError
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType

Array = NDArray[Any]


def arrow() -> Any:
    """pyarrow, with its reader of Parquet. Raises `InputError` where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet  # pyright: ignore[reportUnusedImport] - which makes it an attribute
    except ImportError:
        raise InputError("Parquet files need pyarrow: pip install 'modelc[tables]'") from None
    return pyarrow


@dataclass(frozen=True)
class BatchPart:
    """Some rows of a table, in the form of Arrow."""

    file: str
    start: int
    batch: Any
    columns: tuple[tuple[str, ...], ...]
    """For each input its column, or those of its numbers."""
    format: ObjectFormat

    @property
    def names(self) -> Numbered:
        """The file and the number of each row."""
        return Numbered(f"{self.file}[", range(self.start, self.start + self.batch.num_rows), "]")

    def read(self) -> Chunk:
        """The samples; a row without a value, or with one that is no sample of the model, is a bad one."""
        inputs = [self._values(columns, type) for columns, type in zip(self.columns, self.format.types, strict=True)]
        if all(values is not None for values in inputs):
            return Chunk(tuple(values for values in inputs if values is not None), self.names)
        return chunk_of(self.batch.to_pylist(), self.names, self.format)

    def _values(self, columns: Sequence[str], type: TensorType) -> Rows | None:
        """The values of an input, as arrays that are not copied; None where rows must be looked at one by one."""
        parts = [_plain(self.batch.column(name)) for name in columns]
        shape = shown(type.shape[1:])
        if None in shape or any(part is None for part in parts):
            return None
        found = np.stack(cast("list[Array]", parts), axis=1) if len(parts) > 1 else parts[0]
        assert found is not None
        count = self.batch.num_rows
        fits = found.size == count * int(np.prod([size or 0 for size in shape]))
        if not fits or (found.ndim > 2 and found.shape[1:] != shape) or not np.isfinite(found).all():
            return None
        return found.reshape(count, *(size or 0 for size in shape))


class ParquetSource:
    """The rows of a Parquet file. Raises `InputError` and `FileFormatError`, where it has not the inputs' columns."""

    is_named = True
    is_held = True
    arrays = None

    def __init__(self, file: str, types: Sequence[TensorType], names: Sequence[str], chosen: Chosen) -> None:
        self._name = file
        arrow()
        with _reading(file):
            from pyarrow.parquet import ParquetFile

            self._file: Any = ParquetFile(file)
            header = list(self._file.schema_arrow.names)
            self.count: int = self._file.metadata.num_rows
            """The number of rows."""
        try:
            self._columns = _columns(header, self._file.schema_arrow, types, names, chosen)
        except InputError as error:
            raise error.about(file) from None
        self._format = ObjectFormat(tuple(types), tuple(names), chosen or self._by_position(names))

    def _by_position(self, names: Sequence[str]) -> Chosen:
        """The columns of the inputs, for rows that are looked at one by one."""
        return {name: some for name, some in zip(names, self._columns, strict=True) if some != (name,)}

    def parts(self, size: int) -> Iterator[BatchPart]:
        """At most `size` rows at a time; only the columns that are used are read."""
        wanted = list(dict.fromkeys(name for some in self._columns for name in some))
        start = 0
        with _reading(self._name):
            for batch in self._file.iter_batches(size, columns=wanted, use_threads=False):
                yield BatchPart(self._name, start, batch, self._columns, self._format)
                start += batch.num_rows


def _columns(
    header: Sequence[str], schema: Any, types: Sequence[TensorType], names: Sequence[str], chosen: Chosen
) -> tuple[tuple[str, ...], ...]:
    """For each input the one column of lists with its name, or the columns of its numbers."""
    lists = {name: name for name in header if name in names and name not in chosen}
    lists |= {name: some[0] for name, some in chosen.items() if len(some) == 1 and some[0] in header}
    lists = {name: column for name, column in lists.items() if _is_list(schema.field(column).type)}
    if len(names) == 1 and len(header) == 1 and not chosen and _is_list(schema.field(header[0]).type):
        lists = {names[0]: header[0]}
    if len(lists) == len(names):
        return tuple((lists[name],) for name in names)
    free = next((name for name, type in zip(names, types, strict=True) if None in type.shape[1:]), None)
    if free is not None:
        raise InputError(f"the input `{free}` has a free size: its values are lists in a column of its name")
    rest = [(type, name) for type, name in zip(types, names, strict=True) if name not in lists]
    single = [name for name in header if not _is_list(schema.field(name).type)]
    found = layout(single, [type for type, _ in rest], [name for _, name in rest], chosen)
    by_name = {name: tuple(single[i] for i in some) for (_, name), some in zip(rest, found.columns, strict=True)}
    return tuple((lists[name],) if name in lists else by_name[name] for name in names)


def _is_list(type: Any) -> bool:
    kinds = arrow().types
    return kinds.is_list(type) or kinds.is_large_list(type) or kinds.is_fixed_size_list(type)


def _plain(column: Any) -> Array | None:
    """A column as an array with an axis for each level of its lists; None for gaps and for lists of several lengths."""
    pyarrow = arrow()
    shape = [len(column)]
    while _is_list(column.type):
        if column.null_count:
            return None
        if not pyarrow.types.is_fixed_size_list(column.type):
            lengths = np.diff(column.offsets.to_numpy())
            if not len(lengths) or (lengths != lengths[0]).any():
                return None
            shape.append(int(lengths[0]))
        else:
            shape.append(column.type.list_size)
        column = column.flatten()
    kinds = pyarrow.types
    if column.null_count or not (kinds.is_integer(column.type) or kinds.is_floating(column.type)):
        return None
    return column.to_numpy(zero_copy_only=False).reshape(shape)


@contextmanager
def _reading(file: str) -> Generator[None]:
    """What goes wrong with a file, in our words."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{file}: there is no such file") from None
    except (arrow().ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise FileFormatError(f"{file}: not a Parquet file, or damaged: {reason}") from None
