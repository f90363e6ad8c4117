"""The guide's CNN on a photograph: the compiled model, the reference interpreter and Keras see the same features."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import modelc
from modelc.cli.main import _run
from tests.data.photograph import RECORD, photograph, pixels, sample, weights

Array = np.ndarray[Any, Any]

SPEC = Path(__file__).parents[2] / "specs" / "guide_cnn.yaml"


def drawn(spec: modelc.Spec, backend: Any = "native") -> modelc.Model:
    return spec.build(weights=weights([w.shape for w in spec.graph.weights]), backend=backend)


@pytest.fixture(scope="module")
def recorded() -> dict[str, Array]:
    with np.load(RECORD) as file:
        record = dict(file)
    digest = record.pop("pixels_sha256").tobytes()
    assert hashlib.sha256(pixels()).digest() == digest, "Pillow decodes the photograph to other pixels than recorded"
    return record


@pytest.fixture(scope="module")
def reference() -> list[Array]:
    """Every layer's output by the ops' NumPy definitions."""
    return drawn(modelc.load_spec(SPEC).extract("*"), "reference")(photograph())


def close(found: Array, expected: Array) -> None:
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * max(1.0, float(np.abs(expected).max())))


def test_features_of_every_layer(reference: list[Array]) -> None:
    for found, expected in zip(drawn(modelc.load_spec(SPEC).extract("*"))(photograph()), reference, strict=True):
        close(found, expected)


@pytest.mark.parametrize("backend", ["native", "reference"])
def test_features_are_those_of_keras(backend: str, recorded: dict[str, Array], reference: list[Array]) -> None:
    model = drawn(modelc.load_spec(SPEC).extract("*"))
    features = reference if backend == "reference" else model(photograph())
    assert list(model.output_names) == list(recorded)
    for i, (name, output) in enumerate(zip(model.output_names, features, strict=True)):
        close(sample(i, output), recorded[name])


def test_predictions(recorded: dict[str, Array]) -> None:
    """The model as it is used, whose layers are fused and share memory, for a batch too."""
    model = drawn(modelc.load_spec(SPEC))
    close(model(photograph())[0], recorded["dense"])
    mirrored = photograph()[:, :, ::-1]
    both = model.predict(np.concatenate([mirrored, photograph()]), batch_size=2)
    close(both[1], recorded["dense"])
    close(both[0], drawn(modelc.load_spec(SPEC), "reference")(mirrored)[0])
    assert np.abs(both[0] - both[1]).max() > 0.01


def test_features_of_an_extractor(reference: list[Array]) -> None:
    names = ["global_max_pooling2d", "conv2d_3"]
    pooled, inner = drawn(modelc.load_spec(SPEC)).extract(*names)(photograph())
    close(pooled, reference[9])
    close(inner, reference[4])


def test_truncated(reference: list[Array]) -> None:
    close(drawn(modelc.load_spec(SPEC).truncate("max_pooling2d_1"))(photograph()), reference[5])


def test_pictures_and_arrays_on_the_command_line(tmp_path: Path, recorded: dict[str, Array]) -> None:
    """A PNG of the crop and an array of its pixels give the same, through a model that rescales them itself."""
    document = json.loads(modelc.load_spec(SPEC).to_json())
    document["layers"].insert(0, {"type": "Rescaling", "scale": 1 / 255})
    document["weights"] = "cnn.safetensors"
    spec = tmp_path / "cnn.json"
    spec.write_text(json.dumps(document))
    drawn(modelc.load_spec(SPEC)).save_weights(tmp_path / "cnn.safetensors")
    Image.fromarray(pixels()).save(tmp_path / "crop.png")
    np.save(tmp_path / "crop.npy", pixels()[np.newaxis])

    def run(model: str, crop: str) -> Array:
        output = tmp_path / "features.npy"
        assert _run(["run", str(tmp_path / model), "--input", str(tmp_path / crop), "--output", str(output)]) == 0
        return np.load(output)

    picture = run("cnn.json", "crop.png")
    close(picture[0], recorded["dense"])
    assert np.array_equal(picture, run("cnn.json", "crop.npy"))
    assert _run(["build", str(spec), "-o", str(tmp_path / "cnn.modelc")]) == 0
    assert np.array_equal(picture, run("cnn.modelc", "crop.png"))
