"""Convolutions and whole models with `precision: fast`, relative to the same with `precision: exact`.

    MODELC_NUM_THREADS=1 taskset -c 1 python benchmarks/bench_winograd.py
    MODELC_NUM_THREADS=2 python benchmarks/bench_winograd.py --layers --models vgg16 resnet50

Both run in one process, in turns. With one thread the clock is that of the thread, which leaves the turns of other
processes out. Outputs are compared first.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

import modelc
from modelc.model.model import Model
from modelc.native.engine.cpus import thread_count

LAYERS = {
    "VGG16 224² 64→64": (224, 64, 64, (3, 3)),
    "VGG16 112² 64→128": (112, 64, 128, (3, 3)),
    "VGG16 112² 128→128": (112, 128, 128, (3, 3)),
    "VGG16 56² 256→256": (56, 256, 256, (3, 3)),
    "VGG16 28² 512→512": (28, 512, 512, (3, 3)),
    "VGG16 14² 512→512": (14, 512, 512, (3, 3)),
    "ResNet50 56² 64→64": (56, 64, 64, (3, 3)),
    "ResNet50 28² 128→128": (28, 128, 128, (3, 3)),
    "ResNet50 14² 256→256": (14, 256, 256, (3, 3)),
    "ResNet50 7² 512→512": (7, 512, 512, (3, 3)),
    "guide 121² 32→32": (121, 32, 32, (3, 3)),
    "guide 38² 32→32": (38, 32, 32, (3, 3)),
    "guide 10² 32→32": (10, 32, 32, (3, 3)),
    "DenseNet121 56² 128→32": (56, 128, 32, (3, 3)),
    "DenseNet121 14² 128→32": (14, 128, 32, (3, 3)),
    "InceptionV3 35² 64→96": (35, 64, 96, (3, 3)),
    "InceptionV3 35² 48→64, 5×5": (35, 48, 64, (5, 5)),
    "InceptionV3 17² 128→128, 1×7": (17, 128, 128, (1, 7)),
    "InceptionV3 17² 192→192, 7×1": (17, 192, 192, (7, 1)),
    "Xception 10² 1024→1536, 1×1": (10, 1024, 1536, (1, 1)),
    "ResNet50 14² 1024→256, 1×1": (14, 1024, 256, (1, 1)),
    "ResNet50 7² 2048→512, 1×1": (7, 2048, 512, (1, 1)),
    "ConvNeXtTiny 14² 384→1536, 1×1": (14, 384, 1536, (1, 1)),
    "Xception 19² 728→728, 1×1": (19, 728, 728, (1, 1)),
    "ResNet50 28² 512→128, 1×1": (28, 512, 128, (1, 1)),
    "ResNet50 28² 128→512, 1×1": (28, 128, 512, (1, 1)),
    "ResNet50 14² 256→1024, 1×1": (14, 256, 1024, (1, 1)),
    "ResNet50 7² 512→2048, 1×1": (7, 512, 2048, (1, 1)),
    "ConvNeXtTiny 14² 1536→384, 1×1": (14, 1536, 384, (1, 1)),
    "ConvNeXtTiny 28² 768→192, 1×1": (28, 768, 192, (1, 1)),
    "ConvNeXtTiny 28² 192→768, 1×1": (28, 192, 768, (1, 1)),
    "InceptionV3 17² 768→192, 1×1": (17, 768, 192, (1, 1)),
    "Xception 37² 256→728, 1×1": (37, 256, 728, (1, 1)),
    "Xception 37² 728→728, 1×1": (37, 728, 728, (1, 1)),
    "Xception 74² 256→256, 1×1": (74, 256, 256, (1, 1)),
    "DenseNet121 14² 1024→128, 1×1": (14, 1024, 128, (1, 1)),
    "InceptionV3 8² 384→384, 1×3": (8, 384, 384, (1, 3)),
    "InceptionV3 8² 384→384, 3×1": (8, 384, 384, (3, 1)),
}
MODELS = ("guide", "vgg16", "resnet50", "inception_v3", "densenet121")
GUIDE = Path(__file__).parent.parent / "specs" / "guide_cnn.yaml"

_SECONDS = 0.05
"""The time of a turn, at the least."""


def _layer(size: int, channels: int, filters: int, window: tuple[int, int]) -> Callable[..., Model]:
    layer = {"type": "Conv2D", "filters": filters, "kernel_size": window, "padding": "same", "activation": "relu"}
    return modelc.load_spec({"modelc": 1, "input": {"shape": [size, size, channels]}, "layers": [layer]}).build


def _model(name: str) -> Callable[..., Model]:
    return modelc.load_spec(GUIDE if name == "guide" else f"zoo:{name}").build


def _seconds(model: Model, x: Any, count: int) -> float:
    clock = time.thread_time if thread_count() == 1 else time.perf_counter
    start = clock()
    for _ in range(count):
        model.program.run([x])
    return (clock() - start) / count


def _report(name: str, build: Callable[..., Model], batch: int, turns: int) -> None:
    fast, exact = (build(precision=precision) for precision in ("fast", "exact"))
    x = np.random.default_rng(0).standard_normal((batch, *fast.input_shape[1:])).astype(np.float32)
    (mine,), (plain,) = fast.program.run([x]), exact.program.run([x])
    error = np.abs(mine - plain).max() / np.abs(plain).max()
    assert error < 1e-4, f"{name}: the outputs differ by {error:.1e} of the largest one"
    count = max(1, int(_SECONDS / max(1e-6, _seconds(exact, x, 1))))
    pairs = [(_seconds(exact, x, count), _seconds(fast, x, count)) for _ in range(turns)]
    theirs, ours = (statistics.median(column) * 1e3 for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    names = {node.op.name for node in fast.program.plan.graph.nodes}  # pyright: ignore
    ops = sorted(name for name in names if name.startswith(("Winograd", "Strassen")))
    print(
        f"{name:28} exact {theirs:9.3f} ms   fast {ours:9.3f} ms   {ratio:5.2f} times as fast, "
        f"error {error:.0e}   {', '.join(ops) or 'the same'}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--models", nargs="*", default=MODELS)
    parser.add_argument("--layers", nargs="*", default=LAYERS)
    args = parser.parse_args()
    print(f"{thread_count()} threads, batch {args.batch}")
    for name in args.layers:
        _report(name, _layer(*LAYERS[name]), args.batch, args.turns)
    for name in args.models:
        _report(name, _model(name), args.batch, args.turns)


if __name__ == "__main__":
    main()
