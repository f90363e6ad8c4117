"""The shortest way through Python to a plan, for calls of one array that are alike and need little memory.

What such calls have in common is worked out once: the words of a call stay, with the addresses of an arena of their own
and of the constants, and each call writes into them which arrays it reads and makes.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.mapped import is_mapped
from modelc.graph.program import ShortCall
from modelc.native.compiler.load import load
from modelc.native.engine.buffers import Block
from modelc.native.engine.executor import ERROR, Job
from modelc.weights.variable import generation

Array = NDArray[Any]

SMALL_ARENA = 1 << 18
"""The most bytes of an arena that is kept for such calls, beside those for others."""

_KEPT = 4
"""The words that are kept, each with an arena: as many as calls are likely to overlap."""

_Walk = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
"""A call that keeps the interpreter lock: to give it back and to take it again takes as long as a small layer."""


def short_call(
    job: Job,
    share: Callable[[array[int]], None] | None,
    arena_bytes: int,
    constants: tuple[Block, Block],
    began: int,
    x: Array,
    y: Array,
) -> ShortCall:
    """A function that gives the result for an array like `x`, in one like `y`.

    It gives None for other arrays, once weights were set, and where a step finds an error. `share` does a job with the
    threads of the process; None where it is too small for that. `constants` are the blocks for the weights of the
    generation `began`, or later ones.
    """
    walk = _Walk(load("walker")["walk"])
    shape, dtype, result_shape, result_dtype = x.shape, x.dtype, y.shape, y.dtype
    given = len(job.head) + 1 + len(constants)
    made = given + 1
    kept: list[tuple[array[int], int, Block]] = []

    def new_words() -> tuple[array[int], int, Block]:
        arena = Block.of(arena_bytes)
        words = job.head[:]
        words.extend((arena.address, *(block.address for block in constants), 0, 0))
        return words, words.buffer_info()[0], arena

    def call(x: Any, empty: Any = np.empty, array_type: type = np.ndarray) -> Array | None:
        if (
            x.__class__ is not array_type
            or x.dtype is not dtype
            or x.shape != shape
            or not x.flags.c_contiguous
            or (x.base is not None and is_mapped(x))
            or generation() != began
        ):
            return None
        y = empty(result_shape, result_dtype)
        try:
            own = kept.pop()
        except IndexError:
            own = new_words()
        words = own[0]
        words[given] = id(x)
        words[made] = id(y)
        if share is None:
            walk(own[1])
        else:
            share(words)
        if words[ERROR]:
            return None
        if len(kept) < _KEPT:
            kept.append(own)
        return y

    return call
