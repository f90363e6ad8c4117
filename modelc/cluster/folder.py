"""The folder that predictions are written to, a file for each chunk, and the manifest that names them.

| file | content |
|---|---|
| `000000.npy`, … | the results of a chunk, in the order of the samples |
| `manifest.json` | the model, the inputs, and, when all is done, each chunk with its file's size and SHA-256 |
| `chunks.jsonl` | a line for each chunk that is written, until all are |
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from modelc.bulk.chunk import BadSample
from modelc.callbacks.same_run import differences
from modelc.errors import InputError
from modelc.files.described_folder import DescribedFolder
from modelc.files.digests import sha256_of
from modelc.files.journal import Journal
from modelc.files.kinds import PREDICTION_MARK, Kind
from modelc.system.file_locks import locked

_VERSION = 1
_JOURNAL = "chunks.jsonl"


@dataclass(frozen=True)
class WrittenChunk:
    """A chunk whose results are in a file."""

    chunk: int
    """Its number, from 0."""
    file: str
    samples: int
    """The samples whose results are in the file."""
    bytes: int
    sha256: str
    skipped: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    """The samples that were left out: `name` and `error` of each."""

    @classmethod
    def of(cls, number: int, path: Path, samples: int, bad: Sequence[BadSample]) -> WrittenChunk:
        """What is in a file that was just written."""
        skipped = [{"name": one.name, "error": one.error.message} for one in bad]
        return cls(number, path.name, samples, path.stat().st_size, sha256_of(path), skipped)


class PredictionFolder:
    """A folder of predictions, complete or not."""

    def __init__(self, path: str | os.PathLike[str], suffix: str) -> None:
        """`suffix` is that of the files, with its dot."""
        self.path = Path(path)
        self._described = DescribedFolder(
            self.path, "manifest.json", Kind.MANIFEST, PREDICTION_MARK, _VERSION, "a prediction on Dask"
        )
        self._suffix = suffix
        self._journal = Journal(self.path / _JOURNAL)

    def file(self, number: int) -> Path:
        """The file of a chunk."""
        return self.path / f"{number:06}{self._suffix}"

    def require_same(self, about: Mapping[str, Any]) -> None:
        """Raise `InputError` where the folder holds something else, or predictions of another model or other inputs."""
        before = self._described.read()
        if before is None:
            return
        before = {key: value for key, value in before.items() if key not in ("chunks", "bad_chunks")}
        lines = differences(before, json.loads(json.dumps(about)))
        if lines:
            message = f"{self.path}: the predictions in this folder are others, before → now:"
            raise InputError("\n  ".join([message, *lines]), "give another folder, or predict as before")

    @contextmanager
    def held(self, about: Mapping[str, Any]) -> Generator[dict[int, WrittenChunk]]:
        """Make the folder, or find what was written before, and keep others out of it meanwhile.

        Gives the chunks whose files are whole, by number. Raises as `require_same` does, and `InputError` where another
        process writes to the folder.
        """
        self.require_same(about)
        self.path.mkdir(parents=True, exist_ok=True)
        with locked(self.path, wait=False) as is_mine:
            if not is_mine:
                raise InputError(f"{self.path}: another process is writing predictions to it")
            before = self._described.read()
            if before is None:
                self._described.write(about)
            yield self._whole(before or {})

    def add(self, chunk: WrittenChunk) -> None:
        """Note a chunk whose file is written."""
        self._journal.append(asdict(chunk))

    def complete(
        self, about: Mapping[str, Any], chunks: Mapping[int, WrittenChunk], bad: Sequence[Mapping[str, Any]]
    ) -> None:
        """Write the manifest of all chunks, also of those that are `bad` and have no file."""
        listed = {"chunks": [asdict(chunks[number]) for number in sorted(chunks)], "bad_chunks": list(bad)}
        self._described.write({**about, **listed})
        self._journal.path.unlink(missing_ok=True)

    def _whole(self, manifest: Mapping[str, Any]) -> dict[int, WrittenChunk]:
        """The chunks that were noted and whose files are what was noted."""
        found: dict[int, WrittenChunk] = {}
        for entry in [*manifest.get("chunks", ()), *self._journal]:
            try:
                chunk = WrittenChunk(**entry)
            except TypeError:
                continue
            found[chunk.chunk] = chunk
        return {number: chunk for number, chunk in found.items() if self._is_whole(chunk)}

    def _is_whole(self, chunk: WrittenChunk) -> bool:
        path = self.file(chunk.chunk)
        try:
            return path.stat().st_size == chunk.bytes and sha256_of(path) == chunk.sha256
        except OSError:
            return False
