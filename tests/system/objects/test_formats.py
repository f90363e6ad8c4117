"""What objects of each format need from outside, for code whose calls are known."""

from __future__ import annotations

import llvmlite.binding as llvm
import pytest

from modelc.system.objects.formats import is_object, undefined_symbols
from modelc.system.objects.llvm_linker import linked
from modelc.system.objects.outside import has_posix_threads, outside_functions

_CODE = """
declare i32 @sched_yield()
declare double @pow(double, double)
@unused = external global i64
@own = global i64 3
define void @other() { ret void }
define void @modelc_f(ptr %place, double %x) {
    %status = call i32 @sched_yield()
    %y = call double @pow(double %x, double %x)
    store double %y, ptr %place
    call void @other()
    ret void
}
"""
TRIPLES = {
    "elf": "x86_64-unknown-linux-gnu",
    "elf of aarch64": "aarch64-unknown-linux-gnu",
    "elf of windows": "x86_64-pc-windows-msvc-elf",
    "mach-o of arm64": "arm64-apple-macosx13.0.0",
    "mach-o of x86-64": "x86_64-apple-macosx13.0.0",
}


def _object(triple: str) -> bytes:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    module = llvm.parse_assembly(_CODE)
    module.triple = triple
    return llvm.Target.from_triple(triple).create_target_machine(jit=True).emit_object(module)


@pytest.mark.parametrize("format", TRIPLES)
def test_calls_to_outside_are_found(format: str) -> None:
    code = _object(TRIPLES[format])
    assert is_object(code)
    assert undefined_symbols(code) - {"_fltused"} == {"sched_yield", "pow"}


def test_what_is_no_object_is_not_loaded() -> None:
    for code in (b"", b"MZ and so on", b"\x64\x86" + bytes(60)):
        assert not is_object(code)
        assert undefined_symbols(code) == frozenset()
        assert linked(code, ("f",), {}) == {"f": 0}


def test_what_the_systems_have() -> None:
    assert outside_functions("x86_64-unknown-linux-gnu") == {
        "memcpy",
        "memset",
        "memmove",
        "sched_yield",
        "pthread_self",
    }
    assert "bzero" in outside_functions("arm64-apple-macosx13.0.0") - outside_functions("aarch64-unknown-linux-gnu")
    assert "sched_yield" not in outside_functions("x86_64-pc-windows-msvc")
    assert [has_posix_threads(triple) for triple in TRIPLES.values()] == [True, True, False, True, True]
