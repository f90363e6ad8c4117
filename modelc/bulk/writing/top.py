"""The likeliest classes of samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelc.bulk.chunk import Array, Rows
from modelc.bulk.writing.outputs import WrittenOutput, with_classes
from modelc.model.labelled import Guess, best_classes, decoded


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
        found = zip(self.outputs, self._places, strict=True)
        return [decoded(results[place], output.labels, self.count) or [] for output, place in found]

    def best(self, results: Sequence[Rows]) -> Iterator[tuple[WrittenOutput, Array, Array]]:
        """For each of these outputs the places of the likeliest classes among its labels, and what the model returned
        for them; both of shape (samples, `width`)."""
        for output, place in zip(self.outputs, self._places, strict=True):
            yield output, *best_classes(results[place], output.labels or (), self.count)

    def width(self, output: WrittenOutput) -> int:
        """How many classes each sample of an output gets."""
        classes = len(output.labels or ())
        return min(self.count, classes)
