"""Bytes changed anywhere, and the values of JSON documents: what damages files of every format."""

from __future__ import annotations

import json
import struct
from copy import deepcopy
from random import Random

from dress import mistaken

_ODD = (
    b"\xff" * 8, b"\x00" * 8, b"9" * 30, b"(((((", b"-1", b"True", b"\x1b]0;x\x07", struct.pack("<Q", 2**62), b"\n",
    struct.pack("<I", 2**31), struct.pack(">I", 2**31 - 1), b"nan", b"1e999", b"\xef\xbb\xbf", b",,,", b'"', b"../../x",
)  # fmt: skip


def raw(random: Random, data: bytes) -> bytes:
    """Bytes changed, cut out or put in."""
    changed = bytearray(data)
    near = random.choice((len(changed), len(changed), min(len(changed), 200), min(len(changed), 1000)))
    for _ in range(random.choice((1, 1, 2, 4))):
        at = random.randrange(near + 1)
        match random.randrange(7):
            case 0 | 1 if changed:
                changed[min(at, len(changed) - 1)] = random.randrange(256)
            case 2 if changed:
                changed[min(at, len(changed) - 1)] ^= 1 << random.randrange(8)
            case 3:
                del changed[at : at + random.choice((1, 4, 50))]
            case 4:
                changed[at:at] = random.choice(_ODD)
            case 5:
                odd = random.choice(_ODD)
                changed[at : at + len(odd)] = odd
            case _:
                if random.random() < 0.3:
                    del changed[at:]
    return bytes(changed)


def json_changed(random: Random, data: bytes) -> bytes:
    """A value of a JSON document changed, and keys."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return raw(random, data)
    if not isinstance(document, dict | list) or not document:
        return raw(random, data)
    try:
        return json.dumps(mistaken(random, deepcopy(document))).encode()
    except RecursionError:  # the mistake before nested it deeply
        return raw(random, data)
