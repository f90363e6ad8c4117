"""A file of JSON objects, one a line, to which lines are added one by one, each whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from modelc.system.file_access import AS_BYTES, NOT_INHERITED


class Journal:
    """What has ended so far, in a file that a killed process or a machine that went down leaves readable."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add a line: one write to the end of the file, which is on the disk when this returns."""
        data = (json.dumps(entry, allow_nan=False, ensure_ascii=False) + "\n").encode()
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | NOT_INHERITED | AS_BYTES
        descriptor = os.open(self.path, flags, 0o666)
        try:
            if _is_cut(descriptor):
                data = b"\n" + data
            os.write(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The lines in order; one that was cut when the machine went down is left out."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield cast("dict[str, Any]", entry)


def _is_cut(descriptor: int) -> bool:
    """Whether the last line of a file has no end."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if not size:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"
