"""How many chunks a worker is given at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from modelc import load_spec
from modelc.bulk.reading.arrays import ArraySource, MappedArray
from modelc.bulk.reading.source import Joined
from modelc.cluster.prediction import Chunks

SPEC = {"modelc": 1, "input": {"shape": [200_000]}, "layers": [{"type": "Dense", "units": 2}]}
ROW = 4 * 200_000
BATCH = 32


def test_inputs_take_memory_where_they_are_sent(tmp_path: Path) -> None:
    """A worker reads those of a file one chunk after the other."""
    model = load_spec(SPEC).build(seed=0)
    x = np.zeros((3 * BATCH, 200_000), np.float32)
    np.save(tmp_path / "x.npy", x)
    sent, read = ArraySource([x], "x"), ArraySource([MappedArray(str(tmp_path / "x.npy"))], "x.npy")
    assert (sent.is_held, read.is_held) == (True, False)
    assert (Joined([read, sent]).is_held, Joined([read, read]).is_held) == (True, False)
    of_sent, of_read = (Chunks.of(model, source, BATCH) for source in (sent, read))
    assert of_sent.total == of_read.total == 3
    assert of_sent.together == 2**26 // (BATCH * (ROW + 2 * 4)) == 2
    assert of_read.together == 2**26 // (BATCH * 2 * 4)
