"""What the tables of an object say: its sections, its symbols and its relocations."""

from __future__ import annotations

from typing import NamedTuple

from modelc.system.objects import elf_format as elf
from modelc.system.objects.elf_format import EHDR, SHDR, SYM, name_in


class SectionRow(NamedTuple):
    """A row of the table of sections, in the order of its fields."""

    name_at: int
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int
    alignment: int
    entry_bytes: int

    @property
    def is_loaded(self) -> bool:
        """Whether running code needs it; tables for unwinding it does not, as kernels raise nothing."""
        return bool(self.flags & elf.ALLOCATED) and self.kind != elf.UNWIND


class ElfSymbol(NamedTuple):
    """A name for a place in a section."""

    name: str
    section: int
    place: int
    size: int
    kind: int
    binding: int
    visibility: int

    @property
    def is_undefined(self) -> bool:
        """Whether it is a place in another object."""
        return self.section == elf.UNDEFINED and self.name != ""

    @property
    def is_public(self) -> bool:
        """Whether programs that use the library see it."""
        return not self.is_undefined and self.binding == elf.GLOBAL and self.visibility == elf.DEFAULT


class ElfTables:
    """The tables of a relocatable object, which comes from LLVM or was written here."""

    def __init__(self, code: bytes) -> None:
        head = EHDR.unpack_from(code)
        table, count = head[6], head[12]
        names: int = head[13]
        self.code = code
        self.kind: int = head[1]
        self.machine: int = head[2]
        rows = (SHDR.unpack_from(code, table + SHDR.size * i) for i in range(count))
        self.sections: list[SectionRow] = [SectionRow._make(row) for row in rows]
        self._names = self.sections[names].offset

    @classmethod
    def of(cls, code: bytes) -> ElfTables | None:
        """The tables of an object; None for one of another format."""
        return cls(code) if code.startswith(elf.MAGIC[:6]) else None

    def name(self, section: SectionRow) -> str:
        """The name of a section."""
        return name_in(self.code, self._names + section.name_at)

    def data(self, section: SectionRow) -> memoryview:
        """The bytes of a section in the file, which are not copied; none where it is all zeros."""
        size = 0 if section.kind == elf.NOBITS else section.size
        return memoryview(self.code)[section.offset : section.offset + size]

    def of_kind(self, kind: int) -> list[SectionRow]:
        """The sections of a kind."""
        return [section for section in self.sections if section.kind == kind]

    def symbols(self, table: SectionRow) -> list[ElfSymbol]:
        """The symbols of a table. The first one is a null one."""
        names = self.sections[table.link].offset
        return [
            ElfSymbol(name_in(self.code, names + at), section, place, size, info & 15, info >> 4, other & 3)
            for at, info, other, section, place, size in SYM.iter_unpack(self.data(table))
        ]
