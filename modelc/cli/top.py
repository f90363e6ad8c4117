"""The likeliest classes of each sample, as `modelc run --top` prints them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from modelc.graph.sizes import is_free
from modelc.language.labels import labels_of
from modelc.model.labelled import Guess, decoded
from modelc.model.model import Model


class Top:
    """Collects the likeliest classes of the samples of a run; the names of classes are numbers where there are no
    labels."""

    def __init__(self, model: Model, files: Sequence[str], count: int) -> None:
        self._files = files
        self._count = count
        self._labels: dict[int, tuple[str, ...]] = {}
        self._names = model.output_names
        self._guesses: list[dict[str, list[Guess]]] = []
        for i, (labels, output) in enumerate(zip(labels_of(model.spec), model.graph.outputs, strict=True)):
            if output.type.rank == 2 and not is_free(output.type.dims[0]):
                self._labels[i] = labels or tuple(map(str, range(output.type.dims[0])))
        if not self._labels:
            shapes = ", ".join(str(list(output.type.shape)) for output in model.graph.outputs)
            raise click.UsageError(
                f"--top is for models that return a number for each class, and this one returns {shapes}"
            )

    def add(self, batch: Sequence[Any]) -> None:
        """Take in the outputs for a batch."""
        some = {self._names[i]: decoded(batch[i], labels, self._count) for i, labels in self._labels.items()}
        for sample in range(len(batch[0])):
            self._guesses.append({name: guesses[sample] for name, guesses in some.items() if guesses is not None})

    def _label(self, sample: int) -> str:
        """The file of a sample, and its number where a file has several."""
        if len(self._files) == len(self._guesses):
            return self._files[sample]
        return f"{self._files[0]}[{sample}]"

    def to_text(self) -> str:
        """A line for each sample, and below it one for each class."""
        lines: list[str] = []
        for i, outputs in enumerate(self._guesses):
            for name, guesses in outputs.items():
                lines.append(self._label(i) + (f": {name}" if len(outputs) > 1 else ""))
                lines += [f"  {guess.score:.4f}  {guess.label}" for guess in guesses]
        return "\n".join(lines)

    def to_json(self) -> str:
        """A list with an object for each sample: `input` and, by output, `label` and `score` of each class."""
        rows = [
            {"input": self._label(i), "outputs": {name: [g._asdict() for g in some] for name, some in outputs.items()}}
            for i, outputs in enumerate(self._guesses)
        ]
        return json.dumps(rows, indent=2, ensure_ascii=False)
