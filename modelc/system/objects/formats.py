"""The formats of objects that LLVM emits for a linker at run time: ELF, on Windows too, and Mach-O on macOS."""

from __future__ import annotations

from modelc.system.objects import elf, elf_format, mach_o


def is_object(code: bytes) -> bool:
    """Whether it begins as an object does; LLVM would end the process at anything else."""
    return code.startswith((elf_format.MAGIC[:4], mach_o.MAGIC))


def undefined_symbols(code: bytes) -> frozenset[str]:
    """The symbols that an object needs from outside, as C names them; none are found in another format.

    The names in LLVM IR do not tell: the code generator may turn an intrinsic (``llvm.sin``) into a call to a library.
    """
    read = mach_o if code.startswith(mach_o.MAGIC) else elf
    return read.undefined_symbols(code)
