"""Time ONNX files of one model in turns, on one thread of ONNX Runtime or OpenVINO: the first against each other one.

    python benchmarks/bench_onnx.py [--runtime openvino] ours.onnx theirs.onnx…

The files have one input, of a free batch or of fixed sizes, and compute the same from it. What is compared is the CPU
time of calls, in rounds.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

ROUNDS, SECONDS = 7, 0.2
"""How many rounds, and how long a file is called in each."""
TOLERANCE = 1e-3

Call = Callable[[], Any]
Array = np.ndarray[Any, Any]


def opened(runtime: str, file: str) -> tuple[list[int | None], Callable[[Array], Call]]:
    """The shape that a file takes, and what computes the output for an input."""
    if runtime == "openvino":
        import openvino

        core = openvino.Core()
        model = core.read_model(file)
        options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY"}

        def given(x: Array) -> Call:
            model.reshape({model.inputs[0]: list(x.shape)})
            request = core.compile_model(model, "CPU", options).create_infer_request()
            return lambda: request.infer({0: x})[0]

        shape = [size.get_length() if size.is_static else None for size in model.inputs[0].partial_shape]
        return shape, given
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, settings, providers=["CPUExecutionProvider"])
    (input,) = session.get_inputs()
    sizes = [size if isinstance(size, int) else None for size in input.shape]
    return sizes, lambda x: lambda: session.run(None, {input.name: x})[0]


def timed(call: Call, count: int) -> float:
    start = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - start) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE.onnx")
    parser.add_argument("--runtime", choices=["onnxruntime", "openvino"], default="onnxruntime")
    parser.add_argument("--largest", type=float, default=1.0, help="the inputs are drawn from 0 to this")
    given = parser.parse_args()
    files = {file: opened(given.runtime, file) for file in given.files}
    shape = [size or 1 for size in next(iter(files.values()))[0]]
    x = np.random.default_rng(0).random(shape, np.float32) * np.float32(given.largest)
    calls = {file: make(x) for file, (_, make) in files.items()}
    first, *others = calls
    wanted = np.array(calls[first]())
    for file in others:
        apart = float(np.abs(np.array(calls[file]()) - wanted).max() / np.abs(wanted).max())
        if apart > TOLERANCE:
            raise SystemExit(f"{file} computes something else than {first}: they differ by {apart:.1e}")
    count = max(1, round(SECONDS / timed(calls[first], 1)))
    taken: dict[str, list[float]] = {file: [] for file in calls}
    for i in range(ROUNDS):
        for file in list(calls)[:: -1 if i % 2 else 1]:
            taken[file].append(timed(calls[file], count))
    print(f"{first}: {statistics.median(taken[first]) * 1e3:.3f} ms")
    for file in others:
        ratios = [ours / theirs for ours, theirs in zip(taken[first], taken[file], strict=True)]
        print(f"  of the time of {file}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
