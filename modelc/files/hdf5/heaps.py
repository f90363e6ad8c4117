"""Heaps: where names, texts, and large groups' links and attributes lie (format specification, III.D, III.E, III.G)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modelc.files.hdf5.btrees import second_tree
from modelc.files.hdf5.checksums import CHECKSUM_BYTES
from modelc.files.hdf5.source import UNDEFINED, Fields, Hdf5Source, MalformedError

_LOCAL_BYTES, _COLLECTION_BYTES, _FRACTAL_BYTES = 32, 16, 142
_HUGE_BY_NUMBER = 1
"""The kind of records that say where huge objects are, where these are not filtered."""
_EXTENDED_FROM = 18
_SEALED = 2
"""The flag of a heap whose blocks of objects have checksums, as its tables do in any case."""
_MAX_WIDTH, _MAX_BITS = 2**10, 64


class LocalHeap:
    """The names in one group with a symbol table."""

    def __init__(self, source: Hdf5Source, address: int) -> None:
        header = Fields(source.enter(address, _LOCAL_BYTES))
        header.expect(b"HEAP")
        header.expect(b"\0")
        header.skip(3)
        size = header.number(8)
        header.skip(8)
        self._data = source.read(header.address(), size)

    def name(self, at: int) -> bytes:
        """The name that begins at this byte of the heap."""
        end = self._data.find(b"\0", at)
        if end < 0:
            raise MalformedError("a name in it has no end")
        return self._data[at:end]


@dataclass(frozen=True, slots=True)
class TextReference:
    """Where a text is: object `index` of the collection at `address`; it has `length` bytes."""

    length: int
    address: int
    index: int


class Collections:
    """The collections of texts that were asked for so far."""

    def __init__(self, source: Hdf5Source) -> None:
        self._source = source
        self._read: dict[int, tuple[bytes, dict[int, slice]]] = {}

    def text(self, reference: TextReference) -> bytes:
        """What a reference refers to."""
        if reference.length == 0:
            return b""
        if reference.address not in self._read:
            self._read[reference.address] = self._collection(reference.address)
        data, objects = self._read[reference.address]
        text = data[objects.get(reference.index, slice(0))]
        if len(text) < reference.length:
            raise MalformedError("it refers to text that is not there")
        return text[: reference.length]

    def _collection(self, address: int) -> tuple[bytes, dict[int, slice]]:
        header = Fields(self._source.enter(address, _COLLECTION_BYTES))
        header.expect(b"GCOL")
        header.expect(b"\1")
        header.skip(3)
        size = header.number(8)
        data, at = self._source.read(address, size), _COLLECTION_BYTES
        objects: dict[int, slice] = {}
        while at + 16 <= size:
            entry = Fields(data, at)
            index = entry.number(2)
            entry.skip(6)
            length = entry.number(8)
            if index == 0:  # the free space, which is the last
                break
            objects[index] = slice(at + 16, at + 16 + length)
            at += 16 + length + -length % 8
        return data, objects


def objects_elsewhere(source: Hdf5Source, message: Fields, number_bytes: int, kind: int, skip: int) -> Iterator[Fields]:
    """The links or attributes that a header has no room for, in the order of their names, by its message of where.

    The message may have the next number to be given, of so many bytes. In the tree's records, of this `kind`, the
    identifier of each object follows after `skip` bytes.
    """
    message.expect(b"\0")
    message.skip(number_bytes * (message.number(1) & 1))
    address, tree = message.address(), message.address()
    if address != UNDEFINED:
        heap = FractalHeap(source, address)
        for record in second_tree(source, tree, kind):
            yield Fields(heap.object(record[skip:]))


class FractalHeap:
    """Objects of any size by their identifiers: the links of a large group, or the attributes of an object.

    Its blocks are rows of a table of `width` columns. Those of the first two rows have the smallest size, those of each
    further one twice the size of the row before. Rows of blocks beyond the largest size hold tables again.
    """

    def __init__(self, source: Hdf5Source, address: int) -> None:
        self._source = source
        header = Fields(source.enter_sealed(address, _FRACTAL_BYTES))
        header.expect(b"FRHP")
        header.expect(b"\0")
        self._identifier_bytes, filters = header.number(2), header.number(2)
        self._sealed = bool(header.number(1) & _SEALED)
        most_managed = header.number(4)
        header.skip(8)
        self._huge = header.address()
        header.skip(10 * 8)
        self._width = header.number(2)
        self._smallest, self._largest, bits = header.number(8), header.number(8), header.number(2)
        header.skip(2)
        self._root, self._root_rows = header.address(), header.number(2)
        powers = self._width, self._smallest, self._largest
        if not all(n > 0 and n & (n - 1) == 0 for n in powers) or self._width > _MAX_WIDTH or bits > _MAX_BITS:
            raise MalformedError("one of its heaps is not what it should be")
        if filters:
            raise MalformedError("it keeps links or attributes compressed, which modelc does not read")
        self._offset_bytes = (bits + 7) // 8
        self._length_bytes = min((self._largest.bit_length() + 6) // 8, (most_managed.bit_length() + 7) // 8)
        self._direct_rows = self._row_of(self._largest) + 1
        self._tables: dict[tuple[int, int], tuple[int, ...]] = {}
        self._places: dict[int, tuple[int, int]] | None = None
        self._checked: set[int] = set()

    def object(self, identifier: bytes) -> bytes:
        """The object of this identifier. Raises `MalformedError` where there is none."""
        fields = Fields(identifier[: self._identifier_bytes])
        first = fields.number(1)
        match first >> 4 & 3:
            case 0:
                offset, length = fields.number(self._offset_bytes), fields.number(self._length_bytes)
                return self._source.read(self._address(offset, length), length)
            case 1:
                return self._huge_object(fields)
            case 2 if self._identifier_bytes < _EXTENDED_FROM:
                return fields.take((first & 15) + 1)
            case 2:
                return fields.take(((first & 15) << 8 | fields.number(1)) + 1)
            case _:
                raise MalformedError("it refers to an object of an unknown kind")

    def _huge_object(self, fields: Fields) -> bytes:
        if self._identifier_bytes > 16:  # the place itself
            return self._source.read(fields.address(), fields.number(8))
        if self._places is None:
            records = (Fields(record) for record in second_tree(self._source, self._huge, _HUGE_BY_NUMBER))
            self._places = {r[2]: (r[0], r[1]) for r in (record.numbers(3, 8) for record in records)}
        number = int.from_bytes(fields.rest()[:8], "little")
        if number not in self._places:
            raise MalformedError("it refers to an object that is not there")
        return self._source.read(*self._places[number])

    def _address(self, offset: int, length: int) -> int:
        """Where the bytes of the heap that begin at `offset` are in the file."""
        block, rows, size = self._root, self._root_rows, self._smallest
        while rows:  # a table
            row = self._row_at(offset)
            if row >= rows:
                raise MalformedError("it refers to an object that is not there")
            size = self._size_of(row)
            column, offset = divmod(offset - self._start_of(row), size)
            block = self._table(block, rows)[row * self._width + column]
            rows = 0 if row < self._direct_rows else self._row_of(size // self._width)
        if block == UNDEFINED or offset + length > size:
            raise MalformedError("it refers to an object that is not there")
        if self._sealed and block not in self._checked:
            self._check(block, size)
        return block + offset

    def _check(self, address: int, size: int) -> None:
        """Hold a block of objects against its checksum, which is made with zeros in its own place."""
        head = 13 + self._offset_bytes
        block = Fields(self._source.enter(address, size))
        block.expect(b"FHDB")
        start, stored = block.take(head - 4), block.number(CHECKSUM_BYTES)
        self._source.check(address, b"FHDB" + start + bytes(CHECKSUM_BYTES) + block.rest(), stored)
        self._checked.add(address)

    def _table(self, address: int, rows: int) -> tuple[int, ...]:
        if (address, rows) not in self._tables:
            head = 13 + self._offset_bytes
            size = head + 8 * rows * self._width
            table = Fields(self._source.enter_sealed(address, size))
            table.expect(b"FHIB")
            table.skip(head - 4)
            self._tables[address, rows] = table.numbers(rows * self._width, 8)
        return self._tables[address, rows]

    def _row_of(self, size: int) -> int:
        """The last row whose blocks have this size."""
        return (size // self._smallest).bit_length()

    def _size_of(self, row: int) -> int:
        return self._smallest << max(0, row - 1)

    def _start_of(self, row: int) -> int:
        return self._width * (self._smallest << row - 1) if row else 0

    def _row_at(self, offset: int) -> int:
        return (offset // (self._width * self._smallest)).bit_length()
