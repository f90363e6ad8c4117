"""Object code into this process: addresses of kernels. Numba-free."""

from __future__ import annotations

from collections.abc import Sequence

import llvmlite.binding as llvm

from modelc.native.target import Target

_engines: list[llvm.ExecutionEngine] = []  # code lives as long as its engine, which is as long as the process


def link(code: bytes, kernels: Sequence[str], target: Target) -> dict[str, int]:
    """The addresses of `kernels` in the object `code`, which `compile_family` made for `target`."""
    initialize()
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, jit=True
    )
    module = llvm.parse_assembly("")
    module.triple = target.triple
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _engines.append(engine)
    return {kernel: engine.get_function_address(f"modelc_{kernel}") for kernel in kernels}


def initialize() -> None:
    """Make LLVM ready to emit and link code for this machine."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
