"""How each engine loads its file and runs it: one function for each, from the file to a function of the input.

All compute in float32 with the threads that they are told. Threads may spin within a run, but not between runs, when
they would slow the others' turns.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Run = Callable[[Any], Any]


@dataclass(frozen=True)
class Engine:
    """An engine, and the files of a model that it reads."""

    load: Callable[[Path, int, Any], Run]
    """From the file, the number of threads and the shape of the input."""
    files: tuple[str, ...]
    """One for each form of the model that the engine may be fastest with; a model of no pictures has one form."""
    package: str


def _modelc(file: Path, threads: int, shape: Any) -> Run:
    os.environ["MODELC_NUM_THREADS"] = str(threads)
    import modelc

    return modelc.load(file)


def _onnxruntime(file: Path, threads: int, shape: Any) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.add_session_config_entry("session.force_spinning_stop", "1")  # when a run ends
    options.add_free_dimension_override_by_name("batch", shape[0])
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(None, {"input": x})[0]


def _openvino(file: Path, threads: int, shape: Any) -> Run:
    import openvino

    core = openvino.Core()
    model = core.read_model(file)
    model.reshape(list(shape))
    options = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": 1,
    }
    request = core.compile_model(model, "CPU", options).create_infer_request()

    def run(x: Any) -> Any:
        return request.infer([x], share_inputs=True, share_outputs=True)[0]

    return run


def _peak(file: Path, threads: int, shape: Any) -> Run:
    from _peak import Peak

    peak = Peak()

    def run(x: Any) -> int:
        peak.run()
        return peak.flops

    return run


ENGINES = {
    "modelc": Engine(_modelc, ("model.modelc",), "modelc"),
    "onnxruntime": Engine(_onnxruntime, ("nchw.onnx", "nhwc.onnx"), "onnxruntime"),
    "openvino": Engine(_openvino, ("nchw.xml", "nhwc.xml"), "openvino"),
}
PEERS = tuple(name for name in ENGINES if name != "modelc")
LOADS = {"peak": _peak, **{name: engine.load for name, engine in ENGINES.items()}}
"""Besides them, a loop of multiply-adds on one core, which tells of how many operations."""
