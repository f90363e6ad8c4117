"""Which symbols an object file needs from outside, read from its ELF symbol table.

The names in LLVM IR do not tell: the code generator may turn an intrinsic (``llvm.sin``) into a call to a library.
System V ABI, chapter 4: "Object Files".
"""

from __future__ import annotations

import struct

_SYMTAB = 2
_UNDEFINED = 0


def undefined_symbols(code: bytes) -> frozenset[str]:
    """The undefined symbols of a 64-bit little-endian ELF object; none are found in another format."""
    if code[:6] != b"\x7fELF\x02\x01":
        return frozenset()
    table, size, count = *struct.unpack_from("<Q", code, 0x28), *struct.unpack_from("<HH", code, 0x3A)
    # Each section: name, type, flags, address, offset, size, link, info, alignment, size of an entry.
    sections = [struct.unpack_from("<IIQQQQIIQQ", code, table + index * size) for index in range(count)]
    found: set[str] = set()
    for _, kind, _, _, offset, length, link, _, _, entry in sections:
        if kind != _SYMTAB:
            continue
        names = sections[link][4]
        for start in range(offset + entry, offset + length, entry):  # the first symbol is a null one
            name, _, _, section = struct.unpack_from("<IBBH", code, start)
            if section == _UNDEFINED:
                begin = names + name
                found.add(code[begin : code.index(b"\0", begin)].decode())
    return frozenset(found)
