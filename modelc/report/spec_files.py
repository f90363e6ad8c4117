"""The specs in a folder and below it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from modelc.errors import InputError
from modelc.language.project import Project, project_of
from modelc.language.text.recognize import SUFFIXES, is_spec_file

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Folders of others, besides hidden ones such as .git and .venv."""


def spec_files(paths: Iterable[str], suffixes: tuple[str, ...] = SUFFIXES) -> list[str]:
    """The files that are named, and the specs in the folders that are, each once and in the order of the alphabet.

    What the settings of the repository exclude is left out of folders. Raises `InputError` for a folder without specs.
    """
    found: dict[str, None] = {}
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            found[path] = None
            continue
        inside = list(_walk(path, project_of(Path(path)), suffixes))
        if not inside:
            raise InputError(f"there are no specs in {path}", "a spec has the key `modelc` or `extends` at the top")
        found.update(dict.fromkeys(inside))
    return list(found)


def _walk(folder: str, project: Project, suffixes: tuple[str, ...]) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        folders[:] = [f for f in folders if not _is_excluded(os.path.join(here, f), project)]
        for name in sorted(files):
            path = os.path.normpath(os.path.join(here, name))
            if name.lower().endswith(suffixes) and not _is_excluded(path, project) and is_spec_file(Path(path)):
                yield path


def _is_excluded(path: str, project: Project) -> bool:
    if project.folder is None or not project.exclude:
        return False
    try:
        below = Path(path).absolute().relative_to(project.folder).as_posix()
    except ValueError:
        return False
    return any(fnmatch(below, pattern) or fnmatch(below, f"{pattern.rstrip('/')}/*") for pattern in project.exclude)
