"""One `train_on_batch` of modelc against PyTorch, TensorFlow and JAX, each in a process of its own, turn by turn.

    pip install '.[bench]' && python benchmarks/bench_training.py [MODEL…] [--side SIDE]… [--seconds 20] [--threads 2]

The sides begin with the same weights, on the same batch, by SGD with momentum in float32. The losses of the first
three steps are compared before anything is timed, so that gradients and updates are too. Medians count, with the
median of the ratios turn by turn; the least times say more where the machine is busy. Through Keras, a step is
`train_on_batch` on each backend; PyTorch and JAX also run the model as their own users would write it. A side that is
not installed is skipped. --python names another interpreter for the peers, as the frameworks like to live apart. With
--own-time, one thread is timed by the CPU time of its process, which leaves out that of other programs.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from _side_process import SideError, SideProcess
from _training_side import SIDES

import modelc
from modelc.keras.export.export import export_keras

SPECS = Path(__file__).parents[1] / "specs"
SIDE = Path(__file__).with_name("_training_side.py")
FIRST_STEPS, TOLERANCE = 3, 2e-3
_MOST_TURNS, _WARM_UP = 300, 3


@dataclass(frozen=True)
class Case:
    """A model at a batch size; `logits` says that it ends without a softmax."""

    spec: str
    batch: int
    logits: bool
    size: tuple[int, ...] = ()
    """The shape of the input where it is not that of the spec; the first convolution is padded then."""
    learning_rate: float = 0.01
    """Less for a deep model, which makes much of a rounding: at 0.01, the second losses of ResNet50 in Keras differ by
    1% from backend to backend."""

    def model(self) -> modelc.Model:
        spec = modelc.load_spec(SPECS / self.spec if self.spec.endswith(".yaml") else self.spec)
        if self.size:
            document = json.loads(spec.to_json())
            document["input"]["shape"] = list(self.size)
            document["layers"][0]["padding"] = "same"
            spec = modelc.load_spec(document)
        return spec.build()


CASES = {
    "guide_cnn": Case("guide_cnn.yaml", 32, True),
    "lenet5": Case("lenet5.yaml", 128, False, (28, 28, 1)),
    "resnet50": Case("zoo:resnet50", 8, False, learning_rate=1e-6),
    "mlp_32": Case("mlp_784.yaml", 32, True),
    "mlp_512": Case("mlp_784.yaml", 512, True),
}


@dataclass
class Side:
    """The process of a side."""

    name: str
    process: SideProcess
    times: list[float] = field(default_factory=list[float])
    losses: list[float] = field(default_factory=list[float])
    peak: float = 0.0
    """MB."""

    @classmethod
    def start(cls, name: str, python: str, directory: Path, case: Case, options: Any) -> Side:
        errors = (directory / f"{name}.log").open("w+")
        kind = "logits" if case.logits else "probabilities"
        clock = "process_time" if options.own_time and options.threads == 1 else "perf_counter"
        numbers = str(options.threads), str(case.learning_rate)
        command = [python, str(SIDE), name, str(directory), kind, *numbers, clock]
        environment = os.environ | {"PYTHONPATH": str(SIDE.parents[1])}
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True, env=environment)
        side = cls(name, SideProcess(name, process, errors))
        side.process.answer()
        return side

    def step(self) -> None:
        seconds, loss = self.process.ask("step")
        self.times.append(seconds)
        self.losses.append(loss)

    def end(self) -> None:
        """Let the process say what memory it had, and wait for its end."""
        self.peak = self.process.end()


def compare(ours: Side, theirs: Side, seconds: float) -> tuple[list[float], list[float]]:
    """The times of turns. Raises `SideError` where the first losses are not the same."""
    first = ours.losses[:FIRST_STEPS]
    while len(theirs.losses) < FIRST_STEPS:
        theirs.step()
    worst = max(abs(a - b) / abs(a) for a, b in zip(first, theirs.losses, strict=True))
    if not worst < TOLERANCE:
        raise SideError(f"{theirs.name}: the first losses are {theirs.losses}, of modelc {first}")
    for _ in range(_WARM_UP):
        theirs.step(), ours.step()
    theirs.times.clear()
    start = len(ours.times)
    while len(theirs.times) < _MOST_TURNS and (
        len(theirs.times) < 5 or sum(theirs.times) + sum(ours.times[start:]) < seconds
    ):
        ours.step(), theirs.step()
    return ours.times[start:], theirs.times


def run_case(name: str, case: Case, sides: Sequence[str], options: Any) -> dict[str, float]:
    """Print a line for each peer; the median ratio of each: how many times longer it takes."""
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        model = case.model()
        model.save(directory / "model.modelc")
        export_keras(directory / "model.keras", model.to_spec(), model.arrays)
        rng = np.random.default_rng(0)
        x = rng.random((case.batch, *model.input_shape[1:]), np.float32)
        y = rng.integers(0, model.output_shape[-1], case.batch).astype(np.int32)
        np.savez(directory / "batch.npz", x=x, y=y)
        del model
        ours = Side.start("modelc", sys.executable, directory, case, options)
        for _ in range(FIRST_STEPS):
            ours.step()
        for peer in sides:
            try:
                theirs = Side.start(peer, options.python, directory, case, options)
                mine, other = compare(ours, theirs, options.seconds)
                theirs.end()
            except SideError as error:
                print(f"{name} {peer}: {error}", flush=True)
                continue
            ratios[peer] = statistics.median(b / a for a, b in zip(mine, other, strict=True))
            a, b = statistics.median(mine) * 1e3, statistics.median(other) * 1e3
            load = os.getloadavg()[0] if hasattr(os, "getloadavg") else math.nan
            print(
                f"{name:10} {peer:17} {b:9.2f} ms (least {min(other) * 1e3:9.2f}) {theirs.peak:5.0f} MB   "
                f"modelc {a:9.2f} ms (least {min(mine) * 1e3:9.2f})   {ratios[peer]:6.2f}x "
                f"(of the least {min(other) / min(mine):5.2f}x; {len(mine)} turns, load {load:.1f})",
                flush=True,
            )
        ours.end()
        losses = ", ".join(f"{loss:.6g}" for loss in ours.losses[:FIRST_STEPS])
        print(f"{name:10} modelc {ours.peak:5.0f} MB, batches of {case.batch}, first losses {losses}", flush=True)
    return ratios


def installed(python: str) -> list[str]:
    """The sides whose packages that interpreter has; says which it has not."""
    wanted = sorted({package for packages in SIDES.values() for package in packages})
    code = f"from importlib.util import find_spec; print(*(p for p in {wanted!r} if find_spec(p)))"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    sides: list[str] = []
    for side, packages in SIDES.items():
        missing = [package for package in packages if package not in found]
        if missing:
            print(f"{side} is skipped: {' and '.join(missing)} not installed")
        elif side != "modelc":
            sides.append(side)
    return sides


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=list(CASES), metavar="MODEL", help=", ".join(CASES))
    parser.add_argument("--side", action="append", choices=[s for s in SIDES if s != "modelc"])
    parser.add_argument("--seconds", type=float, default=20.0, help="for each model and side; five turns at least")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--own-time", action="store_true", help="time one thread by its CPU time, on a busy machine")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the peers")
    options = parser.parse_args()
    sides = [side for side in installed(options.python) if not options.side or side in options.side]

    best: list[float] = []
    for name in options.models:
        ratios = run_case(name, CASES[name], sides, options)
        if ratios:
            best.append(min(ratios.values()))
    if best:
        print(f"against the best of each: {statistics.geometric_mean(best):.2f}x in the geometric mean")


if __name__ == "__main__":
    main()
