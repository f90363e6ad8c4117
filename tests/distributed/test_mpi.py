"""Training under a real `mpirun`."""

from __future__ import annotations

import json

import pytest

from tests.distributed.mpirun import mpirun, printed

CASES = ("normed", "seeing all of each step", "seeing all, masked")


@pytest.mark.parametrize("sizes", [(1, 2), pytest.param((1, 3, 4, 5, 8), marks=pytest.mark.slow)])
def test_weights_have_the_same_bytes_in_any_number_of_processes(sizes: tuple[int, ...]) -> None:
    lines = {size: printed(mpirun(size, "-m", "tests.distributed.fit_small", *CASES).stdout) for size in sizes}
    alone = lines[1]
    assert [json.loads(line)[:2] for line in alone] == [[n, c] for n in sorted(CASES) for c in ("bfloat16", None)]
    assert len({json.loads(line)[2] for line in alone}) == len(alone)
    for size, found in lines.items():
        assert found == sorted(alone * size)
