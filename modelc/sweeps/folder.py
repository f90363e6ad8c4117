"""The folder of a sweep: what it is, a line for each variant that has ended, and a folder for each run.

| file | content |
|---|---|
| `sweep.json` | the spec, what varies, and the data: a later sweep into the same folder must be the same one |
| `ended.jsonl` | a line for each variant that has ended, appended as a whole |
| `runs/0001/model.modelc` | the trained model of variant 1, beside its checkpoints while it is trained |
| `runs/0001/epochs.csv` | its losses and metrics of each epoch |
| `results.csv`, `.json`, `.md` | the table of results |
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from modelc.callbacks.same_run import differences
from modelc.errors import InputError
from modelc.files.described_folder import DescribedFolder
from modelc.files.journal import Journal
from modelc.files.kinds import SWEEP_MARK, Kind
from modelc.system.file_locks import locked

DESCRIPTION = "sweep.json"
"""The file that says what the sweep is."""
_VERSION = 1


class SweepFolder:
    """The folder that a sweep writes to."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._described = DescribedFolder(self.path, DESCRIPTION, Kind.SWEEP, SWEEP_MARK, _VERSION, "a sweep")
        self._journal = Journal(self.path / "ended.jsonl")

    def run(self, number: int) -> Path:
        """The folder of a variant."""
        return self.path / "runs" / f"{number:04}"

    def model(self, number: int) -> Path:
        """The trained model of a variant."""
        return self.run(number) / "model.modelc"

    @contextmanager
    def held(self, about: Mapping[str, Any]) -> Generator[None]:
        """Make the folder, or find the same sweep in it, and keep others out of it meanwhile.

        Raises `InputError` for a folder of something else, of another sweep, or one that another process writes to.
        """
        self.require_same(about)
        self.path.mkdir(parents=True, exist_ok=True)
        with locked(self.path, wait=False) as is_mine:
            if not is_mine:
                raise InputError(f"{self.path}: another process is running this sweep")
            self._described.write(about)
            yield

    def require_same(self, about: Mapping[str, Any]) -> None:
        """Raise `InputError` where the folder holds something else, or another sweep."""
        before = self._described.read()
        if before is None:
            return
        now = _comparable(about)
        same_draws = before.get("choices") == now.get("choices") and before.get("seed") == now.get("seed")
        if same_draws and (now.get("samples") or 0) >= (before.get("samples") or math.inf):
            before = before | {"samples": now["samples"]}  # more draws of the same seed begin with those before
        lines = differences(before, now)
        if lines:
            message = "\n  ".join([f"{self.path}: the sweep in this folder is another one, before → now:", *lines])
            raise InputError(message, "give another folder by --output, or run the sweep as before")

    def ended(self) -> dict[int, dict[str, Any]]:
        """The results so far, by the number of the variant; of two for one variant the last counts."""
        return {entry["variant"]: entry for entry in self._journal if isinstance(entry.get("variant"), int)}

    def append(self, result: Mapping[str, Any]) -> None:
        """Add the result of a variant, which is on the disk when this returns."""
        self._journal.append(result)


def _comparable(about: Mapping[str, Any]) -> dict[str, Any]:
    """The description as it is read back."""
    return cast("dict[str, Any]", json.loads(json.dumps(about)))
