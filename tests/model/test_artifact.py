"""`.modelc` files: what goes in comes out, and nothing else is let in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import pytest

import modelc
from modelc import layers
from modelc.errors import FileFormatError, ModelcError, NotBuiltError, SpecError
from modelc.model import artifact

SPEC = {
    "modelc": 1,
    "name": "small",
    "input": {"shape": [8, 8, 3]},
    "layers": [
        {"type": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
        {"type": "BatchNormalization"},
        {"type": "GlobalMaxPooling2D"},
        {"type": "Dense", "units": 5},
    ],
    "freeze": ["conv2d"],
}
X = np.random.default_rng(0).normal(size=(3, 8, 8, 3)).astype(np.float32)


def _load(path: Path) -> modelc.Model:
    return modelc.load(path, backend="reference")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    modelc.load_spec(SPEC).build(seed=5, backend="reference").save(tmp_path / "m.modelc")
    return tmp_path / "m.modelc"


def test_round_trip(saved: Path) -> None:
    spec = modelc.load_spec(SPEC)
    model = spec.build(seed=5, backend="reference")
    loaded = _load(saved)
    np.testing.assert_array_equal(loaded(X), model(X))
    assert loaded.to_spec().to_dict() == spec.to_dict()
    assert [v.path for v in loaded.weights] == [v.path for v in model.weights]
    assert [layer.trainable for layer in loaded.layers] == [False, True, True, True]
    assert list(saved.parent.iterdir()) == [saved]


def test_members_are_readable_with_common_tools(saved: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load

    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
        spec, weights, manifest = (archive.read(n) for n in ("spec.json", "weights.safetensors", "manifest.json"))
    assert modelc.load_spec(spec.decode()).to_dict() == modelc.load_spec(SPEC).to_dict()
    assert load(weights)["conv2d/kernel"].shape == (3, 3, 3, 4)
    described = json.loads(manifest)
    assert described["format"] == 1
    assert described["modelc"] == modelc.__version__
    for name, data in (("spec.json", spec), ("weights.safetensors", weights)):
        assert described["members"][name] == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_the_same_model_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    modelc.load_spec(SPEC).build(seed=5, backend="reference").save(tmp_path / "again.modelc")
    assert (tmp_path / "again.modelc").read_bytes() == saved.read_bytes()


def test_models_made_of_symbols(tmp_path: Path) -> None:
    base = modelc.load_spec(SPEC).build(backend="reference")
    features = base.extract("global_max_pooling2d", "conv2d")
    features.save(tmp_path / "f.modelc")
    loaded = _load(tmp_path / "f.modelc")
    assert loaded.output_names == ("global_max_pooling2d", "conv2d")
    for mine, theirs in zip(loaded(X), features(X), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert "dense/kernel" not in [v.path for v in loaded.weights]


def test_a_sequential_with_frozen_layers(tmp_path: Path) -> None:
    model = modelc.Sequential(
        [modelc.Input(3), layers.Dense(2), layers.Dense(3, name="dense"), layers.Dense(4)], backend="reference"
    )
    model.layers[0].trainable = False
    model.pop()
    model.save(tmp_path / "s.modelc")
    loaded = _load(tmp_path / "s.modelc")
    assert [(layer.name, layer.trainable) for layer in loaded.layers] == [("dense_1", False), ("dense", True)]
    np.testing.assert_array_equal(loaded(np.ones((2, 3))), model(np.ones((2, 3))))


def test_what_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(NotBuiltError):
        modelc.Sequential([layers.Dense(2)]).save(tmp_path / "m.modelc")
    model = modelc.Sequential([modelc.Input(3), layers.Dense(2)], backend="reference")
    twice = modelc.Model(model.inputs, [model.layers[0].output] * 2)
    with pytest.raises(SpecError, match="cannot name the outputs"):
        twice.save(tmp_path / "m.modelc")
    assert not list(tmp_path.iterdir())


def test_an_error_while_saving_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def fail(out: IO[bytes], arrays: object) -> None:
        out.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(artifact, "write_exact", fail)
    with pytest.raises(OSError, match="no space"):
        modelc.load_spec(SPEC).build(seed=6, backend="reference").save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


# --- hostile and damaged files

Members = dict[str, bytes]


def _members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _write(path: Path, members: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)


def _signed(data: Members, **manifest: object) -> list[tuple[str, bytes]]:
    """The members with a manifest that describes them."""
    described = {
        name: {"bytes": len(data[name]), "sha256": hashlib.sha256(data[name]).hexdigest()}
        for name in ("spec.json", "weights.safetensors")
    }
    text = json.dumps({"format": 1, "modelc": "0", "members": described, **manifest})
    return [*((n, data[n]) for n in described), ("manifest.json", text.encode())]


def _with_spec(members: Members, **changes: object) -> list[tuple[str, bytes]]:
    spec = {**json.loads(members["spec.json"]), **changes}
    return _signed({**members, "spec.json": json.dumps(spec).encode()})


HOSTILE: dict[str, tuple[Callable[[Members], list[tuple[str, bytes]]], str]] = {
    "a member more": (lambda m: [*m.items(), ("run.py", b"")], "4 members"),
    "a member less": (lambda m: list(m.items())[:2], "2 members"),
    "a member outside": (lambda m: [("../spec.json", b"{}"), *list(m.items())[1:]], r"it holds \.\./spec.json"),
    "an absolute member": (lambda m: [("/etc/passwd", b"{}"), *list(m.items())[1:]], "it holds /etc/passwd"),
    "another spec": (lambda m: [("spec.json", m["spec.json"] + b" "), *list(m.items())[1:]], "spec.json has"),
    "a changed spec": (
        lambda m: [("spec.json", m["spec.json"].replace(b"relu", b"tanh")), *list(m.items())[1:]],
        "spec.json does not match its digest",
    ),
    "changed weights": (
        lambda m: [(n, d[:-1] + b"\x01" if n[0] == "w" else d) for n, d in m.items()],
        "weights.safetensors does not match its digest",
    ),
    "a manifest that is a list": (lambda m: [*list(m.items())[:2], ("manifest.json", b"[]")], "malformed"),
    "a deep manifest": (lambda m: [*list(m.items())[:2], ("manifest.json", b"[" * 60_000)], "malformed"),
    "a large manifest": (lambda m: [*list(m.items())[:2], ("manifest.json", b" " * 70_000)], "larger than 65536"),
    "a manifest of nothing": (lambda m: _signed(m, members={}), "does not describe spec.json"),
    "a later format": (lambda m: _signed(m, format=2), "has version 2 of the format, this modelc reads version 1"),
    "a spec that is YAML": (lambda m: _signed({**m, "spec.json": b"modelc: 1\nlayers: []\n"}), "not JSON"),
    "a spec that is not text": (lambda m: _signed({**m, "spec.json": b"\xff\xfe"}), "not UTF-8"),
    "a spec that extends a file": (lambda m: _with_spec(m, extends="secret.yaml"), "its spec is wrong"),
    "a spec with weights elsewhere": (lambda m: _with_spec(m, weights="w.safetensors"), "its spec"),
    "a spec of an unknown layer": (lambda m: _with_spec(m, layers=[{"type": "os.system"}]), "unknown layer `os"),
    "a spec without an input": (lambda m: _with_spec(m, input=None), "its spec is wrong"),
    "weights that are no tensors": (lambda m: _signed({**m, "weights.safetensors": b"\x80K."}), "fewer than a header"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files(saved: Path, tmp_path: Path, case: str) -> None:
    change, message = HOSTILE[case]
    (tmp_path / "secret.yaml").write_text("modelc: 1\n")
    _write(tmp_path / "bad.modelc", change(_members(saved)))
    with pytest.raises(FileFormatError, match=message):
        _load(tmp_path / "bad.modelc")


def test_a_member_twice(saved: Path, tmp_path: Path) -> None:
    members = list(_members(saved).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        _write(tmp_path / "bad.modelc", [members[0], *members[:2]])
    with pytest.raises(FileFormatError, match=r"it holds spec\.json, spec\.json, weights"):
        _load(tmp_path / "bad.modelc")


def test_compressed_members(saved: Path, tmp_path: Path) -> None:
    _write(tmp_path / "bad.modelc", list(_members(saved).items()), zipfile.ZIP_DEFLATED)
    with pytest.raises(FileFormatError, match="compressed"):
        _load(tmp_path / "bad.modelc")


def test_a_spec_larger_than_its_weights_allocates_nothing(saved: Path, tmp_path: Path) -> None:
    huge = [{"type": "Flatten"}, {"type": "Dense", "units": 10**9}]
    _write(tmp_path / "bad.modelc", _with_spec(_members(saved), layers=huge, freeze=[]))
    with pytest.raises(FileFormatError, match=r"`dense/bias` is \(5,\), expected \(1000000000,\)"):
        _load(tmp_path / "bad.modelc")


def test_files_of_another_kind(tmp_path: Path) -> None:
    for name, data in (("empty", b""), ("text", b"modelc: 1\n" * 10), ("end", b"PK\5\6" + bytes(18))):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileFormatError, match=r"is not a \.modelc file"):
            _load(tmp_path / name)
    with pytest.raises(FileFormatError, match="cannot be read"):
        _load(tmp_path / "none")


@pytest.mark.parametrize("step", [17, pytest.param(3, marks=pytest.mark.slow)])
def test_any_flipped_byte_is_refused_or_harmless(saved: Path, tmp_path: Path, step: int) -> None:
    data = bytearray(saved.read_bytes())
    expected = _load(saved)(X)
    bad = tmp_path / "bad.modelc"
    for position in range(0, len(data), step):
        changed = bytearray(data)
        changed[position] ^= 0xFF
        bad.write_bytes(changed)
        try:
            model = _load(bad)
        except ModelcError:
            continue
        np.testing.assert_array_equal(model(X), expected)


def test_a_file_cut_anywhere_is_refused(saved: Path, tmp_path: Path) -> None:
    data = saved.read_bytes()
    bad = tmp_path / "bad.modelc"
    for length in range(0, len(data), 7):
        bad.write_bytes(data[:length])
        with pytest.raises(FileFormatError):
            _load(bad)
