"""A request for inference: read from the body, and checked with the place of every mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from modelc.errors import Diagnostic, InputError
from modelc.graph.feeding import same_count
from modelc.graph.graph import Graph
from modelc.graph.inputs import as_input
from modelc.serve.mistakes import BODY, BodyMistakes, RequestError, refused
from modelc.serve.tensors import DATATYPES, from_bytes, from_json
from modelc.text.unknown import hint, listed

Array = NDArray[Any]
_MAX_RANK = 32


@dataclass(frozen=True)
class WantedOutput:
    """An output that is asked for, and how it is answered."""

    name: str
    binary: bool = False
    """Whether as bytes behind the JSON."""
    classes: int = 0
    """How many of the likeliest classes instead of numbers; 0 for numbers."""


@dataclass(frozen=True)
class InferenceRequest:
    """What is asked for."""

    inputs: list[Array]
    """The inputs of the model in their order, as it takes them."""
    outputs: list[WantedOutput]
    id: str | None = None

    @property
    def samples(self) -> int:
        """The number of samples."""
        return len(self.inputs[0])


@dataclass
class _Reader:
    """Reads one body."""

    graph: Graph
    tail: memoryview
    """The bytes behind the JSON."""
    mistakes: BodyMistakes
    used: int = 0
    """How many of these bytes are taken by inputs so far."""
    given: dict[str, Array] = field(default_factory=dict[str, Array])

    def request(self, body: Any) -> InferenceRequest:
        """The request. Raises `RequestError` with all of its mistakes."""
        if not isinstance(body, dict):
            self.mistakes.add((), "E203", "expected an object")
            self.mistakes.raise_any()
        found = cast("dict[str, Any]", body)
        id = found.get("id")
        if id is not None and not isinstance(id, str):
            self.mistakes.add(("id",), "E203", "expected a text")
        self._inputs(found)
        outputs = self._outputs(found)
        if self.used < len(self.tail):
            rest = len(self.tail) - self.used
            self.mistakes.add((), "E601", f"{rest:,} bytes behind the JSON belong to no input")
        self.mistakes.raise_any()
        arrays = [self.given[name] for name in self.graph.input_names]
        try:
            same_count(arrays, self.graph.input_names)
        except InputError as error:
            self.mistakes.add(("inputs",), "E601", error.message)
        self.mistakes.raise_any()
        return InferenceRequest(arrays, outputs, id)

    def _inputs(self, body: dict[str, Any]) -> None:
        some = self._list(body, "inputs", required=True)
        names = self.graph.input_names
        for i, one in enumerate(some):
            self._input(("inputs", i), one)
        seen = {cast("dict[str, Any]", one).get("name") for one in some if isinstance(one, dict)}
        absent = [name for name in names if name not in seen]
        if "inputs" in body and absent:
            self.mistakes.add(("inputs",), "E202", f"missing: {', '.join(absent)}", listed("input", names))

    def _input(self, place: tuple[str | int, ...], value: Any) -> None:
        if not isinstance(value, dict):
            return self.mistakes.add(place, "E203", "expected an object with `name`, `shape`, `datatype` and `data`")
        tensor = cast("dict[str, Any]", value)
        name, datatype = tensor.get("name"), tensor.get("datatype")
        names = self.graph.input_names
        if not isinstance(name, str) or name not in names:
            wrong = "is required" if name is None else f"the model has no input `{name}`"
            help = hint(name, names, listed("input", names)) if isinstance(name, str) else listed("input", names)
            return self.mistakes.add((*place, "name"), "E202" if name is None else "E305", wrong, help)
        if name in self.given:
            return self.mistakes.add((*place, "name"), "E206", f"the input `{name}` is given twice")
        if not isinstance(datatype, str) or datatype not in DATATYPES:
            what = "is required" if datatype is None else f"is no data type that is taken, found {str(datatype)[:40]}"
            return self.mistakes.add((*place, "datatype"), "E204", what, listed("data type", DATATYPES))
        shape = self._shape((*place, "shape"), tensor.get("shape"))
        if shape is None:
            return None
        try:
            array = self._data(place, tensor, datatype, shape)
        except InputError as error:
            return self.mistakes.add((*place, "data"), "E601", error.message)
        if array is None:
            return None
        try:
            self.given[name] = as_input(array, self.graph.inputs[names.index(name)].type, f"the input `{name}`")
        except InputError as error:
            self.mistakes.add((*place, "shape"), "E601", error.message, error.help)
        return None

    def _shape(self, place: tuple[str | int, ...], value: Any) -> tuple[int, ...] | None:
        items = cast("list[Any]", value) if isinstance(value, list) else None
        if items is None or not all(type(n) is int and 0 <= n < 2**31 for n in items) or len(items) > _MAX_RANK:
            self.mistakes.add(place, "E203", "expected a list of sizes, the first one the number of samples")
            return None
        return tuple(items)

    def _data(
        self, place: tuple[str | int, ...], tensor: dict[str, Any], datatype: str, shape: tuple[int, ...]
    ) -> Array | None:
        parameters = tensor.get("parameters")
        size = cast("dict[str, Any]", parameters).get("binary_data_size") if isinstance(parameters, dict) else None
        if size is None:
            if "data" not in tensor:
                self.mistakes.add(place, "E202", "`data` is required, or `binary_data_size` in `parameters`")
                return None
            return from_json(tensor["data"], datatype, shape)
        if type(size) is not int or not 0 <= size <= len(self.tail) - self.used:
            rest = f"{len(self.tail) - self.used:,}"
            message = f"expected a number of bytes, {rest} of which are left behind the JSON, found {str(size)[:40]}"
            self.mistakes.add((*place, "parameters", "binary_data_size"), "E601", message)
            return None
        start, self.used = self.used, self.used + size
        return from_bytes(self.tail[start : self.used], datatype, shape)

    def _outputs(self, body: dict[str, Any]) -> list[WantedOutput]:
        names = self.graph.output_labels
        all_binary = _parameter(body, "binary_data_output") is True
        if body.get("outputs") is None:
            return [WantedOutput(name, all_binary) for name in names]
        found: list[WantedOutput] = []
        for i, value in enumerate(self._list(body, "outputs", required=False)):
            place = ("outputs", i)
            output = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
            name = output.get("name")
            if not isinstance(name, str) or name not in names:
                help = hint(name, names, listed("output", names)) if isinstance(name, str) else listed("output", names)
                self.mistakes.add((*place, "name"), "E305", f"the model has no output {str(name)[:60]}", help)
                continue
            classes = _parameter(output, "classification") or 0
            if type(classes) is not int or not 0 <= classes < 2**31:
                self.mistakes.add((*place, "parameters", "classification"), "E203", "expected a number of classes")
                continue
            binary = _parameter(output, "binary_data")
            found.append(WantedOutput(name, all_binary if binary is None else binary is True, classes))
        return found

    def _list(self, body: dict[str, Any], key: str, *, required: bool) -> list[Any]:
        value = body.get(key)
        if isinstance(value, list):
            return cast("list[Any]", value)
        if value is None and required:
            self.mistakes.add((), "E202", f"`{key}` is required")
        elif value is not None:
            self.mistakes.add((key,), "E203", "expected a list")
        return []


def _parameter(value: dict[str, Any], key: str) -> Any:
    parameters = value.get("parameters")
    return cast("dict[str, Any]", parameters).get(key) if isinstance(parameters, dict) else None


def read_request(body: bytes, header_length: str | None, graph: Graph) -> InferenceRequest:
    """The request in a body of JSON, behind which bytes of tensors may be: `header_length` is then that of the JSON.

    Raises `RequestError` with the place of every mistake.
    """
    length = len(body)
    if header_length is not None:
        length = int(header_length) if header_length.isascii() and header_length.isdigit() else -1
        if not 0 <= length <= len(body):
            message = f"Inference-Header-Content-Length is {header_length[:40]}, the body has {len(body):,} bytes"
            raise refused(400, "E601", message)
    text = body[:length]
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        mistake = Diagnostic("E102", f"not JSON: {error.msg}", None, BODY, error.lineno, error.colno)
        raise RequestError(400, mistake) from None
    return _Reader(graph, memoryview(body)[length:], BodyMistakes(text)).request(value)


def split_samples(arrays: Sequence[Array], counts: Sequence[int]) -> list[list[Array]]:
    """Arrays of several requests that ran together, for each request its samples."""
    ends = np.cumsum(counts)
    starts = ends - np.asarray(counts)
    return [[array[start:end] for array in arrays] for start, end in zip(starts, ends, strict=True)]
