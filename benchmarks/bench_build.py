"""The first builds and the first training on a machine, whose kernels are compiled unless the package brings them, and
the second build, which finds them in the cache.

    python benchmarks/bench_build.py [--repeat 3] [guide|lstm …]

Every figure is that of a process from start to end: its wall time, and the CPU time of the process with all that it
started, which other processes on the machine change less. Each first build has an empty cache, and the first training
follows it. `modelc cache info` tells whether the package brings kernels.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from _timing import Cost, cost

GUIDE = Path(__file__).parents[1] / "specs" / "guide_cnn.yaml"
LSTM = """{modelc: 1, input: {shape: [100, 32]}, layers: [
  {type: LSTM, units: 128, return_sequences: true}, {type: LSTM, units: 128},
  {type: Dense, units: 10, activation: softmax}]}"""
TRAIN = """
import numpy as np
x = np.random.rand(8, *model.input_shape[1:]).astype(np.float32)
y = np.random.randint(0, model.output_shape[-1], 8)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x, y, epochs=1, batch_size=4, verbose=0)
"""


WHAT = ("first build, `modelc build`", "first build, from Python", "build again, and a first training", "build again")


def costs(spec: str, repeat: int) -> list[Cost]:
    """The medians of first builds by either way, of the first training after one, and of a second build."""
    build = f"import modelc\nmodel = modelc.load_spec({spec!r}).build()\n"
    rounds: list[list[Cost]] = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "m.yaml")
            file.write_text(spec, encoding="utf-8")
            command = ("-m", "modelc", "build", str(file), "-o", str(Path(folder, "m.modelc")))
            by_command = cost(str(Path(folder, "cache of the command")), *command)
            from_python = [cost(str(Path(folder, "cache")), "-c", code) for code in (build, build + TRAIN, build)]
            rounds.append([by_command, *from_python])
    return [Cost(*map(statistics.median, zip(*column, strict=True))) for column in zip(*rounds, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    specs = {"guide": GUIDE.read_text(encoding="utf-8"), "lstm": LSTM}
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"{' or '.join(specs)}; all by default")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    unknown = [name for name in options.models if name not in specs]
    if unknown:
        parser.error(f"there is no model {unknown[0]}")
    for name in options.models or specs:
        print(name)
        for what, one in zip(WHAT, costs(specs[name], options.repeat), strict=True):
            print(f"  {what:34} {one.wall:6.2f} s, CPU {one.cpu:6.2f} s", flush=True)


if __name__ == "__main__":
    main()
