"""Skips the type check for batches like one that was found to fit, since the check takes long for a small model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from modelc.data.batches import Batch
from modelc.data.columns import Array, Signature
from modelc.graph.mapped import is_mapped

_AS_THEY_ARE = (np.dtype(np.float32), np.dtype(np.int32))
"""The types that the model's programs take."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The types of an input and of its labels that were taken as they are."""

    signature: Signature
    x: Any
    y: Any

    @classmethod
    def of(cls, x: Any, y: Any, batch: Batch, signature: Signature) -> Self | None:
        """Those of what a batch was made of; None where that was converted, or is more than two arrays."""
        given = _type(x), _type(y)
        if batch.weights is not None or batch.y is None or len(batch.x) > 1 or len(batch.y) > 1 or None in given:
            return None
        return cls(signature, *given) if given == (_type(batch.x[0]), _type(batch.y[0])) else None

    def batch(self, x: Any, y: Any, signature: Signature) -> Batch | None:
        """The batch of arrays of the same types; None for others. Raises `InputError` for labels of no class."""
        if self.signature is not signature or _type(x) != self.x or _type(y) != self.y:
            return None
        classes = signature.classes[0] if signature.classes else None
        if classes is not None and y.shape[1:] in ((), (1,)):
            classes.check(y, None, "the labels")
        return Batch([x], [y], None)


def _type(value: Any) -> tuple[Any, ...] | None:
    """What tells whether an array fits; None for what has to be looked at or converted."""
    if type(value) is not np.ndarray:
        return None
    array: Array = value
    if array.base is not None and is_mapped(array):  # which is read with care
        return None
    return (array.dtype, array.shape) if array.dtype in _AS_THEY_ARE and array.flags.c_contiguous else None
