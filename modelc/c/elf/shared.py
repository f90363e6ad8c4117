"""Objects → a shared library: what a linker does, for code that needs little of it.

Three parts are loaded. The first is read: the tables for the loader, then constants. The second is run: stubs for
functions of other libraries, then code. The third is written: what the loader fills in, which it protects afterwards,
then variables. System V ABI, chapter 5, "Program Loading and Dynamic Linking".
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from modelc.c.elf.objects import ElfObject, Relocation
from modelc.c.elf.relocate import MACHINES, STUB
from modelc.c.pieces import Pieces
from modelc.errors import CompileError
from modelc.files.kinds import LIBRARY_NOTE
from modelc.system.objects import elf_format as elf
from modelc.system.objects.elf_format import DYN, EHDR, PHDR, RELA, SHDR, SYM, Strings
from modelc.system.objects.elf_tables import ElfSymbol

_PAGE = 0x10000
"""The largest page of either machine."""
_SMALL_PAGE = 0x1000
"""The smallest one: what is protected ends with such a page."""
_LIBRARIES = {"libc.so.6": "", "libpthread.so.0": "pthread_"}
"""The libraries that may be needed, and what the names of their functions begin with; the second is a part of the first
since glibc 2.34, which keeps a library of that name."""
_WORD = 8

_NEEDED, _HASH, _STRTAB, _SYMTAB, _RELA, _RELASZ, _RELAENT, _STRSZ, _SYMENT, _SONAME = 1, 4, 5, 6, 7, 8, 9, 10, 11, 14
_FLAGS, _FLAGS_1, _RELACOUNT = 30, 0x6FFFFFFB, 0x6FFFFFF9
_BIND_NOW, _NOW = 8, 1


@dataclass(eq=False)
class _Output:
    """A section of the library."""

    name: str
    kind: int
    flags: int
    data: bytearray
    alignment: int = 8
    zeros: int = 0
    """The bytes behind the data that are in memory, but not in the file."""
    link: str = ""
    entry: int = 0
    address: int = 0
    offset: int = 0

    @property
    def size(self) -> int:
        """Its bytes in memory."""
        return len(self.data) + self.zeros


def shared_library(objects: Sequence[bytes], soname: str) -> Pieces:
    """The library of objects for one machine. Raises `CompileError` for one that is too large, or refers to what a
    library cannot."""
    return _Linker([ElfObject.read(code) for code in objects], soname).linked()


class _Linker:
    def __init__(self, objects: Sequence[ElfObject], soname: str) -> None:
        self._objects = objects
        self._code = objects[0].machine
        self._machine = MACHINES[self._code]
        self._defined: dict[str, tuple[int, ElfSymbol]] = {
            symbol.name: (i, symbol)
            for i, one in enumerate(objects)
            for symbol in one.symbols
            if not symbol.is_undefined and symbol.binding == elf.GLOBAL
        }
        self._public = [name for name, (_, symbol) in self._defined.items() if symbol.is_public]
        undefined = {name for one in objects for name in one.undefined}
        self._imports = sorted(undefined - self._defined.keys())
        self._soname = soname
        self._places: dict[tuple[int, int], tuple[_Output, int]] = {}
        self._rows: list[tuple[int, Relocation]] = [
            (i, row) for i, one in enumerate(objects) for row in one.relocations if one.sections[row.section].is_loaded
        ]

    def linked(self) -> Pieces:
        """The bytes of the library."""
        slots = self._slots()
        constants = _Output(".rodata", elf.PROGBITS, elf.ALLOCATED, bytearray())
        code = _Output(".text", elf.PROGBITS, elf.ALLOCATED | elf.EXECUTABLE, bytearray())
        filled = _Output(".data.rel.ro", elf.PROGBITS, elf.ALLOCATED | elf.WRITABLE, bytearray())
        variables = _Output(".data", elf.PROGBITS, elf.ALLOCATED | elf.WRITABLE, bytearray())
        zeros = _Output(".bss", elf.NOBITS, elf.ALLOCATED | elf.WRITABLE, bytearray())
        self._collect(constants, code, filled, variables, zeros)
        names = Strings()
        soname = names.place(self._soname)
        needed = [names.place(library) for library, start in _LIBRARIES.items() if self._needs(start)]
        symbols = [*self._imports, *self._public]
        placed = {name: names.place(name) for name in symbols}
        absolute = [row for row in self._rows if row[1].kind == self._machine.absolute]
        local = [name for name in slots if name not in self._imports]
        dynamic_rows = len(absolute) + len(local) + len(self._imports)

        def read_only(name: str, kind: int, size: int, link: str, entry: int) -> _Output:
            return _Output(name, kind, elf.ALLOCATED, bytearray(size), link=link, entry=entry)

        count = 1 + len(symbols)
        hashes = read_only(".hash", elf.HASH, 4 * (2 + 1 + count), ".dynsym", 4)
        dynsym = read_only(".dynsym", elf.DYNSYM, SYM.size * count, ".dynstr", SYM.size)
        dynstr = _Output(".dynstr", elf.STRTAB, elf.ALLOCATED, names.data, alignment=1)
        rela = read_only(".rela.dyn", elf.RELOCATIONS, RELA.size * dynamic_rows, ".dynsym", RELA.size)
        stubs = _Output(".plt", elf.PROGBITS, elf.ALLOCATED | elf.EXECUTABLE, bytearray(STUB * len(self._imports)), 16)
        entries = 13 + len(needed)
        dynamic = _Output(
            ".dynamic", elf.DYNAMIC, elf.ALLOCATED | elf.WRITABLE, bytearray(DYN.size * entries), link=".dynstr",
            entry=DYN.size,
        )  # fmt: skip
        table = _Output(".got", elf.PROGBITS, elf.ALLOCATED | elf.WRITABLE, bytearray(_WORD * len(slots)))
        owner = _Output(".note.modelc", elf.NOTE, elf.ALLOCATED, bytearray(LIBRARY_NOTE), alignment=4)
        groups = [
            [owner, hashes, dynsym, dynstr, rela, constants],
            [stubs, code],
            [dynamic, table, filled],
            [variables, zeros],
        ]
        groups = [[part for part in group if part.size] for group in groups]
        groups = [group for group in groups if group]
        heads = EHDR.size + PHDR.size * (len(groups) + 3)
        _lay_out(groups, heads)

        addresses = {
            **{name: stubs.address + STUB * i for i, name in enumerate(self._imports)},
            **{name: self._address(*found) for name, found in self._defined.items()},
        }
        slot_at = {name: table.address + _WORD * i for i, name in enumerate(slots)}
        for i, name in enumerate(self._imports):
            stubs.data[STUB * i : STUB * (i + 1)] = self._machine.stub(stubs.address + STUB * i, slot_at[name])
        loader_rows = self._relocate(addresses, slot_at, local)
        relative = len(loader_rows)
        numbers = {name: 1 + i for i, name in enumerate(symbols)}
        loader_rows += [(slot_at[name], numbers[name] << 32 | self._machine.imported, 0) for name in self._imports]
        rela.data[:] = b"".join(RELA.pack(*row) for row in loader_rows)
        parts = [part for group in groups for part in group]
        dynsym.data[:] = bytes(SYM.size) + b"".join(
            self._symbol(name, placed[name], addresses, parts) for name in symbols
        )
        hashes.data[:] = _hash_table(count)
        rows = [(_SONAME, soname), *((_NEEDED, library) for library in needed)]
        rows += [(_HASH, hashes.address), (_STRTAB, dynstr.address), (_SYMTAB, dynsym.address)]
        rows += [(_STRSZ, dynstr.size), (_SYMENT, SYM.size)]
        rows += [(_RELA, rela.address), (_RELASZ, rela.size), (_RELAENT, RELA.size), (_RELACOUNT, relative)]
        rows += [(_FLAGS, _BIND_NOW), (_FLAGS_1, _NOW), (0, 0)]
        dynamic.data[:] = b"".join(DYN.pack(*one) for one in rows)
        return self._written(groups, dynamic)

    def _needs(self, start: str) -> bool:
        """Whether it takes a function whose name begins so of another library."""
        return any(name.startswith(start) for name in self._imports)

    def _slots(self) -> list[str]:
        """The symbols that have a slot in the table of addresses: those of other libraries, and what asks for one."""
        asked = {row.symbol.name for _, row in self._rows if row.kind in self._machine.through_table}
        return [*self._imports, *sorted(asked - {*self._imports})]

    def _collect(self, constants: _Output, code: _Output, filled: _Output, variables: _Output, zeros: _Output) -> None:
        """Put the sections of all objects one after the other, by what may be done with them."""
        for i, one in enumerate(self._objects):
            for n, section in enumerate(one.sections):
                if not section.is_loaded:
                    continue
                if section.flags & elf.EXECUTABLE:
                    part = code
                elif not section.flags & elf.WRITABLE:
                    part = filled if self._is_filled(i, n) else constants
                elif section.kind == elf.NOBITS:
                    part = zeros
                else:
                    part = filled if section.name.startswith(".data.rel.ro") else variables
                start = part.size + -part.size % section.alignment
                if part is zeros:
                    part.zeros = start + section.size
                else:
                    part.data += bytes(start - part.size)
                    part.data += section.data
                part.alignment = max(part.alignment, section.alignment)
                self._places[i, n] = part, start

    def _is_filled(self, i: int, section: int) -> bool:
        """Whether the loader has to write addresses to a section."""
        return any((one, row.section) == (i, section) and row.kind == self._machine.absolute for one, row in self._rows)

    def _address(self, i: int, symbol: ElfSymbol) -> int:
        if symbol.section >= elf.FIRST_RESERVED:
            raise CompileError(f"the symbol `{symbol.name}` has no place in a section")
        part, start = self._places[i, symbol.section]
        return part.address + start + symbol.place

    def _relocate(
        self, addresses: dict[str, int], slot_at: dict[str, int], local: Sequence[str]
    ) -> list[tuple[int, int, int]]:
        """Write what is known now; the rows for the loader, which adds the address of the library."""
        machine, rows = self._machine, list[tuple[int, int, int]]()
        for i, row in self._rows:
            symbol, (part, start) = row.symbol, self._places[i, row.section]
            place = start + row.place
            is_known = symbol.is_undefined or symbol.binding == elf.GLOBAL
            target = addresses[symbol.name] if is_known else self._address(i, symbol)
            if row.kind == machine.absolute:
                rows.append((part.address + place, machine.relative, target + row.addend))
                continue
            if row.kind not in machine.kinds:
                raise CompileError(f"a library cannot have the relocation {row.kind} of machine {self._code}")
            if row.kind in machine.through_table:
                target = slot_at[symbol.name]
            machine.kinds[row.kind](part.data, place, target + row.addend, part.address + place)
        return rows + [(slot_at[name], machine.relative, addresses[name]) for name in local]

    def _symbol(self, name: str, place: int, addresses: dict[str, int], parts: Sequence[_Output]) -> bytes:
        """A row of the loader's table of symbols."""
        if name in self._imports:
            return SYM.pack(place, elf.GLOBAL << 4 | elf.FUNCTION, elf.DEFAULT, elf.UNDEFINED, 0, 0)
        i, symbol = self._defined[name]
        section = 1 + parts.index(self._places[i, symbol.section][0])
        kind = elf.GLOBAL << 4 | symbol.kind
        return SYM.pack(place, kind, elf.DEFAULT, section, addresses[name], symbol.size)

    def _written(self, groups: Sequence[Sequence[_Output]], dynamic: _Output) -> Pieces:
        """The file: heads, parts, and the table of sections, which linkers read."""
        parts = [part for group in groups for part in group]
        names = Strings()
        places = [names.place(part.name) for part in parts]
        last = names.place(".shstrtab")
        numbers = {part.name: 1 + i for i, part in enumerate(parts)}
        body, at = list[bytes | memoryview](), parts[0].offset
        for part in parts:
            body += [bytes(part.offset - at), memoryview(part.data)]
            at = part.offset + len(part.data)
        strings_at = at
        rows_at = strings_at + len(names.data) + -(strings_at + len(names.data)) % 8
        tail = bytearray(names.data) + bytes(rows_at - strings_at - len(names.data)) + bytes(SHDR.size)
        for place, part in zip(places, parts, strict=True):
            info = 1 if part.kind == elf.DYNSYM else 0  # where its global symbols begin
            link = numbers.get(part.link, 0)
            tail += SHDR.pack(
                place, part.kind, part.flags, part.address, part.offset, part.size, link, info, part.alignment,
                part.entry,
            )  # fmt: skip
        tail += SHDR.pack(last, elf.STRTAB, 0, 0, strings_at, len(names.data), 0, 0, 1, 0)
        protected = next(group for group in groups if dynamic in group)
        segments = [
            _segment(elf.LOAD, group, _rights(group), _PAGE, with_heads=i == 0, to_page=group is protected)
            for i, group in enumerate(groups)
        ]
        segments.append(_segment(elf.DYNAMIC_SEGMENT, [dynamic], elf.READ | elf.WRITE, 8))
        segments.append(_segment(elf.RELRO, protected, elf.READ, 1, to_page=True))
        segments.append(PHDR.pack(elf.STACK, elf.READ | elf.WRITE, 0, 0, 0, 0, 0, 16))
        head = bytearray(parts[0].offset)
        EHDR.pack_into(
            head, 0, elf.MAGIC, elf.SHARED, self._code, 1, 0, EHDR.size, rows_at, 0, EHDR.size, PHDR.size,
            len(segments), SHDR.size, len(parts) + 2, len(parts) + 1,
        )  # fmt: skip
        head[EHDR.size : EHDR.size + PHDR.size * len(segments)] = b"".join(segments)
        return Pieces([bytes(head), *body, bytes(tail)])


def _lay_out(groups: Sequence[Sequence[_Output]], heads: int) -> None:
    """Give each part its place in the file and in memory, where each group begins on a page.

    In the file there are no gaps between groups: a page that has the end of one and the begin of the next is loaded
    twice, at the same place in a page.
    """
    offset, address = heads, heads
    for n, group in enumerate(groups):
        if n:
            address += -address % _PAGE + offset % _PAGE
        for part in group:
            gap = -address % part.alignment
            offset, address = offset + gap, address + gap
            part.offset, part.address = offset, address
            offset, address = offset + len(part.data), address + part.size


def _rights(group: Sequence[_Output]) -> int:
    flags = group[0].flags
    writes, runs = bool(flags & elf.WRITABLE), bool(flags & elf.EXECUTABLE)
    return elf.READ | (elf.WRITE if writes else 0) | (elf.EXECUTE if runs else 0)


def _segment(
    kind: int, parts: Sequence[_Output], rights: int, alignment: int, *, with_heads: bool = False, to_page: bool = False
) -> bytes:
    """A row of the table of what is loaded, which may begin with the heads of the file, or end with a page."""
    offset, address = (0, 0) if with_heads else (parts[0].offset, parts[0].address)
    in_file = parts[-1].offset + len(parts[-1].data) - offset
    in_memory = parts[-1].address + parts[-1].size - address
    if to_page:
        in_memory += -(address + in_memory) % _SMALL_PAGE
    return PHDR.pack(kind, rights, offset, address, address, in_file, in_memory, alignment)


def _hash_table(count: int) -> bytes:
    """A table of one chain with all symbols: there are few."""
    chain = [0, *range(2, count), 0] if count > 1 else [0]
    return struct.pack(f"<{3 + count}I", 1, count, 1 if count > 1 else 0, *chain)
