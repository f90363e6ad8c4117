"""Headers of objects: the messages that say what a group or an array is (format specification, IV.A)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from modelc.files.hdf5.checksums import CHECKSUM_BYTES
from modelc.files.hdf5.source import Fields, Hdf5Source, MalformedError

_MAX_BLOCKS = 1000
_MAX_MESSAGES = 2**16
_SHARED = 2
_TIMES, _PHASES, _ORDERED = 0x20, 0x10, 4


class Says(IntEnum):
    """What a message says, of the messages that are read."""

    SPACE = 0x01
    LINKS_ELSEWHERE = 0x02
    TYPE = 0x03
    LINK = 0x06
    OTHER_FILES = 0x07
    PLACE = 0x08
    FILTERS = 0x0B
    ATTRIBUTE = 0x0C
    CONTINUATION = 0x10
    SYMBOL_TABLE = 0x11
    ATTRIBUTES_ELSEWHERE = 0x15


_KNOWN = frozenset(Says)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a header."""

    says: Says
    body: bytes
    shared: bool
    """Whether the body only refers to a message of another object."""

    def fields(self) -> Fields:
        """Its body, to be read; raises `MalformedError` where that is in another object."""
        if self.shared:
            raise MalformedError("a description in it is shared between objects")
        return Fields(self.body)


@dataclass(frozen=True, slots=True)
class Header:
    """The messages of one object."""

    messages: tuple[Message, ...]

    def all(self, says: Says) -> Iterator[Message]:
        """The messages of one kind."""
        return (message for message in self.messages if message.says == says)

    def first(self, says: Says) -> Message | None:
        """The first message of one kind, or None."""
        return next(self.all(says), None)

    @property
    def is_group(self) -> bool:
        """Whether the object holds others."""
        return self.first(Says.SYMBOL_TABLE) is not None or self.first(Says.LINKS_ELSEWHERE) is not None

    @property
    def is_array(self) -> bool:
        """Whether the object holds data."""
        return self.first(Says.PLACE) is not None


def read_header(source: Hdf5Source, address: int) -> Header:
    """The header at an address, of version 1 or 2, with its continuations."""
    start = source.enter(address, 4)
    if start == b"OHDR":
        return Header(tuple(_second(source, address)))
    if start[0] == 1:
        return Header(tuple(_first(source, address)))
    raise MalformedError("one of its objects has an unknown kind of header")


def _first(source: Hdf5Source, address: int) -> Iterator[Message]:
    start = Fields(source.read(address, 16), 8)
    blocks = [(address + 16, start.number(4))]
    messages = 0
    for block in _each(blocks):
        table, size = Fields(source.read(*block)), block[1]
        while table.at + 8 <= size:
            kind, length, flags = table.number(2), table.number(2), table.number(1)
            table.skip(3)
            yield from _message(kind, table.take(min(length, size - table.at)), flags, blocks)
            messages += 1
            _check(messages)


def _second(source: Hdf5Source, address: int) -> Iterator[Message]:
    start = Fields(source.read(address, 6), 4)
    start.expect(b"\2")
    flags = start.number(1)
    at = address + 6 + (16 if flags & _TIMES else 0) + (4 if flags & _PHASES else 0)
    width = 1 << (flags & 3)
    before = at + width - address
    size = Fields(source.read(at, width)).number(width)
    blocks = [(address, before + size + CHECKSUM_BYTES)]
    prefix = 6 if flags & _ORDERED else 4
    messages = 0
    for block in _each(blocks):
        content = source.read_sealed(block[0], block[1] - CHECKSUM_BYTES)
        table = Fields(content)
        if block is blocks[0]:
            table.skip(before)
        else:
            table.expect(b"OCHK")
        while table.at + prefix <= len(content):
            kind, length, message_flags = table.number(1), table.number(2), table.number(1)
            table.skip(prefix - 4)
            yield from _message(kind, table.take(min(length, len(content) - table.at)), message_flags, blocks)
            messages += 1
            _check(messages)


def _each(blocks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The blocks of a header; the list grows where one says that another one follows."""
    for number in range(_MAX_BLOCKS):
        if number == len(blocks):
            return
        yield blocks[number]
    raise MalformedError("the header of one of its objects is too scattered")


def _message(kind: int, body: bytes, flags: int, blocks: list[tuple[int, int]]) -> Iterator[Message]:
    if kind == Says.CONTINUATION:
        further = Fields(body)
        blocks.append((further.address(), further.number(8)))
    elif kind in _KNOWN:
        yield Message(Says(kind), body, bool(flags & _SHARED))


def _check(messages: int) -> None:
    if messages > _MAX_MESSAGES:
        raise MalformedError(f"one of its objects has more than {_MAX_MESSAGES} messages")
