"""A small model, built and run as a user's own one, and held against the NumPy definitions of its ops."""

from __future__ import annotations

import time
import traceback
from typing import Any

import numpy as np

from modelc.cli.checkup.section import Problem, Section, private
from modelc.errors import ModelcError
from modelc.model.build import build
from modelc.model.loading import load_spec

_SPEC: dict[str, Any] = {
    "modelc": 1,
    "name": "trial",
    "input": {"shape": [12, 12, 3]},
    "layers": [
        {"type": "Conv2D", "filters": 8, "kernel_size": 3, "activation": "relu"},
        {"type": "MaxPooling2D"},
        {"type": "Flatten"},
        {"type": "Dense", "units": 10, "activation": "softmax"},
    ],
}
_TOLERANCE = 1e-4
"""Of probabilities: float32 sums in another order differ by less than a hundredth of it."""


def trial() -> Section:
    """How long it took, in seconds, and what was compiled; and the problems: an error, and outputs that are wrong."""
    compiled: list[str] = []

    def note(family: str, seconds: float | None) -> None:
        if seconds is not None:
            compiled.append(family)

    try:
        spec = load_spec(_SPEC)
        start = time.perf_counter()
        model = build(spec, on_compile=note)
        x = np.random.default_rng(0).uniform(size=(4, 12, 12, 3)).astype(np.float32)
        first = model(x)
        built = time.perf_counter()
        again = model(x)
        done = time.perf_counter()
        expected = build(spec, backend="reference")(x)
    except ModelcError as error:
        told = (Problem(private(one.message), private(one.help or _REPORT)) for one in error.diagnostics)
        return Section({"ran": False}, tuple(told))
    except Exception as error:  # whatever it is, it is what a report is about
        trace = private("".join(traceback.format_exception(error)))
        return Section(
            {"ran": False, "traceback": trace}, (Problem(f"a small model fails: {private(repr(error))}", _REPORT),)
        )
    off = float(max(np.abs(first - expected).max(), np.abs(again - expected).max()))
    facts = {
        "ran": True, "seconds_to_build": built - start, "seconds_to_run": done - built, "compiled": compiled,
        "largest_error": off,
    }  # fmt: skip
    wrong = Problem(f"a small model computes something else than it should: it is off by {off:.2g}", _REPORT)
    return Section(facts, () if off <= _TOLERANCE else (wrong,))


_REPORT = "report it with the output of `modelc doctor --json`: https://github.com/modelc/modelc/issues"
