"""An activation takes a row and a formula: added to a copy of the package, it is a value of every `activation`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import modelc

ROOT = Path(modelc.__file__).parent

ROW = """\
    UnaryFunction(
        name="tanh_cubed",
        activation=True,
        of_keras=False,
        equation="tanh(x)³",
        definition=lambda x: np.tanh(x) ** 3,
        derivative=lambda x, y, dy: 3 * dy * x.tanh().square() * (1 - x.tanh().square()),
    ),
"""
FORMULA = """\
    "tanh_cubed": lambda x: fmath.tanh(x) * fmath.tanh(x) * fmath.tanh(x),
"""
USE = """
import numpy as np
import modelc
from modelc.layers import Dense

spec = {
    "modelc": 1,
    "input": {"shape": [5]},
    "layers": [
        {"type": "Dense", "units": 4, "activation": "tanh_cubed"},
        {"type": "Operation", "operation": "tanh_cubed"},
        {"type": "TanhCubed"},
    ],
}
try:
    modelc.load_spec(spec)
except modelc.SpecError as error:
    assert "{type: Activation, activation: tanh_cubed}" in str(error), error
spec["layers"].pop()
loaded = modelc.load_spec(spec)
x = np.random.default_rng(0).standard_normal((3, 5), np.float32)
model = loaded.build(seed=1)
kernel, bias = model.get_weights()
np.testing.assert_allclose(model.predict(x), np.tanh(np.tanh(x @ kernel + bias) ** 3) ** 3, rtol=1e-4, atol=1e-6)
reference = loaded.build(seed=1, backend="reference")
np.testing.assert_allclose(model.predict(x), reference.predict(x), rtol=1e-4, atol=1e-6)
"""


@pytest.mark.slow
def test_an_activation_is_a_row_and_a_formula(tmp_path: Path) -> None:
    package = tmp_path / "modelc"
    shutil.copytree(ROOT, package, ignore=shutil.ignore_patterns("__pycache__"))
    _insert(package / "functions" / "activations.py", "ACTIVATIONS = (\n", ROW)
    _insert(package / "native" / "families" / "elementwise" / "activations.py", "Formula] = {\n", FORMULA)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "MODELC_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", USE], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _insert(path: Path, after: str, text: str) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count(after) == 1
    path.write_text(source.replace(after, after + text), encoding="utf-8")
