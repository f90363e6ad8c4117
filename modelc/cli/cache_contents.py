"""`CacheContents`: what `modelc cache info` and `modelc doctor` tell of the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_cache import ObjectCache, default_limit
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.packaged import packaged_name, read_packaged
from modelc.native.compiler.private_cache import CachedFile, default_directory
from modelc.native.engine.plan_cache import PlanCache, plans_limit
from modelc.native.levels import level_of
from modelc.native.target import host


@dataclass(frozen=True)
class CacheContents:
    """Compiled kernels, an object for each family of them, and plans of artifacts."""

    folder: str
    objects: int
    bytes: int
    limit: int
    current: int
    """The objects for this version of modelc and this CPU."""
    families: int
    packaged: int
    """The objects for this CPU that the package brings."""
    level: str | None
    """The level of CPUs that these are for; None where this CPU has none."""
    plans: int
    plan_bytes: int
    plan_limit: int


def cache_contents() -> CacheContents:
    """What the cache of the user holds. Raises `ModelcError` or `ValueError` for settings that cannot be read."""
    folder, target = default_directory(), host()
    kernels, kept = ObjectCache(folder, default_limit()), PlanCache(folder, plans_limit())
    objects, plans = kernels.files(), kept.files()
    found = {one.name for one in objects}
    names = [packaged_name(family, target) for family in FAMILIES.values()]
    return CacheContents(
        folder=folder,
        objects=len(objects),
        bytes=_bytes(objects),
        limit=kernels.limit,
        current=len(found & {object_name(family, target) for family in FAMILIES.values()}),
        families=len(FAMILIES),
        packaged=sum(name is not None and read_packaged(name) is not None for name in names),
        level=level_of(target),
        plans=len(plans),
        plan_bytes=_bytes(plans),
        plan_limit=kept.limit,
    )


def _bytes(files: Sequence[CachedFile]) -> int:
    return sum(one.bytes for one in files)
