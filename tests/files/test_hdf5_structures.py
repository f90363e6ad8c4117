"""The tables in which HDF5 keeps names, attributes and chunks, small and large: what is read is what h5py wrote."""

from __future__ import annotations

import io
import itertools
import math
from typing import Any

import numpy as np
import pytest

from modelc.errors import FileFormatError
from modelc.files.hdf5.reader import open_hdf5

h5py: Any = pytest.importorskip("h5py")
RANDOM = np.random.default_rng(0)
LIBVERS = ["earliest", "v108", "v110", "latest"]


def written(write: Any, libver: Any = "earliest", **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=libver, **options) as file:
        write(file)
    return stream


def opened(stream: io.BytesIO) -> Any:
    return open_hdf5(stream, len(stream.getvalue()), "a file")


def require_same(stream: io.BytesIO) -> int:
    """Every group and array has the name, shape, type and elements that h5py reads; how many there are."""
    groups, arrays = {""}, {}
    with h5py.File(stream, "r") as file:
        file.visititems(lambda name, one: arrays.update({name: one}) if hasattr(one, "shape") else groups.add(name))
        with opened(stream) as ours:
            assert set(ours.groups) == groups
            assert set(ours.arrays) == set(arrays)
            for name, array in arrays.items():
                assert ours.arrays[name].shape == array.shape
                assert ours.arrays[name].held == array.id.get_storage_size()
                np.testing.assert_array_equal(ours.read(name), array[()].astype(np.float32))
    return len(groups) + len(arrays)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("libver", LIBVERS)
@pytest.mark.parametrize("count", [1, 8, 9, 300, 3000])
@pytest.mark.parametrize("track_order", [False, True])
def test_groups_with_few_and_many_names(count: int, libver: str, track_order: bool) -> None:
    def write(file: Any) -> None:
        group = file.create_group("g", track_order=track_order)
        for i in range(count):
            group.create_group(f"{'layer' * (i % 30)}{i}", track_order=track_order)
        group[f"{count}x"] = np.arange(count)

    assert require_same(written(write, libver)) == count + 3


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_names_that_fill_tables_of_tables(libver: str) -> None:
    def write(file: Any) -> None:
        for i in range(3000):
            h5py.h5g.create(file.id, b"%d" % i + b"x" * 900)

    assert require_same(written(write, libver)) == 3001


@pytest.mark.parametrize("libver", LIBVERS)
@pytest.mark.parametrize("track_order", [False, True])
def test_objects_with_many_attributes(libver: str, track_order: bool) -> None:
    def write(file: Any) -> None:
        group = file.create_group("g", track_order=track_order)
        for i in range(600):
            group.attrs[f"a{i}"] = np.bytes_(f"{i}" * (i % 40 + 1)) if i % 2 else f"text {i}"

    with opened(written(write, libver)) as file:
        for i in range(0, 600, 17):
            expected = f"{i}" * (i % 40 + 1) if i % 2 else f"text {i}"
            assert file.strings("g", f"a{i}") == (expected,)
        assert file.strings("g", "a600") is None


@pytest.mark.parametrize("size", [10, 4000, 70_000, 600_000])
def test_attributes_that_are_stored_outside_of_the_header(size: int) -> None:
    def write(file: Any) -> None:
        for name in "abc":
            file.attrs[name] = np.bytes_(name * size)

    with opened(written(write, "latest")) as file:
        assert [file.strings("", name) for name in "abc"] == [("a" * size,), ("b" * size,), ("c" * size,)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("libver", ["earliest", "v108", "v110", "latest"])
@pytest.mark.parametrize("compression", [None, "gzip"])
@pytest.mark.parametrize("most", ["same", "larger", "first grows", "second grows", "both grow"])
@pytest.mark.parametrize("shape", [(7, 5), (130, 9), (3000, 2)])
def test_chunks_in_every_kind_of_index(shape: tuple[int, int], most: str, compression: Any, libver: str) -> None:
    rows, columns = shape
    largest: Any = {
        "same": shape, "larger": (rows + 40, columns + 5), "first grows": (None, columns + 3),
        "second grows": (rows + 3, None), "both grow": (None, None),
    }[most]  # fmt: skip
    for chunk in ((1, 2), (2, 1), shape):
        array = RANDOM.normal(size=shape).astype("<f4")
        require_same(
            written(
                lambda f, array=array, chunk=chunk: f.create_dataset(
                    "x", data=array, chunks=chunk, maxshape=largest, compression=compression
                ),
                libver,
            )
        )


@pytest.mark.slow
@pytest.mark.parametrize("compression", [None, "gzip"])
@pytest.mark.parametrize("growing", [0, 1, 2])
def test_as_many_chunks_as_are_read(growing: int, compression: Any) -> None:
    """Pages of tables, tables of tables, and trees of more than two levels."""
    array = np.arange(48_000, dtype="<f4")
    largest = ((None,), (48_000,), (None, None))[growing]
    shaped = array.reshape(-1, 1) if growing == 2 else array
    options = {"chunks": (1,) * shaped.ndim, "maxshape": largest, "compression": compression}
    require_same(written(lambda f: f.create_dataset("x", data=shaped, **options), "latest"))


def test_chunks_that_lie_in_order() -> None:
    def write(file: Any) -> None:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((3, 4))
        plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        space = h5py.h5s.create_simple((10, 9))
        array = h5py.h5d.create(file.id, b"x", h5py.h5t.IEEE_F32LE, space, plan)
        array.write(h5py.h5s.ALL, h5py.h5s.ALL, RANDOM.normal(size=(10, 9)).astype("<f4"))

    assert require_same(written(write, "latest")) == 2


@pytest.mark.parametrize("libver", LIBVERS)
def test_an_array_that_shrank_and_one_that_grew(libver: str) -> None:
    def write(file: Any) -> None:
        for name, size in (("shrank", 5), ("grew", 30)):
            file.create_dataset(name, data=np.arange(20.0), chunks=(3,), maxshape=(40,))
            file[name].resize((size,))
        file["grew"][...] = np.arange(30.0)

    assert require_same(written(write, libver)) == 3


def test_a_chunk_that_skips_a_filter() -> None:
    stream = written(lambda f: f.create_dataset("x", data=np.zeros(8, "<f4"), chunks=(4,), compression="gzip"))
    with h5py.File(stream, "r+") as file:
        file["x"].id.write_direct_chunk((4,), np.arange(4, dtype="<f4").tobytes(), filter_mask=1)
    with opened(stream) as ours:
        np.testing.assert_array_equal(ours.read("x"), [0, 0, 0, 0, 0, 1, 2, 3])


@pytest.mark.parametrize("size", [4, 5, 7, 40_001])
def test_a_checksum_that_is_wrong(size: int) -> None:
    array = RANDOM.integers(0, 255, size).astype(np.uint8)
    array[:3] = 255, 255, 1
    stream = written(lambda f: f.create_dataset("x", data=array, chunks=(size,), fletcher32=True))
    with opened(stream) as ours:
        np.testing.assert_array_equal(ours.read("x"), array)
    data = stream.getvalue()
    at = data.index(array.tobytes())
    for place in (at, at + size - 1, at + size, at + size + 3):
        changed = data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]
        with opened(io.BytesIO(changed)) as ours, pytest.raises(FileFormatError, match="does not have the checksum"):
            ours.read("x")


@pytest.mark.parametrize("dtype", ["<i1", "<u2", ">u4", ">f2", "<u8", ">f8", "?"])
@pytest.mark.parametrize("shuffle", [False, True])
def test_numbers_of_every_width_in_chunks(dtype: str, shuffle: bool) -> None:
    array = RANDOM.integers(0, 2, (5, 3)).astype(dtype)
    assert require_same(written(lambda f: f.create_dataset("x", data=array, chunks=(2, 2), shuffle=shuffle))) == 2


def test_names_of_integers() -> None:
    kind = h5py.enum_dtype({"no": 0, "yes": 7}, basetype="<i2")
    assert require_same(written(lambda f: f.create_dataset("x", data=np.array([7, 0], "<i2"), dtype=kind))) == 2


def test_the_native_bfloat16_of_newer_files() -> None:
    kind = h5py.h5t.IEEE_F32LE.copy()
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)

    def write(file: Any) -> None:
        array = h5py.h5d.create(file.id, b"x", kind, h5py.h5s.create_simple((3,)))
        array.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, -2, 3.140625], "<f4"))

    with opened(written(write)) as ours:
        np.testing.assert_array_equal(ours.read("x"), np.array([1, -2, 3.140625], np.float32))


@pytest.mark.parametrize("order", ["<", ">"])
def test_floats_of_other_kinds_are_refused(order: str) -> None:
    kind = h5py.h5t.IEEE_F32LE.copy() if order == "<" else h5py.h5t.IEEE_F32BE.copy()
    kind.set_fields(31, 22, 9, 0, 22)

    def write(file: Any) -> None:
        h5py.h5d.create(file.id, b"x", kind, h5py.h5s.create_simple((3,)))

    with pytest.raises(FileFormatError, match="does not hold plain numbers"), opened(written(write)):
        pass


def test_integers_with_unused_bits_are_refused() -> None:
    kind = h5py.h5t.STD_I16LE.copy()
    kind.set_precision(12)

    def write(file: Any) -> None:
        h5py.h5d.create(file.id, b"x", kind, h5py.h5s.create_simple((3,)))

    with pytest.raises(FileFormatError, match="does not hold plain numbers"), opened(written(write)):
        pass


def test_a_file_that_was_cut() -> None:
    data = written(lambda f: f.create_dataset("x", data=np.arange(1000.0))).getvalue()
    for size in itertools.chain(range(8, 100, 7), range(100, len(data), 501)):
        with pytest.raises(FileFormatError, match=r"truncated|too short"), opened(io.BytesIO(data[:size])):
            pass


def test_a_file_behind_a_header_of_another_program() -> None:
    stream = written(lambda f: f.create_dataset("x", data=np.arange(3.0)), userblock_size=512)
    with pytest.raises(FileFormatError, match="does not begin as one"), opened(stream):
        pass


def test_arrays_are_read_into_place() -> None:
    """The memory that reading takes is that of the array: nothing is copied on the way."""
    import tracemalloc

    size = 4 * 2**20
    stream = written(lambda f: f.create_dataset("x", data=np.ones(size, "<f4")))
    with opened(stream) as file:
        tracemalloc.start()
        try:
            assert file.read("x").nbytes == 4 * size
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert math.isclose(peak, 4 * size, rel_tol=0.01)
