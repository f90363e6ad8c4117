"""Kernels as another system has them, in this process: a plugin of pytest (`-p tests.native.foreign`).

MODELC_TEST_TRIPLE names the system. Its objects are compiled for this machine's instructions, loaded by LLVM's linker
and run: those of macOS on x86-64, whose calls are those of Linux; and those of Windows, which llvmlite has emitted as
ELF for LLVM's linker, and whose calls pass operands in other registers. There each function that Python calls stands
behind one that takes operands as here, and so does what kernels call of the system's library.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import llvmlite.binding as llvm

from modelc.graph.program import OnCompile
from modelc.native.compiler import load as loading
from modelc.native.compiler.catalog import Family
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.private_cache import default_directory
from modelc.native.compiler.processes import families_for
from modelc.native.target import this_machine
from modelc.system.objects.llvm_linker import initialize, linked
from modelc.system.objects.outside import POSIX_FUNCTIONS, outside_functions

TRIPLE = os.environ["MODELC_TEST_TRIPLE"]
IS_WINDOWS = "windows" in TRIPLE

CALLED_BY_PYTHON = {"walk": 1, "work": 2, "work_out": 1, "read_clock": 4}
"""The functions that ctypes calls, with their numbers of words; kernels call all others."""

_engines: list[llvm.ExecutionEngine] = []


def _compiled(text: str) -> llvm.ExecutionEngine:
    """Functions of LLVM IR for this machine itself."""
    initialize()
    module = llvm.parse_assembly(text)
    module.verify()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    _engines.append(engine)
    return engine


def _entry(address: int, words: int) -> int:
    """A function of this system that calls one of Windows."""
    names = ", ".join(f"i64 %a{i}" for i in range(words))
    engine = _compiled(f"""
        define void @entry({names}) {{
            %function = inttoptr i64 {address} to ptr
            call win64cc void %function({names})
            ret void
        }}""")
    return engine.get_function_address("entry")


def _library() -> dict[str, int]:
    """What kernels may call, by the symbols that it has on the system of the triple."""
    process = ctypes.CDLL(None)
    here = {name: ctypes.cast(getattr(process, name), ctypes.c_void_p).value or 0 for name in sorted(POSIX_FUNCTIONS)}
    text, names = (_of_windows(here), ()) if IS_WINDOWS else (_of_macos(here), here)
    engine = _compiled(text)
    made = {name: engine.get_function_address(f"there_{name}") for name in outside_functions(TRIPLE) - {*names}}
    there = {name: here[name] for name in names} | made
    assert all(there.values())
    return {name if IS_WINDOWS else f"_{name}": address for name, address in there.items()}


def _of_windows(here: Mapping[str, int]) -> str:
    """Functions with the calls of Windows around those of this system."""
    second = {"memcpy": "ptr", "memmove": "ptr", "memset": "i32"}
    functions = "".join(
        f"""
        define win64cc ptr @there_{name}(ptr %to, {second[name]} %what, i64 %size) {{
            %function = inttoptr i64 {here[name]} to ptr
            %result = call ptr %function(ptr %to, {second[name]} %what, i64 %size)
            ret ptr %result
        }}"""
        for name in second
    )
    # The stack of this system grows by itself, so that nothing needs to be touched.
    return functions + "define void @there___chkstk() { ret void }"


def _of_macos(here: Mapping[str, int]) -> str:
    """What its library has besides: zeros, and patterns of some bytes again and again."""
    zeros = "".join(
        f"""
        define void @there_{name}(ptr %to, i64 %size) {{
            %function = inttoptr i64 {here["memset"]} to ptr
            %result = call ptr %function(ptr %to, i32 0, i64 %size)
            ret void
        }}"""
        for name in ("bzero", "__bzero")
    )
    patterns = "".join(
        f"""
        define void @there_memset_pattern{length}(ptr %to, ptr %pattern, i64 %size) {{
        begin:
            br label %test
        test:
            %i = phi i64 [0, %begin], [%next, %copy]
            %more = icmp ult i64 %i, %size
            br i1 %more, label %copy, label %end
        copy:
            %within = urem i64 %i, {length}
            %from = getelementptr i8, ptr %pattern, i64 %within
            %place = getelementptr i8, ptr %to, i64 %i
            %byte = load i8, ptr %from
            store i8 %byte, ptr %place
            %next = add i64 %i, 1
            br label %test
        end:
            ret void
        }}"""
        for length in (4, 8, 16)
    )
    return zeros + patterns


def _load(families: Sequence[Family], on_compile: OnCompile | None) -> None:
    """In place of the loader's own: from the cache, or compiled for the triple, and linked by LLVM."""
    target = replace(this_machine(), triple=TRIPLE)
    cache = ObjectCache(default_directory())
    files = {family.name: object_name(family, target) for family in families}
    found = {name: code for name, file in files.items() if (code := cache.read(file)) is not None}
    absent = [name for name in files if name not in found]
    for name, code in (families_for(absent, target, "object", on_compile) if absent else {}).items():
        cache.write(files[name], code)
        found[name] = code
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    prefix = "" if IS_WINDOWS else "_"
    for family in families:
        shared = {f"{prefix}modelc_{n}": a for one in family.uses for n, a in loading._loaded[one].shared.items()}
        made = linked(found[family.name], family.symbols, _LIBRARY | shared, TRIPLE)
        assert all(made.values()), f"{family.name}: {made}"
        kernels = {name: made[name] for name in family.kernels}
        if IS_WINDOWS:
            kernels |= {n: _entry(kernels[n], words) for n, words in CALLED_BY_PYTHON.items() if n in kernels}
        shares = {name: made[name] for name in family.shares}
        loading._loaded[family.name] = loading._Loaded(MappingProxyType(kernels), shares, files[family.name])


_LIBRARY = _library()
loading._load = _load  # pyright: ignore[reportPrivateUsage]
