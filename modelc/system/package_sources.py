"""The sources of the package as they are now: what is made by them is stale when they change."""

from __future__ import annotations

import os


def package_sources(folder: str, endings: tuple[str, ...] = (".py",), below: str = "") -> list[str]:
    """The files of a package, each with its size and when it was changed, in a fixed order.

    Python tells in the same way whether the bytecode of a file is stale.
    """
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(endings):
                status = entry.stat()
                found.append(f"{below}{entry.name} {status.st_size} {int(status.st_mtime)}")
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                found += package_sources(entry.path, endings, f"{below}{entry.name}/")
    return found
