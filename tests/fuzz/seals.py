"""Checksums in HDF5 files: found in a valid file, and made right again in a damaged one, which else would end there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

_SEALED = (
    b"OHDR", b"OCHK", b"FRHP", b"FHIB", b"BTHD", b"BTIN", b"BTLF", b"FAHD", b"FADB", b"EAHD", b"EAIB", b"EASB", b"EADB",
)  # fmt: skip
"""What tables with a checksum behind them begin with."""
_BLOCK = b"FHDB"
"""What a block of objects begins with, whose checksum lies within it, and is made with zeros there."""
_BEGINNING = b"\x89HDF\r\n\x1a\n", 44
_LEAST, _MOST = 8, (256, 1500)
_BLOCK_SIZES = tuple(512 << i for i in range(8))
_BLOCK_PLACES = 17, 18

Words = np.ndarray[Any, np.dtype[np.uint32]]
Seal = tuple[int, int, int]
"""Where a table begins, its size, and where its checksum is."""


@lru_cache(512)
def seals(data: bytes) -> tuple[Seal, ...]:
    """The tables of a file that have the checksum that is stored with them."""
    found: list[Seal] = []
    for signature in _SEALED:
        for at in _places(data, signature):
            if size := _table(data, at, _LEAST, _MOST[0]) or _table(data, at, *_MOST):
                found.append((at, size, at + size))
    if data.startswith(_BEGINNING[0]) and data[8] >= 2:
        found.append((0, _BEGINNING[1], _BEGINNING[1]))
    for at in _places(data, _BLOCK):
        found += _block(data, at)
    return tuple(found)


def sealed(data: bytes, whole: bytes) -> bytes:
    """The file with the right checksums of those tables that are others than in the valid file of this length."""
    changed = bytearray(data)
    for at, size, place in seals(whole):
        end = max(at + size, place + 4)
        if data[at:end] != whole[at:end]:
            table = bytearray(data[at : at + size])
            if place < at + size:
                table[place - at : place - at + 4] = bytes(4)
            changed[place : place + 4] = int(checksums(bytes(table), np.array([size]))[0]).to_bytes(4, "little")
    return bytes(changed)


def checksums(data: bytes, lengths: np.ndarray[Any, Any]) -> Words:
    """The lookup3 (Bob Jenkins, 2006) of the first bytes of `data`, for each of these numbers of them, which ascend."""
    a = (0xDEADBEEF + lengths).astype(np.uint32)
    b, c = a.copy(), a.copy()
    held = np.frombuffer(data[: int(lengths[-1])] + bytes(24), np.uint8) if len(lengths) else np.zeros(24, np.uint8)
    words = np.frombuffer(held[: len(held) // 12 * 12].tobytes(), "<u4").reshape(-1, 3)
    for i in range((int(lengths[-1]) - 1) // 12 if len(lengths) else 0):
        more = slice(int(np.searchsorted(lengths, 12 * (i + 1), side="right")), None)
        a[more], b[more], c[more] = _mixed(a[more] + words[i, 0], b[more] + words[i, 1], c[more] + words[i, 2])
    last = (lengths - 1) // 12 * 12
    index = last[:, None] + np.arange(12)
    tail = np.where(index < lengths[:, None], held[index], 0).astype(np.uint8).view("<u4")
    a, b, c = a + tail[:, 0], b + tail[:, 1], c + tail[:, 2]
    for x, y, turn in ((2, 1, 14), (0, 2, 11), (1, 0, 25), (2, 1, 16), (0, 2, 4), (1, 0, 14), (2, 1, 24)):
        state = [a, b, c]
        state[x] = (state[x] ^ state[y]) - _turned(state[y], turn)
        a, b, c = state
    return c


def _mixed(a: Words, b: Words, c: Words) -> tuple[Words, Words, Words]:
    for turn in (4, 6, 8, 16, 19, 4):
        a = (a - c) ^ _turned(c, turn)
        a, b, c = b, c + b, a
    return a, b, c


def _turned(x: Words, by: int) -> Words:
    return x << np.uint32(by) | x >> np.uint32(32 - by)


def _places(data: bytes, signature: bytes) -> list[int]:
    places: list[int] = []
    at = data.find(signature)
    while at >= 0:
        places.append(at)
        at = data.find(signature, at + 1)
    return places


def _stored(data: bytes, at: np.ndarray[Any, Any]) -> Words:
    bytes_ = np.frombuffer(data, np.uint8)[at[:, None] + np.arange(4)]
    return np.ascontiguousarray(bytes_).view("<u4")[:, 0]


def _table(data: bytes, at: int, least: int, most: int) -> int:
    """The size of the table that begins there, if so many bytes have the checksum that follows them; or 0."""
    lengths = np.arange(least, min(most, len(data) - at - 4))
    right = np.flatnonzero(checksums(data[at : at + most], lengths) == _stored(data, at + lengths))
    return int(lengths[right[0]]) if len(right) else 0


def _block(data: bytes, at: int) -> list[Seal]:
    for size in _BLOCK_SIZES:
        for place in _BLOCK_PLACES:
            table = bytearray(data[at : at + size])
            stored = bytes(table[place : place + 4])
            table[place : place + 4] = bytes(4)
            if len(table) == size and int(checksums(bytes(table), np.array([size]))[0]).to_bytes(4, "little") == stored:
                return [(at, size, at + place)]
    return []
