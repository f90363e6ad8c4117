"""`CutPart`: a part of a batch whose step is cut, and how far it has been computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from modelc.graph.program import Program
from modelc.training.cut import CutStep, PartsSum

Array = NDArray[Any]


class CutPart:
    """The arrays of a part so far, by their numbers in the step."""

    def __init__(self, cut: CutStep, programs: Sequence[Program], inputs: Sequence[Array]) -> None:
        """`inputs` are those of the whole step, with any arrays in the place of the sums."""
        self._cut, self._programs = cut, programs
        self._arrays = dict(enumerate(inputs))
        self._next = 0

    def go_on(self) -> None:
        """Compute the next section."""
        section = self._cut.sections[self._next]
        results = self._programs[self._next].run([self._arrays[number] for number in section.takes])
        self._arrays.update(zip(section.gives, results, strict=True))
        self._next += 1

    def partial(self, sum: PartsSum) -> Array:
        """What the part adds to a sum, as a flat array of its own."""
        return self._arrays[sum.partial].flatten()

    def take(self, sum: PartsSum, total: Array) -> None:
        """The sum over all parts is known."""
        self._arrays[sum.total] = total.reshape(sum.shape)

    def results(self) -> list[Array]:
        """What the step gives, once all sections are computed."""
        return [self._arrays[number] for number in self._cut.results]


def run_to_the_last_section(
    sums: Sequence[PartsSum], parts: Sequence[CutPart], added: Callable[[Sequence[Array], int], Array]
) -> None:
    """Compute all parts up to the last section. `added` gives the sum, of so many elements, of what these parts and
    those of other processes add."""
    for sum in sums:
        for part in parts:
            part.go_on()
        total = added([part.partial(sum) for part in parts], sum.size)
        for part in parts:
            part.take(sum, total)
