"""Native code on demand: `load` gives a family's kernels as addresses, from the package, the cache or the compiler.

An object is named by a digest of everything that made it (`object_names.py`). Where the package or the cache has it,
numba is not even imported. MODELC_CACHE_DIR names another directory for the cache, MODELC_CACHE_SIZE what it may hold.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, Family, with_used
from modelc.native.compiler.object_cache import ObjectCache, default_limit
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.packaged import is_packaged, packaged_name, read_packaged
from modelc.native.compiler.private_cache import default_directory
from modelc.native.target import host
from modelc.system.forks import after_fork_in_child
from modelc.system.objects.link import link


class _Loaded(NamedTuple):
    """A family in this process."""

    kernels: Mapping[str, int]
    """Their addresses, by name."""
    shared: Mapping[str, int]
    """The addresses of its functions that kernels of other families call."""
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
            _load([FAMILIES[name] for name in with_used(asked) if name not in _loaded], on_compile)
    return {name: _loaded[name].kernels for name in asked}


def load_objects(files: Mapping[str, str]) -> bool:
    """Load families from these files of the package and of the cache, by family; whether all are loaded.

    For a plan that names the objects which it was made with: nothing is asked about the machine or the compiler.
    """
    with _lock:
        if not files.keys() <= FAMILIES.keys():
            return False
        missing = [name for name in with_used(files) if name not in _loaded]
        _read({FAMILIES[name]: files[name] for name in missing if name in files})
        return all(name in _loaded for name in missing)


def object_names(families: Iterable[str]) -> dict[str, str]:
    """The files that loaded families are from, and those that they use, by family."""
    return {name: _loaded[name].file for name in with_used(families)}


def _unlock() -> None:
    """In a forked child no thread is inside, regardless of the other threads of the parent."""
    global _lock
    _lock = threading.Lock()


after_fork_in_child(_unlock)


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> None:
    """Load families, each after those that it uses."""
    target = host()
    packaged = {family: packaged_name(family, target) for family in families}
    _read({family: name for family, name in packaged.items() if name is not None})
    files = {family: object_name(family, target) for family in families if family.name not in _loaded}
    _read(files)
    if any(family.name not in _loaded for family in families):
        objects = ObjectCache(default_directory(), default_limit())
        with objects.alone():  # several processes that begin at once need the same kernels: one compiles them
            _read(_absent(files))
            _compile(_absent(files), objects, on_compile)


def _absent(files: Mapping[Family, str]) -> dict[Family, str]:
    """The families that are not loaded, with their files."""
    return {family: file for family, file in files.items() if family.name not in _loaded}


def _compile(files: Mapping[Family, str], objects: ObjectCache, on_compile: OnCompile | None) -> None:
    """Compile families, keep their objects in the cache, and load them."""
    if not files:
        return
    from modelc.native.compiler.processes import compile_families

    compiled = compile_families([family.name for family in files], on_compile)
    for family, file in files.items():
        code = compiled[family.name]
        if not _link(family, code, file):
            raise CompileError(f"the compiled object of the family `{family.name}` does not hold its kernels")
        objects.write(file, code)


def _read(files: Mapping[Family, str]) -> None:
    """Load the families whose objects are there, each from the file of the package or of the cache that is named."""
    objects = ObjectCache(default_directory(), default_limit())
    for family, file in files.items():
        code = read_packaged(file) if is_packaged(file) else objects.read(file)
        if code is not None:
            _link(family, code, file)


def _link(family: Family, code: bytes, file: str) -> bool:
    """Load a family from its object; False where that does not define all of its functions, or where a family that it
    uses is not loaded."""
    if not all(name in _loaded for name in family.uses):
        return False
    used = {name: address for one in family.uses for name, address in _loaded[one].shared.items()}
    found = link(code, family.symbols, used)
    if not all(found.values()):
        return False
    kernels = MappingProxyType({name: found[name] for name in family.kernels})
    _loaded[family.name] = _Loaded(kernels, {name: found[name] for name in family.shares}, file)
    return True
