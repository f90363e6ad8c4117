"""Mistakes of requests are told with their places, and change nothing for others."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from modelc.serve.mistakes import line_and_column, offset_of
from tests.serve.conftest import Server, X


def good() -> dict[str, Any]:
    return {"inputs": [{"name": "x", "shape": [5, 4], "datatype": "FP32", "data": X.ravel().tolist()}]}


def changed(**changes: Any) -> dict[str, Any]:
    body = good()
    body["inputs"][0] |= changes
    return body


BODIES: dict[str, tuple[Any, list[tuple[str, str, str | None]]]] = {
    # each mistake: its code, what its message begins with, and the JSON text that stands at its place
    "list": ([], [("E203", "expected an object", "[]")]),
    "no inputs": ({}, [("E202", "`inputs` is required", "{}")]),
    "number": ({"inputs": 3}, [("E203", "`inputs`: expected a list", "3"), ("E202", "`inputs`: missing: x", "3")]),
    "no object": ({"inputs": [4]}, [("E203", "`inputs[0]`: expected", "4"), ("E202", "`inputs`: missing", "[4]")]),
    "name": (changed(name="y"), [("E305", "`inputs[0].name`: the model has no", '"y"'), ("E202", "`inputs`", None)]),
    "type": (changed(datatype="BF16"), [("E204", "`inputs[0].datatype`: is no data type", '"BF16"')]),
    "shape": (changed(shape=[5, "4"]), [("E203", "`inputs[0].shape`: expected a list of sizes", "[5")]),
    "negative": (changed(shape=[-5, -4]), [("E203", "`inputs[0].shape`: expected a list of sizes", "[-5")]),
    "other shape": (changed(shape=[4, 5]), [("E601", "`inputs[0].shape`: the input `x` has the shape (4, 5)", "[4")]),
    "huge": (changed(shape=[2**30, 4]), [("E601", "`inputs[0].data`: has 20 numbers, the shape", None)]),
    "few": (changed(data=[1]), [("E601", "`inputs[0].data`: has 1 numbers, the shape [5, 4] has 20", "[1]")]),
    "texts": (changed(data=["a"] * 20), [("E601", "`inputs[0].data`: holds something else than numbers", '["a"')]),
    "ragged": (changed(data=[[1], [2, 3]]), [("E601", "`inputs[0].data`: holds lists of different lengths", "[[1]")]),
    "fractions": (changed(datatype="INT8", data=[0.5] * 20), [("E601", "`inputs[0].data`: holds fractions", "[0.5")]),
    "range": (changed(datatype="INT8", data=[300] * 20), [("E601", "`inputs[0].data`: holds values from 300", "[300")]),
    "no data": ({"inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32"}]}, [("E202", "`inputs[0]`", "{")]),
    "no bytes": (
        changed(parameters={"binary_data_size": 80}),
        [("E601", "`inputs[0].parameters.binary_data_size`: expected a number of bytes, 0 of which", "80")],
    ),
    "twice": ({"inputs": good()["inputs"] * 2}, [("E206", "`inputs[1].name`: the input `x` is given twice", '"x"')]),
    "output": (
        {**good(), "outputs": [{"name": "kinds"}, 7]},
        [("E305", "`outputs[0].name`: the model has no output kinds", '"kinds"'), ("E305", "`outputs[1].name`", "7")],
    ),
    "both": (
        {**changed(datatype="?"), "outputs": [{"name": "z"}]},
        [("E204", "`inputs[0].datatype`", '"?"'), ("E305", "`outputs[0].name`", '"z"')],
    ),
    "id": ({**good(), "id": 5}, [("E203", "`id`: expected a text", "5")]),
}  # fmt: skip


@pytest.mark.parametrize(("body", "mistakes"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("indent", [None, 2])
def test_every_mistake_has_a_place(server: Server, body: Any, mistakes: list[Any], indent: int | None) -> None:
    text = json.dumps(body, indent=indent)
    answer = server.client.post("/v2/models/flowers/infer", content=text)
    assert answer.status_code == 400
    found = answer.json()["diagnostics"]
    assert [one["code"] for one in found] == [code for code, _, _ in mistakes]
    lines = text.split("\n")
    for one, (_, message, there) in zip(found, mistakes, strict=True):
        assert one["message"].startswith(message)
        if there is not None:
            rest = "\n".join([lines[one["line"] - 1][one["column"] - 1 :], *lines[one["line"] :]])
            assert "".join(rest.split()).startswith("".join(there.split()))
    assert answer.json()["error"].startswith(f"<body>:{found[0]['line']}:{found[0]['column']}: error[")


MALFORMED = [
    b"",
    b"{",
    b'{"inputs": [}',
    b"\xff\xfe",
    b"[" * 5000,
    b'{"inputs": ' + b"[" * 900 + b"]" * 900 + b"}",
    b"null\0",
]


@pytest.mark.parametrize("body", MALFORMED, ids=[str(one[:12]) for one in MALFORMED])
def test_malformed_bodies(server: Server, body: bytes) -> None:
    answer = server.client.post("/v2/models/flowers/infer", content=body)
    assert answer.status_code == 400
    assert answer.json()["diagnostics"][0]["line"] is not None
    assert infer(server).status_code == 200


def infer(server: Server) -> Any:
    return server.client.post("/v2/models/flowers/infer", json=good())


@pytest.mark.parametrize(
    ("headers", "body", "status", "message"),
    [
        ({"Inference-Header-Content-Length": "99999"}, b"{}", 400, "Inference-Header-Content-Length is 99999"),
        ({"Inference-Header-Content-Length": "-1"}, b"{}", 400, "Inference-Header-Content-Length is -1"),
        ({"Inference-Header-Content-Length": "2"}, b"{}abc", 400, "3 bytes behind the JSON belong to no input"),
        ({"Content-Encoding": "br"}, b"{}", 415, "the encoding br is not read"),
        ({"Content-Encoding": "gzip"}, b"{}", 400, "the body is not gzip, or damaged"),
        ({}, b" " * (2**20 + 1), 413, "the body has more than 1.00 MB"),
    ],
)
def test_bad_headers(server: Server, headers: dict[str, str], body: bytes, status: int, message: str) -> None:
    answer = server.client.post("/v2/models/flowers/infer", content=body, headers=headers)
    assert answer.status_code == status and message in answer.json()["error"]
    assert infer(server).status_code == 200


def test_bodies_without_a_length_and_bombs_are_bounded(server: Server) -> None:
    import gzip

    answer = server.client.post("/v2/models/flowers/infer", content=(b" " * 2**16 for _ in range(64)))
    assert answer.status_code == 413
    bomb = gzip.compress(b" " * 2**26)
    answer = server.client.post("/v2/models/flowers/infer", content=bomb, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert infer(server).status_code == 200


def test_samples_that_the_model_refuses(server: Server) -> None:
    body = {
        "inputs": [
            {"name": "words", "shape": [1, 2], "datatype": "INT64", "data": [1, 12]},
            {"name": "scale", "shape": [1, 1], "datatype": "FP32", "data": [1]},
        ]
    }
    answer = server.client.post("/v2/models/words/infer", json=body)
    assert answer.status_code == 400 and "outside of the table" in answer.json()["error"]
    body["inputs"][1]["shape"] = [2, 1]
    body["inputs"][1]["data"] = [1, 2]
    answer = server.client.post("/v2/models/words/infer", json=body)
    assert answer.status_code == 400 and "different numbers of samples" in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/models/nothing", 404), ("GET", "/v2/models/flowers/versions/2", 404), ("GET", "/", 404),
        ("POST", "/v2/models/nothing/infer", 404), ("GET", "/v2/models/flowers/infer", 405),
        ("GET", "/v2/models/..%2f..%2fetc%2fpasswd", 404), ("POST", "/v2/models/flowers/versions/2/infer", 404),
    ],
)  # fmt: skip
def test_other_addresses(server: Server, method: str, path: str, status: int) -> None:
    answer = server.client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["diagnostics"][0]["code"] == "E804"


def test_places_in_json() -> None:
    text = '{\n "a": [1, {"b\\"": [2,\t3]}], "c": {}}'
    assert text[offset_of(text, ("a", 1, 'b"', 1)) :].startswith("3]")
    assert line_and_column(text, offset_of(text, ("a", 0))) == (2, 8)
    assert text[offset_of(text, ("c", "nothing")) :] == "{}}"
    assert text[offset_of(text, ("a", 5)) :].startswith("[1,")


def test_results_are_those_of_the_numbers(server: Server) -> None:
    nested = changed(data=X.tolist(), shape=[5, 4])
    flat = infer(server).json()["outputs"][0]
    assert server.client.post("/v2/models/flowers/infer", json=nested).json()["outputs"][0] == flat
    assert flat["shape"] == [5, 3] and np.asarray(flat["data"]).reshape(5, 3).sum(1) == pytest.approx([1] * 5)
