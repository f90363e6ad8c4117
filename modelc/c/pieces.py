"""`Pieces`: the content of a large file, which is never copied into one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import BinaryIO

Piece = bytes | memoryview


class Pieces:
    """Bytes that lie in several places, one after the other in a file."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = tuple(memoryview(piece).cast("B") for piece in pieces if len(piece))

    def __len__(self) -> int:
        """The bytes of all."""
        return sum(piece.nbytes for piece in self._pieces)

    def __bytes__(self) -> bytes:
        """All of them as one, which is a copy."""
        return b"".join(self._pieces)

    def __add__(self, other: Pieces) -> Pieces:
        return Pieces((*self._pieces, *other._pieces))

    @property
    def crc32(self) -> int:
        """Their CRC-32, as of zlib."""
        found = 0
        for piece in self._pieces:
            found = zlib.crc32(piece, found)
        return found

    def write(self, file: BinaryIO) -> None:
        """Write all of them to a file."""
        for piece in self._pieces:
            file.write(piece)
