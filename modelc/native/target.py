"""The CPU that kernels are compiled for: vector width, register count, and the tile sizes that follow from them.

Lowering needs the tile sizes to pack weights, and passes know its limits, so this file is numba-free.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Literal

Isa = Literal["avx512", "avx2", "baseline"]
ISAS: tuple[Isa, ...] = ("avx512", "avx2", "baseline")
_BEYOND: dict[Isa, tuple[str, ...]] = {
    "avx512": (),
    "avx2": ("avx512", "avx10", "evex"),
    "baseline": ("avx", "fma", "f16c", "xop", "vaes", "vpclmulqdq", "evex"),
}
"""The prefixes of the features to switch off so as to stay within an instruction set."""


LANES = 16
"""The float32 of the widest vector of any CPU. Kernels are written in vectors of this width, which LLVM splits where a
CPU has narrower ones, and packed columns come in multiples of it."""

WIDEST_TILE = 4 * LANES
"""The most columns that a tile of the widest CPU has."""

CACHE_LINE = 64
"""Bytes of a cache line, which are read and written together."""

LEASE_BYTES = 2 * CACHE_LINE
"""From the lease of an area of working memory to the next one: two lines, as CPUs read them by pairs."""

CHANNELS = 64
"""Channels that one unit of a kernel takes where they lie side by side: some whole cache lines."""


def padded_columns(columns: int) -> int:
    """`columns` rounded up to whole vectors of the widest CPU."""
    return -(-columns // LANES) * LANES


@dataclass(frozen=True, slots=True)
class Target:
    """What the code generator is told, and the float32 tile that it can hold in registers.

    `lanes` is the number of float32 in a vector, `registers` that of vector registers, `fma` whether fused
    multiply-add is an instruction (else products are rounded before they are added).
    """

    triple: str
    cpu: str
    features: str
    lanes: int
    registers: int
    fma: bool

    @property
    def max_vectors(self) -> int:
        """The widest tile, in vectors of output channels."""
        return 4 if self.registers >= 32 else 2

    def tile_rows(self, vectors: int) -> int:
        """The tallest tile of that many vectors whose sums stay in registers beside the operands."""
        if self.registers >= 32:
            return {1: 14, 2: 14, 3: 9, 4: 6}[vectors]
        return {1: 6, 2: 6}[vectors]


_elsewhere: ContextVar[tuple[Target, int] | None] = ContextVar("elsewhere", default=None)


@contextmanager
def as_if_on(target: Target, threads: int = 1) -> Generator[None]:
    """Inside, plans are made and weights are packed as on a machine of this target, for so many threads.

    What is made so is for another program: nothing of it can be run in this one.
    """
    token = _elsewhere.set((target, threads))
    try:
        yield
    finally:
        _elsewhere.reset(token)


def threads_elsewhere() -> int | None:
    """The threads that `as_if_on` names; None outside of it."""
    found = _elsewhere.get()
    return None if found is None else found[1]


def host() -> Target:
    """The machine that code is made for: this one, unless `as_if_on` names another. Raises as `this_machine` does."""
    found = _elsewhere.get()
    return this_machine() if found is None else found[0]


@cache
def this_machine() -> Target:
    """This machine, kept within the instruction set that MODELC_MAX_ISA names (avx512, avx2, baseline).

    Raises:
        ValueError: MODELC_MAX_ISA is something else.
    """
    import llvmlite.binding as llvm  # deferred: passes need constants of this file only, and start without it

    limit = os.environ.get("MODELC_MAX_ISA") or "avx512"
    isa: Isa | None = next((known for known in ISAS if known == limit), None)
    if isa is None:
        raise ValueError(f"MODELC_MAX_ISA is `{limit}`; it may be {', '.join(ISAS)}")
    triple = llvm.get_process_triple()
    known: dict[str, bool] = dict(llvm.get_host_cpu_features())  # pyright: ignore[reportUnknownArgumentType]
    found = {name: on and not name.startswith(_BEYOND[isa]) for name, on in known.items()}
    features = ",".join(f"{'+' if on else '-'}{name}" for name, on in sorted(found.items()))
    arm = triple.startswith(("aarch64", "arm64"))
    wide = found.get("avx512f", False)
    return Target(
        triple=triple,
        cpu=llvm.get_host_cpu_name(),
        features=features,
        lanes=16 if wide else 8 if found.get("avx2", False) else 4,
        registers=32 if wide or arm else 16,
        fma=arm or found.get("fma", False),
    )
