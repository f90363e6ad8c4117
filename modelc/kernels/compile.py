"""Compile a family of kernels to one object file: numba types and optimises, LLVM emits.

The only file through which numba is imported at run time, and only where the cache has no object.
"""

from __future__ import annotations

import inspect
from importlib import import_module

import llvmlite.binding as llvm
from numba import types
from numba.core import compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target

from modelc.kernels.catalog import Family
from modelc.kernels.target import Target

EXTERNAL = frozenset({"memcpy", "memset", "memmove"})
"""What a kernel may call outside itself: the three functions that LLVM itself emits for copies and fills."""


@global_compiler_lock
def compile_family(family: Family, target: Target) -> bytes:
    """The object code of `family` for `target`; each kernel is a symbol `modelc_<name>` over int64 words.

    Raises:
        LookupError: the module's `KERNELS` are not the ones that the catalog lists.
        ValueError: a kernel calls something outside itself.
    """
    functions = import_module(family.module).KERNELS
    if tuple(f.__name__ for f in functions) != family.kernels:
        raise LookupError(f"`{family.module}.KERNELS` are not the kernels that the catalog lists")
    linked = llvm.parse_assembly("")
    linked.triple = target.triple
    for function in functions:
        linked.link_in(_compile(function))
    linked.verify()
    machine = target_machine(target)
    _drop_unused(linked, machine)
    _check_externals(family.name, linked)
    return machine.emit_object(linked)


def target_machine(target: Target) -> llvm.TargetMachine:
    """The code generator, set for a just-in-time linker as numba sets it."""
    reloc = "static" if target.triple.startswith("x86") else "default"
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc=reloc, codemodel="jitdefault", jit=True
    )


def _compile(function) -> llvm.ModuleRef:
    """The function as LLVM IR with everything that it calls, behind a plain C signature."""
    flags = compiler.Flags()
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    flags.nrt = False
    arity = len(inspect.signature(function).parameters)
    compiled = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, function, (types.int64,) * arity, types.void, flags, {}
    )
    compiled.library.finalize()
    # numba's own entry takes two pointers more: where to put a result and an exception. Kernels have neither.
    names = [f"%a{i}" for i in range(arity)]
    inner = ", ".join(["ptr %none", "ptr %none", *(f"i64 {name}" for name in names)])
    entry = f"""
        declare i32 @{_quoted(compiled.fndesc.mangled_name)}({", ".join(["ptr", "ptr", *["i64"] * arity])})
        define void @modelc_{function.__name__}({", ".join(f"i64 {name}" for name in names)}) {{
            %none = alloca ptr
            %status = call i32 @{_quoted(compiled.fndesc.mangled_name)}({inner})
            ret void
        }}"""
    module = llvm.parse_assembly(compiled.library.get_llvm_str())
    module.link_in(llvm.parse_assembly(entry))
    for symbol in [*module.functions, *module.global_variables]:
        if not symbol.is_declaration and not symbol.name.startswith("modelc_"):
            symbol.linkage = "internal"
    return module


def _quoted(name: str) -> str:
    return f'"{name}"'


def _drop_unused(module: llvm.ModuleRef, machine: llvm.TargetMachine) -> None:
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, builder)


def _check_externals(family: str, module: llvm.ModuleRef) -> None:
    declared = [symbol for symbol in [*module.functions, *module.global_variables] if symbol.is_declaration]
    outside = {s.name for s in declared if not s.name.startswith("llvm.")} - EXTERNAL
    if outside:
        raise ValueError(f"the kernels of `{family}` need symbols from outside: {sorted(outside)}")
