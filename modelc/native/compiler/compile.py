"""Compile a family of kernels to one object file: numba types them, LLVM optimises and emits.

The only file that has numba compile, and only where the cache has no object.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module

import llvmlite.binding as llvm

from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.frontend import LoweredFunction, lower_kernel
from modelc.native.compiler.numba_parts import compile_lock
from modelc.native.target import Target
from modelc.system.objects.formats import undefined_symbols
from modelc.system.objects.llvm_linker import initialize
from modelc.system.objects.outside import outside_functions


def compile_family(family: Family, target: Target) -> bytes:
    """The object code of `family` for `target`; each kernel is a symbol `modelc_<name>` over int64 words. Of other
    symbols it needs those that the families which it uses share.

    Raises:
        LookupError: the module's `KERNELS` are not the ones that the catalog lists.
        ValueError: a kernel calls something outside itself.
    """
    initialize()
    linked = family_module(family)
    linked.triple = target.triple
    return emitted(family, linked, generator(target))


def emitted(family: Family, module: llvm.ModuleRef, machine: llvm.TargetMachine) -> bytes:
    """The object code of the kernels of `family`. Raises `ValueError` as `compile_family` does."""
    optimise(module, machine)
    code = machine.emit_object(module)
    outside = (_declared(module) | undefined_symbols(code)) - outside_functions(machine.triple)
    outside -= {f"modelc_{name}" for used in family.uses for name in FAMILIES[used].shares}
    if outside:
        raise ValueError(f"the kernels of `{family.name}` need symbols from outside: {sorted(outside)}")
    return code


def family_module(family: Family) -> llvm.ModuleRef:
    """The kernels of `family` as LLVM IR, not optimized yet. Raises `LookupError` as `compile_family` does."""
    functions = import_module(family.module).KERNELS
    if tuple(f.__name__ for f in functions) != family.kernels:
        raise LookupError(f"`{family.module}.KERNELS` are not the kernels that the catalog lists")
    with compile_lock:
        lowered = {function.__name__: lower_kernel(function, _arity(function)) for function in functions}
        modules = dict.fromkeys(text for kernel in lowered.values() for text in kernel.modules())
    linked = llvm.parse_assembly("")
    for text in modules:
        linked.link_in(llvm.parse_assembly(text))
    for function in functions:
        linked.link_in(llvm.parse_assembly(_entry(function.__name__, _arity(function), lowered[function.__name__])))
    shared = {f"modelc_{name}" for name in family.shares}
    for symbol in [*linked.functions, *linked.global_variables]:
        if symbol.name in shared:
            symbol.linkage = "external"  # in contrast to what other modules may have as well
        if not symbol.is_declaration and not symbol.name.startswith("modelc_"):
            symbol.linkage = "internal"
    linked.verify()
    return linked


def generator(target: Target) -> llvm.TargetMachine:
    """The code generator, set for a just-in-time linker as numba sets it."""
    reloc = "static" if target.triple.startswith("x86") else "default"
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )


def _arity(function: Callable[..., None]) -> int:
    return len(inspect.signature(function).parameters)


def _entry(kernel: str, arity: int, lowered: LoweredFunction) -> str:
    """LLVM IR of the plain C function `modelc_<kernel>` that calls a kernel."""
    # numba's own entry takes two pointers more: where to put a result and an exception. Kernels have neither.
    names = [f"%a{i}" for i in range(arity)]
    inner = ", ".join(["ptr %none", "ptr %none", *(f"i64 {name}" for name in names)])
    return f"""
        declare i32 @{_quoted(lowered.name)}({", ".join(["ptr", "ptr", *["i64"] * arity])})
        define void @modelc_{kernel}({", ".join(f"i64 {name}" for name in names)}) {{
            %none = alloca ptr
            %status = call i32 @{_quoted(lowered.name)}({inner})
            ret void
        }}"""


def _quoted(name: str) -> str:
    return f'"{name}"'


def optimise(module: llvm.ModuleRef, machine: llvm.TargetMachine) -> None:
    """Run LLVM's passes for speed, those that make vectors among them."""
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = True
    builder = llvm.create_pass_builder(machine, tuning)
    builder.getModulePassManager().run(module, builder)


def _declared(module: llvm.ModuleRef) -> frozenset[str]:
    symbols = [*module.functions, *module.global_variables]
    return frozenset(s.name for s in symbols if s.is_declaration and not s.name.startswith("llvm."))
