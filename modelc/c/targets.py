"""The machines that a C library is made for, by name. All are Linux's, of 64 bits, and little-endian."""

from __future__ import annotations

from dataclasses import replace

from modelc.errors import InputError
from modelc.native.target import Target, this_machine
from modelc.text.unknown import unknown

NATIVE = "native"
"""The machine that the library is made on."""

_X86 = "x86_64-unknown-linux-gnu"

_NAMED = {
    "x86-64": Target(_X86, "x86-64", "", lanes=4, registers=16, fma=False),
    "x86-64-v2": Target(_X86, "x86-64-v2", "", lanes=4, registers=16, fma=False),
    "x86-64-v3": Target(_X86, "x86-64-v3", "", lanes=8, registers=16, fma=True),
    # LLVM would halve vectors on the CPUs of this level, some of which run slower with whole ones.
    "x86-64-v4": Target(_X86, "x86-64-v4", "-prefer-256-bit", lanes=16, registers=32, fma=True),
    "aarch64": Target("aarch64-unknown-linux-gnu", "generic", "", lanes=4, registers=32, fma=True),
}
"""The levels of the System V ABI for AMD64 (x86-64-v3: AVX2 and FMA; x86-64-v4: AVX-512), and Armv8-A with NEON."""

TARGETS = (NATIVE, *_NAMED)


def target_named(name: str) -> Target:
    """The target of that name. Raises `InputError` where there is none, or where this machine is of another kind."""
    if name != NATIVE:
        try:
            return _NAMED[name]
        except KeyError:
            raise InputError(*unknown("target", name, TARGETS)) from None
    target = this_machine()
    for triple in {known.triple for known in _NAMED.values()}:
        if target.triple.partition("-")[0] == triple.partition("-")[0]:
            return replace(target, triple=triple)
    raise InputError(
        f"a C library cannot be made for this machine ({target.triple})", f"name one of {', '.join(_NAMED)}"
    )
