"""Results as JSON lines: an object for each sample, with its name and its outputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, BinaryIO, Self

import numpy as np

from modelc.bulk.chunk import Rows
from modelc.bulk.writing.numbers import formats, in_json, nested
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses


class LinesWriter:
    """Writes `{"input": NAME, "outputs": {OUTPUT: VALUES}}` to a stream, or by `top` lists of label and score."""

    def __init__(self, stream: BinaryIO, outputs: Sequence[WrittenOutput], top: TopClasses | None = None) -> None:
        self._stream, self._outputs, self._top = stream, outputs, top
        self._formats = [nested(one.sizes, formats(one.dtype)) if one.is_fixed else None for one in outputs]

    def __enter__(self) -> Self:
        return self

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Append the lines."""
        lines = self._classes(names, results) if self._top is not None else self._numbers(names, results)
        self._stream.write("".join(lines).encode())

    def _classes(self, names: Sequence[str], results: Sequence[Rows]) -> list[str]:
        assert self._top is not None
        found = self._top.of(results)
        keys = [one.name for one in self._top.outputs]
        return [
            json.dumps(named_guesses(name, dict(zip(keys, some, strict=True))), ensure_ascii=False) + "\n"
            for name, *some in zip(names, *found, strict=True)
        ]

    def _numbers(self, names: Sequence[str], results: Sequence[Rows]) -> list[str]:
        keys = [json.dumps(one.name, ensure_ascii=False) for one in self._outputs]
        columns = [
            [in_json(row, format or nested(row.shape, formats(one.dtype))) for row in map(np.asarray, values)]
            for values, format, one in zip(results, self._formats, self._outputs, strict=True)
        ]
        lines: list[str] = []
        for name, *values in zip(names, *columns, strict=True):
            outputs = ", ".join(f"{key}: {value}" for key, value in zip(keys, values, strict=True))
            lines.append(f'{{"input": {json.dumps(name, ensure_ascii=False)}, "outputs": {{{outputs}}}}}\n')
        return lines

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._stream.flush()


def named_guesses(name: str, guesses: dict[str, Any]) -> dict[str, Any]:
    """The likeliest classes of a sample as an object: `input`, and by output `label` and `score` of each class."""
    return {"input": name, "outputs": {key: [guess._asdict() for guess in some] for key, some in guesses.items()}}
