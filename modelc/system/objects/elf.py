"""ELF objects of x86-64, as LLVM emits them: which symbols they need, and their code in the memory of this process.

LLVM's own linker does the same for every format; to load its library takes longer than all the rest of a start. System
V ABI, chapter 4, "Object Files", and its supplement for AMD64.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
from collections.abc import Mapping, Sequence

import numpy as np

from modelc.system.objects.elf_format import (
    FIRST_RESERVED,
    NOBITS,
    RELOCATABLE,
    RELOCATIONS,
    SYMTAB,
    UNDEFINED,
    X86_64,
)
from modelc.system.objects.elf_tables import ElfTables, SectionRow

_ADDRESS = 1
"""The relocation ``S + A`` of 64 bits: the one that code of the large model has, which LLVM emits for its linker."""
_LARGEST = 2**26

_kept: list[mmap.mmap] = []  # code lives as long as the process


def undefined_symbols(code: bytes) -> frozenset[str]:
    """The undefined symbols of a 64-bit little-endian ELF object; none are found in another format.

    The names in LLVM IR do not tell: the code generator may turn an intrinsic (``llvm.sin``) into a call to a library.
    """
    read = ElfTables.of(code)
    if read is None:
        return frozenset()
    return frozenset(one.name for table in read.of_kind(SYMTAB) for one in read.symbols(table) if one.is_undefined)


def place(code: bytes, functions: Sequence[str], external: Mapping[str, int]) -> dict[str, int] | None:
    """Lay out an object's code; the address of each function, 0 where the object has no such symbol.

    `external` are the addresses of what they may call. None for what is left to LLVM: an object of another format or
    machine, or with other relocations, and a system that gives no memory for code.
    """
    read = ElfTables.of(code)
    if read is None or (read.kind, read.machine) != (RELOCATABLE, X86_64):
        return None
    if platform.machine() not in ("x86_64", "AMD64") or not hasattr(mmap, "PROT_READ"):
        return None
    starts, size = _layout(read.sections)
    if not 0 < size <= _LARGEST:
        return None
    try:
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        base = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        found = _written(read, memory, base, starts, external)
        if found is None or _protect(base, size) != 0:
            return None
    except OSError:
        return None
    _kept.append(memory)
    return {name: found.get(f"modelc_{name}", 0) for name in functions}


def _layout(sections: Sequence[SectionRow]) -> tuple[dict[int, int], int]:
    """Where each section that is loaded begins, and the size of all."""
    starts: dict[int, int] = {}
    size = 0
    for i, section in enumerate(sections):
        if section.is_loaded:
            alignment = max(section.alignment, 1)
            starts[i] = -(-size // alignment) * alignment
            size = starts[i] + section.size
    return starts, size


def _written(
    read: ElfTables, memory: mmap.mmap, base: int, starts: Mapping[int, int], external: Mapping[str, int]
) -> dict[str, int] | None:
    """Write sections and addresses to memory at `base`; the addresses of all symbols, None where it cannot be done."""
    image = np.frombuffer(memory, np.uint8)
    for i, start in starts.items():
        section = read.sections[i]
        if section.kind != NOBITS:
            part = np.frombuffer(read.code, np.uint8, section.size, section.offset)
            image[start : start + section.size] = part
    known: dict[str, int] = {}
    for table in read.of_kind(RELOCATIONS):
        if table.info not in starts:
            continue
        symbols = read.symbols(read.sections[table.link])
        addresses: list[int] = []
        for symbol in symbols:
            section = symbol.section
            address = external.get(symbol.name, 0) if section == UNDEFINED else symbol.place
            if UNDEFINED < section < FIRST_RESERVED:
                address = base + starts[section] + symbol.place if section in starts else 0
            addresses.append(address)
        rows = np.frombuffer(read.code, "<u8", table.size // 8, table.offset).reshape(-1, 3)
        targets = np.array(addresses, np.uint64)[rows[:, 1] >> 32]
        places = rows[:, 0].astype(np.int64)
        within = read.sections[table.info].size - 8
        if (rows[:, 1] & 0xFFFFFFFF != _ADDRESS).any() or not targets.all() or (places > within).any():
            return None
        words = (targets + rows[:, 2]).view(np.uint8).reshape(-1, 8)
        image[(starts[table.info] + places)[:, None] + np.arange(8)] = words
    for table in read.of_kind(SYMTAB):
        for symbol in read.symbols(table):
            if symbol.name and symbol.section in starts:
                known[symbol.name] = base + starts[symbol.section] + symbol.place
    return known


def _protect(address: int, size: int) -> int:
    """Make memory code that is not written any more."""
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return protect(address, size, mmap.PROT_READ | mmap.PROT_EXEC)
