"""Kernels for machines that need not be this one: as bitcode, from the cache or from the compiler."""

from __future__ import annotations

from collections.abc import Iterable

from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, with_used
from modelc.native.compiler.object_cache import ObjectCache, default_limit
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.private_cache import default_directory
from modelc.native.compiler.processes import families_for
from modelc.native.target import Target

_BITCODE = b"BC\xc0\xde"


def bitcode_for(families: Iterable[str], target: Target, on_compile: OnCompile | None = None) -> dict[str, bytes]:
    """The bitcode of each family and of those that they use, compiled at most once for each target.

    Raises:
        CompileError: a family cannot be compiled for it.
        KeyError: there is no such family.
    """
    objects = ObjectCache(default_directory(), default_limit())
    files = {name: f"bitcode-{object_name(FAMILIES[name], target)}" for name in with_used(families)}
    found = {name: code for name, file in files.items() if (code := objects.read(file) or b"").startswith(_BITCODE)}
    absent = [name for name in files if name not in found]
    if absent:
        for name, code in families_for(absent, target, "bitcode", on_compile).items():
            objects.write(files[name], code)
            found[name] = code
    return found
