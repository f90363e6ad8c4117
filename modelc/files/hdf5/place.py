"""Where the data of an array is, as its header says (format specification, IV.A.2.i and IV.A.2.l)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from modelc.files.hdf5.header import Header, Says
from modelc.files.hdf5.source import UNDEFINED, Fields, MalformedError
from modelc.files.hdf5.types import Space

_OLD_LAYOUTS, _LAYOUTS = (1, 2), (3, 4, 5)
_EDGES_UNFILTERED, _FILTERED = 1, 2
_NAMED_FROM = 256
"""Filters of lower numbers have no name in newer files."""
_UNKNOWN_KIND = "an array in it has a place of an unknown kind"


class ChunkIndex(IntEnum):
    """What lists the chunks of an array."""

    TREE = 0
    SINGLE = 1
    IN_ORDER = 2
    FIXED_TABLE = 3
    GROWING_TABLE = 4
    SECOND_TREE = 5


@dataclass(frozen=True, slots=True)
class InHeader:
    """All of the data, which is in the header itself."""

    data: bytes


@dataclass(frozen=True, slots=True)
class InOnePlace:
    """Data that is one part of the file."""

    address: int
    size: int


@dataclass(frozen=True, slots=True)
class InChunks:
    """Data in blocks of one shape, each with a place of its own, compressed or not."""

    index: ChunkIndex
    address: int
    """Of the index."""
    space: Space
    chunk: tuple[int, ...]
    itemsize: int
    filters: tuple[int, ...]
    """The numbers of the filters in the order in which they were applied."""
    single: tuple[int, int] | None = None
    """The bytes of the only chunk, and which filters it skips; None where it is not compressed."""
    edges_unfiltered: bool = False
    """Whether chunks that reach over the end are stored as they are."""

    @property
    def chunk_bytes(self) -> int:
        """The size of a chunk before the filters."""
        return math.prod(self.chunk) * self.itemsize


class VirtualError(MalformedError):
    """The array is assembled from others."""


Place = InHeader | InOnePlace | InChunks


def read_place(header: Header, space: Space) -> Place:
    """Where the data is; raises `VirtualError` where it is assembled from other arrays."""
    message = header.first(Says.PLACE)
    if message is None:
        raise MalformedError("an array in it has no place")
    fields = message.fields()
    version = fields.number(1)
    if version in _OLD_LAYOUTS:
        return _old_place(fields, space, _filters(header))
    if version not in _LAYOUTS:
        raise MalformedError(f"an array in it is laid out as by version {version} of the format, which is not read")
    match fields.number(1):
        case 0:
            return InHeader(fields.take(fields.number(2)))
        case 1:
            return InOnePlace(fields.address(), fields.number(8))
        case 2 if version == _LAYOUTS[0]:
            rank, address = fields.number(1), fields.address()
            return _chunks_of_a_tree(address, fields.numbers(rank, 4), space, _filters(header))
        case 2:
            return _checked(_chunks(fields, space, _filters(header)))
        case 3:
            raise VirtualError("it is assembled from other arrays")
        case _:
            raise MalformedError(_UNKNOWN_KIND)


def _old_place(fields: Fields, space: Space, filters: tuple[int, ...]) -> Place:
    """The place by versions 1 and 2, as libraries before 1.6.3 wrote it: sizes, of which an element's is the last."""
    rank, kind = fields.number(1), fields.number(1)
    fields.skip(5)
    address = UNDEFINED if kind == 0 else fields.address()
    sizes = fields.numbers(rank, 4)
    match kind:
        case 0:
            return InHeader(fields.take(fields.number(4)))
        case 1:
            return InOnePlace(address, math.prod(sizes))
        case 2:
            return _chunks_of_a_tree(address, sizes, space, filters)
        case _:
            raise MalformedError(_UNKNOWN_KIND)


def _chunks_of_a_tree(address: int, sizes: tuple[int, ...], space: Space, filters: tuple[int, ...]) -> InChunks:
    """Chunks that a tree lists, by their sizes and that of an element."""
    *chunk, itemsize = sizes or (0,)
    return _checked(InChunks(ChunkIndex.TREE, address, space, tuple(chunk), itemsize, filters))


def _checked(place: InChunks) -> InChunks:
    if len(place.chunk) != len(place.space.shape) or 0 in (*place.chunk, place.itemsize):
        raise MalformedError("the chunks of an array in it have another number of axes, or are empty")
    return place


def _chunks(fields: Fields, space: Space, filters: tuple[int, ...]) -> InChunks:
    flags, rank, width = fields.number(1), fields.number(1), fields.number(1)
    *chunk, itemsize = fields.numbers(max(rank, 1), width)
    kind, single = fields.number(1), None
    match kind:
        case ChunkIndex.SINGLE if flags & _FILTERED:
            single = fields.number(8), fields.number(4)
        case ChunkIndex.SINGLE | ChunkIndex.IN_ORDER:
            pass
        case ChunkIndex.FIXED_TABLE:
            fields.skip(1)
        case ChunkIndex.GROWING_TABLE:
            fields.skip(5)
        case ChunkIndex.SECOND_TREE:
            fields.skip(6)
        case _:
            raise MalformedError("the chunks of an array in it are listed in an unknown way")
    edges = bool(flags & _EDGES_UNFILTERED)
    return InChunks(ChunkIndex(kind), fields.address(), space, tuple(chunk), itemsize, filters, single, edges)


def _filters(header: Header) -> tuple[int, ...]:
    message = header.first(Says.FILTERS)
    if message is None:
        return ()
    fields = message.fields()
    version, count = fields.number(1), fields.number(1)
    if version not in (1, 2):
        raise MalformedError("its filters are listed in an unknown way")
    if version == 1:
        fields.skip(6)
    found: list[int] = []
    for _ in range(count):
        number = fields.number(2)
        named = fields.number(2) if version == 1 or number >= _NAMED_FROM else 0
        fields.skip(2)
        values = fields.number(2)
        padding = -named % 8 + 4 * (values % 2) if version == 1 else 0
        fields.skip(named + 4 * values + padding)
        found.append(number)
    return tuple(found)
