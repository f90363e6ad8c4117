"""What a user of an installed modelc does first: predictions, training, threads, processes on one cache, commands.

Nothing but modelc, NumPy and pytest is imported, and no other file of the tests: `.ci/wheel` runs this folder against a
wheel in an environment of its own, and `tests/system/test_forced.py` as on systems that have less than Linux. What must
be so of the installation is said by variables: MODELC_TEST_WHERE names the folder that modelc must be imported from,
and MODELC_TEST_KERNELS says whether its kernels come with it (`packaged`) or are compiled here (`compiled`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc

WHERE = os.environ.get("MODELC_TEST_WHERE")
KERNELS = os.environ.get("MODELC_TEST_KERNELS")

MLP = """
modelc: 1
name: mlp
input: {shape: [20]}
layers:
  - {type: Dense, units: 48, activation: relu, repeat: 2}
  - {type: Dense, units: 5, activation: softmax}
"""
CNN = """
modelc: 1
name: cnn
input: {shape: [24, 24, 3]}
layers:
  - {type: Conv2D, filters: 16, kernel_size: 3, padding: same, activation: relu}
  - {type: BatchNormalization}
  - {type: MaxPooling2D}
  - {type: DepthwiseConv2D, kernel_size: 3}
  - {type: Conv2D, filters: 24, kernel_size: 1, activation: swish}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 4}
"""
PADDED = """
modelc: 1
name: padded
input: {shape: [5, 4]}
layers:
  - {type: ZeroPadding1D, padding: [1, 2]}
"""
"""Its kernels are compiled in a second."""
TRAINED = """
modelc: 1
name: line
input: {shape: [3]}
layers:
  - {type: Dense, units: 1, name: out, kernel_initializer: zeros}
training:
  data: line.npz
  loss: mean_squared_error
  optimizer: {type: SGD, learning_rate: 0.1}
  batch_size: 16
  epochs: 60
"""


def _run(code: str, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, which finds what this one finds."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, env={**_environment(), **environment},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _mlp_by_definition(weights: list[Any], x: Any) -> Any:
    """The multilayer perceptron in float64."""
    for kernel, bias in zip(weights[0:4:2], weights[1:4:2], strict=True):
        x = np.maximum(x @ kernel.astype(np.float64) + bias, 0)
    z = x @ weights[4].astype(np.float64) + weights[5]
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_it_is_the_installed_one() -> None:
    folder = Path(modelc.__file__).resolve().parent
    if WHERE is not None:
        assert folder.is_relative_to(Path(WHERE).resolve())
    assert (folder / "native" / "prebuilt").is_dir() or KERNELS != "packaged"


def test_predictions_are_those_of_the_definition() -> None:
    model = modelc.load_spec(MLP).build(seed=3)
    x = np.random.default_rng(0).standard_normal((70, 20)).astype(np.float32)
    expected = _mlp_by_definition(model.get_weights(), x)
    np.testing.assert_allclose(model(x), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(model.predict(x, batch_size=32), expected, rtol=1e-4, atol=1e-6)


def test_convolutions_are_those_of_the_reference() -> None:
    spec = modelc.load_spec(CNN)
    x = np.random.default_rng(1).standard_normal((3, 24, 24, 3)).astype(np.float32)
    found, expected = spec.build(seed=1)(x), spec.build(seed=1, backend="reference")(x)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_training_finds_what_made_the_data(tmp_path: Path) -> None:
    """A line is found again, and each step is that of gradient descent, computed here."""
    random = np.random.default_rng(2)
    x = random.standard_normal((160, 3)).astype(np.float32)
    y = (x @ np.array([[1.5], [-2.0], [0.5]], np.float32) + 0.25).astype(np.float32)
    np.savez(tmp_path / "line.npz", x=x, y=y)
    (tmp_path / "line.yaml").write_text(TRAINED, encoding="utf-8")
    done = _run("import sys; from modelc.cli.main import main; main()", tmp_path, "train", "line.yaml")
    assert done.returncode == 0, done.stderr
    kernel, bias = modelc.load(str(tmp_path / "line.modelc")).get_weights()
    np.testing.assert_allclose(kernel, [[1.5], [-2.0], [0.5]], atol=1e-3)
    np.testing.assert_allclose(bias, [0.25], atol=1e-3)

    model = modelc.load_spec(TRAINED).build(seed=0)
    model.compile(optimizer="sgd", loss="mean_squared_error")
    model.fit(x[:16], y[:16], batch_size=16, epochs=1, shuffle=False, verbose=0)
    slope = -2 * x[:16].T.astype(np.float64) @ y[:16] / 16  # weights and bias begin at zero
    np.testing.assert_allclose(model.get_weights()[0], -0.01 * slope, rtol=1e-4, atol=1e-7)


_THREADS = """
import sys, threading
import numpy as np, modelc
model = modelc.load_spec(open("wide.yaml").read()).build(seed=4)
x = np.load("x.npy")
found = [None] * 4
def call(place):
    for _ in range(20):
        found[place] = model(x)
threads = [threading.Thread(target=call, args=(place,)) for place in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert all(np.array_equal(found[0], other) for other in found)
np.save(sys.argv[1], found[0])
"""


def test_threads_give_what_one_gives(tmp_path: Path) -> None:
    """Calls of several threads at once, each walked by several workers; against one thread and the definition."""
    (tmp_path / "wide.yaml").write_text(MLP.replace("48", "512"), encoding="utf-8")
    x = np.random.default_rng(5).standard_normal((256, 20)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    found: list[Any] = []
    for count in ("1", "3"):
        done = _run(_THREADS, tmp_path, f"y{count}.npy", MODELC_NUM_THREADS=count)
        assert done.returncode == 0, done.stderr
        found.append(np.load(tmp_path / f"y{count}.npy"))
    model = modelc.load_spec(MLP.replace("48", "512")).build(seed=4)
    np.testing.assert_allclose(found[1], _mlp_by_definition(model.get_weights(), x), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5, atol=1e-7)


_LOAD = """
import sys
import numpy as np, modelc
np.save(sys.argv[1], modelc.load("m.modelc")(np.load("x.npy")))
print("numba" in sys.modules)
"""


@pytest.mark.slow
def test_processes_share_a_cache(tmp_path: Path) -> None:
    """Two that begin at once on an empty cache, then one that finds all in it and imports no compiler."""
    modelc.load_spec(PADDED).build().save(tmp_path / "m.modelc")
    x = np.random.default_rng(7).standard_normal((9, 5, 4)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    cache = tmp_path / "cache"
    environment = {**_environment(), "MODELC_CACHE_DIR": str(cache)}
    both = [
        subprocess.Popen([sys.executable, "-c", _LOAD, f"{i}.npy"], cwd=tmp_path, env=environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for i in range(2)
    ]  # fmt: skip
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
    third = _run(_LOAD, tmp_path, "2.npy", MODELC_CACHE_DIR=str(cache))
    assert (third.returncode, third.stdout.strip()) == (0, "False"), third.stderr
    for i in range(3):
        np.testing.assert_array_equal(np.load(tmp_path / f"{i}.npy"), np.pad(x, ((0, 0), (1, 2), (0, 0))))
    objects = [path for path in cache.iterdir() if path.suffix == ".o"]
    assert bool(objects) == (KERNELS != "packaged"), "compiled unless they come with the package"
    assert not [path for path in cache.iterdir() if path.name.startswith(".")], "nothing half written is left"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_predicts(tmp_path: Path) -> None:
    code = (
        "import os, numpy as np, modelc\n"
        f"model = modelc.load_spec({MLP!r}).build(seed=0)\n"
        "x = np.ones((64, 20), np.float32)\n"
        "expected = model(x)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if np.array_equal(model(x), expected) else 3)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    done = _run(code, tmp_path)
    assert done.stdout.strip() == "0", done.stderr


@pytest.mark.slow
def test_commands_and_their_mistakes(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(CNN, encoding="utf-8")
    main = "import sys; from modelc.cli.main import main; main()"
    assert "conv2d" in _run(main, tmp_path, "summary", "m.yaml").stdout
    assert _run(main, tmp_path, "build", "m.yaml", "-o", "m.modelc").returncode == 0
    x = np.random.default_rng(8).random((2, 24, 24, 3)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    done = _run(main, tmp_path, "run", "m.modelc", "x.npy", "--output", "y.npy")
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), modelc.load(str(tmp_path / "m.modelc"))(x))
    (tmp_path / "bad.yaml").write_text(CNN.replace("filters: 16", "filtres: 16"), encoding="utf-8")
    wrong = _run(main, tmp_path, "check", "bad.yaml")
    assert wrong.returncode == 2
    assert "did you mean `filters`?" in wrong.stdout + wrong.stderr
    assert "Traceback" not in wrong.stderr
