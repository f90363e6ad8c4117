"""A library's functions and the kernels that they call → one relocatable object."""

from __future__ import annotations

import llvmlite.binding as llvm

from modelc.c.code import exported, library_code, weights_symbol
from modelc.c.elf.objects import ElfObject
from modelc.c.interface import Library
from modelc.c.team_code import PTHREADS
from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.elsewhere import bitcode_for
from modelc.native.compiler.generator import position_independent

LIBC = frozenset({"memcpy", "memset", "memmove", "sched_yield"})
"""What the code may need of the C library: the functions that LLVM itself emits for copies and fills, and what threads
that wait for another one call."""


def library_object(library: Library, on_compile: OnCompile | None = None) -> bytes:
    """The object of a library. Raises `CompileError` where kernels cannot be compiled for its target."""
    target = library.functions[0].plan.target
    families = {family for function in library.functions for family in function.plan.families}
    families |= {"walker"} if library.threads > 1 else set[str]()
    kernels = bitcode_for(families, target, on_compile)
    machine = position_independent(target)
    module = llvm.parse_assembly(library_code(library))
    module.triple, module.data_layout = target.triple, str(machine.target_data)
    for bitcode in kernels.values():
        module.link_in(llvm.parse_bitcode(bitcode))
    public = exported(library)
    for symbol in [*module.functions, *module.global_variables]:
        if not symbol.is_declaration and symbol.name not in public:
            symbol.linkage = "internal"
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=0))
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()  # kernels of the same family that the plan does not call
    passes.run(module, builder)
    code = machine.emit_object(module)
    outside = ElfObject.read(code).undefined - LIBC - PTHREADS - {weights_symbol(library)}
    if outside:
        raise CompileError(f"the kernels for {target.cpu} need what no C library has: {', '.join(sorted(outside))}")
    return code
