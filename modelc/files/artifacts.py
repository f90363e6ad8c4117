"""What the file of a built model holds, and the digests of that: known without reading its spec."""

from __future__ import annotations

from typing import BinaryIO

from modelc.files.archive import ArchiveLayout, Reader, reading_open
from modelc.files.kinds import Kind
from modelc.text.limits import MAX_SPEC_BYTES

SPEC, WEIGHTS = "spec.json", "weights.safetensors"
LAYOUT = ArchiveLayout(Kind.MODEL, 1, {SPEC: MAX_SPEC_BYTES, WEIGHTS: None})


def digests(file: BinaryIO, name: str, *, verified: bool) -> tuple[str, str]:
    """The SHA-256 of the spec and of the weights in a file that is open: as it says, or as they are found to be.

    Raises `FileFormatError`, in which the file is called `name`, where it is damaged, was modified, or has another
    format.
    """

    def read(archive: Reader) -> tuple[str, str]:
        for member in (SPEC, WEIGHTS) if verified else ():
            archive.verify(member)
        return archive.digests[SPEC], archive.digests[WEIGHTS]

    return reading_open(file, name, LAYOUT, read)
