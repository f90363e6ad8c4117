"""`HeldArrays`: the weights that were read with the spec of an ONNX file, for the model that is built from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from weakref import WeakValueDictionary

from numpy.typing import NDArray

from modelc.system.stamps import stamp_of

Array = NDArray[Any]


class HeldArrays:
    """Weights by path, as long as this object lives and its file is the one that was read: a spec holds it.

    The model that is built first takes them, since it writes to its weights; others read the file.
    """

    def __init__(self, path: str | os.PathLike[str], arrays: Mapping[str, Array]) -> None:
        self._arrays: Mapping[str, Array] | None = arrays
        self._stamp = stamp_of(path)
        _held[os.path.realpath(path)] = self

    def take(self, path: str) -> Mapping[str, Array] | None:
        """The weights, if they are there still and the file at `path` has not changed."""
        arrays, self._arrays = self._arrays, None
        return arrays if self._stamp is not None and stamp_of(path) == self._stamp else None


_held: WeakValueDictionary[str, HeldArrays] = WeakValueDictionary()


def take_held(path: str | os.PathLike[str]) -> Mapping[str, Array] | None:
    """The weights in a file that a spec was read from which is there still; None where they have to be read."""
    name = os.path.realpath(path)
    held = _held.pop(name, None)
    return None if held is None else held.take(name)
