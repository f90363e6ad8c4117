"""Small texts that ask for much: refused by arithmetic, and the time of `check` grows as its input does."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from modelc.errors import SpecError
from modelc.layers import Dense
from modelc.model.loading import load_spec
from modelc.model.sequential import Sequential
from modelc.report.check import check

_HEAD = "modelc: 1\ninput: {shape: [4]}\nlayers:\n"
_SMALL = {
    "repeat": _HEAD + "  - {type: ReLU, repeat: 1000000}\n",
    "repeats in repeats": _HEAD
    + "  - {repeat: 1000, layers: [{repeat: 1000, layers: [{type: ReLU, repeat: 1000}]}]}\n",
    "sizes": "modelc: 1\ninput: {shape: [8, 1" + "0" * 28 + ", 3]}\nlayers: [{type: Flatten}]\n",
    "time distributed": "modelc: 1\ninput: {shape: [8, 1" + "0" * 28 + ", 3]}\nlayers:\n"
    "  - {type: TimeDistributed, layer: {type: Resizing, height: 5, width: 4}}\n",
    "embedding": _HEAD + "  - {type: Embedding, input_dim: 1000000000000, output_dim: 1000}\n",
    "dense": _HEAD + "  - {type: Dense, units: 1000000000000}\n",
    "padding": "modelc: 1\ninput: {shape: [4, 4, 1]}\nlayers: [{type: ZeroPadding2D, padding: 1000000000}]\n",
    "upsampling": "modelc: 1\ninput: {shape: [4, 4, 1]}\nlayers: [{type: UpSampling2D, size: 1000000000}]\n",
    "transposed": "modelc: 1\ninput: {shape: [4, 4, 1]}\nlayers:\n"
    "  - {type: Conv2DTranspose, filters: 1, kernel_size: 3, strides: 1000000000}\n",
    "empty": _HEAD + "  - {type: Reshape, target_shape: [0, 1" + "0" * 28 + "]}\n",
}


@pytest.mark.parametrize("text", _SMALL.values(), ids=_SMALL)
def test_a_bomb_is_refused_at_once(text: str) -> None:
    start = time.process_time()
    with pytest.raises(SpecError) as caught:
        _ = load_spec(text).graph
    assert time.process_time() - start < 10
    assert len(str(caught.value)) < 1000


def test_a_kernel_that_is_large_takes_no_memory_in_a_summary() -> None:
    code = (
        "import resource, modelc\n"
        "text = 'modelc: 1\\ninput: {shape: [2, 8, 2]}\\nlayers:\\n'\n"
        "text += '  - {type: Conv2DTranspose, filters: 1, kernel_size: [2, 996251355]}\\n'\n"
        "text += '  - {type: MaxPooling2D}\\n'\n"
        "resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "print(modelc.load_spec(text).summary())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Total params: 3985005421" in done.stdout


_GROWING: dict[str, Callable[[int], str]] = {
    "entries": lambda n: _HEAD + "  - {type: Dense, units: 4}\n" * n,
    "dropout": lambda n: _HEAD + "  - {type: Dropout, rate: 0.5}\n" * n,
    "repeat": lambda n: _HEAD + f"  - {{type: Dense, units: 4, repeat: {n}}}\n",
    "uses": lambda n: _HEAD + "  - {type: Dense, units: 4, name: d}\n" + "  - {use: d}\n" * n,
    "models": lambda n: _HEAD + "  - {type: Model, spec: {layers: [{type: Dense, units: 4}]}}\n" * (n // 2),
    "mistakes": lambda n: _HEAD + "  - {type: Dens, units: 4}\n" * n,
    "branches": lambda n: (
        _HEAD
        + "".join(f"  - {{type: Dense, units: 4, name: a{i}, inputs: input}}\n" for i in range(n))
        + f"  - {{type: Concatenate, inputs: [{', '.join(f'a{i}' for i in range(n))}]}}\n"
    ),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("make", _GROWING.values(), ids=_GROWING)
def test_the_time_of_check_grows_as_its_input(make: Callable[[int], str]) -> None:
    def seconds(n: int) -> float:
        text, start = make(n), time.process_time()
        check(lambda: load_spec(text), 1)
        return time.process_time() - start

    seconds(10)
    # The least of three: other processes on the machine only add to a time.
    most = 8 * 2.5 * max(0.02, min(seconds(250) for _ in range(3)))  # quadratic time would be 64 times as long
    assert any(seconds(2000) < most for _ in range(3))


def test_models_in_models_are_written_in_time_that_grows_as_their_depth() -> None:
    model = Sequential([Dense(2)])
    for _ in range(40):
        model = Sequential([model])
    start = time.process_time()
    text = model.to_spec().to_json()
    assert time.process_time() - start < 10
    assert len(text) < 40_000
