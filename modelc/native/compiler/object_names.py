"""The names of objects: a digest of everything that made them, so that a stale or foreign one is not found.

That is the kernels' sources, the versions of numba and llvmlite, and the CPU.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from modelc.native.compiler.catalog import Family
from modelc.native.target import Target

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT = 2
"""Raised when objects are made in another way from the same sources."""


def object_name(family: Family, target: Target) -> str:
    """The file of a family that is compiled for `target`."""
    return f"{family.name}-{_digest(target)}.o"


def compiler_versions() -> tuple[str, str]:
    """The versions of numba and of llvmlite, neither of which is imported."""
    from importlib.metadata import version  # deferred, as what is loaded from the cache by name needs none of this

    return version("numba"), version("llvmlite")


_SOURCES = (
    "functions/*.py",  # the order of the functions is that of their codes
    "native/target.py",
    "native/code/*.py",
    "native/compiler/bitcode.py",
    "native/compiler/compile.py",
    "native/compiler/frontend.py",
    "native/compiler/generator.py",
    "native/compiler/numba_parts.py",
    "native/engine/instructions.py",
    "native/engine/schedule.py",
    "native/engine/walker.py",
    "native/engine/worksheet_kernel.py",
    "native/families/*/codes.py",
    "native/families/*/kernel*.py",
    "native/families/*/params.py",
    "native/families/*/transforms.py",
    "system/objects/outside.py",
)
"""The files that machine code follows from: what they say is in its name."""


def sources(package: Path) -> list[Path]:
    """The files of the package that kernels are made of, in a fixed order."""
    return sorted(path for pattern in _SOURCES for path in package.glob(pattern))


@cache
def _digest(target: Target) -> str:
    from pathlib import Path  # deferred as above

    digest = sha256(" ".join([str(_FORMAT), *compiler_versions(), str(target)]).encode())
    package = Path(__file__).parents[2]
    for source in sources(package):
        text = source.read_bytes()
        digest.update(f"\n{source.relative_to(package)} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()[:32]
