"""LLVM's code generator for libraries. Numba-free."""

from __future__ import annotations

import llvmlite.binding as llvm

from modelc.native.target import Target


def position_independent(target: Target) -> llvm.TargetMachine:
    """The code generator of a target, for code that runs wherever a library is loaded."""
    initialize_all()
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", codemodel="small"
    )


def initialize_all() -> None:
    """Make LLVM ready to emit code for any machine."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
