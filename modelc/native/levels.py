"""Levels of CPUs by name: what code is made for that runs on other machines than this one. Numba-free.

All are Linux's, of 64 bits, and little-endian.
"""

from __future__ import annotations

from types import MappingProxyType

from modelc.native.target import Target

_X86 = "x86_64-unknown-linux-gnu"

LEVELS = MappingProxyType(
    {
        "x86-64": Target(_X86, "x86-64", "", lanes=4, registers=16, fma=False),
        "x86-64-v2": Target(_X86, "x86-64-v2", "", lanes=4, registers=16, fma=False),
        "x86-64-v3": Target(_X86, "x86-64-v3", "", lanes=8, registers=16, fma=True),
        # LLVM would halve vectors on the CPUs of this level, some of which run slower with whole ones.
        "x86-64-v4": Target(_X86, "x86-64-v4", "-prefer-256-bit", lanes=16, registers=32, fma=True),
        "aarch64": Target("aarch64-unknown-linux-gnu", "generic", "", lanes=4, registers=32, fma=True),
    }
)
"""The levels of the System V ABI for AMD64 (x86-64-v3: AVX2 and FMA; x86-64-v4: AVX-512), and Armv8-A with NEON."""

_V2 = frozenset({"cx16", "popcnt", "sahf", "sse3", "sse4.1", "sse4.2", "ssse3"})
_V3 = _V2 | frozenset({"avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"})
_NEEDED = {
    "x86-64": frozenset[str](),
    "x86-64-v2": _V2,
    "x86-64-v3": _V3,
    "x86-64-v4": _V3 | frozenset({"avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"}),
    "aarch64": frozenset({"neon"}),
}
"""The features of a level by LLVM's names, beside those that every CPU of the architecture has."""


def level_of(target: Target) -> str | None:
    """The highest level whose code runs on the machine `target` and reads weights as they are packed for it; None
    where there is none, as on systems other than Linux."""
    if "linux" not in target.triple:
        return None
    features = {name[1:] for name in target.features.split(",") if name.startswith("+")}
    for name, level in reversed([*LEVELS.items()]):
        same = (level.lanes, level.registers, level.fma) == (target.lanes, target.registers, target.fma)
        if same and _architecture(level) == _architecture(target) and _NEEDED[name] <= features:
            return name
    return None


def _architecture(target: Target) -> str:
    return target.triple.partition("-")[0]
