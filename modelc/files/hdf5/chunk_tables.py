"""Tables of chunks by number: of a fixed size, or growing (format specification, VII.C and VII.D)."""

from __future__ import annotations

from collections.abc import Iterator

from modelc.files.hdf5.checksums import CHECKSUM_BYTES
from modelc.files.hdf5.source import UNDEFINED, Fields, Hdf5Source, MalformedError

_FIXED_BYTES, _GROWING_BYTES = 24, 68
_PREFIX_BYTES = 14
"""A signature, a version, what is listed, and the address of the header."""
_MOST_BITS = 32

Entries = Iterator[tuple[int, bytes]]


def fixed_table(source: Hdf5Source, address: int, *, filtered: bool) -> Entries:
    """The numbers and entries of a table of a fixed size."""
    header = _header(source, address, b"FAHD", _FIXED_BYTES, filtered)
    width, page_bits, count, block = header.number(1), header.number(1), header.number(8), header.address()
    if page_bits > _MOST_BITS:
        raise MalformedError("a table of its chunks is not what it should be")
    if block != UNDEFINED:
        page = 1 << page_bits
        at = block + _PREFIX_BYTES
        if count <= page:
            yield from _entries(_block(source, block, b"FADB", count * width), 0, width)
            return
        pages = -(-count // page)
        marks = _block(source, block, b"FADB", (pages + 7) // 8)
        at += len(marks) + CHECKSUM_BYTES
        for number in range(pages):
            held = min(page, count - number * page)
            if _is_marked(marks, number):
                yield from _page(source, at, number * page, held, width)
            at += held * width + CHECKSUM_BYTES


def growing_table(source: Hdf5Source, address: int, *, filtered: bool) -> Entries:
    """The numbers and entries of a table that grows: some lie in its index, others in blocks that get ever larger."""
    header = _header(source, address, b"EAHD", _GROWING_BYTES, filtered)
    width, bits, inside, least, pointers, page_bits = header.numbers(6, 1)
    header.skip(6 * 8)
    index = header.address()
    if any(n == 0 or n & (n - 1) for n in (least, pointers)) or bits > _MOST_BITS or page_bits > _MOST_BITS:
        raise MalformedError("a table of its chunks is not what it should be")
    if index != UNDEFINED:
        yield from _Growing(source, width, bits, inside, least, pointers, 1 << page_bits).entries(index)


class _Growing:
    """The parts of a table that grows.

    Level l has ``2**(l//2)`` blocks of ``least * 2**((l + 1)//2)`` entries each. The index holds the first entries
    itself, then the addresses of the blocks of the lowest levels, then of a table of blocks for each further level.
    """

    def __init__(
        self, source: Hdf5Source, width: int, bits: int, inside: int, least: int, pointers: int, page: int
    ) -> None:
        self._source, self._width, self._inside, self._least, self._page = source, width, inside, least, page
        self._offset_bytes = (bits + 7) // 8
        self._levels = 1 + bits - (least.bit_length() - 1)
        self._in_index = min(2 * (pointers.bit_length() - 1), self._levels)
        """The levels whose blocks the index names."""

    def entries(self, index: int) -> Entries:
        """All entries, by number."""
        blocks = sum(_blocks(level) for level in range(self._in_index))
        count = blocks + self._levels - self._in_index
        body = Fields(_block(self._source, index, b"EAIB", self._inside * self._width + 8 * count))
        yield from _entries(body.take(self._inside * self._width), 0, self._width)
        addresses = iter(body.numbers(count, 8))
        number = self._inside
        for level in range(self._levels):
            size = self._size(level)
            if level < self._in_index:
                named = [next(addresses) for _ in range(_blocks(level))]
                marks = b"\xff" * len(named)
                bits_each = 0
            else:
                named, marks, bits_each = self._table(next(addresses), level)
            for i, block in enumerate(named):
                yield from self._block(block, number + i * size, size, marks, i * bits_each)
            number += size * _blocks(level)

    def _size(self, level: int) -> int:
        return self._least << (level + 1) // 2

    def _table(self, address: int, level: int) -> tuple[list[int], bytes, int]:
        """The blocks of a level, and which of their pages were ever written, with so many bits for each block."""
        if address == UNDEFINED:
            return [], b"", 0
        blocks, size = _blocks(level), self._size(level)
        pages = size // self._page if size > self._page else 0
        mark_bytes = blocks * ((pages + 7) // 8)
        body = _block(self._source, address, b"EASB", self._offset_bytes + mark_bytes + 8 * blocks)
        fields = Fields(body, self._offset_bytes)
        marks = fields.take(mark_bytes)
        return list(fields.numbers(blocks, 8)), marks, 8 * ((pages + 7) // 8)

    def _block(self, address: int, number: int, size: int, marks: bytes, first: int) -> Entries:
        if address == UNDEFINED:
            return
        held = 0 if size > self._page else size * self._width
        body = _block(self._source, address, b"EADB", self._offset_bytes + held)
        if held:
            yield from _entries(body[self._offset_bytes :], number, self._width)
            return
        at = address + _PREFIX_BYTES + self._offset_bytes + CHECKSUM_BYTES
        for page in range(size // self._page):
            if _is_marked(marks, first + page):
                yield from _page(self._source, at, number + page * self._page, self._page, self._width)
            at += self._page * self._width + CHECKSUM_BYTES


def _blocks(level: int) -> int:
    return 1 << level // 2


def _is_marked(marks: bytes, page: int) -> bool:
    """Whether a page was ever written."""
    if page // 8 >= len(marks):
        raise MalformedError("a table of its chunks is not what it should be")
    return bool(marks[page // 8] >> (7 - page % 8) & 1)


def _header(source: Hdf5Source, address: int, signature: bytes, size: int, filtered: bool) -> Fields:
    header = Fields(source.enter_sealed(address, size))
    header.expect(signature)
    header.expect(b"\0")
    header.expect(b"\1" if filtered else b"\0")
    return header


def _block(source: Hdf5Source, address: int, signature: bytes, size: int) -> bytes:
    """The `size` bytes of a block that follow its prefix, held against the checksum behind them."""
    block = Fields(source.enter_sealed(address, _PREFIX_BYTES + size))
    block.expect(signature)
    block.expect(b"\0")
    block.skip(_PREFIX_BYTES - 5)
    return block.rest()


def _page(source: Hdf5Source, address: int, first: int, count: int, width: int) -> Entries:
    """The entries of a page, which has a checksum of its own."""
    return _entries(source.read_sealed(address, count * width), first, width)


def _entries(data: bytes, first: int, width: int) -> Entries:
    if width < 8:
        raise MalformedError("a table of its chunks is not what it should be")
    for i in range(len(data) // width):
        yield first + i, data[i * width : (i + 1) * width]
