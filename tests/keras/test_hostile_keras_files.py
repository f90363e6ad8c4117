"""Files made to do harm. Each is refused for the right reason, with nothing imported, opened, written or allocated.

The files are read in a process of its own, which watches all of that: see `hostile_probe.py`.
"""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

h5py: Any = pytest.importorskip("h5py")
if not sys.platform.startswith("linux"):
    pytest.skip("the probe watches by means of Linux", allow_module_level=True)

HERE = Path(__file__).parent
MIB = 2**20
KERNEL = np.arange(6, dtype=np.float32).reshape(2, 3)
DENSE = {"class_name": "Dense", "config": {"name": "dense", "units": 3}}
CONFIG = {"class_name": "Sequential", "config": {"name": "net", "layers": [DENSE]}}
Attack = Callable[[Path, Path], None]


def write_weights(path: Path) -> Any:
    """A `.weights.h5` file as Keras writes it, open for what an attack adds."""
    file = h5py.File(path, "w")
    file["layers/dense/vars/0"] = KERNEL
    file["layers/dense/vars/1"] = np.zeros(3, np.float32)
    return file


def write_legacy(path: Path) -> Any:
    file = h5py.File(path, "w")
    file.attrs["layer_names"] = np.asarray([b"dense"])
    file["dense/dense/kernel:0"] = KERNEL
    file["dense"].attrs["weight_names"] = np.asarray([b"dense/kernel:0"])
    return file


def write_archive(path: Path, members: dict[str, bytes] | None = None, **replaced: bytes) -> None:
    parts = {"metadata.json": b"{}", "config.json": json.dumps(CONFIG).encode(), "model.weights.h5": weights_bytes()}
    names = {"config": "config.json", "weights": "model.weights.h5", "metadata": "metadata.json"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**parts, **{names[k]: v for k, v in replaced.items()}, **(members or {})}.items():
            archive.writestr(name, data)


def weights_bytes() -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file["layers/dense/vars/0"] = KERNEL
    return stream.getvalue()


ATTACKS: dict[str, tuple[Attack, str]] = {}


def attack(expected: str) -> Callable[[Attack], Attack]:
    def add(build: Attack) -> Attack:
        ATTACKS[build.__name__] = build, expected
        return build

    return add


# --- HDF5: data that is elsewhere


@attack("is a link to another name or another file")
def external_link(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = h5py.ExternalLink(str(secret / "secret.h5"), "/x")


@attack("is a link to another name or another file")
def external_link_to_a_group(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense_1"] = h5py.ExternalLink(str(secret / "secret.h5"), "/")


@attack("is a link to another name or another file")
def soft_link(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = h5py.SoftLink("/layers/dense/vars/0")


@attack("is a link to another name or another file")
def soft_link_in_a_circle(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense_1"] = h5py.SoftLink("/layers/dense_1")


@attack("is virtual")
def virtual_array(path: Path, secret: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource(str(secret / "secret.h5"), "x", (4,))
    with write_weights(path) as file:
        file.create_virtual_dataset("layers/dense/vars/2", layout)


@attack("is virtual")
def virtual_array_without_a_fixed_size(path: Path, secret: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f4", maxshape=(None,))
    source = h5py.VirtualSource(str(secret / "secret.h5"), "x", (4,), maxshape=(None,))
    layout[: h5py.h5s.UNLIMITED] = source[: h5py.h5s.UNLIMITED]
    with write_weights(path) as file:
        file.create_virtual_dataset("layers/dense/vars/2", layout)


@attack("keeps its data in another file")
def external_storage(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", (4,), "u1", external=[(str(secret / "canary"), 0, 4)])


# --- HDF5: more than is there


@attack("of which 0 are stored")
def shape_without_data(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", (2**40,), "f4")


@attack("of which 0 are stored")
def shape_of_chunks_without_data(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", (2**30, 2**30), "f4", chunks=(256, 256), compression="gzip")


@attack("bytes, of which")
def chunk_larger_than_its_array(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", (4,), "f4", chunks=(2**28,), maxshape=(None,), compression="gzip")


@attack("is not stored completely")
def chunk_that_was_never_written(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        array = file.create_dataset("layers/dense/vars/2", (1024,), "f4", chunks=(512,))
        array[:512] = 1


@attack("a chunk has 262148 bytes, expected 262144")
def chunk_that_grows(path: Path, secret: Path) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(256)) + packer.flush()
    with write_weights(path) as file:
        array = file.create_dataset("layers/dense/vars/2", (2**16,), "f4", chunks=(2**16,), compression="gzip")
        array.id.write_direct_chunk((0,), packed)


@attack("its arrays claim")
def many_chunks_that_compress_well(path: Path, secret: Path) -> None:
    packed = zlib.compress(bytes(MIB), 9)
    with write_weights(path) as file:
        shape = (256, 2**18)
        array = file.create_dataset("layers/dense/vars/2", shape, "f4", chunks=(1, 2**18), compression="gzip")
        for i in range(256):
            array.id.write_direct_chunk((i, 0), packed)


@attack("compressed in a way that modelc does not read")
def filter_from_a_plugin(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((4,))
        plan.set_filter(32013, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((4,))
        h5py.h5d.create(file["layers/dense/vars"].id, b"2", h5py.h5t.IEEE_F32LE, space, plan)


@attack("more than 50000 objects")
def many_objects(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        for i in range(50_001):
            h5py.h5g.create(file["layers"].id, b"%d" % i)


@attack("nested deeper than")
def deep_groups(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_group("/".join(["a"] * 100))


@attack("claims 4294967285 bytes of text")
def text_longer_than_the_file(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = ["a" * 77, "dense"]
    patch(path, lambda data: data.replace(reference(data, 77)[:4], struct.pack("<I", 2**32 - 16)), count=1)


@attack("bytes of text, more than")
def names_that_share_a_long_text(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = ["a" * 77] * 3000
        file.attrs["other"] = "b" * (4 * MIB + 1)
    data = path.read_bytes()
    long, at = reference(data, 4 * MIB + 1), data.index(reference(data, 77))
    path.write_bytes(data[:at] + long * 3000 + data[at + 16 * 3000 :])


@attack("is not a list of names")
def many_names(path: Path, secret: Path) -> None:
    with h5py.File(path, "w", libver="latest") as file:
        file.create_group("dense")
        file.attrs["layer_names"] = np.asarray([b"dense"] * 70_000)


def reference(data: bytes, length: int) -> bytes:
    """The reference to the text of that length, as it stands in a file."""
    at = next(at for at in places(data, struct.pack("<I", length)) if data[at + 9 : at + 12] == bytes(3))
    return data[at : at + 16]


def places(data: bytes, part: bytes) -> Any:
    at = data.find(part)
    while at >= 0:
        yield at
        at = data.find(part, at + 1)


def patch(path: Path, change: Callable[[bytes], bytes], count: int) -> None:
    data = path.read_bytes()
    changed = change(data)
    assert len(changed) == len(data)
    assert sum(a != b for a, b in zip(data, changed, strict=True)) >= count
    path.write_bytes(changed)


# --- HDF5: what is no group, array of numbers, or name


@attack("is another name of an object")
def groups_in_a_circle(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/layers"] = file["layers"]


@attack("is another name of an object")
def array_with_two_names(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = file["layers/dense/vars/1"]


@attack("does not hold plain numbers")
def array_of_strings(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = ["a", "b"]


@attack("does not hold plain numbers")
def array_of_references(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", data=[file["layers"].ref], dtype=h5py.ref_dtype)


@attack("does not hold plain numbers")
def array_of_records(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = np.zeros(3, [("a", "f4"), ("b", "i8")])


@attack("does not hold plain numbers")
def array_of_ragged_rows(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_dataset("layers/dense/vars/2", (2,), h5py.vlen_dtype(np.float32))


@attack("has no shape")
def array_without_a_shape(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/dense/vars/2"] = h5py.Empty("f4")


@attack("is neither a group nor an array")
def named_type(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file["layers/type"] = np.dtype("f4")


@attack("which could be a path")
def group_called_dot_dot(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        h5py.h5g.create(file["layers"].id, b"..")


@attack("which could be a path")
def group_with_a_separator(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_group("layers/dense_1Xvars")
    patch(path, lambda data: data.replace(b"dense_1Xvars", b"dense_1/vars"), count=1)


@attack("which could be a path")
def group_with_a_backslash(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        file.create_group("layers/..\\..\\etc")


@attack("not UTF-8")
def group_with_a_broken_name(path: Path, secret: Path) -> None:
    with write_weights(path) as file:
        h5py.h5g.create(file["layers"].id, b"\xff\xfe")


@attack("which is not a plain name")
def layer_name_that_climbs(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = np.asarray([b"../../etc/passwd"])


@attack("which is not a plain name")
def weight_name_from_the_root(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file["dense"].attrs["weight_names"] = np.asarray([b"/dense/dense/kernel:0"])


@attack("which is not in the file")
def layer_that_is_not_there(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = np.asarray([b"dense", b"other"])


@attack("lists a name twice")
def layer_listed_twice(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = np.asarray([b"dense", b"dense"])


@attack("is not a list of names")
def names_that_are_numbers(path: Path, secret: Path) -> None:
    with write_legacy(path) as file:
        file.attrs["layer_names"] = np.arange(3)


@attack("layer name '/a/b' is not a plain name")
def legacy_config_with_a_separator(path: Path, secret: Path) -> None:
    layer = {"class_name": "Dense", "config": {"name": "/a/b"}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}})
        file.create_group("model_weights").attrs["layer_names"] = np.asarray([], "f8")


@attack("its `model_config` is not JSON")
def deep_config(path: Path, secret: Path) -> None:
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = "[" * MIB
        file.create_group("model_weights").attrs["layer_names"] = np.asarray([], "f8")


# --- HDF5: other files


@attack("does not begin as one")
def empty_file(path: Path, secret: Path) -> None:
    path.write_bytes(b"")


@attack("does not begin as one")
def python_code(path: Path, secret: Path) -> None:
    path.write_bytes(b"\x80\x04cposix\nsystem\n(S'touch /tmp/x'\ntR.")


@attack("is damaged")
def half_a_file(path: Path, secret: Path) -> None:
    write_weights(path).close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@attack("Keras did not save a model or weights in it")
def some_other_hdf5(path: Path, secret: Path) -> None:
    with h5py.File(path, "w") as file:
        file["data"] = KERNEL


# --- zip


@attack("it has the member '../evil.h5'")
def member_that_climbs(path: Path, secret: Path) -> None:
    write_archive(path)
    rename(path, b"metadata.json", b"../evil.h5")


@attack("it has the member '/etc/evil.jso'")
def absolute_member(path: Path, secret: Path) -> None:
    write_archive(path)
    rename(path, b"metadata.json", b"/etc/evil.jso")


@attack("it has the member 'x\\\\..\\\\..\\\\evil'")
def member_with_backslashes(path: Path, secret: Path) -> None:
    write_archive(path)
    rename(path, b"metadata.json", b"x\\..\\..\\evil")


@attack("it has the member 'model.weights\\x00h5'")
def member_with_a_nul(path: Path, secret: Path) -> None:
    write_archive(path)
    rename(path, b"model.weights.h5", b"model.weights\0h5")


@attack("it has 4 members")
def member_too_many(path: Path, secret: Path) -> None:
    write_archive(path, {"assets/run.py": b"import os"})


@attack("two of its members have the same name")
def member_twice(path: Path, secret: Path) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for name in ("config.json", "config.json", "model.weights.h5"):
            archive.writestr(name, b"{}")


@attack("it has the member 'model.weights.npz'")
def pickles_for_weights(path: Path, secret: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("config.json", "metadata.json", "model.weights.npz"):
            archive.writestr(name, b"{}")


@attack("is a link, not a file, or encrypted")
def member_that_is_a_link(path: Path, secret: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("config.json", "metadata.json", "model.weights.h5"):
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 if name == "model.weights.h5" else 0o100644) << 16
            archive.writestr(info, str(secret / "secret.h5"))


@attack("is a link, not a file, or encrypted")
def encrypted_member(path: Path, secret: Path) -> None:
    write_archive(path)
    data = bytearray(path.read_bytes())
    for at in places(bytes(data), b"PK\1\2"):
        data[at + 8] |= 1
    path.write_bytes(data)


@attack("config.json claims 209715200 bytes, of which")
def config_that_grows(path: Path, secret: Path) -> None:
    bomb(path, "config.json", 200)


@attack("model.weights.h5 claims 209715200 bytes, of which")
def weights_that_grow(path: Path, secret: Path) -> None:
    bomb(path, "model.weights.h5", 200)


@attack("Bad CRC-32")
def config_that_grows_beyond_what_it_claims(path: Path, secret: Path) -> None:
    bomb(path, "config.json", 119)
    size = struct.pack("<I", 119 * MIB)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<I", 2000)))


@attack("config.json claims 4294967280 bytes")
def stored_member_that_claims_more(path: Path, secret: Path) -> None:
    write_archive(path)
    size = struct.pack("<I", len(json.dumps(CONFIG)))
    path.write_bytes(path.read_bytes().replace(size + size, size + struct.pack("<I", 2**32 - 16)))


@attack("its directory is of the kind for archives of more than 4 GiB")
def large_directory(path: Path, secret: Path) -> None:
    write_archive(path)
    data = path.read_bytes()
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    path.write_bytes(data[:-22] + locator + data[-22:])


@attack("compressed in a way that modelc does not read")
def rare_compression(path: Path, secret: Path) -> None:
    write_archive(path)
    data = bytearray(path.read_bytes())
    for at in places(bytes(data), b"PK\1\2"):
        data[at + 10] = 14  # LZMA, which may ask for any amount of memory
    path.write_bytes(data)


@attack("has a layer that is not an object, or is nested too deeply")
def models_within_models(path: Path, secret: Path) -> None:
    config: dict[str, Any] = DENSE
    for _ in range(100):
        config = {"class_name": "Sequential", "config": {"name": "net", "layers": [config]}}
    write_archive(path, config=json.dumps(config).encode())


@attack("layer name '../../x' is not a plain name")
def config_that_climbs(path: Path, secret: Path) -> None:
    layer = {"class_name": "Dense", "config": {"name": "../../x"}}
    write_archive(path, config=json.dumps({"class_name": "Sequential", "config": {"layers": [layer]}}).encode())


@attack("its config.json is not a JSON object")
def config_that_is_a_list(path: Path, secret: Path) -> None:
    write_archive(path, config=b"[1]")


@attack("is a link to another name or another file")
def archive_of_weights_with_a_link(path: Path, secret: Path) -> None:
    external_link(path, secret)
    write_archive(path, weights=path.read_bytes())


# --- configurations: what they name


def write_config(path: Path, *layers: dict[str, Any], **model: Any) -> None:
    config = {"class_name": "Sequential", "config": {"name": "net", "layers": list(layers)}, **model}
    write_archive(path, config=json.dumps(config).encode())


def dense(**options: Any) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {**DENSE["config"], **options}}


@attack("the Keras layer `Lambda` (`dense`) is not supported: it contains code")
def lambda_with_bytecode(path: Path, secret: Path) -> None:
    code = ["4wEAAAAAAAAAAAAAAAEAAAABAAAAQwAAAHMEAAAAZAFTAA==", None, None]
    write_config(
        path, {"class_name": "Lambda", "config": {"name": "dense", "function": code, "function_type": "lambda"}}
    )


@attack("the Keras object `system` is a custom one")
def function_of_another_module(path: Path, secret: Path) -> None:
    write_config(path, {"module": "os", "class_name": "system", "config": {"command": f"touch {secret}/touched"}})


@attack("the Keras object `Dense` is a custom one")
def layer_of_another_module(path: Path, secret: Path) -> None:
    (secret / "evil.py").write_text("raise SystemExit")
    write_config(path, {"module": "evil", **DENSE})


@attack("the Keras object `Custom>Dense` is a custom one")
def registered_name(path: Path, secret: Path) -> None:
    write_config(path, {"module": "keras.layers", "registered_name": "Custom>Dense", **DENSE})


@attack("the Keras class `subprocess.Popen` (`dense`) is not a layer of modelc's")
def class_by_its_path(path: Path, secret: Path) -> None:
    write_config(path, {"class_name": "subprocess.Popen", "config": {"name": "dense", "args": ["touch", "x"]}})


@attack("the activation `system` of the Keras layer `Dense` (`dense`) is not supported")
def activation_of_another_module(path: Path, secret: Path) -> None:
    function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}
    write_config(path, dense(activation=function))


@attack("the activation `__lambda__` of the Keras layer `Dense` (`dense`) is not supported")
def activation_with_bytecode(path: Path, secret: Path) -> None:
    write_config(path, dense(activation={"class_name": "__lambda__", "config": {"value": "4wEAAAA="}}))


@attack("the Keras object `Zeros` is a custom one")
def initializer_of_another_module(path: Path, secret: Path) -> None:
    write_config(path, dense(kernel_initializer={"module": "evil", "class_name": "Zeros", "config": {}}))


@attack("the Keras initializer `Evil` of the Keras layer `Dense` (`dense`) is not supported")
def initializer_outside_of_the_table(path: Path, secret: Path) -> None:
    write_config(path, dense(kernel_initializer={"class_name": "Evil", "config": {}}))


@attack("the option `units` of the Keras layer `Dense` (`dense`) cannot be a `__typespec__`")
def typespec(path: Path, secret: Path) -> None:
    write_config(path, dense(units={"class_name": "__typespec__", "module": "evil", "config": []}))


@attack("`vocabulary` is a list of integers, found a text")
def vocabulary_from_a_file(path: Path, secret: Path) -> None:
    options = {"name": "dense", "vocabulary": str(secret / "canary")}
    write_config(path, {"class_name": "IntegerLookup", "config": options})


@attack("the TensorFlow function `io.read_file` in a Keras model is not supported")
def function_that_reads_a_file(path: Path, secret: Path) -> None:
    given = {"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [None, 2]}, "inbound_nodes": []}
    options = {"name": "read", "function": "io.read_file"}
    nodes = [["_CONSTANT_VALUE", -1, str(secret / "canary"), {"x": ["x", 0, 0]}]]
    read = {"class_name": "TFOpLambda", "config": options, "inbound_nodes": nodes}
    config = {"layers": [given, read], "input_layers": [["x", 0, 0]], "output_layers": [["read", 0, 0]]}
    write_config(path, class_name="Functional", config=config)


@attack("the Keras operation `Eval` is not supported")
def operation_outside_of_the_table(path: Path, secret: Path) -> None:
    given = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 2]}, "inbound_nodes": []}
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
    nodes = [{"args": [tensor], "kwargs": {}}]
    made = {"module": "keras.src.ops.numpy", "class_name": "Eval", "config": {"name": "e"}, "inbound_nodes": nodes}
    config = {"layers": [given, made], "input_layers": [["x", 0, 0]], "output_layers": [["e", 0, 0]]}
    write_config(path, class_name="Functional", config=config)


@attack("a Keras model of the class `Dense` is not supported")
def model_that_is_a_layer(path: Path, secret: Path) -> None:
    write_config(path, class_name="Dense")


@attack("two of its layers have the name `dense`")
def layers_of_one_name(path: Path, secret: Path) -> None:
    write_config(path, DENSE, DENSE)


# --- configurations: what they would cost


@attack("it would make a tensor of")
def layer_beyond_measure(path: Path, secret: Path) -> None:
    given = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 2**21]}}
    write_config(path, given, dense(units=2**30))


@attack("calls its layers more than")
def models_that_call_models_twice(path: Path, secret: Path) -> None:
    def calling(inner: dict[str, Any], name: str) -> dict[str, Any]:
        given = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 3]}, "inbound_nodes": []}
        tensors = [
            {"class_name": "__keras_tensor__", "config": {"keras_history": history}}
            for history in (["x", 0, 0], ["inner", 0, 0])
        ]
        nodes = [{"args": [tensor], "kwargs": {}} for tensor in tensors]
        layers = [given, {**inner, "inbound_nodes": nodes}]
        config = {"name": name, "layers": layers, "input_layers": ["x", 0, 0], "output_layers": ["inner", 2, 0]}
        return {"class_name": "Functional", "config": config}

    inner = {"class_name": "Dense", "config": {"name": "inner", "units": 3}}
    for _ in range(30):
        inner = calling(inner, "inner")
        inner["config"]["output_layers"] = ["inner", 1, 0]
    write_archive(path, config=json.dumps(inner).encode())


@attack("depends on its own output")
def layers_in_a_circle(path: Path, secret: Path) -> None:
    given = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 3]}, "inbound_nodes": []}
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}
    layers = [given, {**DENSE, "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}]
    config = {"layers": layers, "input_layers": ["x", 0, 0], "output_layers": ["dense", 0, 0]}
    write_config(path, class_name="Functional", config=config)


def rename(path: Path, old: bytes, new: bytes) -> None:
    """Give a member a name that zipfile would not write, in both of the places where it stands."""
    data = path.read_bytes()
    for signature, at in ((b"PK\3\4", 26), (b"PK\1\2", 28)):
        head = next(h for h in places(data, signature) if data[h : h + 100].find(old) > 0)
        start = data.index(old, head)
        length = struct.pack("<H", len(new))
        data = data[: head + at] + length + data[head + at + 2 : start] + new + data[start + len(old) :]
    by, end = len(new) - len(old), len(data) - 22
    size, offset = struct.unpack("<LL", data[end + 12 : end + 20])
    data = data[: end + 12] + struct.pack("<LL", size + by, offset + by) + data[end + 20 :]
    path.write_bytes(moved(data, new, by))


def moved(data: bytes, new: bytes, by: int) -> bytes:
    """The directory's offsets, for members behind the renamed one."""
    changed = bytearray(data)
    first = data.index(new)
    for head in places(data, b"PK\1\2"):
        (offset,) = struct.unpack("<L", data[head + 42 : head + 46])
        if offset > first:
            changed[head + 42 : head + 46] = struct.pack("<L", offset + by)
    return bytes(changed)


def bomb(path: Path, member: str, size: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in ("metadata.json", "config.json", "model.weights.h5"):
            with archive.open(name, "w") as stream:
                for _ in range(size if name == member else 0):
                    stream.write(bytes(MIB))
                stream.write(b"" if name == member else b"{}")


# --- the test


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder, secret, good = (tmp_path_factory.mktemp(name) for name in ("hostile", "secret", "good"))
    (secret / "canary").write_bytes(b"nobody may read this")
    with h5py.File(secret / "secret.h5", "w") as file:
        file["x"] = np.arange(4, dtype=np.float32)
    write_weights(good / "good.weights.h5").close()
    write_legacy(good / "good.h5").close()
    write_archive(good / "good.keras")
    given = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 2]}, "inbound_nodes": []}
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}
    layers = [given, {**DENSE, "inbound_nodes": [{"args": [tensor], "kwargs": {"mask": None}}]}]
    config = {"layers": layers, "input_layers": ["x", 0, 0], "output_layers": ["dense", 0, 0]}
    write_config(good / "graph.keras", class_name="Functional", config=config)
    lookup = {"class_name": "IntegerLookup", "config": {"name": "dense", "vocabulary": [1]}}
    write_config(good / "lookup.keras", lookup)
    paths = {name: folder / name for name in ATTACKS}
    for name, (build, _) in ATTACKS.items():
        build(paths[name], secret)
    job = {
        "secret": str(secret),
        "good": [str(path) for path in sorted(good.iterdir())],
        "hostile": [str(path) for path in paths.values()],
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "hostile_probe.py")],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1])},
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(ATTACKS, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("name", ATTACKS)
def test_refused_before_anything_happens(results: dict[str, dict[str, Any]], name: str) -> None:
    result = results[name]
    assert result["error"].partition(": ")[0] in ("FileFormatError", "UnsupportedError", "SpecError"), result
    assert ATTACKS[name][1] in result["error"]
    assert result["imported"] == []
    assert result["opened"] == []
    assert not result["watched"]
    assert not result["written"]
    assert result["peak"] < 48 * MIB
