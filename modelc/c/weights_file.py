"""The file of weights beside a library: a head, then the weights as its functions read them.

The head has 64 bytes: 16 of `WEIGHTS_HEAD`, 16 of the digest of the plans that read the weights, their number of bytes
and their CRC-32 as integers of 64 bits, and zeros. The file is good for every library of the same plans: of a model
that was trained further, a new file is enough.
"""

from __future__ import annotations

import struct
from hashlib import sha256

from modelc.c.interface import Library
from modelc.files.kinds import WEIGHTS_HEAD

HEAD = 64
"""Its bytes: what follows lies on a cache line where the file does."""
CHECKED = 40
"""The bytes of it that are the same for all weights of a library; the checksum follows."""
_DIGEST = 16


def head(library: Library) -> bytes:
    """What a file of the library's weights begins with."""
    digest = sha256()
    for function in library.functions:
        digest.update(function.plan.digest)
    digest.update(repr(sorted(library.state.offsets.items())).encode())
    data = library.weights
    return WEIGHTS_HEAD + digest.digest()[:_DIGEST] + struct.pack("<QQ16x", len(data), data.crc32)
