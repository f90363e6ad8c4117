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
from modelc.errors import FileFormatError, InputError
from modelc.files.atomic import replacing
from modelc.files.journal import Journal
from modelc.files.kinds import SWEEP_MARK, Kind
from modelc.system.file_locks import locked

DESCRIPTION = "sweep.json"
"""The file that says what the sweep is."""
_VERSION = 1
_MAX_BYTES = 2**26


class SweepFolder:
    """The folder that a sweep writes to."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
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
            self._describe(about)
            yield

    def require_same(self, about: Mapping[str, Any]) -> None:
        """Raise `InputError` where the folder holds something else, or another sweep."""
        before = self._described()
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

    @property
    def _about(self) -> Path:
        return self.path / DESCRIPTION

    def _described(self) -> dict[str, Any] | None:
        """What the sweep in the folder is; None where the folder is empty or not there."""
        if not self.path.is_dir():
            if self.path.exists():
                raise InputError(f"{self.path}: the output of a sweep is a folder, and this is a file")
            return None
        if not self._about.exists():
            if any(self.path.iterdir()):
                raise InputError(f"{self.path}: the folder is not empty, and holds no sweep", "give a new folder")
            return None
        try:
            with self._about.open("rb") as file:
                found = json.loads(file.read(_MAX_BYTES))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or SWEEP_MARK not in found:
            raise FileFormatError(f"{self._about}: not the description of a sweep, or damaged")
        described = cast("dict[str, Any]", found)
        version = described.pop(SWEEP_MARK)
        if version != _VERSION:
            raise FileFormatError(f"{self._about}: version {version} of the format, this modelc reads {_VERSION}")
        return described

    def _describe(self, about: Mapping[str, Any]) -> None:
        with replacing(self._about, Kind.SWEEP) as temporary:
            text = json.dumps({SWEEP_MARK: _VERSION, **about}, indent=1, ensure_ascii=False)
            temporary.write_text(text + "\n", encoding="utf-8")


def _comparable(about: Mapping[str, Any]) -> dict[str, Any]:
    """The description as it is read back."""
    return cast("dict[str, Any]", json.loads(json.dumps(about)))
