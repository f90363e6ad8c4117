"""Object code into this process: addresses of kernels. Numba-free, and where the system has ELF also without LLVM."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from modelc.native.compiler.elf import place
from modelc.native.target import host

if TYPE_CHECKING:
    import llvmlite.binding as llvm

EXTERNAL = frozenset({"memcpy", "memset", "memmove", "sched_yield", "pthread_self"})
"""What kernels may call outside: the functions that LLVM itself emits for copies and fills, the walker's yield, and the
name of the thread that does a timed step."""

_engines: list[llvm.ExecutionEngine] = []  # code lives as long as its engine, which is as long as the process


def link(code: bytes, functions: Sequence[str], used: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """The addresses of `functions` in the object `code`, which `compile_family` made for this machine; 0 for what it
    does not hold. `used` are the addresses of functions of other objects that it calls."""
    called = {f"modelc_{name}": address for name, address in used.items()}
    placed = place(code, functions, _external() | called)
    return _linked_by_llvm(code, functions, called) if placed is None else placed


@cache
def _external() -> dict[str, int]:
    """The addresses of what kernels may call, where the system's own library has it."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows
        return {}
    found = {name: getattr(library, name, None) for name in EXTERNAL}
    return {name: ctypes.cast(f, ctypes.c_void_p).value or 0 for name, f in found.items() if f is not None}


def _linked_by_llvm(code: bytes, functions: Sequence[str], called: Mapping[str, int]) -> dict[str, int]:
    import llvmlite.binding as llvm  # deferred: its library takes longer to load than a small model to start

    target = host()
    initialize()
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, jit=True
    )
    for symbol, address in called.items():
        llvm.add_symbol(symbol, address)
    module = llvm.parse_assembly("")
    module.triple = target.triple
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return {name: engine.get_function_address(f"modelc_{name}") for name in functions}


def initialize() -> None:
    """Make LLVM ready to emit and link code for this machine."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
