"""Models of PyTorch under the names of torchvision and Hugging Face, and specs with their weights, compute the same."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import BY_NAME, CASES, recorded_outputs, recorded_shapes, state

import modelc
from modelc.errors import WeightsError
from modelc.files.tensors import write_exact

TOLERANCE = 1e-4
UNNAMED = ("resnet18", "mobilenet_v2", "vgg11", "vgg11_bn", "densenet", "bert")
"""Cases that are found by the order of modules and by shapes alone."""


def saved(tmp_path: Path, arrays: dict[str, Any]) -> Path:
    path = tmp_path / "model.safetensors"
    with path.open("wb") as out:
        write_exact(out, arrays)
    return path


def require_equal(name: str, imported: Any, spec: Any) -> None:
    inputs = BY_NAME[name].inputs()
    model = modelc.load_spec(spec).build(weights=imported.arrays, backend="reference")
    found, expected = np.asarray(model(inputs if len(inputs) > 1 else inputs[0])), recorded_outputs(name)
    assert np.abs(found - expected).max() <= TOLERANCE * np.abs(expected).max()


GPT2_MAP = {
    f"h{i}_attn/attention_output/{kind}": entry
    for i in range(2)
    for kind, entry in (
        ("kernel", {"from": f"h.{i}.attn.c_proj.weight", "as": "(n d) o -> n d o"}),
        ("bias", f"h.{i}.attn.c_proj.bias"),
    )
}
"""Square matrices, which their shapes do not tell the order of."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_equal(case: Any, tmp_path: Path) -> None:
    path, spec = saved(tmp_path, state(case.name)), case.spec(names=True)
    told = {"modelc-map": 1, "weights": GPT2_MAP} if case.name == "gpt2" else None
    imported = modelc.import_weights(path, onto=spec, map=told)
    require_equal(case.name, imported, spec)
    again = modelc.import_weights(path, onto=spec, map=imported.map.to_yaml())
    assert again.map.weights == imported.map.weights
    assert all((again.arrays[path] == array).all() for path, array in imported.arrays.items())


@pytest.mark.parametrize("name", UNNAMED)
def test_equal_where_names_tell_nothing(name: str, tmp_path: Path) -> None:
    spec = BY_NAME[name].spec(names=False)
    require_equal(name, modelc.import_weights(saved(tmp_path, state(name)), onto=spec), spec)


def test_two_that_fit_are_not_guessed(tmp_path: Path) -> None:
    """The last convolution of a block, and that of its shortcut, have one shape."""
    path, spec = saved(tmp_path, state("resnet50")), BY_NAME["resnet50"].spec(names=False)
    with pytest.raises(WeightsError) as raised:
        modelc.import_weights(path, onto=spec)
    first, second = raised.value.diagnostics
    assert "`x13` [1, 1, 8, 32] can be `layer1.0.conv3` [32, 8, 1, 1] or `layer1.0.downsample.0`" in first.message
    assert first.help == "write `layers: {x13: layer1.0.conv3}`, or `layer1.0.downsample.0`, in the map"
    assert (first.file, first.code) == ("layers[13]", "E602")
    assert "`x14` [32] can be `layer1.0.bn3` [32] or `layer1.0.downsample.1` [32]" in second.message
    told = {"modelc-map": 1, "layers": {"x13": "layer1.0.conv3", "x14": "layer1.0.bn3"}}
    require_equal("resnet50", modelc.import_weights(path, onto=spec, map=told), spec)


def test_norms_before_and_after_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"can be `encoder\.layers\.0\.norm1` \[12\] or `encoder\.norm` \[12\]"):
        modelc.import_weights(saved(tmp_path, state("encoder")), onto=BY_NAME["encoder"].spec(names=False))


def test_square_matrices_stored_inputs_first_are_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as raised:
        modelc.import_weights(saved(tmp_path, state("gpt2")), onto=BY_NAME["gpt2"].spec(names=True))
    assert all("is square, so that its shape does not tell" in one.message for one in raised.value.diagnostics)
    assert "`as: (n d) o -> n d o`" in (raised.value.help or "")


def test_half_precision(tmp_path: Path) -> None:
    path = saved(tmp_path, {name: array.astype(np.float16) for name, array in state("vgg11").items()})
    arrays = modelc.import_weights(path, onto=BY_NAME["vgg11"].spec(names=True)).arrays
    np.testing.assert_array_equal(
        arrays["conv0/kernel"], state("vgg11")["features.0.weight"].astype(np.float16).transpose(2, 3, 1, 0)
    )


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recorded_is_what_pytorch_computes(case: Any) -> None:
    from record import outputs_of, shapes_of

    assert {name: list(map(str, entry)) for name, entry in shapes_of(case).items()} == {
        name: list(map(str, entry)) for name, entry in recorded_shapes()[case.name].items()
    }
    expected = recorded_outputs(case.name)
    np.testing.assert_allclose(outputs_of(case), expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_a_file_that_pytorch_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two lines of the message convert what `torch.save` wrote."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("safetensors")
    import torch_models

    case = BY_NAME["vgg11"]
    torch.save(torch_models.filled(case.torch_model(torch_models)).state_dict(), tmp_path / "model.pth")
    with pytest.raises(modelc.FileFormatError) as raised:
        modelc.import_weights(tmp_path / "model.pth", onto=case.spec(names=True))
    lines = [line.strip() for line in (raised.value.help or "").splitlines()[1:]]
    assert len(lines) == 2
    monkeypatch.chdir(tmp_path)
    exec("\n".join(lines), {})
    imported = modelc.import_weights(tmp_path / "model.safetensors", onto=case.spec(names=True))
    require_equal("vgg11", imported, case.spec(names=True))
