"""Compare the outputs of the zoo's models with Keras's, run side by side with the same weights.

Run with Keras installed, from the root of the repository:

    python -m tests.zoo.compare_with_keras [NAME...] [--size 96]

For each architecture: how far the feature maps before the head, and the logits, are from Keras's, against the largest;
how far Keras's own are apart for two inputs (a comparison shows the less, the smaller this is); and the seconds that
each side took, to build and to run. Exits with 1 where one is off by more than 1e-3.
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


def compare(case: Case) -> tuple[list[float], list[float], tuple[float, float]]:
    """The deviations of both outputs, how far Keras's are apart for two inputs, and the seconds of both sides."""
    x, other = case.pictures(), case.pictures(seed=1)
    start = time.perf_counter()
    ours = case.run(x)[0]
    middle = time.perf_counter()
    gc.collect()
    theirs, changed = keras_outputs(case, x, other)
    seconds = middle - start, time.perf_counter() - middle
    return (
        [deviation(a, b) for a, b in zip(ours, theirs, strict=True)],
        [deviation(a, b) for a, b in zip(changed, theirs, strict=True)],
        seconds,
    )


def main() -> None:
    """Compare and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="architectures of the zoo; all unless said")
    parser.add_argument("--size", type=int, default=SMALL)
    options = parser.parse_args()

    print(f"{'':20} {'features':>9} {'logits':>9}   {'two inputs apart':>19}   {'modelc':>8} {'Keras':>8}")
    failed = False
    for name in options.names or zoo.names():
        (features, logits), (a, b), (ours, theirs) = compare(Case(name, options.size))
        wrong = max(features, logits) > TOLERANCE
        failed = failed or wrong
        print(
            f"{name:20} {features:9.1e} {logits:9.1e}   {a:9.1e} {b:9.1e}   {ours:6.1f} s {theirs:6.1f} s"
            f"{'   WRONG' if wrong else ''}",
            flush=True,
        )
        gc.collect()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
