"""What `modelc summary` costs: against importing its libraries, and for specs of up to 10,000 layers.

    python benchmarks/bench_summary.py [--repeat 15]

Every figure is the wall time of a process. The ratio is to `python -c "import pydantic, yaml, click, numpy"`, turn by
turn.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from _timing import MODELC, process_seconds, timed_in_turns

_IMPORTS = (sys.executable, "-c", "import pydantic, yaml, click, numpy")


def spec_of(layers: int) -> str:
    """A convolutional model of that many layers, from pictures of 32×32 to ten numbers."""
    kinds = (
        "{type: Conv2D, filters: 16, kernel_size: 3, padding: same, activation: relu}",
        "{type: BatchNormalization}",
        "{type: Dropout, rate: 0.1}",
    )
    body = [kinds[i % len(kinds)] for i in range(layers - 2)]
    lines = [*body, "{type: GlobalAveragePooling2D}", "{type: Dense, units: 10, activation: softmax}"]
    return "\n".join(["modelc: 1", "input: {shape: [32, 32, 3]}", "layers:", *(f"  - {line}" for line in lines), ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        commands: dict[int, tuple[str, ...]] = {}
        for layers in (10, 100, 1_000, 10_000):
            path = Path(folder, f"{layers}.yaml")
            path.write_text(spec_of(layers))
            commands[layers] = (*MODELC, "summary", str(path))

        pairs = timed_in_turns(
            lambda: process_seconds(commands[10]), lambda: process_seconds(_IMPORTS), count=options.repeat
        )
        print(f"imports alone    {pairs.ours * 1e3:7.0f} ms")
        print(f"    10 layers    {pairs.theirs * 1e3:7.0f} ms   {pairs.ratio:.2f}x the imports (median of pairs)")
        for layers in (100, 1_000, 10_000):
            time = statistics.median(process_seconds(commands[layers]) for _ in range(5))
            more = f"{(time - pairs.theirs) / (layers - 10) * 1e6:.0f} µs for each layer more" if layers > 100 else ""
            print(f"{layers:6} layers    {time * 1e3:7.0f} ms   {more}")


if __name__ == "__main__":
    main()
