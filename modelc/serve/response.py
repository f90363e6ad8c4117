"""The response to a request for inference: JSON, with bytes of tensors behind it where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.model.labelled import decoded
from modelc.serve.mistakes import refused
from modelc.serve.request import InferenceRequest
from modelc.serve.tensors import OF_MODELS, texts_as_bytes

Array = NDArray[Any]

HEADER_LENGTH = "inference-header-content-length"
"""The header with the length of the JSON, where bytes follow it."""


def response(
    request: InferenceRequest,
    results: dict[str, Array],
    labels: dict[str, tuple[str, ...] | None],
    name: str,
    version: str,
) -> tuple[bytes, dict[str, str]]:
    """The body and the headers. Raises `RequestError` where classes are asked for of an output that has none."""
    outputs: list[dict[str, Any]] = []
    tail: list[bytes | memoryview] = []
    for wanted in request.outputs:
        array = results[wanted.name]
        if wanted.classes:
            texts = _classes(array, labels[wanted.name], wanted.classes, wanted.name)
            shape, datatype = [len(array), len(texts) // max(1, len(array))], "BYTES"
            data: Any = texts
            raw: Any = texts_as_bytes(texts) if wanted.binary else None
        else:
            shape, datatype = list(array.shape), OF_MODELS[str(array.dtype)]
            data = np.ascontiguousarray(array).ravel()
            raw = memoryview(data).cast("B") if wanted.binary else None
        output = {"name": wanted.name, "shape": shape, "datatype": datatype}
        if raw is None:
            outputs.append({**output, "data": data})
        else:
            outputs.append({**output, "parameters": {"binary_data_size": len(raw)}})
            tail.append(raw)
    body: dict[str, Any] = {"model_name": name, "model_version": version, "outputs": outputs}
    if request.id is not None:
        body["id"] = request.id
    text = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)
    if not tail:
        return text, {"content-type": "application/json"}
    return b"".join([text, *tail]), {"content-type": "application/octet-stream", HEADER_LENGTH: str(len(text))}


def _classes(array: Array, labels: tuple[str, ...] | None, count: int, name: str) -> list[str]:
    """`SCORE:NUMBER:LABEL` of the likeliest classes of each sample, as Triton writes them."""
    named: Sequence[str] = labels or ()
    width = max(array.shape[-1] if array.ndim == 2 else 0, len(named))
    try:
        numbers = decoded(array, tuple(map(str, range(width))), count) or []
    except InputError as error:
        raise refused(400, "E601", f"the output `{name}` is not one of classes: {error.message}") from None
    return [
        f"{guess.score:.6f}:{guess.label}" + (f":{named[int(guess.label)]}" if named else "")
        for some in numbers
        for guess in some
    ]
