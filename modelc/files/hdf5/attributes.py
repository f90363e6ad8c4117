"""Text in the attributes of an object (format specification, IV.A.2.m and IV.A.2.v)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from modelc.files.hdf5.header import Header, Says
from modelc.files.hdf5.heaps import Collections, TextReference, objects_elsewhere
from modelc.files.hdf5.source import UNDEFINED, Fields, Hdf5Source, MalformedError
from modelc.files.hdf5.types import Elements, Space, Text, read_elements, read_space

MAX_TEXT_BYTES = 16 * 2**20
"""The most text that one attribute may hold."""
MAX_NAMES = 2**16
"""Texts allowed in one attribute."""

_REFERENCE_BYTES = 16
_BY_NAME = 8
"""The kind of records that say where attributes are, in the order of hashes of their names."""
_VERSIONS = b"\1", b"\2", b"\3"


def read_texts(source: Hdf5Source, header: Header, name: bytes) -> list[bytes] | None:
    """The texts of the attribute `name`, one or several; None where the object has no such attribute.

    Raises `MalformedError`, before any text is read, where they are no texts, more than `MAX_NAMES` or have more than
    `MAX_TEXT_BYTES` together.
    """
    for message in _messages(source, header):
        if (found := _attribute(message, name)) is not None:
            return _texts(source, *found)
    return None


def _messages(source: Hdf5Source, header: Header) -> Iterator[Fields]:
    for message in header.all(Says.ATTRIBUTE):
        yield message.fields()
    if (elsewhere := header.first(Says.ATTRIBUTES_ELSEWHERE)) is not None:
        yield from objects_elsewhere(source, elsewhere.fields(), 2, _BY_NAME, 0)


def _attribute(message: Fields, name: bytes) -> tuple[Elements, Space | None, Fields] | None:
    """The type, the shape and the data of an attribute; None where it has another name."""
    version = message.expect(*_VERSIONS)
    flags = message.number(1)
    sizes = message.numbers(3, 2)
    if version == b"\3":
        message.skip(1)
    padded = [size + -size % 8 for size in sizes] if version == b"\1" else sizes
    if message.take(padded[0])[: sizes[0]].split(b"\0")[0] != name:
        return None
    if version != b"\1" and flags & 3:
        raise MalformedError("a description in it is shared between objects")
    kind, space = (Fields(message.take(size)) for size in padded[1:])
    return read_elements(kind), read_space(space), message


def _texts(source: Hdf5Source, kind: Elements, space: Space | None, data: Fields) -> list[bytes]:
    count = math.prod(space.shape) if space is not None else 0
    if count == 0:
        return []
    if not isinstance(kind, Text) or count > MAX_NAMES:
        raise MalformedError("it is not a list of names")
    if kind.size is None:
        return _elsewhere(source, data, count)
    if kind.size * count > MAX_TEXT_BYTES:
        raise MalformedError(f"it has {kind.size * count} bytes, more than {MAX_TEXT_BYTES}")
    texts = [data.take(kind.size) for _ in range(count)]
    return [text.split(b"\0")[0] if kind.ends_at_zero else text.rstrip(b"\0") for text in texts]


def _elsewhere(source: Hdf5Source, data: Fields, count: int) -> list[bytes]:
    references: list[TextReference] = []
    for _ in range(count):
        entry = Fields(data.take(_REFERENCE_BYTES))
        length, address, index = entry.number(4), entry.address(), entry.number(4)
        references.append(TextReference(0 if address == UNDEFINED else length, address, index))
    total = sum(reference.length for reference in references)
    if total > MAX_TEXT_BYTES:
        raise MalformedError(f"it claims {total} bytes of text, more than {MAX_TEXT_BYTES}")
    collections = Collections(source)
    return [collections.text(reference).split(b"\0")[0] for reference in references]
