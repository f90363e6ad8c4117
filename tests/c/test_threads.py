"""Libraries whose threads share the work of a call."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from modelc.c.results import Result
from modelc.c.team_code import PTHREADS
from modelc.errors import InputError
from modelc.model.c_export import library_of
from tests.c.models import LOOP, MLP, RECURRENT, RESIDUAL, STATEFUL, built, samples
from tests.c.program import ARM, FOR_VALGRIND, compiled, require
from tests.c.test_contract import Loaded

WIDE = MLP.replace("units: 33", "units: 600")
"""A model whose batches of some samples are worth sharing, in slices."""


@pytest.mark.parametrize("threads", [2, 3])
def test_the_same_bits_with_and_without_them(threads: int, tmp_path: Path) -> None:
    model = built(WIDE)
    loaded = Loaded(library_of(model, name="net", threads=threads), tmp_path)
    loaded.init(loaded.weights)
    given = [samples(model, batch, seed)[0] for seed, batch in enumerate((1, 7, 64, 300, 1100))]
    expected = [model.run_batch([x])[0] for x in given]
    for started in (False, True, False, True):
        if started:
            assert loaded.start() == loaded.start() == Result.OK
        for _ in range(10):
            for x, y in zip(given, expected, strict=True):
                assert np.array_equal(loaded.run(x)[1], y)
        loaded.stop()


def test_calls_beside_the_one_that_they_help(tmp_path: Path) -> None:
    model = built(WIDE)
    loaded = Loaded(library_of(model, name="net", threads=2), tmp_path)
    loaded.init(loaded.weights)
    assert loaded.start() == Result.OK
    given = [samples(model, 200, seed)[0] for seed in range(6)]
    expected = [model.run_batch([x])[0] for x in given]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(20):
            found = [y for _, y in pool.map(loaded.run, given)]
            assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    loaded.stop()


@pytest.mark.slow
def test_valgrind_has_nothing_to_say(tmp_path: Path) -> None:
    """The arena of the header is large enough for the areas of all threads."""
    require("valgrind")
    model = built(WIDE)
    made = library_of(model, name="net", threads=3, target=FOR_VALGRIND)
    assert made.library.functions[0].at_once
    program = compiled(made, tmp_path)
    inputs = samples(model, 700)
    program.give(inputs)
    command = ["valgrind", "-q", "--error-exitcode=99", *program.command(700)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(program.results(700, 1)[0][0], model.run_batch(inputs)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("spec", [RESIDUAL, RECURRENT, LOOP, STATEFUL])
def test_more_models(spec: str, tmp_path: Path) -> None:
    model = built(spec)
    batch = model.graph.batch_size or 90
    program = compiled(library_of(model, name="net", threads=3), tmp_path, static=False)
    given = [samples(model, batch, seed) for seed in (0, 1)]
    for found, inputs in zip(program.run(*given), given, strict=True):
        assert np.array_equal(found[0], model.run_batch(inputs)[0])


@pytest.mark.slow
def test_on_arm(tmp_path: Path) -> None:
    model = built(WIDE)
    program = compiled(library_of(model, name="net", threads=2, target="aarch64"), tmp_path, ARM)
    inputs = samples(model, 300)
    np.testing.assert_allclose(program.run(inputs)[0][0], model.run_batch(inputs)[0], rtol=1e-5, atol=1e-6)


def test_what_it_needs(tmp_path: Path) -> None:
    require("readelf")
    library_of(built(MLP), name="net", threads=2).write(tmp_path)
    told = subprocess.run(["readelf", "-dW", "libnet.so"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "[libc.so.6]" in told.stdout
    assert "[libpthread.so.0]" in told.stdout
    assert all(name in (tmp_path / "libnet.a").read_bytes().decode("latin-1") for name in PTHREADS)


def test_no_threads_are_asked_for_by_none() -> None:
    with pytest.raises(InputError, match="`threads` must be at least 1"):
        library_of(built(MLP), name="net", threads=0)
