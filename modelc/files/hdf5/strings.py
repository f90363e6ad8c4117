"""Variable-length strings in attributes of an HDF5 file, read from the bytes of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

SIGNATURE = b"\x89HDF\r\n\x1a\n"

MAX_TEXT_BYTES = 16 * 2**20
"""The most text that one attribute may hold."""

_REFERENCE_BYTES = 16
_MAX_BLOCKS = 64
_MAX_BLOCK_BYTES = 2**20
_MAX_HEAP_BYTES = 2 * MAX_TEXT_BYTES
_ATTRIBUTE, _CONTINUATION = 0x0C, 0x10
_SHARED = 2
_UNDEFINED = b"\xff" * 8


class MalformedError(Exception):
    """The bytes are not what the specification says, or use a part of it that modelc does not read."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """Where a text is: object `index` of the heap at `address`; it has `length` bytes."""

    length: int
    address: int
    index: int


def read_strings(stream: BinaryIO, header: int, name: bytes, count: int) -> list[bytes]:
    """The `count` strings of the attribute `name` of the object whose header is at the address `header`.

    Raises `MalformedError`, before any text is read, where they would have more than `MAX_TEXT_BYTES` together.
    """
    _check_superblock(stream)
    references = _references(_attribute_data(stream, header, name), count)
    total = sum(reference.length for reference in references)
    if total > MAX_TEXT_BYTES:
        raise MalformedError(f"it claims {total} bytes of text, more than {MAX_TEXT_BYTES}")
    heaps = _Heaps(stream)
    texts = (heaps.text(reference) if reference.length else b"" for reference in references)
    return [text.split(b"\0")[0] for text in texts]


def _check_superblock(stream: BinaryIO) -> None:
    """Addresses are 8 bytes and count from the beginning of the file, as in every file that Keras writes."""
    block = _read(stream, 0, 48)
    if block[:8] != SIGNATURE:
        raise MalformedError("the file does not begin with the HDF5 signature")
    old = block[8] < 2
    sizes, base = (block[13:15], block[24 if block[8] == 0 else 28 :]) if old else (block[9:11], block[12:])
    if sizes != b"\x08\x08" or base[:8] != bytes(8):
        raise MalformedError("the file uses other addresses than 8 bytes from its beginning")


def _attribute_data(stream: BinaryIO, header: int, name: bytes) -> bytes:
    for flags, body in _messages(stream, header):
        data = _data_of(body, name)
        if data is not None:
            if flags & _SHARED:
                raise MalformedError("it is shared between objects")
            return data
    raise MalformedError("it is not stored in the header of its object")


def _messages(stream: BinaryIO, header: int) -> Iterator[tuple[int, bytes]]:
    """The flags and bodies of the attribute messages of an object header, of version 1 or 2."""
    start = _read(stream, header, 16)
    if start[:4] == b"OHDR":
        flags = start[5]
        at = header + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        blocks = [(at + width, _int(_read(stream, at, width)))]
        prefix, entry, tail = 0, 6 if flags & 4 else 4, 0
    elif start[0] == 1:
        blocks = [(header + 16, _int(start[8:12]))]
        prefix, entry, tail = 0, 8, 0
    else:
        raise MalformedError("its object has an unknown kind of header")
    for number in range(_MAX_BLOCKS):
        if number == len(blocks):
            return
        block = _read(stream, *blocks[number], _MAX_BLOCK_BYTES)
        at, end = prefix, len(block) - tail
        while at + entry <= end:
            kind, size, flags = (block[at], _int(block[at + 1 : at + 3]), block[at + 3])
            if entry == 8:
                kind, size, flags = _int(block[at : at + 2]), _int(block[at + 2 : at + 4]), block[at + 4]
            body = block[at + entry : at + entry + size]
            at += entry + size
            if kind == _CONTINUATION and len(body) >= 16:
                blocks.append((_int(body[:8]), _int(body[8:16])))
            elif kind == _ATTRIBUTE:
                yield flags, body
        # From here on the blocks of a header of version 2 begin with a signature and end with a checksum.
        if entry != 8:
            prefix, tail = 4, 4
    raise MalformedError("the header of its object is too scattered")


def _data_of(body: bytes, name: bytes) -> bytes | None:
    """The data of an attribute message, or None where it is another attribute's."""
    version = body[0]
    start = {1: 8, 2: 8, 3: 9}.get(version)
    if start is None:
        raise MalformedError("it has an unknown version")
    sizes = [_int(body[at : at + 2]) for at in (2, 4, 6)]
    if body[start : start + sizes[0]].split(b"\0")[0] != name:
        return None
    padded = [size + -size % 8 for size in sizes] if version == 1 else sizes
    return body[start + sum(padded) :]


def _references(data: bytes, count: int) -> list[_Reference]:
    if len(data) < count * _REFERENCE_BYTES:
        raise MalformedError(f"it has {len(data)} bytes, too few for {count} strings")
    parts = (data[at : at + _REFERENCE_BYTES] for at in range(0, count * _REFERENCE_BYTES, _REFERENCE_BYTES))
    return [_Reference(0 if p[4:12] == _UNDEFINED else _int(p[:4]), _int(p[4:12]), _int(p[12:])) for p in parts]


class _Heaps:
    """The global heap collections that were asked for so far, `_MAX_HEAP_BYTES` of them at most."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._bytes = 0
        self._read: dict[int, tuple[bytes, dict[int, slice]]] = {}

    def text(self, reference: _Reference) -> bytes:
        """The first `length` bytes of what a reference refers to."""
        if reference.address not in self._read:
            self._read[reference.address] = self._heap(reference.address)
        data, objects = self._read[reference.address]
        text = data[objects.get(reference.index, slice(0))]
        if len(text) < reference.length:
            raise MalformedError("it refers to text that is not there")
        return text[: reference.length]

    def _heap(self, address: int) -> tuple[bytes, dict[int, slice]]:
        start = _read(self._stream, address, 16)
        size = _int(start[8:])
        self._bytes += size
        if start[:5] != b"GCOL\x01" or self._bytes > _MAX_HEAP_BYTES:
            raise MalformedError("it refers to a place that is not a heap of strings, or to too large a one")
        data, at = _read(self._stream, address, size), 16
        objects: dict[int, slice] = {}
        while at + 16 <= size:
            index, length = _int(data[at : at + 2]), _int(data[at + 8 : at + 16])
            if index == 0:  # the free space, which is the last
                break
            objects[index] = slice(at + 16, at + 16 + length)
            at += 16 + length + -length % 8
        return data, objects


def _read(stream: BinaryIO, at: int, size: int, most: int = _MAX_HEAP_BYTES) -> bytes:
    if size > most or at >= 2**63:
        raise MalformedError("it points outside of the file")
    stream.seek(at)
    data = stream.read(size)
    if len(data) != size:
        raise MalformedError("it points outside of the file")
    return data


def _int(data: bytes) -> int:
    return int.from_bytes(data, "little")
