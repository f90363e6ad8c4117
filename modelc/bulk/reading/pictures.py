"""Pictures as samples, in files of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from modelc.bulk.chunk import BadSample, Chunk
from modelc.bulk.reading.rows import gathered
from modelc.errors import ModelcError
from modelc.files.pictures import picture_mode, read_picture
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.files.preprocessing import Preprocessing

Array = NDArray[Any]


@dataclass(frozen=True)
class PicturePart:
    """Some pictures by the paths of their files."""

    paths: Sequence[str]
    type: TensorType
    how: Preprocessing | None

    @property
    def names(self) -> Sequence[str]:
        """The paths."""
        return self.paths

    def read(self) -> Chunk:
        """The pictures, decoded, resized, and with values as the preprocessing says."""
        found: list[Array] = []
        names: list[str] = []
        bad: list[BadSample] = []
        for path in self.paths:
            try:
                found.append(read_picture(path, self.type, self.how))
                names.append(path)
            except ModelcError as error:
                bad.append(BadSample(path, error))
        return Chunk((gathered(found, self.type),), names, tuple(bad))


class PictureSource:
    """Pictures for the one input of a model. Raises `InputError` where the model takes none."""

    is_named = True
    is_held = False
    arrays = None

    def __init__(self, paths: Sequence[str], type: TensorType, how: Preprocessing | None) -> None:
        picture_mode(type, paths[0])
        self._paths, self._type, self._how = paths, type, how
        self.count = len(paths)
        """The number of pictures."""

    def parts(self, size: int) -> Iterator[PicturePart]:
        """At most `size` pictures at a time."""
        for start in range(0, self.count, size):
            yield PicturePart(self._paths[start : start + size], self._type, self._how)
