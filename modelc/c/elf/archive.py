"""Static libraries: objects one after the other, and in front a table of which symbol is in which (System V's `ar`)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from modelc.c.elf.objects import ElfObject
from modelc.c.pieces import Pieces

_MAGIC = b"!<arch>\n"
_HEAD = 60
_LONGEST = 15
"""The bytes of a name that an entry has room for."""


def archive(objects: Mapping[str, bytes]) -> Pieces:
    """A static library of objects by file name, with no times, owners or other traces of where it was made."""
    assert all(len(name) <= _LONGEST for name in objects)
    symbols = [(symbol, name) for name, code in objects.items() for symbol in ElfObject.read(code).public]
    names = b"".join(symbol.encode() + b"\0" for symbol, _ in symbols)
    start = len(_MAGIC) + _size(4 + 4 * len(symbols) + len(names))
    starts: dict[str, int] = {}
    for name, code in objects.items():
        starts[name] = start
        start += _size(len(code))
    index = struct.pack(f">I{len(symbols)}I", len(symbols), *(starts[name] for _, name in symbols)) + names
    members = [piece for name, code in objects.items() for piece in _entry(f"{name}/", "644", code)]
    return Pieces([_MAGIC, *_entry("/", "0", index), *members])


def _entry(name: str, mode: str, data: bytes) -> tuple[bytes, ...]:
    """Name, time, user, group, mode and size, then the data up to an even place."""
    head = f"{name:<16}{0:<12}{0:<6}{0:<6}{mode:<8}{len(data):<10}`\n"
    return head.encode(), data, b"\n" * (len(data) % 2)


def _size(data: int) -> int:
    """The bytes of an entry with so many of data."""
    return _HEAD + data + data % 2
