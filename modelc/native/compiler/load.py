"""Native code on demand: `load` gives a family's kernels as addresses, from the cache or from the compiler.

An object in the cache is named by a digest of everything that made it: the kernels' sources, the versions of numba
and llvmlite, and the CPU. Where there is one, numba is not even imported. MODELC_CACHE_DIR names another directory,
MODELC_CACHE_SIZE what it may hold.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.link import link
from modelc.native.compiler.object_cache import ObjectCache, default_limit
from modelc.native.compiler.private_cache import default_directory
from modelc.native.target import Target, host

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = 2
"""Raised when objects are made in another way from the same sources."""

_OBJECTS = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\x64\x86", b"\x64\xaa")
"""What the objects of Linux, macOS and Windows begin with."""

_lock = threading.Lock()
_loaded: dict[str, Mapping[str, int]] = {}


def load(family: str, on_compile: OnCompile | None = None) -> Mapping[str, int]:
    """The addresses of the kernels of `family`, by name; `load_all` for one."""
    return _loaded.get(family) or load_all([family], on_compile)[family]


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
    return {name: _loaded[name] for name in asked}


def load_objects(files: Mapping[str, str]) -> bool:
    """Load families from these files of the cache, by family; whether all are loaded.

    For a plan that names the objects which it was made with: nothing is asked about the machine or the compiler.
    """
    with _lock:
        missing = {name: file for name, file in files.items() if name not in _loaded}
        found = _cached({FAMILIES[name]: file for name, file in missing.items() if name in FAMILIES})
        _loaded.update(found)
        return found.keys() == missing.keys()


def object_names(families: Iterable[str]) -> dict[str, str]:
    """The files of families in the cache, by family."""
    return {name: object_name(FAMILIES[name], host()) for name in sorted(set(families))}


def _unlock() -> None:
    """In a forked child no thread is inside, regardless of the other threads of the parent."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> dict[str, Mapping[str, int]]:
    target = host()
    loaded = _cached({family: object_name(family, target) for family in families})
    absent = [family.name for family in families if family.name not in loaded]
    if absent:
        from modelc.native.compiler.processes import compile_families

        objects = ObjectCache(default_directory(), default_limit())
        for name, code in compile_families(absent, on_compile).items():
            kernels = _linked(FAMILIES[name], code)
            if kernels is None:
                raise CompileError(f"the compiled object of the family `{name}` does not hold its kernels")
            objects.write(object_name(FAMILIES[name], target), code)
            loaded[name] = kernels
    return loaded


def _cached(files: Mapping[Family, str]) -> dict[str, Mapping[str, int]]:
    """The kernels of the families whose objects are in the cache."""
    objects = ObjectCache(default_directory(), default_limit())
    loaded: dict[str, Mapping[str, int]] = {}
    for family, file in files.items():
        code = objects.read(file)
        kernels = None if code is None else _linked(family, code)
        if kernels is not None:
            loaded[family.name] = kernels
    return loaded


def object_name(family: Family, target: Target) -> str:
    """The file of a family in the cache."""
    return f"{family.name}-{_digest(target)}.o"


def _linked(family: Family, code: bytes) -> Mapping[str, int] | None:
    """The addresses of a family's kernels; None where the object does not define all of them."""
    if not code.startswith(_OBJECTS):  # which LLVM would crash at
        return None
    kernels = link(code, family.kernels)
    return MappingProxyType(kernels) if all(kernels.values()) else None


_SOURCES = (
    "functions/*.py",  # the order of the functions is that of their codes
    "native/target.py",
    "native/code/*.py",
    "native/compiler/bitcode.py",
    "native/compiler/compile.py",
    "native/compiler/frontend.py",
    "native/compiler/generator.py",
    "native/compiler/numba_parts.py",
    "native/engine/instructions.py",
    "native/engine/schedule.py",
    "native/engine/walker.py",
    "native/engine/worksheet_kernel.py",
    "native/families/*/codes.py",
    "native/families/*/kernel*.py",
    "native/families/*/params.py",
    "native/families/*/transforms.py",
)
"""The files that machine code follows from: what they say is in its name."""


def sources(package: Path) -> list[Path]:
    """The files of the package that kernels are made of, in a fixed order."""
    return sorted(path for pattern in _SOURCES for path in package.glob(pattern))


@cache
def _digest(target: Target) -> str:
    from importlib.metadata import version  # deferred, as what is loaded from the cache by name needs none of this
    from pathlib import Path

    digest = sha256(f"{_FORMAT} {version('numba')} {version('llvmlite')} {target}".encode())
    package = Path(__file__).parents[2]
    for source in sources(package):
        text = source.read_bytes()
        digest.update(f"\n{source.relative_to(package)} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
