"""`Numbering`: numbers the files of a model in the order in which they are found, alike in all processes."""

from __future__ import annotations

import json
from pathlib import Path

from modelc.system.file_locks import locked
from modelc.system.stamps import Stamp


class Numbering:
    """Numbers files from 1: a file has one number, whichever process finds it first."""

    def __init__(self, folder: str | None, name: str) -> None:
        """`folder` is where processes share the list of `name`; None where there is one process."""
        self._path = None if folder is None else Path(folder) / f"{name}.files"
        self._known: list[Stamp] = []

    def number(self, file: Stamp) -> tuple[int, bool]:
        """The number of a file, and whether no process has asked for it before."""
        if self._path is None:
            return self._number(file)
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            if self._path.exists():
                self._known = [*dict.fromkeys(tuple(json.loads(line)) for line in self._path.read_text().splitlines())]
            number, is_new = self._number(file)
            if is_new:
                with self._path.open("a") as list_:
                    list_.write(f"{json.dumps(file)}\n")
        return number, is_new

    def _number(self, file: Stamp) -> tuple[int, bool]:
        is_new = file not in self._known
        if is_new:
            self._known.append(file)
        return self._known.index(file) + 1, is_new
