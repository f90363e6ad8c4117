"""Samples as JSON lines: each a list of numbers, or an object with a list for each input."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from modelc.bulk.chunk import BadSample, Chunk, Numbered
from modelc.bulk.reading.layout import Chosen, element_names
from modelc.bulk.reading.rows import as_row, gathered
from modelc.bulk.reading.text import Lines, TextBlock
from modelc.config.arguments import show
from modelc.errors import FileFormatError, InputError, ModelcError
from modelc.graph.sizes import shown
from modelc.graph.types import TensorType
from modelc.text.unknown import hint

Array = NDArray[Any]


@dataclass(frozen=True)
class ObjectFormat:
    """How a value in JSON becomes the inputs of a model."""

    types: tuple[TensorType, ...]
    names: tuple[str, ...]
    chosen: Chosen

    def inputs(self, value: Any) -> list[Array]:
        """The inputs of one sample. Raises `InputError`."""
        if isinstance(value, Mapping):
            fields = cast("Mapping[str, Any]", value)
            return [self._of(fields, type, name) for type, name in zip(self.types, self.names, strict=True)]
        if len(self.names) > 1:
            raise InputError(f"expected an object with {', '.join(self.names)}, found {show(value)}")
        return [as_row(value, type, name) for type, name in zip(self.types, self.names, strict=True)]

    def _of(self, fields: Mapping[str, Any], type: TensorType, name: str) -> Array:
        """The value of one input: under its name, or number by number."""
        if name not in self.chosen and name in fields:
            value = fields[name]
            single = not isinstance(value, list) and type.shape[1:] == (1,)
            return as_row([value] if single else value, type, name)
        sizes = shown(type.shape[1:])
        fixed = [size for size in sizes if size is not None]
        keys = self.chosen.get(name) or (element_names(name, fixed) if len(fixed) == len(sizes) else [name])
        absent = next((key for key in keys if key not in fields), None)
        if absent is not None:
            what = absent if name in self.chosen else name
            raise InputError(f"has no `{what}`", hint(what, fields, f"it has: {', '.join(list(fields)[:20])}"))
        if len(keys) == 1 and isinstance(fields[keys[0]], list):
            return as_row(fields[keys[0]], type, name)
        flat = as_row([fields[key] for key in keys], TensorType((None, len(keys)), type.dtype), name)
        if len(fixed) < len(sizes):
            return flat
        if len(keys) != int(np.prod(fixed)):
            raise InputError(f"the input `{name}` has {int(np.prod(fixed))} numbers, and {len(keys)} are chosen for it")
        return flat.reshape(fixed)


def chunk_of(
    values: Sequence[Any], names: Sequence[str], format: ObjectFormat, parse: Callable[[Any], Any] = lambda value: value
) -> Chunk:
    """The chunk of samples that `parse` makes of values; those that it refuses, or that do not fit, are bad ones."""
    rows: list[list[Array]] = []
    good: list[str] = []
    bad: list[BadSample] = []
    for value, name in zip(values, names, strict=True):
        try:
            rows.append(format.inputs(parse(value)))
            good.append(name)
        except ModelcError as error:
            bad.append(BadSample(name, error))
    inputs = tuple(gathered([row[i] for row in rows], type) for i, type in enumerate(format.types))
    return Chunk(inputs, good, tuple(bad))


@dataclass(frozen=True)
class LinesPart:
    """Some lines of JSON."""

    file: str
    format: ObjectFormat
    block: TextBlock

    @property
    def names(self) -> Numbered:
        """The file and the number of each line."""
        return Numbered(f"{self.file}:", self.block.numbers)

    def read(self) -> Chunk:
        """The samples; a line that is no JSON, or no sample of the model, is a bad one."""
        return chunk_of(self.block.lines, self.names, self.format, _parsed)


class JsonRows:
    """The lines of a JSON lines file or a stream."""

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
        """Raises `InputError` where the file cannot be read."""
        self._lines = Lines(file, stream)
        self._format = ObjectFormat(tuple(types), tuple(names), chosen)

    def parts(self, size: int) -> Iterator[LinesPart]:
        """At most `size` lines at a time."""
        for block in self._lines.blocks(size):
            yield LinesPart(self._lines.name, self._format, block)


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.rstrip(), parse_constant=_refused)
    except UnicodeDecodeError:
        raise FileFormatError("is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise FileFormatError(f"is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise FileFormatError("is not JSON that is read: it has too many brackets in each other") from None
    except ValueError as error:
        raise FileFormatError(f"is not JSON: {error}") from None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
