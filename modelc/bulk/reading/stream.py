"""Samples from standard input: CSV, JSON lines or .npy, told by how it begins."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

import numpy as np

from modelc.bulk.chunk import Numbered
from modelc.bulk.reading.arrays import ArrayPart
from modelc.bulk.reading.delimited import TableRows
from modelc.bulk.reading.json_lines import JsonRows
from modelc.bulk.reading.layout import Chosen
from modelc.bulk.reading.source import SampleSource
from modelc.errors import FileFormatError, InputError
from modelc.files.arrays import StreamedArray
from modelc.graph.inputs import check_input
from modelc.graph.types import TensorType

STANDARD_INPUT = "-"
_LABEL = "<stdin>"
_OTHERS = {
    b"PK\3\4": "an .npz file", b"PAR1": "a Parquet file", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image",
    b"GIF8": "an image", b"BM": "an image", b"II*\0": "an image", b"MM\0*": "an image", b"RIFF": "an image",
}  # fmt: skip


def from_stream(stream: BinaryIO, types: Sequence[TensorType], names: Sequence[str], chosen: Chosen) -> SampleSource:
    """The samples that a stream gives, which is read once, as far as it is asked for.

    Raises `InputError` for what can only be read from a file, and where it does not fit the model.
    """
    buffered = cast(BinaryIO, stream if hasattr(stream, "peek") else io.BufferedReader(cast(Any, stream)))
    head: bytes = cast(Any, buffered).peek(64)
    other = next((kind for start, kind in _OTHERS.items() if head.startswith(start)), None)
    if other is not None:
        raise InputError(f"standard input is {other}, which is read from a file", "write it into a file, and give that")
    if head.startswith(np.lib.format.MAGIC_PREFIX):
        return ArrayStream(buffered, types, names)
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kind = JsonRows if begin in (b"{", b"[") or (begin.isdigit() and b"," not in head) else TableRows
    return kind(_LABEL, types, names, chosen, buffered)


class ArrayStream:
    """The rows of the array in a .npy file that comes through a pipe."""

    is_named = False
    is_held = True
    arrays = None

    def __init__(self, stream: BinaryIO, types: Sequence[TensorType], names: Sequence[str]) -> None:
        """Raises `InputError` where the model has several inputs or takes another shape."""
        if len(names) > 1:
            raise InputError(f"{_LABEL}: is one array, the model has the inputs {', '.join(names)}")
        self._array = StreamedArray(stream, _LABEL)
        check_input(np.broadcast_to(np.zeros((), self._array.dtype), (1, *self._array.shape[1:])), types[0], _LABEL)
        self.count = self._array.shape[0]
        """The number of samples, as the header has it."""

    def parts(self, size: int) -> Iterator[ArrayPart]:
        """At most `size` rows at a time. Raises `FileFormatError` where the stream ends before."""
        for start in range(0, self.count, size):
            stop = min(start + size, self.count)
            rows = self._array.read(stop - start)
            if len(rows) < stop - start:
                raise FileFormatError(f"{_LABEL}: ends after {start + len(rows):,} of {self.count:,} samples")
            yield ArrayPart((rows,), start, stop, Numbered(f"{_LABEL}[", range(start, stop), "]"))
