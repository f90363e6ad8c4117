"""ELF objects of x86-64, as LLVM emits them: which symbols they need, and their code in the memory of this process.

LLVM's own linker does the same for every format; to load its library takes longer than all the rest of a start. System
V ABI, chapter 4, "Object Files", and its supplement for AMD64.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_MAGIC = b"\x7fELF\x02\x01"
"""64 bits, little-endian."""
_RELOCATABLE, _X86_64 = 1, 62
_SYMTAB, _RELA, _NOBITS, _UNWIND = 2, 4, 8, 0x70000001
_UNDEFINED, _FIRST_RESERVED = 0, 0xFF00
_ALLOCATED = 2
_ADDRESS = 1
"""The relocation ``S + A`` of 64 bits: the one that code of the large model has, which LLVM emits for its linker."""
_LARGEST = 2**26

_kept: list[mmap.mmap] = []  # code lives as long as the process


@dataclass(frozen=True, slots=True)
class _Section:
    """A row of the table of sections."""

    kind: int
    flags: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int

    @property
    def is_loaded(self) -> bool:
        """Whether running code needs it; tables for unwinding it does not, as kernels raise nothing."""
        return bool(self.flags & _ALLOCATED) and self.kind != _UNWIND


class _Object:
    """The tables of an object."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        table, count = struct.unpack_from("<Q", code, 0x28)[0], struct.unpack_from("<H", code, 0x3C)[0]
        self.sections: list[_Section] = []
        for i in range(count):
            # Each: name, kind, flags, address, offset, size, link, info, alignment, size of an entry.
            _, kind, flags, _, *rest, _ = struct.unpack_from("<IIQQQQIIQQ", code, table + 64 * i)
            self.sections.append(_Section(kind, flags, *rest))

    def symbols(self, table: _Section) -> list[tuple[str, int, int]]:
        """The name of each symbol of a table, the number of its section, and its place there."""
        names = self.sections[table.link].offset
        found: list[tuple[str, int, int]] = []
        for at in range(table.offset, table.offset + table.size, 24):
            name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", self.code, at)
            begin = names + name
            found.append((self.code[begin : self.code.index(b"\0", begin)].decode(), section, value))
        return found


def undefined_symbols(code: bytes) -> frozenset[str]:
    """The undefined symbols of a 64-bit little-endian ELF object; none are found in another format.

    The names in LLVM IR do not tell: the code generator may turn an intrinsic (``llvm.sin``) into a call to a library.
    """
    if not code.startswith(_MAGIC):
        return frozenset()
    read = _Object(code)
    tables = [section for section in read.sections if section.kind == _SYMTAB]
    # The first symbol is a null one.
    return frozenset(name for t in tables for name, section, _ in read.symbols(t)[1:] if section == _UNDEFINED)


def place(code: bytes, functions: Sequence[str], external: Mapping[str, int]) -> dict[str, int] | None:
    """Lay out an object's code; the address of each function, 0 where the object has no such symbol.

    `external` are the addresses of what they may call. None for what is left to LLVM: an object of another format or
    machine, or with other relocations, and a system that gives no memory for code.
    """
    header = code.startswith(_MAGIC) and struct.unpack_from("<HH", code, 16) == (_RELOCATABLE, _X86_64)
    if not header or platform.machine() not in ("x86_64", "AMD64") or not hasattr(mmap, "PROT_READ"):
        return None
    read = _Object(code)
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


def _layout(sections: Sequence[_Section]) -> tuple[dict[int, int], int]:
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
    read: _Object, memory: mmap.mmap, base: int, starts: Mapping[int, int], external: Mapping[str, int]
) -> dict[str, int] | None:
    """Write sections and addresses to memory at `base`; the addresses of all symbols, None where it cannot be done."""
    image = np.frombuffer(memory, np.uint8)
    for i, start in starts.items():
        section = read.sections[i]
        if section.kind != _NOBITS:
            part = np.frombuffer(read.code, np.uint8, section.size, section.offset)
            image[start : start + section.size] = part
    known: dict[str, int] = {}
    for table in (section for section in read.sections if section.kind == _RELA):
        if table.info not in starts:
            continue
        symbols = read.symbols(read.sections[table.link])
        addresses: list[int] = []
        for name, section, value in symbols:
            address = external.get(name, 0) if section == _UNDEFINED else value
            if _UNDEFINED < section < _FIRST_RESERVED:
                address = base + starts[section] + value if section in starts else 0
            addresses.append(address)
        rows = np.frombuffer(read.code, "<u8", table.size // 8, table.offset).reshape(-1, 3)
        targets = np.array(addresses, np.uint64)[rows[:, 1] >> 32]
        places = rows[:, 0].astype(np.int64)
        within = read.sections[table.info].size - 8
        if (rows[:, 1] & 0xFFFFFFFF != _ADDRESS).any() or not targets.all() or (places > within).any():
            return None
        words = (targets + rows[:, 2]).view(np.uint8).reshape(-1, 8)
        image[(starts[table.info] + places)[:, None] + np.arange(8)] = words
    for table in (section for section in read.sections if section.kind == _SYMTAB):
        for name, section, value in read.symbols(table):
            if name and section in starts:
                known[name] = base + starts[section] + value
    return known


def _protect(address: int, size: int) -> int:
    """Make memory code that is not written any more."""
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    return protect(address, size, mmap.PROT_READ | mmap.PROT_EXEC)
