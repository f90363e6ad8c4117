"""Kernels that come with the package: objects for the levels of CPUs, made when the package was.

A wheel has them in `native/prebuilt`, which `modelc cache pack` fills; a source tree has none. They are code, and
trusted as the sources beside them are: none is read that somebody else owns or may write than these. An object is bound
to its name, which follows from the sources, the compiler's versions and the level, as in the cache of objects.
"""

from __future__ import annotations

import os
import re
import stat
from functools import cache

from modelc.native.compiler.catalog import Family
from modelc.native.compiler.object_cache import ObjectCache, sealed, unsealed
from modelc.native.compiler.object_names import compiler_versions, object_name
from modelc.native.compiler.private_cache import tell_once
from modelc.native.levels import LEVELS, level_of
from modelc.native.target import Target
from modelc.system.file_access import AS_BYTES, NOT_FOLLOWED

FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "prebuilt")
"""Where the objects of this package are."""

_NAME = re.compile(r"numba-[\w.+-]+/[\w-]+/\w+-[0-9a-f]{32}\.o")
_LARGEST = 2**24
_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def packaged_name(family: Family, target: Target) -> str | None:
    """The object of a family for the machine `target`, by its name below `FOLDER`; None where no level is the
    machine's."""
    level = level_of(target)
    if level is None or not os.path.isdir(FOLDER):
        return None
    return f"{level_folder(level)}/{object_name(family, LEVELS[level])}"


def is_packaged(name: str) -> bool:
    """Whether it is a name below `FOLDER`, in contrast to one of the user's cache."""
    return "/" in name


def level_folder(level: str) -> str:
    """The folder of a level's objects below `FOLDER`, for the compiler that is installed."""
    return f"numba-{compiler_versions()[0]}/{level}"


def read_packaged(name: str) -> bytes | None:
    """The object of that name below `FOLDER`; None where there is none that is whole and as trusted as the sources."""
    if not _NAME.fullmatch(name):
        return None
    path = os.path.join(FOLDER, *name.split("/"))
    try:
        handle = os.open(path, os.O_RDONLY | NOT_FOLLOWED | AS_BYTES)
    except OSError:
        return None
    with open(handle, "rb") as file:
        if not _is_as_trusted(os.fstat(handle)):
            tell_once(f"not loading {path}: others own it or may write it than own and may write the package")
            return None
        data = unsealed(ObjectCache.VERSION, os.path.basename(name), file.read(_LARGEST))
    if data is None:
        tell_once(f"{path} is damaged, so that its kernels are compiled; install modelc again to have it whole")
    return data


def packed(name: str, code: bytes) -> bytes:
    """What the file of an object holds."""
    return b"".join([*sealed(ObjectCache.VERSION, name, code)])


def _is_as_trusted(status: os.stat_result) -> bool:
    source = _source_status()
    return (
        source is not None
        and stat.S_ISREG(status.st_mode)
        and status.st_uid == source.st_uid
        and not status.st_mode & _WRITE & ~source.st_mode
    )


@cache
def _source_status() -> os.stat_result | None:
    try:
        return os.stat(__file__)
    except OSError:  # a package that is not in files
        return None
