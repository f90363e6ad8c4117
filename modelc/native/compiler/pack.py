"""The kernels that a wheel brings: the objects of all families for levels of CPUs, as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.packaged import level_folder, packed
from modelc.native.compiler.processes import families_for
from modelc.native.levels import LEVELS

USUAL_LEVELS = ("x86-64-v3", "x86-64-v4", "aarch64")
"""The levels of nearly all machines in use; others compile their kernels."""


def pack(
    folder: Path, level: str, on_compile: OnCompile | None = None, families: Iterable[str] = tuple(FAMILIES)
) -> dict[Path, int]:
    """Write the objects of a level below `folder`, in place of all others of that level and of the installed compiler.

    The files with their sizes. Raises `CompileError` where a family cannot be compiled.
    """
    target = LEVELS[level]
    objects = families_for([*families], target, "object", on_compile)
    place = folder / level_folder(level)
    place.mkdir(parents=True, exist_ok=True)
    files: dict[Path, int] = {}
    for family, code in sorted(objects.items()):
        name = object_name(FAMILIES[family], target)
        data = packed(name, code)
        files[place / name] = len(data)
        _write(place / name, data)
    for stale in set(place.glob("*.o")) - files.keys():
        if stale.read_bytes().startswith(ObjectCache.MAGIC):
            stale.unlink()
    return files


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole whenever it has its name: a process may be loading the one before."""
    made = path.with_name(f".{path.name}")
    made.write_bytes(data)
    made.replace(path)
