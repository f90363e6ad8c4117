"""LLVM's linker of llvmlite, which loads objects of every system, without numba. Its library takes long to load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from modelc.system.objects.formats import is_object

_engines: list[Any] = []  # code lives as long as its engine, which is as long as the process


def initialize() -> None:
    """Make LLVM ready to emit and link code for this machine."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def linked(
    code: bytes, functions: Sequence[str], called: Mapping[str, int], triple: str | None = None
) -> dict[str, int]:
    """The addresses of `functions`, whose symbols begin with `modelc_`, in the object `code`; 0 for what it does not
    hold, and for all where it is no object.

    `called` are the addresses of functions of other objects by their symbols. `triple` is that of the object, where
    this process can run code of another system's format.
    """
    import llvmlite.binding as llvm

    if not is_object(code):
        return dict.fromkeys(functions, 0)
    asked = triple or _own_triple()
    for symbol, address in called.items():
        llvm.add_symbol(symbol, address)
    module = llvm.parse_assembly("")
    module.triple = asked
    machine = llvm.Target.from_triple(asked).create_target_machine(codemodel="jitdefault", jit=True)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return {name: engine.get_function_address(f"modelc_{name}") for name in functions}


@cache
def _own_triple() -> str:
    import llvmlite.binding as llvm

    initialize()
    return llvm.get_process_triple()
