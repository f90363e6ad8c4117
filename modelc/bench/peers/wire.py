"""How a process that runs a peer is talked to: lines of JSON, behind each the bytes of the arrays that it describes."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def send(stream: IO[bytes], message: dict[str, Any], arrays: Sequence[Array] = ()) -> None:
    """Write a message and the arrays that belong to it."""
    described = [{"dtype": array.dtype.str, "shape": array.shape} for array in arrays]
    stream.write(json.dumps({**message, "arrays": described}).encode() + b"\n")
    for array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[Array]] | None:
    """Read a message and its arrays; None at the end."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    message: dict[str, Any] = json.loads(line)
    arrays: list[Array] = []
    for one in message.pop("arrays"):
        dtype, shape = np.dtype(str(one["dtype"])), tuple(one["shape"])
        data = stream.read(math.prod(shape) * dtype.itemsize)
        arrays.append(np.frombuffer(data, dtype).reshape(shape))
    return message, arrays
