"""Trees of entries: B-trees of both versions (format specification, III.A).

A tree is walked level by level down to its leaves; levels only sink, and a node is entered once, so that a walk ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from modelc.files.hdf5.checksums import CHECKSUM_BYTES
from modelc.files.hdf5.source import Fields, Hdf5Source, MalformedError

_MAX_DEPTH = 16
_NODE_BYTES, _SECOND_HEADER_BYTES, _SECOND_NODE_BYTES = 24, 34, 6
NAMES, CHUNKS = 0, 1
"""What a tree of version 1 holds: the tables with the names in a group, or the chunks of an array."""


def first_tree(source: Hdf5Source, address: int, holds: int, key: int) -> Iterator[tuple[bytes, int]]:
    """The entries in the leaves of a tree of version 1: keys of `key` bytes, and the addresses that they stand for."""
    pending: list[tuple[int, int | None]] = [(address, None)]
    while pending:
        address, level = pending.pop()
        node = Fields(source.enter(address, _NODE_BYTES))
        node.expect(b"TREE")
        kind, found, count = node.number(1), node.number(1), node.number(2)
        if kind != holds or found > _MAX_DEPTH or level not in (None, found):
            raise MalformedError("one of its trees is not what it should be")
        entries = Fields(source.read(address + _NODE_BYTES, count * (key + 8)))
        pairs = [(entries.take(key), entries.address()) for _ in range(count)]
        if found == 0:
            yield from pairs
        else:
            pending.extend((child, found - 1) for _, child in reversed(pairs))


def second_tree(source: Hdf5Source, address: int, *kinds: int) -> Iterator[bytes]:
    """The records of a tree of version 2 that holds one of these kinds of records."""
    header = Fields(source.enter_sealed(address, _SECOND_HEADER_BYTES))
    header.expect(b"BTHD")
    header.expect(b"\0")
    kind, node_bytes, record_bytes, depth = header.number(1), header.number(4), header.number(2), header.number(2)
    header.skip(2)
    root, count = header.address(), header.number(2)
    if kind not in kinds or depth > _MAX_DEPTH or record_bytes == 0:
        raise MalformedError("one of its trees is not what it should be")
    if count:
        yield from _records(source, (root, count), depth, _Widths(node_bytes, record_bytes, depth), kind)


class _Widths:
    """The bytes of what stands in a node: of its records, and of the numbers of records below it, level by level."""

    def __init__(self, node_bytes: int, record_bytes: int, depth: int) -> None:
        self.record = record_bytes
        room = node_bytes - _SECOND_NODE_BYTES - CHECKSUM_BYTES
        most = max(0, room) // record_bytes
        total, self.count, self.total = most, [0], [0]
        for level in range(1, depth + 1):
            self.count.append(_width(most))
            self.total.append(_width(total) if level > 1 else 0)
            pointer = 8 + self.count[level] + self.total[level]
            most = max(0, room - pointer) // (record_bytes + pointer)
            total = (most + 1) * total + most


def _width(number: int) -> int:
    return max(1, (number.bit_length() + 7) // 8)


def _records(source: Hdf5Source, root: tuple[int, int], depth: int, widths: _Widths, kind: int) -> Iterator[bytes]:
    pending = [(*root, depth)]
    while pending:
        address, count, level = pending.pop()
        inner = 8 + widths.count[level] + widths.total[level] if level else 0
        size = _SECOND_NODE_BYTES + count * widths.record + (count + 1 if level else 0) * inner
        node = Fields(source.enter_sealed(address, size))
        node.expect(b"BTIN" if level else b"BTLF")
        node.expect(b"\0")
        node.expect(bytes([kind]))
        for _ in range(count):
            yield node.take(widths.record)
        children: list[tuple[int, int, int]] = []
        for _ in range(count + 1 if level else 0):
            child, held = node.address(), node.number(widths.count[level])
            node.skip(widths.total[level])
            children.append((child, held, level - 1))
        pending.extend(reversed(children))
