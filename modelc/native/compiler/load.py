"""Native code on demand: `load` gives a family's kernels as addresses, from the package, the cache or the compiler.

An object is named by a digest of everything that made it (`object_names.py`). Where the package or the cache has it,
numba is not even imported. MODELC_CACHE_DIR names another directory for the cache, MODELC_CACHE_SIZE what it may hold.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.link import link
from modelc.native.compiler.object_cache import ObjectCache, default_limit
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.packaged import is_packaged, packaged_name, read_packaged
from modelc.native.compiler.private_cache import default_directory
from modelc.native.target import host

_OBJECTS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\x64\x86", b"\x64\xaa")
"""What the objects of Linux, macOS and Windows begin with."""


class _Loaded(NamedTuple):
    """A family in this process."""

    kernels: Mapping[str, int]
    """Their addresses, by name."""
    file: str
    """The object that they are from: the name of a file of the package or of the cache."""


_lock = threading.Lock()
_loaded: dict[str, _Loaded] = {}


def load(family: str, on_compile: OnCompile | None = None) -> Mapping[str, int]:
    """The addresses of the kernels of `family`, by name; `load_all` for one."""
    found = _loaded.get(family)
    return load_all([family], on_compile)[family] if found is None else found.kernels


def load_all(families: Iterable[str], on_compile: OnCompile | None = None) -> dict[str, Mapping[str, int]]:
    """For each family the addresses of its kernels, by name; compiled at most once for each machine.

    Safe to call from several threads and processes at once. The code stays loaded while the process lives.

    Raises:
        KeyError: there is no such family.
    """
    asked = sorted(set(families))
    if not all(name in _loaded for name in asked):
        with _lock:
            missing = [FAMILIES[name] for name in asked if name not in _loaded]
            _loaded.update(_load(missing, on_compile))
    return {name: _loaded[name].kernels for name in asked}


def load_objects(files: Mapping[str, str]) -> bool:
    """Load families from these files of the package and of the cache, by family; whether all are loaded.

    For a plan that names the objects which it was made with: nothing is asked about the machine or the compiler.
    """
    with _lock:
        missing = {name: file for name, file in files.items() if name not in _loaded}
        found = _read({FAMILIES[name]: file for name, file in missing.items() if name in FAMILIES})
        _loaded.update(found)
        return found.keys() == missing.keys()


def object_names(families: Iterable[str]) -> dict[str, str]:
    """The files that loaded families are from, by family."""
    return {name: _loaded[name].file for name in sorted(set(families))}


def _unlock() -> None:
    """In a forked child no thread is inside, regardless of the other threads of the parent."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> dict[str, _Loaded]:
    target = host()
    packaged = {family: packaged_name(family, target) for family in families}
    loaded = _read({family: name for family, name in packaged.items() if name is not None})
    files = {family: object_name(family, target) for family in families if family.name not in loaded}
    loaded |= _read(files)
    absent = [family.name for family in families if family.name not in loaded]
    if absent:
        from modelc.native.compiler.processes import compile_families

        objects = ObjectCache(default_directory(), default_limit())
        for name, code in compile_families(absent, on_compile).items():
            kernels, file = _linked(FAMILIES[name], code), files[FAMILIES[name]]
            if kernels is None:
                raise CompileError(f"the compiled object of the family `{name}` does not hold its kernels")
            objects.write(file, code)
            loaded[name] = _Loaded(kernels, file)
    return loaded


def _read(files: Mapping[Family, str]) -> dict[str, _Loaded]:
    """The families whose objects are there, each from the file of the package or of the cache that is named."""
    objects = ObjectCache(default_directory(), default_limit())
    loaded: dict[str, _Loaded] = {}
    for family, file in files.items():
        code = read_packaged(file) if is_packaged(file) else objects.read(file)
        kernels = None if code is None else _linked(family, code)
        if kernels is not None:
            loaded[family.name] = _Loaded(kernels, file)
    return loaded


def _linked(family: Family, code: bytes) -> Mapping[str, int] | None:
    """The addresses of a family's kernels; None where the object does not define all of them."""
    if not code.startswith(_OBJECTS):  # which LLVM would crash at
        return None
    kernels = link(code, family.kernels)
    return MappingProxyType(kernels) if all(kernels.values()) else None
