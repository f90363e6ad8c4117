"""HDF5 files whose attributes, arrays, groups and tables are changed."""

from __future__ import annotations

import io
from contextlib import suppress
from random import Random
from typing import Any

import h5py
import numpy as np
from damage_bytes import json_changed, raw

_SIGNATURES = (
    b"TREE", b"HEAP", b"SNOD", b"OHDR", b"GCOL", b"FRHP", b"FHIB", b"FHDB", b"BTHD", b"BTIN", b"BTLF", b"OCHK", b"FAHD",
    b"FADB", b"EAHD", b"EAIB", b"EASB", b"EADB",
)  # fmt: skip
"""What tables begin with."""


def hdf5_changed(random: Random, data: bytes) -> bytes:
    """Attributes, arrays and groups changed through h5py; or bytes where the format keeps its tables."""
    if random.random() < 0.4:
        return tables_changed(random, data)
    stream = io.BytesIO(data)
    try:
        with h5py.File(stream, "r+") as file:
            _hdf5_objects(random, file)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError):
        return raw(random, data)
    return stream.getvalue()


def tables_changed(random: Random, data: bytes) -> bytes:
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


def _hdf5_objects(random: Random, file: Any) -> None:
    names: list[str] = [""]
    file.visit(names.append)
    objects = [file[name] if name else file for name in names]
    held = [(one, key) for one in objects for key in one.attrs]
    arrays = [one for one in objects if isinstance(one, h5py.Dataset)]
    match random.randrange(4):
        case 0 | 1 if held:
            one, key = random.choice(held)
            one.attrs[key] = _attribute(random, one.attrs[key])
        case 2 if arrays:
            one = random.choice(arrays)
            name, group, value = one.name, one.parent, one[()]
            del file[name]
            _array(random, group, name, value)
        case _:
            name = random.choice(names[1:] or ["x"])
            match random.randrange(4):
                case 0:
                    del file[name]
                case 1:
                    file.move(name, name + random.choice(("_1", "é", "/x", " ", ":0")))
                case 2:
                    file[name + "_x"] = random.choice((file[name], h5py.SoftLink("/"), h5py.ExternalLink("a.h5", "/")))
                case _:
                    file.create_group(name + "_g/" + "/".join("d" * random.choice((1, 5, 80))))


def _attribute(random: Random, value: Any) -> Any:
    text = value.decode() if isinstance(value, bytes) else value
    if isinstance(text, str) and text.startswith("{") and random.random() < 0.8:
        with suppress(ValueError):
            return json_changed(random, text.encode()).decode()
    if isinstance(value, np.ndarray) and value.size and random.random() < 0.6:
        items = list(value)
        items[random.randrange(len(items))] = random.choice((b"x", b"", b"../x", b"a" * 70, items[0]))
        return np.asarray(random.choice((items, items[1:], items + items)))
    return random.choice(
        (3, 1.5, b"", "x", np.zeros(4), np.asarray([b"a", b"b"]), [["a"], ["b"]], np.zeros((2, 3), "S4"))
    )


def _array(random: Random, group: Any, name: str, value: Any) -> None:
    value = np.asarray(value)
    match random.randrange(7):
        case 0:
            group.create_dataset(name, data=value[..., None])
        case 1:
            group.create_dataset(
                name, data=value.astype(random.choice(("f2", ">f8", "i8", "u1", "c8", "?")), copy=False)
            )
        case 2:
            shape = random.choice(((2**40,), (0,), (), (2**20, 2**20), tuple(value.shape) * 2, (3, 0)))
            group.create_dataset(name, shape, "f4", **({"chunks": True} if shape and random.random() < 0.6 else {}))
        case 3 if value.size and value.shape:
            options = random.choice(
                ({"compression": "gzip"}, {"shuffle": True}, {"fletcher32": True}, {"compression": "lzf"})
            )
            group.create_dataset(name, data=value, chunks=True, **options)
        case 4:
            group.create_dataset(name, (2,), h5py.string_dtype())
        case 5:
            group.create_dataset(name, value.shape, "f4", external=[("other.bin", 0, h5py.h5f.UNLIMITED)])
        case _:
            group.create_dataset(name, data=np.full(value.shape, random.choice((np.nan, np.inf, 1e300))))
