"""Whether a change of the compiler leaves the bits of its outputs as they are.

    python -m tests.bits record before.json [NAME…]      at the commit before the change
    python -m tests.bits compare before.json [NAME…]     after it, on the same machine

For one seed, the compiled output of every spec in specs/ and of every architecture of the zoo, on a batch of two small
inputs, and the weights and losses after steps of training of the five models of `bench_training`. Only what users have
is called, so that this file can be run with the modelc of another commit: put its folder into PYTHONPATH.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import modelc

ROOT = Path(__file__).parents[1]
ZOO = sorted(path.stem for path in (ROOT / "modelc" / "zoo").glob("*.yaml"))
SPECS = sorted(path.name for path in (ROOT / "specs").glob("*.yaml"))
STEPS = {"guide_cnn.yaml": 0.01, "lenet5.yaml": 0.01, "mlp_784.yaml": 0.01, "zoo:resnet50": 1e-6}
"""Models that are trained, and the learning rate of their steps."""
SMALL = 96
"""Pixels along each side of the images of a zoo architecture: all of them can be built for these."""

Array = np.ndarray[Any, Any]


def digest(arrays: Iterable[Array]) -> str:
    """Of the bits of some arrays, their shapes and types."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(f"{array.dtype} {array.shape} ".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:24]


def spec_of(name: str) -> modelc.Spec:
    """A spec of the folder, or an architecture of the zoo for small images."""
    zoo = name.startswith("zoo:")
    document = json.loads(modelc.load_spec(name if zoo else ROOT / "specs" / name).to_json())
    for entry in document["inputs"].values() if zoo else ():
        entry["shape"] = [SMALL, SMALL, 3]
    for layer in document["layers"]:
        layer.pop("weights", None)  # of an inner model: a file that a user has to train first
    return modelc.load_spec(document)


def predicted(name: str) -> str:
    """The digest of what a compiled model gives."""
    model = spec_of(name).build(seed=1)
    x = np.random.default_rng(0).standard_normal((2, *model.input_shape[1:])).astype(np.float32)
    outputs = model.predict(x)
    return digest(outputs if isinstance(outputs, list | tuple) else [outputs])


def trained(name: str, batch: int) -> str:
    """The digest of the losses and weights of two steps of SGD with momentum."""
    model = spec_of(name).build(seed=1)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *model.input_shape[1:])).astype(np.float32)
    y = rng.integers(0, model.output_shape[-1], batch)
    model.compile(
        {"type": "SGD", "learning_rate": STEPS[name], "momentum": 0.9},
        {"type": "SparseCategoricalCrossentropy", "from_logits": name in ("guide_cnn.yaml", "mlp_784.yaml")},
    )
    losses = np.array([np.ravel(model.train_on_batch(x, y))[0] for _ in range(2)])
    return digest([losses, *model.get_weights()])


RUNS: dict[str, Callable[[], str]] = {
    **{name: partial(predicted, name) for name in SPECS},
    **{f"zoo:{name}": partial(predicted, f"zoo:{name}") for name in ZOO},
    **{
        f"training {name} {batch}": partial(trained, name, batch)
        for name, batch in (
            ("guide_cnn.yaml", 32),
            ("lenet5.yaml", 128),
            ("zoo:resnet50", 8),
            ("mlp_784.yaml", 32),
            ("mlp_784.yaml", 512),
        )
    },
}


def main() -> int:
    """Record or compare; the number of digests that differ is printed, and makes the exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.bits", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("file", type=Path, help="digests by name, as JSON")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all unless given: specs, zoo:NAME, `training …`")
    arguments = parser.parse_args()
    known: dict[str, str] = json.loads(arguments.file.read_text()) if arguments.file.exists() else {}
    unknown = set(arguments.names) - set(RUNS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(RUNS)}")
    differ = 0
    for name in arguments.names or RUNS:
        found = RUNS[name]()
        gc.collect()
        if arguments.action == "record":
            known[name] = found
            arguments.file.write_text(json.dumps(known, indent=1) + "\n")
        same = known.get(name) == found
        differ += not same
        print(f"{'same' if same else 'DIFFERS'}  {name}", flush=True)
    print(f"{differ} of {len(arguments.names or RUNS)} differ from {arguments.file}")
    return min(differ, 1)


if __name__ == "__main__":
    sys.exit(main())
