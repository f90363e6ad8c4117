"""The weights of CuDNNLSTM and CuDNNGRU, as LSTM and GRU have them.

cuDNN keeps the matrix of each gate transposed, and two biases where an LSTM has their sum and a GRU has two rows. The
number of biases in a file tells which of the two layers saved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Shape = tuple[int, ...]


def bias_shape(expected: Shape, found: Shape) -> Shape:
    """The shape of a bias in a file as ours has it: the same, unless it is one of cuDNN's."""
    if len(expected) == 1 and found == (2 * expected[0],):
        return expected
    return expected if len(expected) == 2 and expected[0] == 2 and found == (2 * expected[1],) else found


def of_cudnn(pairs: Iterable[tuple[str, str]], expected: Mapping[str, Shape], found: Mapping[str, Shape]) -> set[str]:
    """What the paths of recurrent cells begin with whose weights in a file are cuDNN's."""
    cells: set[str] = set()
    places = dict(pairs)
    for path, stored in places.items():
        cell, _, name = path.rpartition("/")
        recurrent = f"{cell}/recurrent_kernel" in places and len(expected.get(f"{cell}/kernel", ())) == 2
        if name == "bias" and recurrent and path in expected:
            ours, theirs = expected[path], found[stored]
            if ours != theirs and bias_shape(ours, theirs) == ours:
                cells.add(cell)
    return cells


def converted(arrays: Mapping[str, Array], cells: Iterable[str]) -> dict[str, Array]:
    """The arrays by our paths, those of these cells as ours."""
    made = dict(arrays)
    for cell in cells:
        kernel, recurrent, bias = (made[f"{cell}/{name}"] for name in ("kernel", "recurrent_kernel", "bias"))
        gates = recurrent.shape[1] // recurrent.shape[0]
        # The elements of a gate's matrix are those of its transpose, in the order of their places.
        made[f"{cell}/kernel"] = np.hstack([
            gate.T.reshape(gate.shape, order="F") for gate in np.hsplit(kernel, gates)
        ])  # fmt: skip
        made[f"{cell}/recurrent_kernel"] = np.hstack([gate.T for gate in np.hsplit(recurrent, gates)])
        halves = bias.reshape(2, -1)
        made[f"{cell}/bias"] = halves.sum(0) if gates == 4 else halves
    return made
