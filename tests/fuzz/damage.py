"""Files that are nearly valid: bytes that are changed, and what is changed by those who know the format."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from damage_bytes import json_changed, raw
from damage_hdf5 import hdf5_changed
from dress import mistaken
from seeds import HEIGHT, WIDTH

_SIZES = (0, 1, 2, 255, 65535, 2**16, 2**24, 2**31 - 1, 2**31, 2**32 - 1)

Damage = Callable[[Random, bytes], bytes]


def damaged(random: Random, kind: str, data: bytes) -> bytes:
    """The file with a mistake that its format has room for, or with other bytes."""
    by_format = _BY_KIND.get(kind)
    changed = data
    for _ in range(random.choice((1, 1, 1, 2))):
        damage = by_format if by_format is not None and random.random() < 0.7 else raw
        changed = damage(random, changed)
    return changed


# --- text


def _lines(random: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            lines[at] = raw(random, lines[at])
        case 1:
            lines.insert(at, random.choice(lines))
        case 2:
            del lines[at]
        case 3:
            lines[at] = lines[at].replace(b",", random.choice((b";", b",,", b"\t", b", ")), 1)
        case 4:
            lines[at] += random.choice((b",1", b'"', b" # x", b"\r", b"\x00"))
        case _:
            cells = lines[at].split(b",")
            cells[random.randrange(len(cells))] = random.choice((b"nan", b"inf", b"1e400", b"", b"x", b"0x1", b"1_0"))
            lines[at] = b",".join(cells)
    return b"\n".join(lines)


# --- archives


def _zip(random: Random, data: bytes) -> bytes:
    """A member that is damaged by its own format, whose checksums are right; or another table of members."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError, zlib.error, NotImplementedError, EOFError, struct.error):
        return raw(random, data)
    if not members:
        return raw(random, data)
    at = random.randrange(len(members))
    name, content = members[at]
    match random.randrange(8):
        case 0:
            members[at] = (random.choice(("../x", "/x", "x" * 300, name.upper(), "", "a\\b", "é.json")), content)
        case 1:
            members.append(random.choice(members))
        case 2:
            del members[at]
        case 3:
            members[at] = (name, random.choice((b"", b"{}", b"[]", b"null", b"\x89HDF\r\n\x1a\n", bytes(10_000_000))))
        case _:
            with suppress(ValueError):
                members[at] = (name, damaged(random, _kind_of_member(name), content))
    members = _with_digests(random, members, {name: content}, at)
    out = io.BytesIO()
    method = random.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(out, "w", method) as archive:
        for member, content in members:
            archive.writestr(zipfile.ZipInfo(member or "x"), content, method)
    return out.getvalue()


def _with_digests(random: Random, members: list[Any], before: dict[str, bytes], at: int) -> list[Any]:
    """The members with a manifest that agrees with the one that was changed, mostly: else it ends there."""
    if random.random() < 0.1 or at >= len(members):
        return members
    ((name, old),) = before.items()
    new = members[at][1]

    def agreed(text: bytes) -> bytes:
        for digest in (hashlib.sha256,):
            text = text.replace(digest(old).hexdigest().encode(), digest(new).hexdigest().encode())
        return text.replace(str(len(old)).encode(), str(len(new)).encode())

    return [(n, agreed(content) if n == "manifest.json" and n != name else content) for n, content in members]


def _kind_of_member(name: str) -> str:
    for suffix in (".json", ".safetensors", ".h5", ".npy"):
        if name.endswith(suffix):
            return suffix
    return ""


# --- arrays


def _safetensors(random: Random, data: bytes) -> bytes:
    """Another header, of the length that it is said to have."""
    size = int.from_bytes(data[:8], "little")
    try:
        header = mistaken(random, json.loads(data[8 : 8 + size]))
    except ValueError:
        return raw(random, data)
    text = json.dumps(header).encode()
    length = len(text) if random.random() < 0.95 else random.choice(_SIZES)
    return struct.pack("<Q", length) + text + data[8 + size :]


def _npy(random: Random, data: bytes) -> bytes:
    """Another shape, type or order in the header, of the length that it is said to have."""
    shape = random.choice(
        ("(4, 6, 5, 3)", "(2**40,)", "()", "(-1,)", "(4611686018427387904, 4)", "(0,)", "(1e3,)", "4")
    )
    dtype = random.choice(
        ("<f4", ">f8", "|O", "<U9", "|V3", "<M8[s]", "<c8", "|b1", "<i8", "[('a', '<f4')]", "<f3", "|S0")
    )
    header = f"{{'descr': {dtype!r}, 'fortran_order': {random.choice((True, False, 3))}, 'shape': {shape}, }}"
    if random.random() < 0.2:
        header = raw(random, header.encode()).decode("latin1")
    text = header.encode("latin1") + b"\n"
    start = data.find(b"\n") + 1
    version = random.choice((b"\x01\x00", b"\x01\x00", b"\x02\x00", b"\x03\x00", b"\x09\x00"))
    length = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return b"\x93NUMPY" + version + length + text + data[start:]


# --- pictures


def _picture(random: Random, data: bytes) -> bytes:
    """Another width or height, wherever these numbers stand; the checksums of PNG are right."""
    changed = bytearray(data)
    width = random.choice((WIDTH, HEIGHT, WIDTH - 1, HEIGHT - 1))
    forms = ["<H", ">H", "<I", ">I"]
    random.shuffle(forms)
    for form in forms:
        at = changed.find(struct.pack(form, width))
        if 0 <= at < 2000:
            size = struct.calcsize(form)
            changed[at : at + size] = struct.pack(form, random.choice(_SIZES) % 2 ** (8 * size))
            break
    else:
        return _with_checksums(raw(random, data))
    return _with_checksums(bytes(changed))


def _with_checksums(data: bytes) -> bytes:
    if not data.startswith(b"\x89PNG"):
        return data
    out, at = bytearray(data[:8]), 8
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        chunk = data[at + 4 : at + 8 + size]
        out += data[at : at + 4] + chunk + struct.pack(">I", zlib.crc32(chunk))
        at += 12 + size
    return bytes(out)


_BY_KIND: dict[str, Damage] = {
    ".json": json_changed,
    ".keras.json": json_changed,
    "tfjs": json_changed,
    ".yaml": _lines,
    ".csv": _lines,
    ".modelc": _zip,
    ".keras": _zip,
    ".npz": _zip,
    ".safetensors": _safetensors,
    ".npy": _npy,
    ".h5": hdf5_changed,
    ".weights.h5": hdf5_changed,
    **dict.fromkeys((".png", ".jpg", ".gif", ".bmp", ".tiff", ".webp"), _picture),
}
