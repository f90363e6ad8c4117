"""Objects of macOS, of 64 bits: which symbols they need. LLVM loads them.

Apple, "Mach-O Programming Topics", and `<mach-o/loader.h>` and `<mach-o/nlist.h>` of its SDK.
"""

from __future__ import annotations

import struct

MAGIC = b"\xcf\xfa\xed\xfe"

_HEADER = struct.Struct("<8I")
_COMMAND = struct.Struct("<2I")
_SYMBOL_TABLE = struct.Struct("<6I")
_SYMBOL = struct.Struct("<IBBHQ")
_LC_SYMTAB = 2
_DEBUGGING, _TYPE, _EXTERNAL = 0xE0, 0x0E, 0x01


def undefined_symbols(code: bytes) -> frozenset[str]:
    """The names of what an object needs from outside, without the underscore that C's names have there."""
    count: int = _HEADER.unpack_from(code)[4]
    at, found = _HEADER.size, set[str]()
    for _ in range(count):
        command, size = _COMMAND.unpack_from(code, at)
        if command == _LC_SYMTAB:
            _, _, symbols, number, names, names_size = _SYMBOL_TABLE.unpack_from(code, at)
            table = code[names : names + names_size]
            for name_at, kind, _, _, _ in _SYMBOL.iter_unpack(code[symbols : symbols + number * _SYMBOL.size]):
                if not kind & (_DEBUGGING | _TYPE) and kind & _EXTERNAL:  # N_UNDF and N_EXT
                    found.add(table[name_at : table.index(b"\0", name_at)].decode().removeprefix("_"))
        at += size
    return frozenset(found)
