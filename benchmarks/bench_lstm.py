"""An LSTM of 128 units over 100 steps of 64 features, at batch 1 and 32: modelc against Keras on JAX, jitted.

    pip install '.[bench]' && python benchmarks/bench_lstm.py [--layer GRU] [--batch N]… [--seconds 10]

Turn by turn in one process, on the same weights; outputs are compared first.
"""

from __future__ import annotations

import argparse

import numpy as np
from _keras import jitted, require_agreement, same_model
from _timing import seconds, timed_in_turns

import modelc

STEPS, FEATURES, UNITS = 100, 64, 128
_MOST_PAIRS = 500


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--layer", choices=("LSTM", "GRU", "SimpleRNN"), default="LSTM")
    parser.add_argument("--batch", type=int, action="append")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    document = {
        "modelc": 1,
        "input": {"shape": [STEPS, FEATURES]},
        "layers": [{"type": options.layer, "units": UNITS}],
    }
    reference, model = same_model(modelc.load_spec(document))
    peer = jitted(reference)
    for batch in options.batch or (1, 32):
        x = np.random.default_rng(0).standard_normal((batch, STEPS, FEATURES), np.float32)
        worst = require_agreement(model, peer, x)
        times = timed_in_turns(
            lambda x=x: seconds(lambda: peer(x)),
            lambda x=x: seconds(lambda: model(x)),
            count=_MOST_PAIRS,
            warm_up=5,
            within=options.seconds,
        )
        theirs, ours = times.theirs * 1e6, times.ours * 1e6
        print(
            f"{options.layer} batch {batch}: Keras on JAX {theirs:.0f} µs, modelc {ours:.0f} µs, {times.ratio:.1f}x"
            f" ({times.count} pairs; outputs agree to {worst:.0e} of the largest)"
        )


if __name__ == "__main__":
    main()
