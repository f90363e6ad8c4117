"""Compile a family of kernels for a machine that need not be this one: to LLVM's bitcode, for a program that has no
Python, or to an object, for modelc itself.

Its `main` is a compile server as that of `serve.py`, for the target and the form that its arguments name: kernels read
what they are compiled for when they are imported, so that a process makes those of one target.
"""

from __future__ import annotations

import json
import sys

import llvmlite.binding as llvm

from modelc.native.compiler.catalog import Family
from modelc.native.compiler.compile import emitted, family_module, generator, optimise
from modelc.native.compiler.generator import initialize_all, position_independent
from modelc.native.compiler.serve import serve
from modelc.native.target import Target, as_if_on, this_machine


def family_bitcode(family: Family, target: Target) -> bytes:
    """The kernels of `family`, optimized for `target`, each a function `modelc_<name>` over int64 words.

    Raises `LookupError` as `compile_family` does.
    """
    machine = position_independent(target)
    module = _module_for(family, target, machine)
    optimise(module, machine)
    return module.as_bitcode()


def family_object(family: Family, target: Target) -> bytes:
    """The object code of `family` as `compile_family` makes it on the machine `target`, with the same errors."""
    initialize_all()
    machine = generator(target)
    return emitted(family, _module_for(family, target, machine), machine)


def _module_for(family: Family, target: Target, machine: llvm.TargetMachine) -> llvm.ModuleRef:
    module = llvm.parse_assembly(_for_machine(str(family_module(family)), target))
    module.triple, module.data_layout = target.triple, str(machine.target_data)
    return module


_NAMES = {
    "x86_64": ("@llvm.x86.sse2.pause()", "@llvm.readcyclecounter()"),
    "aarch64": ("@llvm.aarch64.hint(i32 1)", "@llvm.readsteadycounter()"),
}
"""What `native/code/atomics.py` calls: the wait of a spin loop, and the clock."""
_DECLARED = {"x86_64": "declare void @llvm.x86.sse2.pause()", "aarch64": "declare void @llvm.aarch64.hint(i32 immarg)"}


def _for_machine(text: str, target: Target) -> str:
    """LLVM IR of this machine for another. All but a few names in it is the same for machines of 64 bits."""
    lines = [line for line in text.split("\n") if not line.startswith("target ")]
    here, there = (
        "aarch64" if one.triple.startswith(("aarch64", "arm64")) else "x86_64" for one in (this_machine(), target)
    )
    if here != there:
        lines = [line for line in lines if not line.startswith(_DECLARED[here].partition("(")[0])]
        lines.append(_DECLARED[there])
    made = "\n".join(lines)
    for old, new in zip(_NAMES[here], _NAMES[there], strict=True):
        made = made.replace(old, new)
    return made


_FORMS = {"bitcode": family_bitcode, "object": family_object}


def main() -> None:
    """Serve families on standard input and output, as `serve.main` does."""
    target = Target(**json.loads(sys.argv[2]))
    with as_if_on(target):
        serve(_FORMS[sys.argv[3]], target)
