"""The numbers and records of ELF files of 64 bits, little-endian: System V ABI, chapters 4 and 5."""

from __future__ import annotations

import struct

MAGIC = b"\x7fELF\x02\x01\x01" + bytes(9)
"""64 bits, little-endian, version 1, System V."""

EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")
SHDR = struct.Struct("<IIQQQQIIQQ")
SYM = struct.Struct("<IBBHQQ")
RELA = struct.Struct("<QQq")
DYN = struct.Struct("<QQ")

RELOCATABLE, SHARED = 1, 3
X86_64, AARCH64 = 62, 183

PROGBITS, SYMTAB, STRTAB, RELOCATIONS, HASH, DYNAMIC, NOTE, NOBITS, DYNSYM = 1, 2, 3, 4, 5, 6, 7, 8, 11
UNWIND = 0x70000001
WRITABLE, ALLOCATED, EXECUTABLE, INFO_LINK = 1, 2, 4, 0x40

UNDEFINED, FIRST_RESERVED = 0, 0xFF00
LOCAL, GLOBAL = 0, 1
NO_TYPE, OBJECT, FUNCTION, SECTION = 0, 1, 2, 3
DEFAULT, HIDDEN = 0, 2

LOAD, DYNAMIC_SEGMENT, STACK, RELRO = 1, 2, 0x6474E551, 0x6474E552
READ, WRITE, EXECUTE = 4, 2, 1


def name_in(table: bytes, offset: int) -> str:
    """A name of a table of strings."""
    return table[offset : table.index(b"\0", offset)].decode()


class Strings:
    """A table of strings as it is written."""

    def __init__(self) -> None:
        self.data = bytearray(1)

    def place(self, name: str) -> int:
        """The offset of a name in the table."""
        offset = len(self.data)
        self.data += name.encode() + b"\0"
        return offset
