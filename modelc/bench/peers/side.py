"""The process that runs a peer: it loads a file, computes, and times calls for as long as it is told.

Started by `process.py` with the name of the peer, the file and the number of threads. It tells what the file's inputs
are; for each message with arrays it computes the outputs once, and for each with `seconds` it times calls on the last
arrays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from modelc.bench.latency import Stopwatch
from modelc.bench.peers.wire import receive, send
from modelc.system.peak_memory import peak_memory

Array = NDArray[Any]

_TYPES = {
    "float": "float32", "float16": "float16", "double": "float64", "int8": "int8", "int16": "int16", "int32": "int32",
    "int64": "int64", "uint8": "uint8", "uint16": "uint16", "uint32": "uint32", "uint64": "uint64", "bool": "bool",
}  # fmt: skip
"""The element types of ONNX Runtime, as NumPy calls them."""


class Runtime(Protocol):
    """A peer with a file."""

    version: str
    inputs: list[dict[str, Any]]
    """The `name`, `shape` and `dtype` of each input; None for sizes that are free."""

    def given(self, arrays: Sequence[Array]) -> Callable[[], Sequence[Array]]:
        """What computes the outputs for these inputs."""
        ...


class OnnxRuntime:
    """ONNX Runtime on the CPU; its threads do not spin between calls, when others are measured."""

    def __init__(self, file: str, threads: int) -> None:
        import onnxruntime  # pyright: ignore[reportMissingImports]

        library: Any = onnxruntime
        options = library.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self.version = str(library.__version__)
        self._session = library.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        self.inputs = [
            {
                "name": one.name,
                "shape": [size if isinstance(size, int) else None for size in one.shape],
                "dtype": _TYPES.get(str(one.type).removeprefix("tensor(").removesuffix(")"), str(one.type)),
            }
            for one in self._session.get_inputs()
        ]

    def given(self, arrays: Sequence[Array]) -> Callable[[], Sequence[Array]]:
        """What computes the outputs for these inputs."""
        named = {one["name"]: array for one, array in zip(self.inputs, arrays, strict=True)}
        return lambda: cast("list[Array]", self._session.run(None, named))


class OpenVino:
    """OpenVINO on the CPU, for the least latency, in float32."""

    def __init__(self, file: str, threads: int) -> None:
        import openvino  # pyright: ignore[reportMissingImports]

        library: Any = openvino
        self.version = str(library.__version__).partition("-")[0]
        self._core = library.Core()
        self._model = self._core.read_model(file)
        self._options = {
            "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        }  # fmt: skip
        self.inputs = [
            {
                "name": one.any_name,
                "shape": [size.get_length() if size.is_static else None for size in one.partial_shape],
                "dtype": str(np.dtype(one.element_type.to_dtype())),
            }
            for one in self._model.inputs
        ]

    def given(self, arrays: Sequence[Array]) -> Callable[[], Sequence[Array]]:
        """What computes the outputs for these inputs; compiled for their shapes."""
        self._model.reshape({one: list(array.shape) for one, array in zip(self._model.inputs, arrays, strict=True)})
        request = self._core.compile_model(self._model, "CPU", self._options).create_infer_request()
        count, inputs = len(self._model.outputs), dict(enumerate(arrays))

        def run() -> Sequence[Array]:
            results = request.infer(inputs, share_inputs=True, share_outputs=True)
            return [results[i] for i in range(count)]

        return run


_RUNTIMES: dict[str, Callable[[str, int], Runtime]] = {"onnxruntime": OnnxRuntime, "openvino": OpenVino}


def main(name: str, file: str, threads: int) -> None:
    """Serve on standard input and output; anything else that is printed goes to standard error."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        runtime = _RUNTIMES[name](file, threads)
        send(out, {"version": runtime.version, "inputs": runtime.inputs})
        call: Callable[[], Sequence[Array]] = list
        while (received := receive(sys.stdin.buffer)) is not None:
            message, arrays = received
            if "seconds" in message:
                watch = Stopwatch()
                watch.run(call, message["seconds"])
                send(out, watch.latency.to_dict())
            elif "memory" in message:
                send(out, {"memory": peak_memory()})
            else:
                call = runtime.given(arrays)
                send(out, {}, [np.array(one) for one in call()])
    except Exception as error:  # whatever a runtime raises is told by the other process
        send(out, {"error": f"{error}".strip().partition("\n")[0] or type(error).__name__})
