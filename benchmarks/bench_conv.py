"""GFLOP/s of the convolution kernels on one core, beside a loop of nothing but multiply-adds in the same run.

    python benchmarks/bench_conv.py [--threads N]

The clock of a shared machine wanders, so the peak is measured again beside every shape; the ratio is what counts.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from _peak import Peak, best_seconds

from modelc.native.engine.executor import Executor
from modelc.native.engine.schedule import Step
from modelc.native.engine.threads import Team
from modelc.native.target import host
from tests.native.families.conv_case import ConvCase, conv_arrays, depthwise_arrays

CONV = {
    "guide 5x5/2 250² 3→32": ConvCase(size=(1, 123, 123), inputs=3, kernel=(1, 5, 5), outputs=32, strides=(1, 2, 2)),
    "guide 3x3 121² 32→32": ConvCase(size=(1, 121, 121), inputs=32, kernel=(1, 3, 3), outputs=32),
    "guide 3x3 38² 32→32": ConvCase(size=(1, 38, 38), inputs=32, kernel=(1, 3, 3), outputs=32),
    "guide 3x3 10² 32→32": ConvCase(size=(1, 10, 10), inputs=32, kernel=(1, 3, 3), outputs=32),
    "guide 3x3 8² 32→32": ConvCase(size=(1, 8, 8), inputs=32, kernel=(1, 3, 3), outputs=32),
    "vgg 3x3 224² 3→64": ConvCase(size=(1, 224, 224), inputs=3, kernel=(1, 3, 3), outputs=64),
    "vgg 3x3 112² 64→128": ConvCase(size=(1, 112, 112), inputs=64, kernel=(1, 3, 3), outputs=128),
    "vgg 3x3 28² 256→512": ConvCase(size=(1, 28, 28), inputs=256, kernel=(1, 3, 3), outputs=512),
    "vgg 3x3 14² 512→512": ConvCase(size=(1, 14, 14), inputs=512, kernel=(1, 3, 3), outputs=512),
    "resnet 3x3 7² 512→512": ConvCase(size=(1, 7, 7), inputs=512, kernel=(1, 3, 3), outputs=512),
    "mobilenet 1x1 112² 32→64": ConvCase(size=(1, 112, 112), inputs=32, outputs=64),
    "mobilenet 1x1 14² 512→512": ConvCase(size=(1, 14, 14), inputs=512, outputs=512),
    "mobilenet 1x1 7² 1024→1024": ConvCase(size=(1, 7, 7), inputs=1024, outputs=1024),
    "dense batch 32 784→512": ConvCase(batch=32, inputs=784, outputs=512),
    "dense batch 1 784→32": ConvCase(inputs=784, outputs=32),
    "dense batch 1 4096→4096": ConvCase(inputs=4096, outputs=4096),
}
DEPTHWISE = {
    "depthwise 3x3 112² 32": ConvCase(size=(1, 112, 112), kernel=(1, 3, 3), groups=32),
    "depthwise 3x3/2 56² 64": ConvCase(size=(1, 56, 56), kernel=(1, 3, 3), groups=64, strides=(1, 2, 2)),
    "depthwise 3x3 28² 256": ConvCase(size=(1, 28, 28), kernel=(1, 3, 3), groups=256),
    "depthwise 3x3 14² 512": ConvCase(size=(1, 14, 14), kernel=(1, 3, 3), groups=512),
    "depthwise 3x3 7² 1024": ConvCase(size=(1, 7, 7), kernel=(1, 3, 3), groups=1024),
    "depthwise 5x5 28² 240": ConvCase(size=(1, 28, 28), kernel=(1, 5, 5), groups=240),
}


def _aligned(array: np.ndarray) -> np.ndarray:
    """A copy that begins at a multiple of 64 bytes, as the buffers of a plan do."""
    room = np.empty(array.nbytes + 64, np.uint8)
    start = -room.ctypes.data % 64
    copy = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy


def _report(name: str, case: ConvCase, step: Step, arrays: list[np.ndarray], flops: int, workers: Team, peak) -> None:
    executor = Executor([step], workers=workers)
    arrays = [_aligned(a) for a in arrays]
    addresses = [a.ctypes.data for a in arrays]
    now = max(peak(), peak())
    parallel = workers.size > 1
    clock = time.perf_counter if parallel else time.thread_time  # the latter leaves other processes' turns out
    seconds = best_seconds(lambda: executor.run(case.batch, addresses, parallel=parallel), clock=clock)
    now = max(now, peak()) * workers.size
    bytes_moved = sum(a.nbytes for a in arrays)
    print(
        f"{name:28} {seconds * 1e6:10.1f} µs {flops / seconds / 1e9:8.1f} GFLOP/s "
        f"{flops / seconds / now:6.0%} of peak {bytes_moved / seconds / 1e9:7.1f} GB/s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    workers = Team(parser.parse_args().threads)
    peak = Peak()
    print(f"{host().cpu}, {host().lanes} lanes, peak {peak.measure() / 1e9:.1f} GFLOP/s a core")
    for name, case in CONV.items():
        step, arrays = conv_arrays(case)
        flops = 2 * case.batch * math.prod(case.size) * math.prod(case.kernel) * case.inputs * case.outputs
        _report(name, case, step, arrays, flops, workers, peak.measure)
    for name, case in DEPTHWISE.items():
        step, arrays = depthwise_arrays(case)
        flops = 2 * case.batch * math.prod(case.size) * math.prod(case.kernel) * case.groups
        _report(name, case, step, arrays, flops, workers, peak.measure)


if __name__ == "__main__":
    main()
