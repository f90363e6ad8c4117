"""Processes that run, by the environment that they were given."""

from __future__ import annotations

from pathlib import Path


def processes_with(*settings: str) -> list[Path]:
    """The folders in /proc of all processes whose environment has these settings, written ``NAME=value``."""
    wanted = {setting.encode() for setting in settings}
    found: list[Path] = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if wanted <= set(path.read_bytes().split(b"\0")):
                found.append(path.parent)
        except OSError:  # another user's, or one that has ended
            continue
    return found
