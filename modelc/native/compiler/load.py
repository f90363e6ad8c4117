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
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.link import link
from modelc.native.compiler.object_cache import ObjectCache, default_directory, default_limit
from modelc.native.compiler.processes import compile_families
from modelc.native.target import Target, host

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


def _unlock() -> None:
    """In a forked child no thread is inside, regardless of the other threads of the parent."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> dict[str, Mapping[str, int]]:
    target = host()
    objects = ObjectCache(default_directory(), default_limit())
    loaded: dict[str, Mapping[str, int]] = {}
    for family in families:
        code = objects.read(object_name(family, target))
        kernels = None if code is None else _linked(family, code, target)
        if kernels is not None:
            loaded[family.name] = kernels
    absent = [family.name for family in families if family.name not in loaded]
    for name, code in compile_families(absent, on_compile).items() if absent else ():
        kernels = _linked(FAMILIES[name], code, target)
        if kernels is None:
            raise CompileError(f"the compiled object of the family `{name}` does not hold its kernels")
        objects.write(object_name(FAMILIES[name], target), code)
        loaded[name] = kernels
    return loaded


def object_name(family: Family, target: Target) -> str:
    """The file of a family in the cache."""
    return f"{family.name}-{_digest(target)}.o"


def _linked(family: Family, code: bytes, target: Target) -> Mapping[str, int] | None:
    """The addresses of a family's kernels; None where the object does not define all of them."""
    if not code.startswith(_OBJECTS):  # which LLVM would crash at
        return None
    kernels = link(code, family.kernels, target)
    return MappingProxyType(kernels) if all(kernels.values()) else None


_SOURCES = (
    "functions/*.py",  # the order of the functions is that of their codes
    "native/target.py",
    "native/code/*.py",
    "native/compiler/compile.py",
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
    digest = sha256(f"{_FORMAT} {version('numba')} {version('llvmlite')} {target}".encode())
    package = Path(__file__).parents[2]
    for source in sources(package):
        text = source.read_bytes()
        digest.update(f"\n{source.relative_to(package)} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
