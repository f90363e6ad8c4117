"""Relocatable objects as they are read, and one that is written: data under a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modelc.c.pieces import Pieces
from modelc.system.objects import elf_format as elf
from modelc.system.objects.elf_format import EHDR, RELA, SHDR, SYM, Strings
from modelc.system.objects.elf_tables import ElfSymbol, ElfTables

_NOTHING = Pieces(())


@dataclass(frozen=True)
class ElfSection:
    """Code or data of an object."""

    name: str
    kind: int
    flags: int
    data: memoryview
    """Empty where it is all zeros."""
    size: int
    alignment: int
    link: int
    info: int

    @property
    def is_loaded(self) -> bool:
        """Whether a running program needs it; tables for unwinding it does not, as kernels raise nothing."""
        return bool(self.flags & elf.ALLOCATED) and self.kind != elf.UNWIND and self.name != ".eh_frame"


@dataclass(frozen=True)
class Relocation:
    """A place in a section that is to hold what depends on the address of a symbol."""

    section: int
    place: int
    kind: int
    symbol: ElfSymbol
    addend: int


@dataclass(frozen=True)
class ElfObject:
    """An object of LLVM's."""

    machine: int
    sections: tuple[ElfSection, ...]
    symbols: tuple[ElfSymbol, ...]
    relocations: tuple[Relocation, ...]

    @classmethod
    def read(cls, code: bytes) -> ElfObject:
        """The object in these bytes, which come from LLVM or from `data_object`."""
        tables = ElfTables(code)
        symbols = [symbol for table in tables.of_kind(elf.SYMTAB) for symbol in tables.symbols(table)]
        sections = tuple(
            ElfSection(
                tables.name(row), row.kind, row.flags, tables.data(row), row.size, max(row.alignment, 1), row.link,
                row.info,
            )
            for row in tables.sections
        )  # fmt: skip
        relocations = tuple(
            Relocation(section.info, place, info & 0xFFFFFFFF, symbols[info >> 32], addend)
            for section in sections
            if section.kind == elf.RELOCATIONS
            for place, info, addend in _rows(section.data)
        )
        return cls(tables.machine, sections, tuple(symbols), relocations)

    @property
    def undefined(self) -> frozenset[str]:
        """The names of what it needs from others."""
        return frozenset(symbol.name for symbol in self.symbols if symbol.is_undefined)

    @property
    def public(self) -> tuple[str, ...]:
        """The names that it defines for others, hidden or not, in order."""
        return tuple(s.name for s in self.symbols if not s.is_undefined and s.binding == elf.GLOBAL)


def _rows(data: memoryview) -> Iterator[tuple[int, int, int]]:
    return RELA.iter_unpack(data)


def data_object(machine: int, name: str, data: Pieces, alignment: int) -> bytes:
    """An object with constant data under one name, which only the library that it becomes a part of sees."""
    strings, names = Strings(), Strings()
    symbol = SYM.pack(strings.place(name), elf.GLOBAL << 4 | elf.OBJECT, elf.HIDDEN, 1, 0, len(data))
    parts = (
        (".rodata", elf.PROGBITS, elf.ALLOCATED, data, 0, 0, alignment, 0),
        (".note.GNU-stack", elf.PROGBITS, 0, _NOTHING, 0, 0, 1, 0),  # it needs no stack that can be executed
        (".symtab", elf.SYMTAB, 0, Pieces([bytes(SYM.size) + symbol]), 4, 1, 8, SYM.size),
        (".strtab", elf.STRTAB, 0, Pieces([bytes(strings.data)]), 0, 0, 1, 0),
    )
    placed = [names.place(part[0]) for part in parts]
    rows_of = [*zip(placed, parts, strict=True)]
    end = names.place(".shstrtab")
    rows_of.append((end, (".shstrtab", elf.STRTAB, 0, Pieces([bytes(names.data)]), 0, 0, 1, 0)))
    body, rows = _NOTHING, [bytes(SHDR.size)]
    for place, (_, kind, flags, content, link, info, align, entry) in rows_of:
        body += Pieces([bytes(-(EHDR.size + len(body)) % align)])
        rows.append(SHDR.pack(place, kind, flags, 0, EHDR.size + len(body), len(content), link, info, align, entry))
        body += content
    body += Pieces([bytes(-(EHDR.size + len(body)) % 8)])
    head = EHDR.pack(
        elf.MAGIC, elf.RELOCATABLE, machine, 1, 0, 0, EHDR.size + len(body), 0, EHDR.size, 0, 0, SHDR.size, len(rows),
        len(rows) - 1,
    )  # fmt: skip
    return bytes(Pieces([head]) + body + Pieces(rows))
