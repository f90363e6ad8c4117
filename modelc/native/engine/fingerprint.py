"""What a plan is made by, beside its graph: the sources of modelc, the compiler, NumPy, the CPU, the number of threads.

It must be known before anything is made, in a few milliseconds. So sources count by their sizes and times, as Python
itself tells whether a file's bytecode is stale, and the CPU by what the system says of it: LLVM, which kernels are
compiled by, takes longer to ask.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from importlib.util import find_spec

import numpy as np

import modelc
from modelc.native.engine.cpus import thread_count
from modelc.native.target import host
from modelc.system.package_sources import package_sources
from modelc.system.processor import processor_facts, system_name


def fingerprint() -> str | None:
    """A digest of all that plans of this process are made by; None where it cannot be told.

    Raises `SpecError` where MODELC_NUM_THREADS is not a number of threads.
    """
    fixed = _fixed()
    return None if fixed is None else f"{fixed}-{thread_count()}"


@cache
def _fixed() -> str | None:
    try:
        parts = [modelc.__version__, np.__version__, system_name(), _limit(), processor_facts() or str(host())]
        parts += [_version_of("numba"), _version_of("llvmlite"), *package_sources(os.path.dirname(modelc.__file__))]
    except OSError:
        return None
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _limit() -> str:
    return os.environ.get("MODELC_MAX_ISA") or ""


def _version_of(package: str) -> str:
    """What tells apart two versions of a package, which is not imported for it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return f"no {package}"
    with open(os.path.join(os.path.dirname(spec.origin), "_version.py"), encoding="utf-8") as file:
        return f"{package} {file.read()}"
