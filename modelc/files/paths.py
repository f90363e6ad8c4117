"""Paths written in a spec: they stay inside its folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath

from modelc.system.file_access import FORBIDDEN_IN_NAMES

LONGEST_NAME_BYTES = 255
"""The longest name of a file that file systems take."""
_RESERVED = frozenset({
    "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
    *(f"{device}{digit}" for device in ("COM", "LPT") for digit in "0123456789¹²³"),
})  # fmt: skip
"""The names of devices on Windows, whatever comes after a dot."""


def file_name_problem(name: str) -> str | None:
    """Why `name`, which may come from a spec, cannot be the name of a file, or None."""
    if not name:
        return "it is empty"
    if "/" in name or "\\" in name:
        return "it contains a slash"
    if name in (".", ".."):
        return "it means a folder"
    if not name.isprintable():
        return "it contains control characters"
    unfit = next((c for c in name if c in FORBIDDEN_IN_NAMES), None)
    if unfit is not None:
        return f"it contains {unfit}"
    if name != name.strip(" ") or name.endswith("."):
        return "it begins or ends with a space, or ends with a dot"
    if name.split(".")[0].rstrip(" ").upper() in _RESERVED:
        return "Windows reserves it for a device"
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME_BYTES:
        return f"it is longer than {LONGEST_NAME_BYTES} bytes"
    return None


def path_problem(path: str, folder: Path | None) -> str | None:
    """Why a spec in `folder` may not name `path`, or None.

    A path is relative, written with `/`, and does not leave the folder, by `..` or by a symbolic link.
    """
    if not path or "\x00" in path:
        return "is not a path"
    if PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute() or PureWindowsPath(path).drive:
        return "must be relative to the spec"
    if ".." in PurePosixPath(path.replace("\\", "/")).parts:
        return "must not leave the folder of the spec"
    if folder is None:
        return None
    root = os.path.realpath(folder)
    if os.path.commonpath([root, os.path.realpath(os.path.join(root, path))]) != root:
        return "leaves the folder of the spec through a symbolic link"
    return None
