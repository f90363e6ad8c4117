"""The weights in the file of a built model that stays open: held against their digest once, then read one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.archive import Reader, reading_open
from modelc.files.artifacts import LAYOUT, WEIGHTS
from modelc.files.held import HeldFile
from modelc.files.tensors import TensorEntry, as_floats, matched_entries
from modelc.weights.assign import Shape
from modelc.weights.stored import StoredArrays


class ArtifactWeights:
    """The weights of an open archive, which are what the manifest says as long as the file is the same."""

    def __init__(self, archive: Reader, file: HeldFile) -> None:
        """Raises `FileFormatError` where they do not match their digest."""
        self._file = file
        self._archive_name = archive.name
        self._verify(archive)
        self._start, self._size = archive.place(WEIGHTS)

    def of(self, expected: Mapping[str, Shape]) -> StoredArrays:
        """Those that a model needs; none is read yet.

        Raises `FileFormatError` where they are no tensors, `WeightsError` with all that do not match.
        """
        with self._file.stream() as stream:
            stream.seek(self._start)
            entries, header = matched_entries(stream, self._size, expected, "its spec", self._archive_name)
        first = self._start + header
        return StoredArrays({path: _Stored(self, first + entry.start, entry) for path, entry in entries.items()})

    def read(self, place: int, entry: TensorEntry) -> NDArray[Any]:
        """A tensor whose data begins at a place of the file.

        Raises `FileFormatError` where the weights are no longer those that were there at first.
        """
        if self._file.identity() != self._identity:
            with self._file.stream() as stream:
                reading_open(stream, self._archive_name, LAYOUT, self._verify)
        data = np.empty(entry.stop - entry.start, np.uint8)
        try:
            self._file.read_at(place, data.data)
        except (OSError, EOFError) as error:
            raise FileFormatError(f"`{self._archive_name}` cannot be read: {error}") from None
        return as_floats(data, entry)

    def _verify(self, archive: Reader) -> None:
        self._identity = self._file.identity()
        archive.verify(WEIGHTS)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A tensor of a file; see `StoredArray`."""

    weights: ArtifactWeights
    place: int
    entry: TensorEntry

    @property
    def shape(self) -> Shape:
        """Its dimensions."""
        return self.entry.shape

    def read(self) -> NDArray[Any]:
        """The tensor as float32."""
        return self.weights.read(self.place, self.entry)
