"""The OpenAPI document of a server, with an example for each of its models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from modelc import __version__
from modelc.graph.graph import Graph
from modelc.graph.sizes import likely, shown
from modelc.graph.types import TensorType
from modelc.serve.tensors import DATATYPES, OF_MODELS

EXTENSIONS = ["binary_tensor_data", "classification", "model_repository"]
"""What the server has of the extensions of the protocol."""


def metadata(name: str, version: str, graph: Graph) -> dict[str, Any]:
    """What the protocol tells of a model: its inputs and outputs; -1 for the batch and for sizes that are free."""
    return {
        "name": name,
        "versions": [version],
        "platform": "modelc",
        "inputs": [_tensor(name, v.type) for name, v in zip(graph.input_names, graph.inputs, strict=True)],
        "outputs": [_tensor(name, v.type) for name, v in zip(graph.output_labels, graph.outputs, strict=True)],
    }


def _tensor(name: str, type: TensorType) -> dict[str, Any]:
    shape = [-1 if size is None else size for size in shown(type.shape)]
    return {"name": name, "datatype": OF_MODELS[type.dtype], "shape": shape}


def example(graph: Graph) -> dict[str, Any]:
    """A request for a model, without its numbers."""
    inputs: list[dict[str, Any]] = []
    for name, value in zip(graph.input_names, graph.inputs, strict=True):
        shape = [graph.batch_size or 1, *(int(likely(size)) for size in value.type.shape[1:])]
        inputs.append({"name": name, "shape": shape, "datatype": OF_MODELS[value.type.dtype], "data": ["…"]})
    return {"inputs": inputs}


def document(models: Mapping[str, Graph]) -> dict[str, Any]:
    """The document."""
    name = _parameter("model_name", list(models))
    version = _parameter("version", None)
    answers = {"400": _error("The body has mistakes."), "404": _error("There is no such model.")}
    infer = {
        "summary": "Predict",
        "description": "Tensors are JSON, or bytes behind the JSON, whose length is then the header "
        "`Inference-Header-Content-Length`. Requests that wait are computed together.",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/InferRequest"},
                    "examples": {model: {"value": example(graph)} for model, graph in models.items()},
                },
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": {
            "200": _answer("InferResponse"),
            **answers,
            "413": _error("The body is too large."),
            "415": _error("The body is compressed in a way that is not read."),
            "429": _error("Too many requests wait; `Retry-After` says when to try again."),
            "504": _error("The request took too long."),
        },
    }
    about = {"summary": "Inputs and outputs of a model", "responses": {"200": _answer("ModelMetadata"), **answers}}
    ready = {"summary": "Whether a model can be asked", "responses": {"200": {"description": "It can."}, **answers}}
    paths: dict[str, Any] = {
        "/v2": {"get": {"summary": "The server", "responses": {"200": _answer("ServerMetadata")}}},
        "/v2/health/live": {"get": {"summary": "Whether the server runs", "responses": _plain("It runs.")}},
        "/v2/health/ready": {"get": {"summary": "Whether all models can be asked", "responses": _plain("They can.")}},
        "/v2/repository/index": {"post": {"summary": "All models", "responses": _plain("Their names.")}},
        "/metrics": {"get": {"summary": "Counters for Prometheus", "responses": _plain("They, as text.")}},
    }
    for before, parameters in (
        ("/v2/models/{model_name}", [name]),
        ("/v2/models/{model_name}/versions/{version}", [name, version]),
    ):
        paths[before] = {"parameters": parameters, "get": about}
        paths[f"{before}/ready"] = {"parameters": parameters, "get": ready}
        paths[f"{before}/infer"] = {"parameters": parameters, "post": infer}
    return {
        "openapi": "3.1.0",
        "info": {"title": "modelc", "version": __version__, "description": "The Open Inference Protocol, version 2."},
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _parameter(name: str, values: Iterable[str] | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"} if values is None else {"type": "string", "enum": list(values)}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _answer(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": schema, "content": content}


def _error(description: str) -> dict[str, Any]:
    return {**_answer("Error"), "description": description}


def _plain(description: str) -> dict[str, Any]:
    return {"200": {"description": description}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string"}
_SIZES = _list({"type": "integer"})
_PARAMETERS = {"type": "object"}
_DATATYPE = {"type": "string", "enum": [*DATATYPES, "BYTES"]}
_TENSOR = _object(["name", "shape", "datatype"], name=_TEXT, shape=_SIZES, datatype=_DATATYPE, data={"type": "array"},
                  parameters=_PARAMETERS)  # fmt: skip
_ABOUT = _object(["name", "shape", "datatype"], name=_TEXT, shape=_SIZES, datatype=_DATATYPE)
_OUTPUT = _object(
    ["name"], name=_TEXT,
    parameters=_object([], binary_data={"type": "boolean"}, classification={"type": "integer", "minimum": 0}),
)  # fmt: skip
_DIAGNOSTIC = _object(
    ["code", "message"], code=_TEXT, severity=_TEXT, message=_TEXT, help={"type": ["string", "null"]},
    file={"type": ["string", "null"]}, line={"type": ["integer", "null"]}, column={"type": ["integer", "null"]},
)  # fmt: skip
_SCHEMAS = {
    "InferRequest": _object(
        ["inputs"], id=_TEXT, parameters=_PARAMETERS, inputs=_list(_TENSOR), outputs=_list(_OUTPUT)
    ),
    "InferResponse": _object(
        ["model_name", "outputs"], model_name=_TEXT, model_version=_TEXT, id=_TEXT, outputs=_list(_TENSOR)
    ),
    "ModelMetadata": _object(
        ["name", "platform", "inputs", "outputs"], name=_TEXT, versions=_list(_TEXT), platform=_TEXT,
        inputs=_list(_ABOUT), outputs=_list(_ABOUT),
    ),
    "ServerMetadata": _object(["name", "version", "extensions"], name=_TEXT, version=_TEXT, extensions=_list(_TEXT)),
    "Error": _object(["error"], error=_TEXT, diagnostics=_list(_DIAGNOSTIC)),
}  # fmt: skip
