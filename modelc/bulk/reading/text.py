"""Lines of text, in blocks, from a file or a stream."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from modelc.errors import FileFormatError, InputError
from modelc.files.regular_file import regular_file

MAX_LINE_BYTES = 2**26
"""The longest line that is read: 64 MB, a sample as text."""


@dataclass(frozen=True)
class TextBlock:
    """Some lines that are not blank, each with its number from 1."""

    lines: list[bytes]
    numbers: list[int]


class Lines:
    """The lines of a file or a stream, read once, from the first to the last.

    Raises `InputError` where the file cannot be read, and `FileFormatError` for a line that is too long.
    """

    def __init__(self, name: str, stream: BinaryIO | None = None) -> None:
        self.name = name
        """What messages call the file."""
        try:
            self._file = stream or open(name, "rb", opener=regular_file)  # noqa: SIM115 - closed with this object
        except FileNotFoundError:
            raise InputError(f"{name}: there is no such file") from None
        except OSError as error:
            raise InputError(f"{name}: {error.strerror or error}") from None
        if stream is None:
            weakref.finalize(self, self._file.close)
        self._number = 0

    def first(self) -> tuple[int, bytes] | None:
        """The next line that is not blank, and its number; None at the end."""
        while line := self._next():
            if line.strip():
                return self._number, line
        return None

    def blocks(self, size: int) -> Iterator[TextBlock]:
        """The rest of the lines, at most `size` in a block."""
        lines: list[bytes] = []
        numbers: list[int] = []
        while (found := self.first()) is not None:
            numbers.append(found[0])
            lines.append(found[1])
            if len(lines) == size:
                yield TextBlock(lines, numbers)
                lines, numbers = [], []
        if lines:
            yield TextBlock(lines, numbers)

    def _next(self) -> bytes:
        try:
            line = self._file.readline(MAX_LINE_BYTES + 1)
        except OSError as error:
            raise InputError(f"{self.name}: {error.strerror or error}") from None
        if not line:
            return b""
        self._number += 1
        if len(line) > MAX_LINE_BYTES:
            raise FileFormatError(f"{self.name}:{self._number}: the line has more than {MAX_LINE_BYTES:,} bytes")
        return line.removeprefix(b"\xef\xbb\xbf") if self._number == 1 else line
