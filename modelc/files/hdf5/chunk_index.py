"""Which chunks of an array a file holds, and where (format specification, VII and III.A)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from modelc.files.hdf5.btrees import CHUNKS, first_tree, second_tree
from modelc.files.hdf5.chunk_tables import fixed_table, growing_table
from modelc.files.hdf5.place import ChunkIndex, InChunks
from modelc.files.hdf5.source import UNDEFINED, Fields, Hdf5Source, MalformedError

_PLAIN_RECORDS, _FILTERED_RECORDS = 10, 11
_ALL_SKIPPED = -1
_MAX_LISTED = 10**6
"""Entries of one index, those for chunks that were never written included."""


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """One chunk of an array."""

    offset: tuple[int, ...]
    """Its first element."""
    address: int
    size: int
    skipped: int
    """Bit i says that filter i was not applied."""


def stored_chunks(source: Hdf5Source, place: InChunks, most: int) -> dict[tuple[int, ...], StoredChunk]:
    """The chunks of an array by the offsets of their first elements.

    Raises `MalformedError` where two have one offset or one lies outside of the file or the array, or where there are
    more than `most`.
    """
    found: dict[tuple[int, ...], StoredChunk] = {}
    if place.address == UNDEFINED:
        return found
    for number, chunk in enumerate(_listed(source, place)):
        if number > _MAX_LISTED:
            raise MalformedError("a table of its chunks is longer than modelc reads")
        if chunk.address == UNDEFINED:
            continue
        if any(at % c for at, c in zip(chunk.offset, place.chunk, strict=True)) or chunk.offset in found:
            raise MalformedError("two chunks of an array in it overlap")
        if any(at >= n for at, n in zip(chunk.offset, place.space.shape, strict=True)):
            continue  # it was there before the array shrank
        source.require(chunk.address, chunk.size)
        found[chunk.offset] = chunk
        if len(found) > most:
            raise MalformedError(f"an array in it has more than {most} chunks")
    return found


def _listed(source: Hdf5Source, place: InChunks) -> Iterator[StoredChunk]:
    match place.index:
        case ChunkIndex.TREE:
            yield from _of_a_tree(source, place)
        case ChunkIndex.SECOND_TREE:
            yield from _of_a_second_tree(source, place)
        case _:
            for number, (address, size, skipped) in _numbered(source, place):
                yield _chunk(place, _scaled(number, place), address, size, skipped)


def _of_a_tree(source: Hdf5Source, place: InChunks) -> Iterator[StoredChunk]:
    rank = len(place.chunk)
    for key, address in first_tree(source, place.address, CHUNKS, key=8 + 8 * (rank + 1)):
        fields = Fields(key)
        size, skipped = fields.numbers(2, 4)
        yield StoredChunk(fields.numbers(rank, 8), address, size, skipped)


def _of_a_second_tree(source: Hdf5Source, place: InChunks) -> Iterator[StoredChunk]:
    rank = len(place.chunk)
    for record in second_tree(source, place.address, _FILTERED_RECORDS if place.filters else _PLAIN_RECORDS):
        fields = Fields(record)
        address = fields.address()
        size, skipped = _size_and_skipped(fields, place, len(record) - 8 * rank)
        yield _chunk(place, fields.numbers(rank, 8), address, size, skipped)


def _size_and_skipped(fields: Fields, place: InChunks, entry: int) -> tuple[int, int]:
    """What follows the address in an entry of that many bytes: nothing where no chunk is compressed."""
    return (fields.number(max(0, entry - 12)), fields.number(4)) if place.filters else (place.chunk_bytes, 0)


def _numbered(source: Hdf5Source, place: InChunks) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """The address, size and skipped filters of chunks by their numbers."""
    match place.index:
        case ChunkIndex.SINGLE:
            size, skipped = place.single or (place.chunk_bytes, 0)
            yield 0, (place.address, size, skipped)
        case ChunkIndex.IN_ORDER:
            count = math.prod(_counts(place))
            source.require(place.address, count * place.chunk_bytes)
            for number in range(count):
                yield number, (place.address + number * place.chunk_bytes, place.chunk_bytes, 0)
        case _:
            table = fixed_table if place.index is ChunkIndex.FIXED_TABLE else growing_table
            for number, entry in table(source, place.address, filtered=bool(place.filters)):
                fields = Fields(entry)
                yield number, (fields.address(), *_size_and_skipped(fields, place, len(entry)))


def _counts(place: InChunks) -> list[int]:
    """The most chunks along each axis; there is no number for an axis that may grow without a limit."""
    return [-(-n // c) if n != UNDEFINED else 0 for n, c in zip(place.space.most, place.chunk, strict=True)]


def _scaled(number: int, place: InChunks) -> tuple[int, ...]:
    """The position of a chunk among the chunks, by its number: rows last, and an axis that grows first of all."""
    counts = _counts(place)
    grows = place.space.most.index(UNDEFINED) if UNDEFINED in place.space.most else 0
    order = sorted(range(len(counts)), key=lambda axis: (axis != grows, axis))
    position = [0] * len(counts)
    for axis in reversed(order[1:]):
        number, position[axis] = divmod(number, max(1, counts[axis]))
    if order:
        position[order[0]] = number
    return tuple(position)


def _chunk(place: InChunks, scaled: tuple[int, ...], address: int, size: int, skipped: int) -> StoredChunk:
    offset = tuple(at * c for at, c in zip(scaled, place.chunk, strict=True))
    reaches_over = any(at + c > n for at, c, n in zip(offset, place.chunk, place.space.shape, strict=True))
    return StoredChunk(offset, address, size, _ALL_SKIPPED if place.edges_unfiltered and reaches_over else skipped)
