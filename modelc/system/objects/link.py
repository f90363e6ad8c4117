"""Object code into this process: addresses of kernels. Numba-free, and where the system has ELF also without LLVM."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Literal

from modelc.system.objects.elf import place
from modelc.system.objects.outside import POSIX_FUNCTIONS

Loader = Literal["own", "llvm"]
LOADERS: tuple[Loader, ...] = ("own", "llvm")
LOADER = "MODELC_LOADER"
"""The environment variable that names the loader of objects: `own` is `elf.py`, and LLVM's linker for what that leaves;
`llvm` is the latter alone, as on macOS and Windows."""


def link(code: bytes, functions: Sequence[str], used: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """The addresses of `functions` in the object `code`, which was compiled for this machine; 0 for what it does not
    hold. `used` are the addresses of functions of other objects that it calls."""
    called = {f"modelc_{name}": address for name, address in used.items()}
    placed = place(code, functions, _external() | called) if os.environ.get(LOADER) != "llvm" else None
    if placed is not None:
        return placed
    from modelc.system.objects.llvm_linker import (
        linked,  # deferred: it takes longer to load than a small model to start
    )

    return linked(code, functions, called)


@cache
def _external() -> dict[str, int]:
    """The addresses of what kernels may call, where the system's own library has it."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return {}
    found = {name: getattr(library, name, None) for name in POSIX_FUNCTIONS}
    return {name: ctypes.cast(f, ctypes.c_void_p).value or 0 for name, f in found.items() if f is not None}
