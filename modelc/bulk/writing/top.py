"""The likeliest classes of samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.outputs import WrittenOutput, with_classes
from modelc.model.labelled import Guess, decoded


class TopClasses:
    """Gives the `count` likeliest classes of each sample, of the outputs that have a number for each class.

    Raises `InputError` where no output has.
    """

    def __init__(self, outputs: Sequence[WrittenOutput], count: int) -> None:
        self.outputs = with_classes(outputs)
        """The outputs with a number for each class."""
        self.count = count
        """How many classes are asked for."""
        self._places = [[one.name for one in outputs].index(output.name) for output in self.outputs]

    def of(self, results: Sequence[Rows]) -> list[list[list[Guess]]]:
        """For each of these outputs and each sample the likeliest classes."""
        found: list[list[list[Guess]]] = []
        for output, place in zip(self.outputs, self._places, strict=True):
            found.append(decoded(np.asarray(results[place]), output.labels, self.count) or [])
        return found

    def width(self, output: WrittenOutput) -> int:
        """How many classes each sample of an output gets."""
        classes = len(output.labels or ())
        return min(self.count, classes)
