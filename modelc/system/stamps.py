"""What tells whether a file at a path is the one that it was."""

from __future__ import annotations

import os

Stamp = tuple[int, ...]
"""The device, the inode, the size and the time of the last change."""


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        return stamp(os.stat(path))
    except (OSError, ValueError):
        return None


def stamp(status: os.stat_result) -> Stamp:
    """The stamp that follows from what the system says of a file."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
