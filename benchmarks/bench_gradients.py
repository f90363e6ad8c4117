"""GFLOP/s of a layer forward, of its gradient by data and of that by its kernel, whose kernels are all no constants.

    python benchmarks/bench_gradients.py [--batch N] [--threads N] [--only TEXT]

Outputs are checked first, against the NumPy definitions in float64. Packing and padding are part of the time. The peak
is measured again beside every layer, since the clock of a shared machine wanders; on one thread its own time counts.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from _peak import Peak

from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import team_of
from modelc.ops.base import Op
from modelc.ops.conv import Conv
from modelc.ops.matmul import MatMul
from modelc.passes.differentiate import differentiate


@dataclass(frozen=True)
class Layer:
    """An op of data and a kernel, without the batch."""

    op: Op
    x: tuple[int, ...]
    kernel: tuple[int, ...]

    @classmethod
    def conv(cls, size: int, channels: int, window: int, filters: int, stride: int = 1, same: bool = False) -> Layer:
        pads = ((window // 2, (window - 1) // 2),) * 2 if same else ((0, 0),) * 2
        kernel = (window, window, channels, filters)
        return cls(Conv((stride, stride), pads, (1, 1)), (size, size, channels), kernel)

    @classmethod
    def depthwise(cls, size: int, channels: int, window: int = 3, stride: int = 1) -> Layer:
        pads = ((window // 2, (window - 1) // 2),) * 2
        kernel = (window, window, 1, channels)
        return cls(Conv((stride, stride), pads, (1, 1), channels), (size, size, channels), kernel)

    @classmethod
    def dense(cls, features: int, units: int) -> Layer:
        return cls(MatMul(), (features,), (features, units))

    def graphs(self) -> dict[str, Graph]:
        """By what they compute: the layer, and its two gradients."""
        g = Builder()
        x, kernel = g.input(TensorType((None, *self.x))), g.input(TensorType(self.kernel))
        y = g.emit(self.op, x, kernel)
        forward = g.graph("forward", (y,), ("y",))
        dy = g.input(y.type)
        grown = g.graph("gradient", (y,), ("y",))

        def gradient(of: Tensor) -> Graph:
            made = differentiate(grown, [of.value], [dy.value])
            return Graph("gradient", made.inputs, (), made.nodes, made.outputs[1:], ("gradient",))

        return {"forward": forward, "by data": gradient(x), "by kernel": gradient(kernel)}


LAYERS = {
    "guide 5x5/2 250² 3→32": Layer.conv(250, 3, 5, 32, 2),
    "guide 3x3 123² 32→32": Layer.conv(123, 32, 3, 32),
    "guide 3x3 40² 32→32": Layer.conv(40, 32, 3, 32),
    "guide 3x3 38² 32→32": Layer.conv(38, 32, 3, 32),
    "guide 3x3 12² 32→32": Layer.conv(12, 32, 3, 32),
    "guide 3x3 10² 32→32": Layer.conv(10, 32, 3, 32),
    "resnet 7x7/2 224² 3→64": Layer.conv(224, 3, 7, 64, 2, same=True),
    "resnet 3x3 56² 64→64": Layer.conv(56, 64, 3, 64, same=True),
    "resnet 3x3 28² 128→128": Layer.conv(28, 128, 3, 128, same=True),
    "resnet 3x3 14² 256→256": Layer.conv(14, 256, 3, 256, same=True),
    "resnet 3x3 7² 512→512": Layer.conv(7, 512, 3, 512, same=True),
    "resnet 3x3/2 28² 256→256": Layer.conv(28, 256, 3, 256, 2, same=True),
    "resnet 1x1 56² 64→256": Layer.conv(56, 64, 1, 256),
    "resnet 1x1 14² 1024→256": Layer.conv(14, 1024, 1, 256),
    "lenet 5x5 28² 1→6": Layer.conv(28, 1, 5, 6, same=True),
    "lenet 5x5 14² 6→16": Layer.conv(14, 6, 5, 16),
    "depthwise 3x3 56² 64": Layer.depthwise(56, 64),
    "depthwise 3x3/2 56² 64": Layer.depthwise(56, 64, stride=2),
    "depthwise 3x3 14² 512": Layer.depthwise(14, 512),
    "dense 784→32": Layer.dense(784, 32),
    "dense 1024→1024": Layer.dense(1024, 1024),
    "dense 4096→4096": Layer.dense(4096, 4096),
}


def arrays_for(graph: Graph, batch: int) -> list[np.ndarray]:
    """Standard normal inputs."""
    rng = np.random.default_rng(0)
    shapes = [(batch, *v.type.dims) if v.type.batched else v.type.dims for v in graph.inputs]
    return [rng.standard_normal(shape, np.float32) for shape in shapes]


def check(program: NativeProgram, graph: Graph) -> None:
    """Raise `AssertionError` where a result for two samples is not that of the definitions."""
    arrays = arrays_for(graph, 2)
    (want,) = interpret(graph, [a.astype(np.float64) for a in arrays], {})
    (got,) = program.run(arrays)
    np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5 * float(np.abs(want).max()))


def best(call: Callable[[], object], clock: Callable[[], float], seconds: float = 0.4) -> float:
    """The shortest time of several calls."""
    least, end = math.inf, time.perf_counter() + seconds
    while least == math.inf or time.perf_counter() < end:
        start = clock()
        call()
        least = min(least, clock() - start)
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    peak = Peak()
    clock = time.perf_counter if options.threads > 1 else time.thread_time
    for name, layer in LAYERS.items():
        if options.only not in name:
            continue
        x, kernel = TensorType((None, *layer.x)), TensorType(layer.kernel)
        flops = 2 * layer.op.macs(layer.op.infer(x, kernel), x, kernel) * options.batch
        line = f"{name:26}"
        for part, graph in layer.graphs().items():
            program = NativeProgram(graph, {})
            check(program, graph)
            arrays = arrays_for(graph, options.batch)
            with team_of(options.threads):
                program.run(arrays)
                before = peak.measure()
                taken = best(lambda program=program, arrays=arrays: program.run(arrays), clock)
            share = flops / taken / (max(before, peak.measure()) * options.threads)
            line += f" {part} {taken * 1e3:8.2f} ms {flops / taken / 1e9:6.1f} ({share:4.0%})"
        print(line, flush=True)


if __name__ == "__main__":
    main()
