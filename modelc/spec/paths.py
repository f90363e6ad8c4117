"""Paths written in a spec: they stay inside its folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath


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
