"""The bytes of an HDF5 file by address, within bounds that its size gives."""

from __future__ import annotations

from typing import BinaryIO

from modelc.files.hdf5.checksums import CHECKSUM_BYTES, lookup3

UNDEFINED = 2**64 - 1
"""The address that stands for none."""

_MOST_TABLE_BYTES = 2**26
_SPARE_BYTES = 2**20


class MalformedError(Exception):
    """The bytes are not what the specification says, or use a part of it that modelc does not read."""


class Hdf5Source:
    """A file of `size` bytes, read from a stream that can seek.

    All that describes arrays (headers, tables of names, trees of places) may be read at most twice, and no table is
    entered twice: so a file whose tables refer to each other in a circle, or to one of them a million times, is refused
    in a time that its size bounds. A source serves one question, such as the names in a file, or the text of one
    attribute; `checked` are the tables whose checksums were found to be right by those before it.
    """

    def __init__(self, stream: BinaryIO, size: int, checked: set[tuple[int, int]] | None = None) -> None:
        self._stream, self._size = stream, size
        self._checked: set[tuple[int, int]] = set() if checked is None else checked
        self._left = min(_MOST_TABLE_BYTES, 2 * size) + _SPARE_BYTES
        self._entered: set[int] = set()

    def read(self, address: int, size: int) -> bytes:
        """Bytes of a description. Raises `MalformedError` outside of the file, or where it describes without an end."""
        self.require(address, size)
        self._left -= size
        if self._left < 0:
            raise MalformedError("its tables claim more bytes than it has")
        self._stream.seek(address)
        data = self._stream.read(size)
        if len(data) != size:
            raise MalformedError("it is shorter than it was")
        return data

    def enter(self, address: int, size: int) -> bytes:
        """The first bytes of a table. Raises `MalformedError` where it was entered before."""
        if address in self._entered:
            raise MalformedError("its tables refer to one of them twice")
        self._entered.add(address)
        return self.read(address, size)

    def read_sealed(self, address: int, size: int) -> bytes:
        """The same of `size` bytes with their checksum behind them. Raises `MalformedError` where they have another."""
        self.require(address, size)
        data = self.read(address, size + CHECKSUM_BYTES)
        content = data[:size]
        self.check(address, content, int.from_bytes(data[size:], "little"))
        return content

    def enter_sealed(self, address: int, size: int) -> bytes:
        """A table of `size` bytes with its checksum behind it. Raises `MalformedError` as `enter` and `read_sealed`."""
        self.enter(address, 0)
        return self.read_sealed(address, size)

    def check(self, address: int, content: bytes, stored: int) -> None:
        """Raise `MalformedError` unless `stored` is the checksum of what was read there, or it was right before."""
        if (address, len(content)) in self._checked:
            return
        if lookup3(content) != stored:
            raise MalformedError("one of its tables does not have the checksum that is stored with it")
        self._checked.add((address, len(content)))

    def fill(self, address: int, target: memoryview) -> None:
        """Read data into its place."""
        self.require(address, len(target))
        self._stream.seek(address)
        at = 0
        while at < len(target):
            count = self._stream.readinto(target[at:])  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
            if not count:
                raise MalformedError("it is shorter than it was")
            at += int(count)  # pyright: ignore[reportUnknownArgumentType]

    def require(self, address: int, size: int) -> None:
        """Raise `MalformedError` unless these bytes lie in the file."""
        if address < 0 or size < 0 or address + size > self._size:
            raise MalformedError("it points outside of the file")


class Fields:
    """The numbers of a table, little-endian and unsigned, read one after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data, self.at = data, at

    def number(self, width: int) -> int:
        """The next number of `width` bytes."""
        return int.from_bytes(self.take(width), "little")

    def numbers(self, count: int, width: int) -> tuple[int, ...]:
        """The next `count` numbers of `width` bytes each."""
        data = self.take(count * width)
        return tuple(int.from_bytes(data[at : at + width], "little") for at in range(0, len(data), width))

    def address(self) -> int:
        """The next address; addresses have 8 bytes in every file that is read."""
        return self.number(8)

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises `MalformedError` where there are fewer."""
        part = self._data[self.at : self.at + size]
        if size < 0 or len(part) != size:
            raise MalformedError("one of its tables is too short")
        self.at += size
        return part

    def skip(self, size: int) -> None:
        """Pass over `size` bytes."""
        self.take(size)

    def expect(self, *values: bytes) -> bytes:
        """Pass over one of these values, all of one length; raises `MalformedError` for anything else."""
        found = self.take(len(values[0]))
        if found not in values:
            name = values[0].decode("latin1") if values[0].isalnum() else "what the specification says"
            raise MalformedError(f"a table of it is not {name}, or of another version")
        return found

    def rest(self) -> bytes:
        """What is left."""
        return self._data[self.at :]
