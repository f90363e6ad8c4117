"""The beginning of an HDF5 file, which says where its root group is (format specification, II.A)."""

from __future__ import annotations

from modelc.files.hdf5.source import Fields, Hdf5Source, MalformedError

SIGNATURE = b"\x89HDF\r\n\x1a\n"

_BYTES, _SECOND_BYTES = 96, 44
_VERSIONS = 4


def root_address(source: Hdf5Source, size: int) -> int:
    """The address of the root group's header.

    Raises `MalformedError` where the file is shorter than it says, or has other addresses than 8 bytes from its
    beginning, as every file of Keras has.
    """
    table = Fields(source.read(0, min(size, _BYTES)))
    table.expect(SIGNATURE)
    version = table.number(1)
    if version >= _VERSIONS:
        raise MalformedError(f"it is of version {version} of the format, which modelc does not know")
    if version < 2:
        table.skip(4)
    else:
        source.read_sealed(0, _SECOND_BYTES)
    widths = table.take(2)
    table.skip((10 if version == 0 else 14) - 1 if version < 2 else 1)
    base = table.address()
    if widths != b"\x08\x08" or base != 0:
        raise MalformedError("it uses other addresses than 8 bytes from its beginning")
    table.skip(8)
    end = table.address()
    if end > size:
        raise MalformedError(f"it is truncated: it should have {end} bytes, and has {size}")
    if version < 2:
        table.skip(16)
    return table.address()
