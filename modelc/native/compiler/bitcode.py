"""Compile a family of kernels to LLVM's bitcode, for a program of any machine that has no Python.

As a program it is a compile server as `compile.py` is one, for the target that its argument describes: kernels read
what they are compiled for when they are imported, so that a process makes those of one target.
"""

from __future__ import annotations

import json
import sys

import llvmlite.binding as llvm

from modelc.native.compiler.catalog import Family
from modelc.native.compiler.compile import family_module, optimise, serve
from modelc.native.target import Target, as_if_on


def family_bitcode(family: Family, target: Target) -> bytes:
    """The kernels of `family`, optimized for `target`, each a function `modelc_<name>` over int64 words.

    Raises `LookupError` as `compile_family` does.
    """
    made = family_module(family)
    machine = position_independent(target)
    # LLVM IR says for which machine it is in two lines; all else in it is the same for machines of 64 bits.
    text = "\n".join(line for line in str(made).split("\n") if not line.startswith("target "))
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = target.triple, str(machine.target_data)
    optimise(module, machine)
    return module.as_bitcode()


def position_independent(target: Target) -> llvm.TargetMachine:
    """The code generator of a target, for code that runs wherever a library is loaded."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    return llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.cpu, features=target.features, opt=3, reloc="pic", codemodel="small"
    )


def main() -> None:
    """Serve families on standard input and output, as `compile.main` does."""
    target = Target(**json.loads(sys.argv[1]))
    with as_if_on(target):
        serve(family_bitcode, target)


if __name__ == "__main__":
    main()
