"""The server as Triton's own client sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from tests.serve.conftest import Server, X

triton: Any = pytest.importorskip("tritonclient.http")


@pytest.fixture
def client(server: Server) -> Any:
    with triton.InferenceServerClient(f"127.0.0.1:{server.port}") as client:
        yield client


def test_health_and_metadata(client: Any) -> None:
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("flowers") and not client.is_model_ready("flowers", "7")
    assert client.get_server_metadata()["name"] == "modelc"
    assert client.get_model_metadata("flowers") == {
        "name": "flowers", "versions": ["1"], "platform": "modelc",
        "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1, 4]}],
        "outputs": [{"name": "kind", "datatype": "FP32", "shape": [-1, 3]}],
    }  # fmt: skip
    about = client.get_model_metadata("words")
    assert about["inputs"][0] == {"name": "words", "datatype": "INT32", "shape": [-1, -1]}
    assert [one["name"] for one in client.get_model_repository_index()] == ["flowers", "words"]


@pytest.mark.parametrize("binary_input", [False, True])
@pytest.mark.parametrize("binary_output", [False, True])
@pytest.mark.parametrize("compressed", [None, "gzip", "deflate"])
def test_tensors_as_json_and_as_bytes(
    client: Any, models: Path, binary_input: bool, binary_output: bool, compressed: str | None
) -> None:
    given = triton.InferInput("x", list(X.shape), "FP32")
    given.set_data_from_numpy(X, binary_data=binary_input)
    wanted = triton.InferRequestedOutput("kind", binary_data=binary_output)
    result = client.infer(
        "flowers", [given], outputs=[wanted], request_id="17", request_compression_algorithm=compressed
    )
    np.testing.assert_allclose(result.as_numpy("kind"), modelc.load(models / "flowers.modelc")(X), rtol=1e-6)
    response = result.get_response()
    assert (response["model_name"], response["model_version"], response["id"]) == ("flowers", "1", "17")


@pytest.mark.parametrize("datatype", ["FP64", "FP16", "INT64", "UINT8", "INT8", "BOOL"])
def test_other_types_are_converted(client: Any, models: Path, datatype: str) -> None:
    x = np.array([[1, 0, 1, 1]]).astype(triton_type(datatype))
    given = triton.InferInput("x", [1, 4], datatype)
    given.set_data_from_numpy(x)
    expected = modelc.load(models / "flowers.modelc")(x.astype(np.float32))
    np.testing.assert_allclose(client.infer("flowers", [given]).as_numpy("kind"), expected, rtol=1e-6)


def triton_type(datatype: str) -> Any:
    from tritonclient.utils import triton_to_np_dtype

    return triton_to_np_dtype(datatype)


@pytest.mark.parametrize("binary", [False, True])
def test_classes_by_label(client: Any, models: Path, binary: bool) -> None:
    given = triton.InferInput("x", list(X.shape), "FP32")
    given.set_data_from_numpy(X)
    wanted = triton.InferRequestedOutput("kind", binary_data=binary, class_count=2)
    found = client.infer("flowers", [given], outputs=[wanted]).as_numpy("kind")
    expected = modelc.load(models / "flowers.modelc")(X)
    assert found.shape == (5, 2)
    for row, scores in zip(found, expected, strict=True):
        for text, i in zip(row, np.argsort(-scores), strict=False):
            score, number, label = (text.decode() if isinstance(text, bytes) else text).split(":")
            assert (int(number), label) == (i, ["iris", "rose", "tulip"][i])
            assert float(score) == pytest.approx(scores[i], abs=1e-6)


def test_several_inputs_of_free_sizes(client: Any, models: Path) -> None:
    model = modelc.load(models / "sequences.modelc")
    for length in (3, 6):
        words = np.arange(2 * length).reshape(2, length).astype(np.int32) % 9
        scale = np.array([[2.0], [3.0]], np.float32)
        inputs = [triton.InferInput("scale", [2, 1], "FP32"), triton.InferInput("words", [2, length], "INT32")]
        inputs[0].set_data_from_numpy(scale)
        inputs[1].set_data_from_numpy(words)
        result = client.infer("words", inputs)
        for name, expected in zip(("scaled", "mean"), model([words, scale]), strict=True):
            np.testing.assert_allclose(result.as_numpy(name), expected, rtol=1e-6)
        (only,) = client.infer("words", inputs, outputs=[triton.InferRequestedOutput("mean")]).get_response()["outputs"]
        assert only["name"] == "mean"


def test_the_client_is_told_what_is_wrong(client: Any) -> None:
    given = triton.InferInput("x", [1, 3], "FP32")
    given.set_data_from_numpy(X[:1, :3])
    with pytest.raises(triton.InferenceServerException, match=r"the input `x` has the shape \(1, 3\)"):
        client.infer("flowers", [given])
    with pytest.raises(triton.InferenceServerException, match=r"unknown model `flower`\n.*did you mean `flowers`"):
        client.get_model_metadata("flower")
