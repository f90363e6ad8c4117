"""Results as a Parquet file (extra `tables`)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np

from modelc.bulk.chunk import Rows
from modelc.bulk.reading.parquet import arrow
from modelc.bulk.writing.delimited import NAME, class_columns
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses
from modelc.errors import InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind


class ParquetWriter:
    """A Parquet file: the names of the samples, and for each output its values as (nested) lists, or by `top` classes
    and scores."""

    def __init__(
        self, path: Path, outputs: Sequence[WrittenOutput], top: TopClasses | None = None, *, force: bool | None = None
    ) -> None:
        if any(one.name == NAME for one in outputs):
            raise InputError(f"an output is called `{NAME}`, as the column of the names of samples", "write .npz")
        self._path, self._outputs, self._top, self._force = path, outputs, top, force
        self._arrow = arrow()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            target = stack.enter_context(replacing(self._path, Kind.PARQUET, force=self._force))
            schema = self._schema()
            self._file: Any = stack.enter_context(self._arrow.parquet.ParquetWriter(target, schema))
            self._fields: Any = schema
            self._stack = stack.pop_all()
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the rows."""
        columns = [self._arrow.array(list(names), self._arrow.string())]
        if self._top is None:
            columns += [
                self._array(values, field.type) for values, field in zip(results, list(self._fields)[1:], strict=True)
            ]
        else:
            for output, places, scores in self._top.best(results):
                labels = self._arrow.array(output.labels, self._arrow.string())
                for i in range(self._top.width(output)):
                    columns.append(labels.take(self._arrow.array(places[:, i])))
                    columns.append(self._arrow.array(scores[:, i].astype(np.float32)))
        self._file.write_table(self._arrow.Table.from_arrays(columns, schema=self._fields))

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None:
        return self._stack.__exit__(kind, error, trace)

    def _schema(self) -> Any:
        pa = self._arrow
        if self._top is not None:
            kinds = [pa.string(), pa.float32()]
            fields = [(name, kinds[i % 2]) for i, name in enumerate(class_columns(self._top))]
        else:
            fields = [(one.name, self._type(one)) for one in self._outputs]
        return pa.schema([(NAME, pa.string()), *fields])

    def _type(self, output: WrittenOutput) -> Any:
        """The type of a column: lists in lists, as long as the sizes that are fixed."""
        type = self._arrow.float32() if output.dtype == "float32" else self._arrow.int32()
        for size in reversed(output.shape):
            type = self._arrow.list_(type, -1 if size is None else size)
        return type

    def _array(self, values: Rows, type: Any) -> Any:
        pa = self._arrow
        if isinstance(values, list):
            return pa.array([row.tolist() for row in values], type)
        kinds = [type]
        while pa.types.is_list(kinds[-1]) or pa.types.is_fixed_size_list(kinds[-1]):
            kinds.append(kinds[-1].value_type)
        made = pa.array(values.ravel(), kinds[-1])
        for axis, kind in reversed(list(enumerate(kinds[:-1]))):
            size = values.shape[axis + 1]
            if pa.types.is_fixed_size_list(kind):
                made = pa.FixedSizeListArray.from_arrays(made, type=kind)
            else:
                count = len(made) // size if size else int(np.prod(values.shape[: axis + 1]))
                made = pa.ListArray.from_arrays(np.arange(count + 1, dtype=np.int32) * size, made, type=kind)
        return made
