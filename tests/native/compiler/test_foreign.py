"""Kernels for other systems: their code is legal there, calls nothing that they lack, and that for x86-64 runs here."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.processes import families_for
from modelc.native.levels import LEVELS
from modelc.native.target import Target
from modelc.system.objects.formats import is_object, undefined_symbols
from modelc.system.objects.outside import outside_functions

ROOT = Path(__file__).parents[3]
MACOS_ON_X86, WINDOWS = "x86_64-apple-macosx13.0.0", "x86_64-pc-windows-msvc-elf"
"""The second is how llvmlite names Windows where LLVM's linker is to load what it emits."""

SYSTEMS = {
    "linux-aarch64": LEVELS["aarch64"],
    "macos-arm64": Target("arm64-apple-macosx13.0.0", "apple-m1", "", lanes=4, registers=32, fma=True),
    "windows-x86-64": replace(LEVELS["x86-64-v3"], triple=WINDOWS),
}


def _machine(code: bytes) -> str:
    """The kind of machine that the head of an object names."""
    if code.startswith(b"\x7fELF"):
        return {62: "ELF x86-64", 183: "ELF aarch64"}[struct.unpack_from("<H", code, 18)[0]]
    assert code.startswith(b"\xcf\xfa\xed\xfe")
    return {0x01000007: "Mach-O x86-64", 0x0100000C: "Mach-O arm64"}[struct.unpack_from("<I", code, 4)[0]]


EXPECTED = {"linux-aarch64": "ELF aarch64", "macos-arm64": "Mach-O arm64", "windows-x86-64": "ELF x86-64"}


def _check(name: str, families: list[str]) -> set[str]:
    """Compile families for a system; what they call outside, all of them together."""
    target = SYSTEMS[name]
    shared = {f"modelc_{one}" for family in FAMILIES.values() for one in family.shares}
    outside: set[str] = set()
    objects = families_for(families, target, "object")
    assert objects.keys() == {*families}
    for code in objects.values():
        assert is_object(code)
        assert _machine(code) == EXPECTED[name]
        outside |= undefined_symbols(code) - shared
    return outside


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", SYSTEMS)
def test_the_walker_is_compiled_for_other_systems(name: str) -> None:
    outside = _check(name, ["walker"])
    assert ("sched_yield" in outside) == (name != "windows-x86-64"), "a symbol is seen where there is one"


@pytest.mark.slow
@pytest.mark.parametrize("name", SYSTEMS)
def test_all_families_are_compiled_for_other_systems(name: str) -> None:
    outside = _check(name, [*FAMILIES])
    assert outside <= outside_functions(SYSTEMS[name].triple)
    assert ("bzero" in outside) == (name == "macos-arm64"), "what LLVM emits for zeros there alone"


def _passes_with(triple: str, arguments: list[str], **environment: str) -> None:
    paths = os.pathsep.join([str(ROOT), *sys.path])
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "tests.native.foreign", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=1500,
        env={**os.environ, "PYTHONPATH": paths, "MODELC_TEST_TRIPLE": triple, "MODELC_PLANS_SIZE": "0", **environment},
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


on_x86 = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="the code runs on Linux on x86-64"
)


@on_x86
@pytest.mark.slow
def test_objects_of_macos_run() -> None:
    """Mach-O, its relocations and its names, for all families. No plan is kept, which would name objects of here."""
    folders = [str(ROOT / "tests" / "native" / folder) for folder in ("families", "engine")]
    _passes_with(MACOS_ON_X86, [*folders, f"--ignore={ROOT / 'tests' / 'native' / 'engine' / 'test_plan_draft.py'}"])


@on_x86
@pytest.mark.slow
@pytest.mark.parametrize("threads", ["1", "3"])
def test_objects_of_windows_run(threads: str) -> None:
    """Its calls, its stack, and threads that wait without `sched_yield`: predictions and training."""
    chosen = "of_the_definition or of_the_reference or made_the_data"
    _passes_with(WINDOWS, ["-k", chosen, str(ROOT / "tests" / "installed")], MODELC_NUM_THREADS=threads)
