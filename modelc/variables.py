"""`Variable`: the array of one weight, shared by every model that uses it."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.errors import WeightsError

_lock = threading.Lock()
_generation = 0


def generation() -> int:
    """How often any variable has been assigned: a model whose generation is this one has nothing to repack."""
    return _generation


class Variable:
    """A named float32 array that can be assigned. Reading gives a read-only view."""

    __slots__ = ("_value", "path", "trainable", "version")

    def __init__(self, path: str, value: NDArray[Any], *, trainable: bool = True) -> None:
        self.path = path
        self.trainable = trainable
        self.version = 0
        self._value = _frozen(value)

    @property
    def name(self) -> str:
        """The last part of the path: `kernel`."""
        return self.path.rpartition("/")[2]

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions."""
        return self._value.shape

    @property
    def value(self) -> NDArray[np.float32]:
        """The array, read-only."""
        return self._value

    def numpy(self) -> NDArray[np.float32]:
        """The array, read-only: Keras's name for `value`."""
        return self._value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._value, dtype=dtype, copy=copy)

    def assign(self, value: ArrayLike) -> None:
        """Replace the array. Raises `WeightsError` where the shape differs."""
        global _generation
        array = np.asarray(value)
        if array.shape != self.shape:
            raise WeightsError(f"`{self.path}` has the shape {self.shape}, found {array.shape}")
        with _lock:
            self._value = _frozen(array)
            self.version += 1
            _generation += 1

    def __repr__(self) -> str:
        return f"<Variable {self.path} shape={self.shape}>"


def _frozen(value: NDArray[Any]) -> NDArray[np.float32]:
    array = np.array(value, dtype=np.float32, order="C")
    array.setflags(write=False)
    return array
