"""`DescribedFolder`: a folder of results that goes on to be filled, with a file of JSON that says of what it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from modelc.errors import FileFormatError, InputError
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind

_MAX_BYTES = 2**28


@dataclass(frozen=True)
class DescribedFolder:
    """A folder, or the place of one that is not there yet."""

    path: Path
    file: str
    """The name of the file that describes it."""
    kind: Kind
    mark: str
    """The first key of the description, with the version of its format."""
    version: int
    what: str
    """What the results are of: `a sweep`."""

    def read(self) -> dict[str, Any] | None:
        """The description; None where the folder is empty or not there.

        Raises `InputError` for a folder of something else, `FileFormatError` for a description that cannot be read.
        """
        if not self.path.is_dir():
            if self.path.exists():
                raise InputError(f"{self.path}: the output of {self.what} is a folder, and this is a file")
            return None
        file = self.path / self.file
        if not file.exists():
            if any(self.path.iterdir()):
                message = f"{self.path}: the folder is not empty, and is not that of {self.what}"
                raise InputError(message, "give a new folder")
            return None
        try:
            with file.open("rb") as opened:
                found = json.loads(opened.read(_MAX_BYTES))
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict) or self.mark not in found:
            raise FileFormatError(f"{file}: not the description of {self.what}, or damaged")
        described = cast("dict[str, Any]", found)
        version = described.pop(self.mark)
        if version != self.version:
            raise FileFormatError(f"{file}: version {version} of the format, this modelc reads {self.version}")
        return described

    def write(self, description: Mapping[str, Any]) -> None:
        """Describe the folder, in the place of what was said before."""
        text = json.dumps({self.mark: self.version, **description}, indent=1, ensure_ascii=False)
        with replacing(self.path / self.file, self.kind) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
