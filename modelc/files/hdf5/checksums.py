"""Checksums of tables: Jenkins' lookup3, as newer files keep it behind each table (format specification, II and IV)."""

from __future__ import annotations

import struct

CHECKSUM_BYTES = 4
"""What follows each table of a kind that has a checksum."""

_WORD = 0xFFFFFFFF
_START = 0xDEADBEEF


def lookup3(data: bytes) -> int:
    """The hash ``hashlittle(data, 0)`` of Bob Jenkins' lookup3.c (2006): of three words at a time, little-endian."""
    a = b = c = (_START + len(data)) & _WORD
    if not data:
        return c
    words = struct.unpack(f"<{(len(data) + 11) // 12 * 3}I", data + bytes(-len(data) % 12))
    last = len(words) - 3
    # In one place and with plain numbers: a file of many objects has many tables. Sums of two are kept within 32 bits
    # only where they are rotated.
    for x, y, z in zip(words[:last:3], words[1:last:3], words[2:last:3], strict=True):
        c = c + z & 0xFFFFFFFF
        a = a + x - c & 0xFFFFFFFF ^ (c << 4 & 0xFFFFFFFF | c >> 28)
        b += y
        c += b
        b = b - a & 0xFFFFFFFF ^ (a << 6 & 0xFFFFFFFF | a >> 26)
        a += c
        c = c - b & 0xFFFFFFFF ^ (b << 8 & 0xFFFFFFFF | b >> 24)
        b += a
        a = a - c & 0xFFFFFFFF ^ (c << 16 & 0xFFFFFFFF | c >> 16)
        c += b
        b = b - a & 0xFFFFFFFF ^ (a << 19 & 0xFFFFFFFF | a >> 13)
        a += c
        c = c - b & 0xFFFFFFFF ^ (b << 4 & 0xFFFFFFFF | b >> 28)
        b += a
    return _final(a + words[last], b + words[last + 1], c + words[last + 2])


def _final(a: int, b: int, c: int) -> int:
    a, b, c = a & _WORD, b & _WORD, c & _WORD
    for turn in (14, 11, 25, 16, 4, 14, 24):
        # The last of the three takes in the one before it, and is the one before in the next turn.
        c = ((c ^ b) - (b << turn & _WORD | b >> (32 - turn))) & _WORD
        a, b, c = b, c, a
    return b
