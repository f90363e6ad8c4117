"""The recurrent kernel against the op's definition in float64, which `tests/ops/test_recurrent.py` checks."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.native.code.layout import ABSENT
from modelc.native.families.elementwise.codes import UNARY_CODES
from modelc.native.families.recurrent.kernel import per_sample, recurrent
from modelc.native.families.recurrent.pack import pack_recurrent, pack_recurrent_bias
from modelc.native.families.recurrent.params import PANEL_TILES, PER_SAMPLE, RECURRENT, TILE_ROWS, Cell
from modelc.native.target import LANES
from modelc.ops.elementwise import Unary
from modelc.ops.recurrent import GATES, PARTS, STATES, Recurrent, RecurrentKind
from tests.native.families.harness import Caller, floats, guarded, margins_untouched, normal
from tests.slowness import examples

KINDS: tuple[RecurrentKind, ...] = ("simple", "lstm", "gru", "gru_reset_before")
TANH, SIGMOID = (Unary("tanh"), "tanh", ()), (Unary("sigmoid"), "sigmoid", ())
CLIP, ELU = (Unary("clip", (-0.5, 2.0)), "clip", (-0.5, 2.0)), (Unary("elu", (0.7,)), "elu", (0.7,))


def _run(
    kind: RecurrentKind, n: int, steps: int, units: int, *, kept: int, masked: bool = False, initial: bool = False,
    backward: bool = False, pieces: int = 1, activation: Any = TANH, gate: Any = SIGMOID, x: np.ndarray | None = None,
    by_steps: bool = False,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """What the kernel and what the definition makes of random operands."""
    width = GATES[kind] * units
    x = normal((n, steps, width), 1) if x is None else x
    kernel = normal((units, width), 2) / np.float32(np.sqrt(units))
    bias = normal((width,), 3) if kind == "gru" else None
    mask = (np.random.default_rng(4).random((n, steps)) < 0.6).astype(np.float32) if masked else None
    states = [normal((n, units), 5 + i) for i in range(STATES[kind])] if initial else []
    cell = Cell[kind.upper()]
    y, whole = guarded((n, kept, PARTS[kind] * units))
    caller = Caller(n)
    h, c = ([caller.operand(s) for s in states] + [ABSENT, ABSENT])[:2]
    done = np.zeros(1, np.int64)
    tiles, blocks = -(-n // TILE_ROWS), -(-units // LANES)
    count = blocks if by_steps else tiles
    fields = dict[str, Any](
        y=caller.operand(y), x=caller.operand(x), weights=caller.operand(pack_recurrent(kernel, cell)),
        bias=ABSENT if bias is None else caller.operand(pack_recurrent_bias(bias, units)),
        mask=ABSENT if mask is None else caller.operand(mask), h=h, c=c, table=caller.operand(np.zeros(1, np.int64)),
        steps=steps, kept=kept, size=units, kind=int(cell), gates=GATES[kind], parts=PARTS[kind],
        backward=int(backward),
        code=UNARY_CODES[activation[1]], p=floats(*activation[2]),
        gate_code=UNARY_CODES[gate[1]], gate_p=floats(*gate[2]),
        done=caller.operand(done) if by_steps else ABSENT,
    )  # fmt: skip
    for step in range(steps if by_steps else 1):
        done[0] = step
        caller.run(recurrent, RECURRENT, count, pieces, **fields)
    assert margins_untouched(whole)
    op = Recurrent(kind, activation[0], gate[0], kept, bias is not None, masked, initial, backward)
    operands = [x, kernel, *(a for a in (bias, mask) if a is not None), *states]
    return y, op.compute(*(a.astype(np.float64) for a in operands))


@pytest.mark.parametrize(("kind", "masked", "initial", "backward"), [*product(KINDS, *[(False, True)] * 3)])
def test_is_the_definition(kind: RecurrentKind, masked: bool, initial: bool, backward: bool) -> None:
    y, want = _run(kind, 5, 6, 20, kept=6, masked=masked, initial=initial, backward=backward, pieces=2)
    np.testing.assert_allclose(y, want, rtol=2e-6, atol=2e-6)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sampled_from(KINDS), st.integers(1, 11), st.integers(1, 5), st.integers(1, 70), st.integers(1, 5),
    st.booleans(), st.booleans(), st.integers(1, 3),
)  # fmt: skip
def test_any_size(
    kind: RecurrentKind, n: int, steps: int, units: int, kept: int, masked: bool, initial: bool, pieces: int
) -> None:
    # A step reads what the one before it left, so that two are kept of more than one.
    kept = min(max(kept, 2), steps)
    y, want = _run(kind, n, steps, units, kept=kept, masked=masked, initial=initial, pieces=pieces)
    np.testing.assert_allclose(y, want, rtol=5e-6, atol=5e-6)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.sampled_from([kind for kind in KINDS if kind != "gru_reset_before"]), st.integers(1, 11), st.integers(1, 5),
    st.integers(17, 70), st.booleans(), st.booleans(), st.booleans(), st.integers(1, 5),
)  # fmt: skip
def test_step_by_step_it_is_the_same_to_the_bit(
    kind: RecurrentKind, n: int, steps: int, units: int, masked: bool, initial: bool, backward: bool, pieces: int
) -> None:
    more = dict[str, Any](kept=min(steps, 3), masked=masked, initial=initial, backward=backward)
    whole, _ = _run(kind, n, steps, units, **more)
    apart, _ = _run(kind, n, steps, units, by_steps=True, pieces=pieces, **more)
    np.testing.assert_array_equal(apart, whole)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [TILE_ROWS * PANEL_TILES, TILE_ROWS * PANEL_TILES + 1, 53])
def test_many_samples_side_by_side(kind: RecurrentKind, n: int) -> None:
    y, want = _run(kind, n, 4, 40, kept=2, masked=True, initial=True)
    np.testing.assert_allclose(y, want[:, -2:], rtol=5e-6, atol=5e-6)
    apart, _ = _run(kind, n, 4, 40, kept=2, masked=True, initial=True, pieces=5)
    np.testing.assert_array_equal(apart, y)


@pytest.mark.parametrize("kind", KINDS)
def test_gates_far_from_zero(kind: RecurrentKind) -> None:
    x = normal((7, 3, GATES[kind] * 20), 1) * np.float32(60)
    x[3] *= np.float32(1e30)
    y, want = _run(kind, 7, 3, 20, kept=3, x=x)
    np.testing.assert_allclose(y, want, rtol=5e-6, atol=5e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_other_activations(kind: RecurrentKind) -> None:
    y, want = _run(kind, 3, 4, 17, kept=4, activation=ELU, gate=CLIP)
    np.testing.assert_allclose(y, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_last_steps_are_kept(kind: RecurrentKind) -> None:
    full, _ = _run(kind, 3, 7, 9, kept=7)
    last, _ = _run(kind, 3, 7, 9, kept=2)
    np.testing.assert_array_equal(last, full[:, -2:])


@pytest.mark.parametrize("kind", KINDS)
def test_nan_stays_in_its_sample_and_spreads_over_later_steps(kind: RecurrentKind) -> None:
    x = normal((3, 4, GATES[kind] * 5), 1)
    x[1, 2] = np.nan
    y, _ = _run(kind, 3, 4, 5, kept=4, x=x)
    h = y[..., :5]
    assert np.isnan(h[1, 2:]).all()
    assert np.isfinite(h[[0, 2]]).all()
    assert np.isfinite(h[1, :2]).all()


def test_a_weight_per_sample_is_not_read_beyond_its_end() -> None:
    w = normal((3, 5), 0)
    y, whole = guarded((4, 5))
    caller = Caller(4)
    caller.run(per_sample, PER_SAMPLE, 4, 2, y=caller.operand(y), w=caller.operand(w), samples=3, size=5)
    np.testing.assert_array_equal(y, [*w, [0] * 5])
    assert margins_untouched(whole)
