"""Native code on demand: `load` gives a family's kernels as addresses, from the cache or from the compiler.

An object in the cache is named by a digest of everything that made it: the kernels' sources, the versions of numba
and llvmlite, and the CPU. Where there is one, numba is not even imported. MODELC_CACHE_DIR names another directory.
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

from modelc.kernels.catalog import FAMILIES, Family
from modelc.kernels.link import link
from modelc.kernels.target import Target, host
from modelc.runtime.compilation import compile_families
from modelc.runtime.object_cache import ObjectCache, default_directory
from modelc.runtime.program import OnCompile

_FORMAT = 1
"""Raised when objects are made in another way from the same sources."""

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
    """A forked child starts with nobody inside, whatever another thread of the parent was doing."""
    global _lock
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock)


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> dict[str, Mapping[str, int]]:
    target = host()
    objects = ObjectCache(default_directory())
    files = {family.name: f"{family.name}-{_digest(target)}.o" for family in families}
    kept = {name: objects.read(file) for name, file in files.items()}
    codes = {name: code for name, code in kept.items() if code is not None}
    absent = [name for name in files if name not in codes]
    if absent:
        made = compile_families(absent, on_compile)
        for name, code in made.items():
            objects.write(files[name], code)
        codes |= made
    return {f.name: MappingProxyType(link(codes[f.name], f.kernels, target)) for f in families}


@cache
def _digest(target: Target) -> str:
    digest = sha256(f"{_FORMAT} {version('numba')} {version('llvmlite')} {target}".encode())
    for source in sorted(Path(__file__).parent.parent.joinpath("kernels").glob("*.py")):
        text = source.read_bytes()
        digest.update(f"\n{source.name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
