"""Results as JSON lines: an object for each sample, with its name and its outputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any, BinaryIO, Self

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.numbers import blocks, columns_in_json, in_json, nested, together
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses

_Formatted = tuple[WrittenOutput, str, Sequence[Sequence[Any]]]
"""An output, the format of its value in a line, and the columns of what is formatted by it."""


class LinesWriter:
    """Writes `{"input": NAME, "outputs": {OUTPUT: VALUES}}` to a stream, or by `top` lists of label and score."""

    def __init__(self, stream: BinaryIO, outputs: Sequence[WrittenOutput], top: TopClasses | None = None) -> None:
        self._stream, self._outputs, self._top = stream, outputs, top
        self._labels = [[*map(encode_basestring, one.labels or ())] for one in (top.outputs if top is not None else ())]

    def __enter__(self) -> Self:
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the lines."""
        for some, values in blocks(names, results):
            found = self._classes(self._top, values) if self._top is not None else self._numbers(values)
            columns: list[Sequence[Any]] = [[*map(encode_basestring, some)]]
            outputs: list[str] = []
            for one, format, cells in found:
                key = encode_basestring(one.name).replace("%", "%%")
                outputs.append(f"{key}: {format}")
                columns += cells
            line = f'{{"input": %s, "outputs": {{{", ".join(outputs)}}}}}\n'
            self._stream.write(together(line, columns).encode())

    def _classes(self, top: TopClasses, results: Sequence[Rows]) -> Iterator[_Formatted]:
        for (one, places, scores), labels in zip(top.best(results), self._labels, strict=True):
            number, numbers = columns_in_json(scores, one.dtype)
            guess = f'{{"label": %s, "score": {number}}}'
            columns: list[list[Any]] = []
            for some, column in zip(places.T.tolist(), numbers, strict=True):
                columns += [[labels[place] for place in some], column]
            yield one, f"[{', '.join([guess] * len(numbers))}]", columns

    def _numbers(self, results: Sequence[Rows]) -> Iterator[_Formatted]:
        for one, values in zip(self._outputs, results, strict=True):
            if isinstance(values, list):
                yield one, "%s", [[in_json(row, one.dtype) for row in values]]
            else:
                number, columns = columns_in_json(values.reshape(len(values), -1), one.dtype)
                yield one, nested(values.shape[1:], number), columns

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._stream.flush()


def named_guesses(name: str, guesses: dict[str, Any]) -> dict[str, Any]:
    """The likeliest classes of a sample as an object: `input`, and by output `label` and `score` of each class."""
    return {"input": name, "outputs": {key: [guess._asdict() for guess in some] for key, some in guesses.items()}}
