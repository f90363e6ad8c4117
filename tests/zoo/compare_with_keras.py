"""Compare the outputs of the zoo's models with Keras's, run side by side with the same weights.

Run with Keras installed, from the root of the repository:

    python -m tests.zoo.compare_with_keras [NAME...] [--size 96]

For each architecture: how far the feature maps before the head, and the logits, are from Keras's, against the largest;
how far the feature maps are apart for two inputs, and for one that is moved by 1e-6: a comparison shows something where
the first is large and the second small; and the seconds that each side took. Exits with 1 where one is off by more than
1e-3.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time

import numpy as np

from modelc import zoo
from tests.zoo.keras_side import keras_outputs
from tests.zoo.outputs import SMALL, Case
from tests.zoo.rule import Array

TOLERANCE = 1e-3


def deviation(found: Array, expected: Array) -> float:
    """The largest difference against the largest element."""
    if found.shape != expected.shape or not np.isfinite(found).all():
        return float("inf")
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def moved(x: Array) -> Array:
    """The input with another last digit."""
    noise = np.random.default_rng(2).standard_normal(x.shape, dtype=np.float32)
    return x * (1 + np.float32(1e-6) * noise)


def compare(case: Case) -> tuple[list[float], list[float], tuple[float, float]]:
    """The deviations of both outputs, how far modelc's features are apart, and the seconds of both sides."""
    x = case.pictures()
    start = time.perf_counter()
    ours, other, near = case.run(x, case.pictures(seed=1), moved(x))
    middle = time.perf_counter()
    gc.collect()
    (theirs,) = keras_outputs(case, x)
    seconds = middle - start, time.perf_counter() - middle
    return (
        [deviation(a, b) for a, b in zip(ours, theirs, strict=True)],
        [deviation(other[0], ours[0]), deviation(near[0], ours[0])],
        seconds,
    )


def main() -> None:
    """Compare and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="architectures of the zoo; all unless said")
    parser.add_argument("--size", type=int, default=SMALL)
    options = parser.parse_args()

    print(f"{'':20} {'features':>9} {'logits':>9}   {'another':>9} {'moved':>9}   {'modelc':>8} {'Keras':>8}")
    failed = False
    for name in options.names or zoo.names():
        (features, logits), (another, near), (ours, theirs) = compare(Case(name, options.size))
        wrong = max(features, logits) > TOLERANCE
        failed = failed or wrong
        print(
            f"{name:20} {features:9.1e} {logits:9.1e}   {another:9.1e} {near:9.1e}   {ours:6.1f} s {theirs:6.1f} s"
            f"{'   WRONG' if wrong else ''}",
            flush=True,
        )
        gc.collect()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
