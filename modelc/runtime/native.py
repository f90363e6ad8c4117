"""Native code on demand: `load` gives a family's kernels as addresses, from the cache or from the compiler.

An object in the cache is named by a digest of everything that made it: the kernels' sources, the versions of numba
and llvmlite, and the CPU. Where there is one, numba is never imported. MODELC_CACHE_DIR names another directory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import llvmlite.binding as llvm

from modelc.kernels.catalog import FAMILIES, Family
from modelc.kernels.target import Target, host
from modelc.runtime.object_cache import ObjectCache, default_directory

_FORMAT = 1
"""Raised when objects are made in another way from the same sources."""

_log = logging.getLogger("modelc")
_lock = threading.Lock()
_loaded: dict[str, Mapping[str, int]] = {}
_engines: list[llvm.ExecutionEngine] = []

OnCompile = Callable[[str, float | None], None]
"""Told the family and None when a compilation begins, and the seconds that it took when it ends."""


def load(family: str, on_compile: OnCompile | None = None) -> Mapping[str, int]:
    """The addresses of the kernels of `family`, by name; compiled at most once for each machine.

    Safe to call from several threads and processes at once. The code stays loaded while the process lives.

    Raises:
        KeyError: there is no such family.
    """
    found = _loaded.get(family)
    if found is not None:
        return found
    with _lock:
        if family not in _loaded:
            _loaded[family] = _load(FAMILIES[family], on_compile)
        return _loaded[family]


def _load(family: Family, on_compile: OnCompile | None) -> Mapping[str, int]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = host()
    objects = ObjectCache(default_directory())
    name = f"{family.name}-{_digest(target)}.o"
    code = objects.read(name)
    if code is None:
        code = _compile(family, target, on_compile)
        objects.write(name, code)
    return _link(family, target, code)


def _compile(family: Family, target: Target, on_compile: OnCompile | None) -> bytes:
    from modelc.kernels.compile import compile_family  # deferred: imports numba

    if on_compile is not None:
        on_compile(family.name, None)
    start = time.perf_counter()
    code = compile_family(family, target)
    seconds = time.perf_counter() - start
    _log.debug("compiled %s in %.2f s", family.name, seconds)
    if on_compile is not None:
        on_compile(family.name, seconds)
    return code


def _link(family: Family, target: Target, code: bytes) -> Mapping[str, int]:
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, jit=True
    )
    module = llvm.parse_assembly("")
    module.triple = target.triple
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)  # the code lives as long as its engine
    return MappingProxyType({kernel: engine.get_function_address(f"modelc_{kernel}") for kernel in family.kernels})


@cache
def _digest(target: Target) -> str:
    digest = sha256(f"{_FORMAT} {version('numba')} {version('llvmlite')} {target}".encode())
    for source in sorted(Path(__file__).parent.parent.joinpath("kernels").glob("*.py")):
        text = source.read_bytes()
        digest.update(f"\n{source.name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
