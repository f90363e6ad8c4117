"""What freezing saves: a step that trains the last layer only, against one that trains all, turn by turn.

    python benchmarks/bench_freezing.py [MODEL…] [--seconds 15]

Both begin with the same weights, on the same batch, by SGD with momentum. Before anything is timed, each takes a step,
and it is checked what changed: all trained weights in the one, and only those of the last layer in the other. The
floor is the model's own prediction of that batch: a frozen step computes it, the loss, and the gradients of one layer.
"""

from __future__ import annotations

import argparse

import numpy as np
from _timing import seconds, timed_in_turns
from bench_training import CASES, Case

import modelc

MOMENTUM = 0.9
DEFAULT = ("lenet5", "guide_cnn", "resnet50")


def compiled(case: Case, frozen: bool) -> modelc.Model:
    model = case.model()
    if frozen:
        for layer in model.layers[:-1]:
            layer.trainable = False
    loss = modelc.losses.SparseCategoricalCrossentropy(from_logits=case.logits)
    model.compile(modelc.optimizers.SGD(case.learning_rate, momentum=MOMENTUM), loss)
    return model


def check(model: modelc.Model, x: np.ndarray, y: np.ndarray, frozen: bool) -> None:
    """Take a step. Raises `AssertionError` unless what is trained changes, and nothing else."""
    before = {path: array.copy() for path, array in model.arrays.items()}
    model.train_on_batch(x, y)
    changed = {path for path, array in model.arrays.items() if not np.array_equal(array, before[path])}
    last = {v.path for v in model.layers[-1].trainable_weights}
    if frozen:
        assert changed == last, f"only the last layer is trained, changed are {sorted(changed)}"
    else:
        assert changed > last, "all layers are trained"


def run_case(name: str, case: Case, within: float) -> None:
    whole, frozen = compiled(case, False), compiled(case, True)
    rng = np.random.default_rng(0)
    x = rng.random((case.batch, *whole.input_shape[1:]), np.float32)
    y = rng.integers(0, whole.output_shape[-1], case.batch).astype(np.int32)
    check(whole, x, y, False)
    check(frozen, x, y, True)
    pairs = timed_in_turns(
        lambda: seconds(lambda: whole.train_on_batch(x, y)), lambda: seconds(lambda: frozen.train_on_batch(x, y)),
        count=200, warm_up=2, within=within,
    )  # fmt: skip
    floor = timed_in_turns(
        lambda: seconds(lambda: frozen.train_on_batch(x, y)), lambda: seconds(lambda: frozen.predict_on_batch(x)),
        count=200, warm_up=2, within=within,
    )  # fmt: skip
    sizes = [model.trainer.engine.memory for model in (whole, frozen)]
    memory = [0.0 if size is None else size.bytes / 2**20 for size in sizes]
    print(
        f"{name:10} batch {case.batch:4}   all {pairs.theirs * 1e3:9.2f} ms, {memory[0]:7.1f} MB   "
        f"last layer {pairs.ours * 1e3:9.2f} ms, {memory[1]:7.1f} MB   {pairs.ratio:5.2f}x   "
        f"a prediction {floor.ours * 1e3:9.2f} ms, {1 / floor.ratio:5.2f} of it   ({pairs.count} turns)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=DEFAULT, metavar="MODEL", help=", ".join(CASES))
    parser.add_argument("--seconds", type=float, default=15.0, help="for each comparison; three turns at least")
    options = parser.parse_args()
    for name in options.models:
        run_case(name, CASES[name], options.seconds)


if __name__ == "__main__":
    main()
