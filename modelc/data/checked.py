"""Skips the type check for batches like one that was found to fit, since the check takes long for a small model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from modelc.data.batches import Batch
from modelc.data.columns import Array, Signature
from modelc.graph.inputs import holds_numbers
from modelc.graph.mapped import is_mapped
from modelc.losses.labels import as_label


@dataclass(frozen=True, slots=True)
class Checked:
    """The types of an input and of its labels that were taken as they are, or converted without a look at the input."""

    signature: Signature
    x: Any
    y: Any
    input: np.dtype[Any]
    """The type that the model takes."""

    @classmethod
    def of(cls, x: Any, y: Any, batch: Batch, signature: Signature) -> Self | None:
        """Those of what a batch was made of; None where its shape was changed, or there are more than two arrays."""
        given = _type(x), _type(y)
        if batch.weights is not None or batch.y is None or len(batch.x) > 1 or len(batch.y) > 1 or None in given:
            return None
        made = batch.x[0]
        if (x.shape, y.shape) != (made.shape, batch.y[0].shape) or made.dtype not in (x.dtype, np.float32):
            return None
        return cls(signature, *given, made.dtype)

    def batch(self, x: Any, y: Any, signature: Signature) -> Batch | None:
        """The batch of arrays of the same types; None for others. Raises `InputError` for labels of no class."""
        if self.signature is not signature or _type(x) != self.x or _type(y) != self.y:
            return None
        classes = signature.classes[0] if signature.classes else None
        if classes is not None and y.shape[1:] in ((), (1,)):
            classes.check(y, None, "the labels")
        return Batch([np.asarray(x, self.input)], [as_label(y)], None)


def _type(value: Any) -> tuple[Any, ...] | None:
    """What tells whether an array fits; None for what has to be looked at."""
    if type(value) is not np.ndarray:
        return None
    array: Array = value
    if array.base is not None and is_mapped(array):  # which is read with care
        return None
    return (array.dtype, array.shape) if holds_numbers(array) and array.flags.c_contiguous else None
