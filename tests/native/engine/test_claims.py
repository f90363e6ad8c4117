"""Chunks of a step: each is claimed once, the first of those that are left by one side and the last by the other."""

from __future__ import annotations

import ctypes
from itertools import pairwise

import numba
import numpy as np
import pytest

from modelc.native.engine import walker
from modelc.native.engine.schedule import (
    CLAIM_FIRST,
    CLAIM_LAST,
    OFFER,
    SLOT,
    SLOT_DONE,
    SLOT_OFFER,
    SLOT_TICKET,
    TICKETS,
)

_Kernel = ctypes.CFUNCTYPE(None, *[ctypes.c_int64] * 4)


@numba.njit(error_model="numpy")
def _claim_first(slot: int) -> bool:
    return walker._claim(slot, CLAIM_FIRST)


@numba.njit(error_model="numpy")
def _claim_last(slot: int) -> bool:
    return walker._claim(slot, CLAIM_LAST)


@pytest.mark.parametrize("chunks", [1, 2, 3, 8, 64])
def test_claims_from_both_ends(chunks: int) -> None:
    done: list[tuple[int, int]] = []
    kernel = _Kernel(lambda ctx, params, begin, end: done.append((begin, end)))
    words = np.zeros(SLOT, np.int64)
    slot = words.ctypes.data
    units = 3 * chunks + 1
    edges = [units * i // chunks for i in range(chunks + 1)]
    whole = list(pairwise(edges))
    for seed in range(20):
        draw = np.random.default_rng(seed).random
        assert not _claim_first(slot)  # nothing is offered
        assert not _claim_last(slot)
        words[SLOT_OFFER:] = np.resize(
            OFFER.pack(kernel=ctypes.cast(kernel, ctypes.c_void_p).value or 0, ctx=0, params=0, chunks=chunks,
                       units=units, held_up=0), SLOT - SLOT_OFFER
        )  # fmt: skip
        words[SLOT_DONE], words[SLOT_TICKET] = 0, TICKETS - chunks
        first: list[tuple[int, int]] = []
        last: list[tuple[int, int]] = []
        for _ in range(chunks):
            done.clear()
            is_first = draw() < 0.5
            assert (_claim_first if is_first else _claim_last)(slot)
            (first if is_first else last).extend(done)
        assert first == whole[: len(first)]
        assert last == whole[::-1][: len(last)]
        assert len(first) + len(last) == words[SLOT_DONE] == chunks
