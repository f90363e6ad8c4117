"""Kernels that are packed piece by piece are those that are packed as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelc.native.families.conv import pack
from modelc.native.families.conv.pack import blocks_of, kernel_pieces
from modelc.native.families.winograd import pack as winograd
from modelc.native.families.winograd.pack import winograd_pieces
from modelc.native.families.winograd.transforms import FORMS, kernel_transform
from modelc.native.target import Target

TARGETS = {
    "avx512": Target("", "", "", lanes=16, registers=32, fma=True),
    "avx2": Target("", "", "", lanes=8, registers=16, fma=True),
    "baseline": Target("", "", "", lanes=4, registers=16, fma=False),
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("channels", [1, 16, 33, 131])
@pytest.mark.parametrize("piece", [1, 700, 1 << 20])
def test_pieces_of_a_kernel(
    target: Target, groups: int, channels: int, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "PIECE", piece)
    kernel = np.random.default_rng(0).standard_normal((3, 7, groups * channels), np.float32)
    pieces = [*kernel_pieces(kernel, groups, target)]
    found = np.concatenate(pieces).reshape(groups, -1)
    blocks = blocks_of(channels, target)
    width, lanes = blocks.vectors * target.lanes, blocks.total * target.lanes
    padded = np.zeros((21, groups, lanes), np.float32)
    padded[:, :, :channels] = kernel.reshape(21, groups, channels)
    for g in range(groups):
        expected = [padded[:, g, q : q + width].reshape(-1) for q in range(0, lanes, width)]
        np.testing.assert_array_equal(found[g], np.concatenate(expected))
    if piece == 1:
        assert len(pieces) >= groups * blocks.count


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("filters", [1, 16, 75])
@pytest.mark.parametrize("piece", [1, 3000, 1 << 20])
def test_pieces_of_points(target: Target, filters: int, piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "PIECE", piece)
    form = FORMS["winograd_4"]
    kernel: Any = np.random.default_rng(0).standard_normal((3, 3, 5, filters), np.float32)
    found = np.concatenate([*winograd_pieces(kernel, form, target)])
    both = kernel_transform(form)
    points = np.einsum("pt,tcf->pcf", both, kernel.reshape(9, 5, filters).astype(np.float64))
    blocks = blocks_of(filters, target)
    width, lanes = blocks.vectors * target.lanes, blocks.total * target.lanes
    padded = np.zeros((form.points, 5, lanes))
    padded[:, :, :filters] = points
    expected = [padded[:, :, q : q + width].reshape(-1) for q in range(0, lanes, width)]
    np.testing.assert_allclose(found, np.concatenate(expected), rtol=1e-6, atol=1e-7)
