"""Winograd's convolution against the definition in float64, and the bounds of its rounding errors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.graph.types import ITEM_BYTES
from modelc.native.code.layout import ABSENT, Operand
from modelc.native.engine.buffers import Block
from modelc.native.engine.threads import Team
from modelc.native.families.conv.pack import pack_bias
from modelc.native.families.conv.params import Epilogue
from modelc.native.families.winograd.pack import pack_winograd, winograd_elements
from modelc.native.families.winograd.params import ALL_BYTES, AREA_BYTES, WorkingMemory
from modelc.native.families.winograd.steps import columns_of_unit, tiles_of_unit, winograd_step
from modelc.native.families.winograd.transforms import FORMS, TileAxis, transforms
from modelc.native.target import LANES, Target, host
from tests.native.families.conv_case import ConvCase, Place, before_unreadable_page, run_step
from tests.slowness import examples

_WORKERS = Team(2)
_EPSILON = float(np.finfo(np.float32).eps)
_ERROR = {"winograd_2": 1, "winograd_4": 5, "winograd_5x5": 5, "winograd_row3": 3, "winograd_row7": 12}
"""How many times the error of a plain sum (`test_conv.py`) is allowed, for each form."""
Two = tuple[int, int]
each_form = pytest.mark.parametrize("name", FORMS)


def run_winograd(
    case: ConvCase,
    name: str,
    low: Two = (0, 0),
    high: Two = (0, 0),
    *,
    turned: bool = False,
    parallel: bool = False,
    slots: int = 2,
    place: Place = np.ascontiguousarray,
    arrays: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """What the compiled kernel leaves in y, the outer `low` and `high` lines and columns of x being its padding."""
    x, kernel, bias, y = arrays or case.arrays()
    _, height, width = case.input_size
    inner = np.ascontiguousarray(x[:, 0, low[0] : height - high[0], low[1] : width - high[1]])
    form = FORMS[name]
    memory = WorkingMemory(form, case.inputs, case.outputs, slots)
    work = Block.of(memory.elements * ITEM_BYTES)
    work.memory[:] = 0xFF  # NaN: what is read before it is written would be seen
    work.write(0, np.zeros(memory.leases, np.uint8))

    def plane(pair: Sequence[int]) -> Two:
        return (pair[1], pair[0]) if turned else (pair[0], pair[1])

    step = winograd_step(
        x=Operand(0, 0, 0), y=Operand(1, 0, 0), weights=Operand(2, 0, 0), work=Operand(4, 0, 0),
        bias=Operand(3, 0, 0) if case.bias else ABSENT, memory=memory, batch=-1,
        size=plane(inner.shape[1:3]), y_size=plane(case.size[1:]), pads=plane(low), epilogue=case.epilogue,
        x_strides=plane((inner.shape[2] * case.inputs, case.inputs)),
        y_strides=plane((case.size[2] * case.outputs, case.outputs)),
    )  # fmt: skip
    start = work.address - work.memory.ctypes.data
    window = kernel[0].transpose(1, 0, 2, 3) if turned else kernel[0]
    placed = [place(a) for a in (inner, y.copy(), pack_winograd(np.ascontiguousarray(window), form), pack_bias(bias))]
    run_step(step, case.batch, [*placed, work.memory[start:]], _WORKERS, parallel=parallel)
    return placed[1]


def padded(case: ConvCase, low: Two, high: Two) -> np.ndarray:
    """The definition, with zeros in place of the outer lines and columns of x."""
    x, kernel, bias, _ = (a.astype(np.float64) for a in case.arrays())
    _, height, width = case.input_size
    inside = np.zeros_like(x)
    rows, columns = slice(low[0], height - high[0]), slice(low[1], width - high[1])
    inside[:, :, rows, columns] = x[:, :, rows, columns]
    total = sum(seen @ kernel[tap] for tap, seen in case.windows(inside).items())
    return case.finish(total + bias if case.bias else total)


def _case(name: str, size: Two, inputs: int, outputs: int, *, turned: bool = False, **more: Any) -> ConvCase:
    rows, columns = FORMS[name].window
    window = (1, columns, rows) if turned else (1, rows, columns)
    return ConvCase(size=(1, *size), inputs=inputs, kernel=window, outputs=outputs, **more)


def _check(case: ConvCase, name: str, low: Two, high: Two, *, turned: bool = False) -> None:
    found = run_winograd(case, name, low, high, turned=turned)
    products = math.prod(case.kernel) * case.inputs
    bound = _ERROR[name] * _EPSILON * 8 * (1 + products) ** 0.75
    np.testing.assert_allclose(found, padded(case, low, high), rtol=0, atol=bound)
    assert np.array_equal(found, run_winograd(case, name, low, high, turned=turned, parallel=True))


@st.composite
def _cases(draw: st.DrawFn) -> tuple[ConvCase, str, Two, Two, bool]:
    name, turned = draw(st.sampled_from(sorted(FORMS))), draw(st.booleans())
    case = _case(
        name, draw(st.tuples(st.integers(1, 13), st.integers(1, 13))), draw(st.integers(LANES, 70)),
        draw(st.integers(LANES, 150)), turned=turned, batch=draw(st.integers(1, 4)), bias=draw(st.booleans()),
        epilogue=draw(
            st.sampled_from([Epilogue(), Epilogue.clip(0.0), Epilogue.clip(-0.5, 0.75), Epilogue.leaky(0.25)])
        ),
        seed=draw(st.integers(0, 99)),
    )  # fmt: skip
    most = [(taps - 1) // 2 for taps in case.kernel[1:]]
    low, high = (draw(st.tuples(*(st.integers(0, n) for n in most))) for _ in range(2))
    return case, name, low, high, turned


@given(_cases())
@settings(max_examples=examples(150), deadline=None)
def test_random_geometries(drawn: tuple[ConvCase, str, Two, Two, bool]) -> None:
    case, name, low, high, turned = drawn
    _check(case, name, low, high, turned=turned)


@each_form
@pytest.mark.parametrize("pads", [(0, 2), (2, 0), (2, 2), (3, 1)])
def test_tiles_that_lie_in_the_padding_alone(name: str, pads: Two) -> None:
    _check(_case(name, (9, 10), 16, 16), name, pads, (pads[1], pads[0]))


@each_form
def test_several_blocks_of_tiles_and_of_filters(name: str) -> None:
    """More tiles than a block has, filters that are no whole vectors, and more threads than slots."""
    case = _case(name, (21, 63), 40, 100, batch=3)
    assert case.batch * FORMS[name].tiles(21, 63) > WorkingMemory(FORMS[name], 40, 100, 1).block
    _check(case, name, (1, 1), (1, 1))
    alone = run_winograd(case, name, (1, 1), (1, 1))
    assert np.array_equal(alone, run_winograd(case, name, (1, 1), (1, 1), parallel=True, slots=1))


@each_form
def test_bits_of_a_sample_do_not_depend_on_the_batch(name: str) -> None:
    case = _case(name, (14, 14), 32, 48, batch=5)
    x, *others = case.arrays()
    found = run_winograd(case, name, (1, 1), (1, 1))
    for n in (0, 4):
        alone = [x[n : n + 1], *others[:2], others[2][n : n + 1]]
        one = run_winograd(replace(case, batch=1), name, (1, 1), (1, 1), arrays=alone)
        assert np.array_equal(one[0], found[n])


@each_form
def test_nothing_beyond_the_arrays_is_read(name: str) -> None:
    case = _case(name, (7, 10), 19, 37, batch=2)
    plain = run_winograd(case, name, (1, 0), (0, 1))
    assert np.array_equal(run_winograd(case, name, (1, 0), (0, 1), place=before_unreadable_page), plain)


def test_one_thread_after_another_uses_a_slot_up_and_gives_it_back() -> None:
    """A lease that is kept would leave the next call without a slot."""
    case = _case("winograd_4", (9, 9), 16, 64)
    first = run_winograd(case, "winograd_4", slots=1)
    assert np.array_equal(first, run_winograd(case, "winograd_4", slots=1))


def test_working_memory_is_bounded() -> None:
    for form in FORMS.values():
        for channels in (16, 64, 512, 4096):
            for threads in (1, 2, 1024):
                memory = WorkingMemory.of(form, channels, channels, threads)
                assert 1 <= memory.slots <= threads
                assert memory.slots == 1 or memory.slots * memory.area <= ALL_BYTES
                assert memory.area <= 1.1 * AREA_BYTES or memory.block == 6
                assert memory.elements * ITEM_BYTES == memory.leases + memory.slots * memory.area


@each_form
@pytest.mark.parametrize("inputs", [16, 64, 256])
def test_rounding_errors_are_bounded(name: str, inputs: int) -> None:
    """The bounds that docs/performance.md states: against the largest output of non-negative inputs."""
    case = _case(name, (12, 12), inputs, 32, bias=False)
    x, *others = case.arrays()
    x = np.maximum(x, 0)
    kernel = others[0].astype(np.float64)
    want = sum(seen @ kernel[tap] for tap, seen in case.windows(x.astype(np.float64)).items())
    error = np.abs(run_winograd(case, name, arrays=[x, *others]) - want).max() / np.abs(want).max()
    assert error < (1e-6 if name == "winograd_2" else 1e-5)


@pytest.mark.parametrize("axis", sorted({axis for form in FORMS.values() for axis in form}))
def test_transforms_are_exact(axis: TileAxis) -> None:
    """In rational arithmetic they give the sums of a window; those of data are float32."""
    a, g, b = transforms(axis)
    for matrix in (a, b):
        assert np.array_equal(matrix.astype(np.float32), matrix)
    x = [Fraction(n * n + 1, n + 2) for n in range(axis.points)]
    k = [Fraction(n - 2, 2 * n + 3) for n in range(axis.taps)]
    v = [sum((Fraction(f) * one for f, one in zip(row, x, strict=True)), Fraction(0)) for row in b]
    u = [sum((_simplest(f) * one for f, one in zip(row, k, strict=True)), Fraction(0)) for row in g]
    y = [sum((Fraction(f) * p * q for f, p, q in zip(row, u, v, strict=True)), Fraction(0)) for row in a]
    assert y == [sum((k[t] * x[o + t] for t in range(axis.taps)), Fraction(0)) for o in range(axis.outputs)]


def _simplest(number: float) -> Fraction:
    """The fraction that a float64 is the nearest one of."""
    return Fraction(number).limit_denominator(10**7)


@each_form
def test_packed_kernel_is_in_the_order_of_the_tiles(name: str) -> None:
    target, form = host(), FORMS[name]
    lanes, points = target.lanes, form.points
    kernel = np.random.default_rng(0).standard_normal((*form.window, 20, 5 * lanes + 3)).astype(np.float32)
    packed = pack_winograd(kernel, form)
    assert packed.size == winograd_elements(form, 20, kernel.shape[-1])
    rows, columns = (transforms(axis)[1] for axis in form)
    want = np.einsum("ia,jb,abcq->ijcq", rows, columns, kernel.astype(np.float64)).reshape(points, 20, -1)
    vectors = pack_bias(kernel[0, 0, 0]).size // lanes
    wide = -(-vectors // -(-vectors // target.max_vectors))
    first = packed[: points * 20 * wide * lanes].reshape(points, 20, wide * lanes)
    np.testing.assert_allclose(first, want[:, :, : wide * lanes], rtol=1e-6, atol=1e-7)
    begin = vectors // wide * wide if vectors % wide else vectors - wide
    last = packed[points * 20 * begin * lanes :].reshape(points, 20, -1)
    count = kernel.shape[-1] - begin * lanes
    np.testing.assert_allclose(last[:, :, :count], want[:, :, begin * lanes :], rtol=1e-6, atol=1e-7)
    assert not last[:, :, count:].any()


@pytest.mark.parametrize("lanes, registers", [(16, 32), (8, 16), (4, 16), (4, 32)])
def test_every_unit_has_filters_for_a_vector(lanes: int, registers: int) -> None:
    target = Target("", "", "", lanes, registers, True)
    for filters in range(LANES, 300):
        for blocks in (1, 2, 5, 40):
            width = columns_of_unit(filters, blocks, target)
            vectors = -(-filters // lanes)
            wide = -(-vectors // -(-vectors // target.max_vectors))
            rest = filters % (width * wide * lanes)
            assert rest == 0 or rest >= lanes


@pytest.mark.parametrize(
    "tiles, most, filters, blocks",
    [(16, 24, 32, [8, 8]), (49, 24, 32, [13, 13, 13, 10]), (4, 24, 32, [4]), (16, 54, 512, [16]), (196, 24, 32, None)],
)
def test_few_blocks_of_tiles_are_even(tiles: int, most: int, filters: int, blocks: list[int] | None) -> None:
    """Two threads have even shares of a layer of DenseNet, whose few filters are not cut; None: the largest blocks."""
    unit = tiles_of_unit(tiles, most, filters)
    assert unit <= most
    if blocks is None:
        assert unit == most
    else:
        assert [min(unit, tiles - first) for first in range(0, tiles, unit)] == blocks
