"""The names in a group (format specification, III.B, III.C and IV.A.2.g)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modelc.files.hdf5.btrees import NAMES, first_tree
from modelc.files.hdf5.header import Header, Says
from modelc.files.hdf5.heaps import LocalHeap, objects_elsewhere
from modelc.files.hdf5.source import UNDEFINED, Fields, Hdf5Source

_NODE_BYTES, _ENTRY_BYTES = 8, 40
_SOFT = 2
_BY_NAME = 5
"""The kind of records that say where links are, in the order of hashes of their names."""
_HAS_KIND, _HAS_ORDER, _HAS_ENCODING = 8, 4, 16


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a group, and the object that it stands for."""

    name: bytes
    address: int | None
    """Of the object's header; None for a link to another name or another file."""


def members(source: Hdf5Source, header: Header, most: int) -> list[Named]:
    """What a group holds, by name; one more than `most` where there are more than that."""
    found: list[Named] = []
    for one in _members(source, header):
        found.append(one)
        if len(found) > most:
            break
    return sorted(found, key=lambda one: one.name)


def _members(source: Hdf5Source, header: Header) -> Iterator[Named]:
    if (table := header.first(Says.SYMBOL_TABLE)) is not None:
        fields = table.fields()
        tree, heap = fields.address(), LocalHeap(source, fields.address())
        for _, node in first_tree(source, tree, NAMES, key=8):
            yield from _symbols(source, node, heap)
    for message in header.all(Says.LINK):
        yield _link(message.fields())
    if (elsewhere := header.first(Says.LINKS_ELSEWHERE)) is not None:
        yield from map(_link, objects_elsewhere(source, elsewhere.fields(), 8, _BY_NAME, 4))


def _symbols(source: Hdf5Source, address: int, heap: LocalHeap) -> Iterator[Named]:
    node = Fields(source.enter(address, _NODE_BYTES))
    node.expect(b"SNOD")
    node.expect(b"\1")
    node.skip(1)
    count = node.number(2)
    entries = Fields(source.read(address + _NODE_BYTES, count * _ENTRY_BYTES))
    for _ in range(count):
        name, header, kind = entries.number(8), entries.address(), entries.number(4)
        entries.skip(20)
        yield Named(heap.name(name), None if kind == _SOFT or header == UNDEFINED else header)


def _link(message: Fields) -> Named:
    message.expect(b"\1")
    flags = message.number(1)
    kind = message.number(1) if flags & _HAS_KIND else 0
    message.skip((8 if flags & _HAS_ORDER else 0) + (1 if flags & _HAS_ENCODING else 0))
    name = message.take(message.number(1 << (flags & 3)))
    return Named(name, message.address() if kind == 0 else None)
