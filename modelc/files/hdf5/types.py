"""What the elements of an array or attribute are, and how many (format specification, IV.A.2.b and IV.A.2.d)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelc.files.hdf5.source import Fields, MalformedError

BFLOAT16 = np.dtype("V2")
"""How NumPy holds Keras's bfloat16 arrays, which has no such type: opaque items of two bytes."""


_MAX_RANK = 32
_FLOATS = {
    # size: bits of the exponent's place, the exponent, and the mantissa's place and size; the exponent's bias
    2: (10, 5, 0, 10, 15),
    4: (23, 8, 0, 23, 127),
    8: (52, 11, 0, 52, 1023),
}
"""The floats of IEEE 754."""
_BFLOAT = (7, 8, 0, 7, 127)


@dataclass(frozen=True, slots=True)
class Text:
    """Texts of a fixed number of bytes each, or of any number, which are stored elsewhere."""

    size: int | None
    """The bytes of each; None for any number."""
    ends_at_zero: bool
    """Whether a text ends at its first byte that is zero."""


Elements = np.dtype[np.generic] | Text | None
"""Numbers, texts, or what modelc does not read."""


@dataclass(frozen=True, slots=True)
class Space:
    """How many elements there are along each axis, and how many there may ever be."""

    shape: tuple[int, ...]
    """() for a single element."""
    most: tuple[int, ...]
    """`UNDEFINED` where there may be any number."""


def read_space(table: Fields) -> Space | None:
    """The sizes that a message states; None where there is no element at all."""
    version, rank, flags = table.number(1), table.number(1), table.number(1)
    if version not in (1, 2) or rank > _MAX_RANK:
        raise MalformedError("it has a shape of an unknown kind")
    kind = table.number(1)
    if version == 1:
        table.skip(4)
    if version == 2 and kind == 2:
        return None
    shape = table.numbers(rank, 8)
    return Space(shape, table.numbers(rank, 8) if flags & 1 else shape)


def read_elements(table: Fields) -> Elements:
    """The type that a message states, or None where it is neither plain numbers nor text."""
    kind = table.number(1)
    bits, size = table.take(3), table.number(4)
    match kind & 15:
        case 0:
            return _integer(bits, size, table)
        case 1:
            return _float(bits, size, table)
        case 3:
            return Text(size, ends_at_zero=bits[0] & 15 == 0)
        case 5:
            return BFLOAT16 if size == BFLOAT16.itemsize else None
        case 8:  # names of integers, such as those of true and false
            base = read_elements(table)
            return base if isinstance(base, np.dtype) and base.kind in "iu" and base.itemsize == size else None
        case 9:
            return Text(None, ends_at_zero=True) if bits[0] & 15 == 1 else None
        case _:
            return None


def _integer(bits: bytes, size: int, table: Fields) -> Elements:
    offset, precision = table.numbers(2, 2)
    if bits[0] & 6 or offset or size not in (1, 2, 4, 8) or precision != 8 * size:
        return None
    return np.dtype(f"{_order(bits)}{'i' if bits[0] & 8 else 'u'}{size}")


def _float(bits: bytes, size: int, table: Fields) -> Elements:
    offset, precision = table.numbers(2, 2)
    places = (*table.numbers(4, 1), table.number(4))
    implied_one, sign = bits[0] & 0x30 == 0x20, bits[1]
    if bits[0] & 0x4E or offset or precision != 8 * size or sign != 8 * size - 1 or not implied_one:
        return None
    if size == BFLOAT16.itemsize and places == _BFLOAT and not bits[0] & 1:
        return BFLOAT16
    return np.dtype(f"{_order(bits)}f{size}") if _FLOATS.get(size) == places else None


def _order(bits: bytes) -> str:
    return ">" if bits[0] & 1 else "<"
