"""Valid HDF5 files: recorded ones, ones with every kind of table, and ones with what modelc refuses.

h5py makes them from files that are whole, the same ones in every run. It never opens one that the fuzzer damaged: its
library, in C, ends the process on some of these.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np
from damage_bytes import json_changed

_RECORDED = Path(__file__).parents[1] / "keras"
_LARGEST = 100_000
"""The bytes of the largest file of which variants are made."""


@cache
def files() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Valid files: recorded ones of several versions of Keras, and ones with every kind of table; variants of both."""
    paths = sorted(path for path in _RECORDED.rglob("*.h5") if path.stat().st_size < 200_000)
    recorded = [path.read_bytes() for path in paths]
    versions, contents = ("earliest", "v110", "latest"), (_layers, _names, _chunks)
    made = [_written(libver, write) for libver in versions for write in contents]
    return (*recorded, *_variants_of(recorded, 2)), (*made, *_variants_of(made, 6))


def _variants_of(valid: list[bytes], count: int) -> list[bytes]:
    return [variant for data in valid for variant in variants(data, count)]


def variants(data: bytes, count: int) -> list[bytes]:
    """Valid files that are made of one, not a large one, by changing its attributes, arrays and groups."""
    if len(data) > _LARGEST:
        return []
    made: list[bytes] = []
    for number in range(count):
        stream = io.BytesIO(data)
        with h5py.File(stream, "r+") as file, suppress(OSError, RuntimeError, KeyError, ValueError, TypeError):
            _objects_changed(Random(number), file)
        made.append(stream.getvalue())
    return made


def _written(libver: Any, write: Callable[[Any, Any], None]) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=libver) as file:
        write(file, np.random.default_rng(0))
    return stream.getvalue()


def _layers(file: Any, random: Any) -> None:
    file.attrs["layer_names"] = ["conv", "dense"]
    file.attrs["model_config"] = '{"class_name": "Sequential"}' * 40
    for name in ("conv", "dense"):
        file[f"{name}/{name}/kernel:0"] = random.normal(size=(3, 3, 2, 4)).astype("<f4")
        file[f"{name}/{name}/bias:0"] = random.normal(size=4)
        file[name].attrs["weight_names"] = np.asarray([f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()])


def _names(file: Any, random: Any) -> None:
    for i in range(40):
        file.create_group(f"layers/dense_{i}").attrs["name"] = f"dense_{i}"
        file.attrs[f"a{i}"] = np.bytes_(b"x" * 20 * i)
    file.attrs["names"] = [f"dense_{i}" for i in range(40)]
    file.attrs["text"] = np.bytes_(b"long" * 2**13)
    file["layers/dense_0/vars/0"] = random.normal(size=9).astype("<f2")


def _chunks(file: Any, random: Any) -> None:
    array = random.integers(0, 9, (40, 6)).astype("<f4")
    for i, most in enumerate(((40, 6), (None, 6), (None, None))):
        for j, options in enumerate(({}, {"compression": "gzip", "shuffle": True}, {"fletcher32": True})):
            file.create_dataset(f"layers/l{i}{j}/vars/0", data=array, chunks=(3, 4), maxshape=most, **options)
    file["layers/b/vars/0"] = array.view("V2").reshape(-1)


def _objects_changed(random: Random, file: Any) -> None:
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
