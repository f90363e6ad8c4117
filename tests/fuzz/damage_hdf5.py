"""HDF5 files whose tables and texts are changed where they lie: no library opens what is damaged."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random

from damage_bytes import json_changed, raw
from seals import sealed

_SIGNATURES = (
    b"TREE", b"HEAP", b"SNOD", b"OHDR", b"GCOL", b"FRHP", b"FHIB", b"FHDB", b"BTHD", b"BTIN", b"BTLF", b"OCHK", b"FAHD",
    b"FADB", b"EAHD", b"EAIB", b"EASB", b"EADB",
)  # fmt: skip
"""What tables begin with."""
_DOCUMENT = b'{"'
_SHORTEST = 24
"""The bytes of the shortest JSON document that is changed as one."""
_NAMES = (
    b"layer_names",
    b"weight_names",
    b"model_config",
    b"layers",
    b"vars",
    b"dense",
    b"conv",
    b"kernel",
    b"bias",
    b":0",
)
_OTHERS = b"\xff", b"\0", b"/", b"..", b"\\", b"x", b"\n", b"\x1b", "é".encode()


def hdf5_changed(random: Random, data: bytes) -> bytes:
    """Tables, names or documents changed in their places."""
    return random.choice((_tables_changed, _tables_changed, _document_changed, _name_changed))(random, data)


def hdf5_damaged(random: Random, data: bytes) -> bytes:
    """A valid file with one to three mistakes, mostly with checksums that are right: else they would be all it has."""
    changed = data
    for _ in range(random.choice((1, 1, 2, 3))):
        changed = random.choice((hdf5_changed, hdf5_changed, hdf5_changed, raw))(random, changed)
    return sealed(changed, data) if len(changed) == len(data) and random.random() < 0.8 else changed


def _tables_changed(random: Random, data: bytes) -> bytes:
    """Numbers changed in or near the tables, mostly to such as an address, the file's size, or zero."""
    changed = bytearray(data)
    places = [0]
    for signature in _SIGNATURES:
        at = changed.find(signature)
        while at >= 0:
            places.append(at)
            at = changed.find(signature, at + 1)
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.choice(places) + random.randrange(96)
        if at < len(changed):
            width = random.choice((1, 1, 2, 4, 8))
            value = random.choice((random.randrange(256), 0, 2 ** (8 * width) - 1, len(data), random.choice(places)))
            changed[at : at + width] = (value % 2 ** (8 * width)).to_bytes(width, "little")
    return bytes(changed)


def _document_changed(random: Random, data: bytes) -> bytes:
    """Another JSON document in the place of one, filled with blanks to its length."""
    at = data.find(_DOCUMENT, random.randrange(len(data) + 1))
    at = at if at >= 0 else data.find(_DOCUMENT)
    if at < 0:
        return _name_changed(random, data)
    try:
        # The text behind it does not matter: bytes that are no text are characters of their own.
        document, size = json.JSONDecoder().raw_decode(data[at:].decode("latin1"))
    except (ValueError, RecursionError):
        return raw(random, data)
    if size < _SHORTEST:
        return raw(random, data)
    text = json_changed(random, json.dumps(document).encode())
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False).encode("latin1", "replace")
    return data[:at] + text[:size].ljust(size) + data[at + size :]


def _name_changed(random: Random, data: bytes) -> bytes:
    """Bytes of a name changed, in a table of names, a link or an attribute."""
    names = [name for name in _NAMES if name in data]
    if not names:
        return raw(random, data)
    name = random.choice(names)
    at = data.find(name, random.randrange(len(data)))
    at = at if at >= 0 else data.find(name)
    other = random.choice(_OTHERS)
    at += random.randrange(len(name))
    return data[:at] + other + data[at + len(other) :]
