"""`Variable`: the array of one weight, shared by all models that use it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from modelc.errors import Diagnostic, SpecError, WeightsError
from modelc.system.forks import whole_in_child
from modelc.weights.stored import HeldArray, StoredArray

_lock = threading.Lock()
whole_in_child(_lock)
_generation = 0


def generation() -> int:
    """The number of assignments to variables so far: a model with this generation need not repack its weights."""
    return _generation


class Variable:
    """A named float32 array that can be assigned. Its value is a read-only view."""

    __slots__ = ("_trainable", "_value", "path", "state", "version")

    def __init__(
        self,
        path: str,
        value: NDArray[Any] | StoredArray,
        *,
        trainable: bool = True,
        state: bool = False,
        copied: bool = True,
    ) -> None:
        """The value is copied, unless it has no other references; one that is stored is read when it is asked for."""
        self.path = path
        self.state = state
        """Whether it is what a stateful layer keeps from call to call, and no weight."""
        self._trainable = trainable
        self.version = 0
        self._value = _frozen(value, copied) if isinstance(value, np.ndarray) else value

    @property
    def name(self) -> str:
        """The last part of the path: `kernel`."""
        return self.path.rpartition("/")[2]

    @property
    def trainable(self) -> bool:
        """Whether it is a parameter: False for statistics such as a moving mean."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        help = "set `trainable` of its layer"
        raise SpecError(
            Diagnostic("E207", "a weight cannot be frozen or trained apart from its layer", help, self.path)
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """The dimensions."""
        return self._value.shape

    @property
    def value(self) -> NDArray[np.float32]:
        """The array, read-only."""
        value = self._value
        return value if isinstance(value, np.ndarray) else self._held(value)

    def numpy(self) -> NDArray[np.float32]:
        """The array, read-only: Keras's name for `value`."""
        return self.value

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.value, dtype=dtype, copy=copy)

    def _held(self, stored: StoredArray) -> NDArray[np.float32]:
        """The array that was stored, which is kept from now on."""
        array = _frozen(stored.read(), copied=False)
        with _lock:
            if self._value is stored:
                self._value = array
        return array

    def assign(self, value: ArrayLike) -> None:
        """Replace the array. Raises `WeightsError` for another shape."""
        array = np.asarray(value)
        if array.shape != self.shape:
            raise WeightsError(f"`{self.path}` has the shape {self.shape}, found {array.shape}")
        assign_together([(self, array)])

    def __repr__(self) -> str:
        return f"<Variable {self.path} shape={self.shape}>"


def assign_together(values: Iterable[tuple[Variable, NDArray[Any]]], *, copied: bool = True) -> None:
    """Replace the arrays of several variables at once; the caller has checked the shapes.

    A `snapshot` sees all of the new arrays or none, so that no call runs on a mixture. Arrays without other references,
    such as those that were read from a file, need not be `copied`.
    """
    global _generation
    frozen = [(variable, _frozen(value, copied)) for variable, value in values]
    with _lock:
        for variable, value in frozen:
            variable._value = value
            variable.version += 1
        _generation += 1


def adopt_together(values: Iterable[tuple[Variable, NDArray[np.float32]]]) -> None:
    """As `assign_together`, for float32 arrays without other references: they are used without a copy."""
    global _generation
    taken = [(variable, np.asarray(value)) for variable, value in values]  # NumPy gives numbers for arrays of rank 0
    with _lock:
        for variable, value in taken:
            value.setflags(write=False)
            variable._value = value
            variable.version += 1
        _generation += 1


def snapshot(variables: Mapping[str, Variable]) -> dict[str, NDArray[np.float32]]:
    """The arrays of all variables, by path, at one point in time."""
    with _lock:
        values = {path: variable._value for path, variable in variables.items()}
    return {p: v if isinstance(v, np.ndarray) else variables[p]._held(v) for p, v in values.items()}


def stored_snapshot(variables: Mapping[str, Variable]) -> dict[str, StoredArray]:
    """As `snapshot`, but what is stored is not read yet, and not kept when it was read."""
    with _lock:
        values = {path: variable._value for path, variable in variables.items()}
    return {path: HeldArray(v) if isinstance(v, np.ndarray) else v for path, v in values.items()}


def _frozen(value: NDArray[Any], copied: bool = True) -> NDArray[np.float32]:
    array = np.array(value, dtype=np.float32, order="C", copy=True if copied else None)
    array.setflags(write=False)
    return array
