"""Depthwise convolutions with those of single pixels around them, in bands of lines relative to one by one.

    MODELC_NUM_THREADS=1 taskset -c 1 python benchmarks/bench_bands.py [--all] [--turns 15]

Both run in one process, in turns. With one thread the clock is that of the thread, which leaves the turns of other
processes out. Outputs are compared first. With --all, images as well that the pass leaves as they are because they gain
too little.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

import modelc
from modelc.model.model import Model
from modelc.native.engine.cpus import thread_count
from modelc.native.passes import in_bands

_SECONDS = 0.02
"""The time of a turn, at the least."""


def _pixels(filters: int, activation: str = "linear") -> dict[str, Any]:
    return {"type": "Conv2D", "filters": filters, "kernel_size": 1, "activation": activation}


def _depthwise(activation: str = "linear", strides: int = 1, size: int = 3) -> dict[str, Any]:
    same = {"padding": "same", "strides": strides, "activation": activation}
    return {"type": "DepthwiseConv2D", "kernel_size": size, **same}


BLOCKS: dict[str, tuple[tuple[int, int], list[dict[str, Any]]]] = {
    "MobileNetV2 112² 16→96→24, strides of 2": ((112, 16), [_pixels(96, "relu6"), _depthwise("relu6", 2), _pixels(24)]),
    "MobileNetV2 112² 32→16": ((112, 32), [_depthwise("relu6"), _pixels(16)]),
    "MobileNetV2 56² 24→144→24": ((56, 24), [_pixels(144, "relu6"), _depthwise("relu6"), _pixels(24)]),
    "EfficientNetB0 112² 16→96, strides of 2": ((112, 16), [_pixels(96, "silu"), _depthwise("silu", 2)]),
    "EfficientNetB0 56² 24→144": ((56, 24), [_pixels(144, "silu"), _depthwise("silu")]),
    "EfficientNetB0 56² 24→144, 5×5, strides of 2": ((56, 24), [_pixels(144, "silu"), _depthwise("silu", 2, 5)]),
    "Xception 147² 64→128": ((147, 64), [_depthwise(), _pixels(128, "relu")]),
    "Xception 147² 128→128": ((147, 128), [_depthwise(), _pixels(128)]),
    "Xception 74² 128→256": ((74, 128), [_depthwise(), _pixels(256, "relu")]),
}
"""The size of an image and its channels, and layers."""


def _built(size: tuple[int, int], layers: list[dict[str, Any]], large: int) -> Model:
    """The model with bands where what lies between two convolutions takes so many bytes."""
    before, in_bands._LARGE = in_bands._LARGE, large
    try:
        width, channels = size
        return modelc.load_spec({"modelc": 1, "input": {"shape": [width, width, channels]}, "layers": layers}).build()
    finally:
        in_bands._LARGE = before


def _seconds(model: Model, x: Any, count: int) -> float:
    clock = time.thread_time if thread_count() == 1 else time.perf_counter
    start = clock()
    for _ in range(count):
        model.program.run([x])
    return (clock() - start) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--turns", type=int, default=15)
    args = parser.parse_args()
    print(f"{thread_count()} threads; microseconds, the least; ratios of these, and median ones")
    for name, (size, layers) in BLOCKS.items():
        together = _built(size, layers, 0 if args.all else in_bands._LARGE)
        apart = _built(size, layers, 1 << 60)
        x = np.random.default_rng(0).standard_normal((1, size[0], size[0], size[1])).astype(np.float32)
        (mine,), (plain,) = together.program.run([x]), apart.program.run([x])
        error = np.abs(mine - plain).max() / np.abs(plain).max()
        assert error < 1e-5, f"{name}: the outputs differ by {error:.1e} of the largest one"
        if not any("bands" in node.op.name for node in together.program.plan.graph.nodes):  # pyright: ignore
            continue
        count = max(1, int(_SECONDS / _seconds(apart, x, 3)))
        pairs = [(_seconds(apart, x, count), _seconds(together, x, count)) for _ in range(args.turns)]
        theirs, ours = (min(column) * 1e6 for column in zip(*pairs, strict=True))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{name:46} {theirs:7.0f} → {ours:7.0f}   {theirs / ours:5.2f}   {ratio:5.2f}", flush=True)


if __name__ == "__main__":
    main()
