"""What is measured of models, and that measuring leaves them as they were."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.bench.work import Work
from modelc.cli.bench import command
from modelc.errors import InputError, SpecError

NESTED = """
modelc: 1
name: pictures
input: {shape: [h, w, 3]}
sizes: {h: {max: 40}, w: {max: 30}}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, name: edges}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 5, activation: softmax, name: classes}
"""


def test_all_that_the_help_says_is_there_and_adds_up() -> None:
    model = modelc.load_spec(NESTED).build()
    found = model.bench(seconds=0.05, sizes={"w": 20}, batch_size=3, threads=2, profile=True)
    plain = json.loads(found.to_json())
    assert plain["model"] == "pictures"
    assert (plain["batch_size"], plain["threads"], plain["sizes"]) == (3, 2, {"h": 40, "w": 20})
    assert plain["inputs"] == [{"name": "input", "shape": [3, 40, 20, 3], "dtype": "float32"}]
    latency = plain["latency"]
    assert 0 < latency["min"] <= latency["p50"] <= latency["p90"] <= latency["p99"]
    assert latency["calls"] >= 3
    assert plain["throughput"] == pytest.approx(3 / latency["mean"])
    # The input alone is 3·40·20·3 floats.
    assert 4 * 3 * 40 * 20 * 3 < plain["call_memory"] < 1e6 < plain["peak_memory"]
    told = set(re.findall(r"`([a-z_0-9]+)`", str(command.help)))
    assert _keys(plain) - told - {"h", "w"} == set()

    profile = plain["profile"]
    parts = [profile[name] for name in ("in_steps", "between_steps", "around_steps")]
    assert all(part >= 0 for part in parts)
    assert math.fsum(parts) == pytest.approx(profile["call"])
    assert math.fsum(step["share"] for step in profile["steps"]) == pytest.approx(1)
    by_layer: dict[str, int] = {}
    for step in profile["steps"]:
        by_layer[step["layer"]] = by_layer.get(step["layer"], 0) + step.get("macs", 0)
    assert by_layer["edges"] == 3 * (38 * 18) * 8 * 9 * 3
    assert by_layer["classes"] == 3 * 8 * 5


def _keys(plain: Any) -> set[str]:
    if isinstance(plain, dict):
        return {*plain, *(key for value in plain.values() for key in _keys(value))}
    return {key for item in plain for key in _keys(item)} if isinstance(plain, list) else set()


def test_bytes_are_those_of_operands_and_results() -> None:
    model = modelc.load_spec(NESTED).build()
    profile = model.bench(seconds=0.01, batch_size=2, threads=1, profile=True).profile
    assert profile is not None
    (work,) = [step.work for step in profile.steps if step.layer == "classes" and step.kernel == "conv" and step.work]
    # (2, 8) and (8, 5) to (2, 5), and the bias; kernels may be padded to whole vectors.
    assert work.macs == 2 * 8 * 5
    assert 4 * (2 * 8 + 8 * 5 + 5 + 2 * 5) <= work.bytes <= 4 * (2 * 8 + 8 * 64 + 64 + 2 * 64)


def test_an_op_that_loops_by_itself_counts_its_work_once() -> None:
    model = modelc.load_spec("{modelc: 1, input: {shape: [20, 8]}, layers: [{type: LSTM, units: 128}]}").build()
    found = model.bench(seconds=0.05, threads=1, profile=True)
    assert found.profile is not None
    (step,) = [step for step in found.profile.steps if step.kernel == "recurrent"]
    assert step.turns == 20
    assert step.work is not None
    assert step.work.macs == 20 * 128 * 4 * 128


def test_loops_have_turns() -> None:
    text = "modelc: 1\ninput: {shape: [50, 4]}\nlayers: [{type: LSTM, units: 4, activation: softmax}]"
    found = modelc.load_spec(text).build().bench(seconds=0.01, profile=True)
    assert found.profile is not None
    assert {step.turns for step in found.profile.steps} == {1, 50}
    # The recurrent kernel is (4, 16), once in each of 50 steps.
    works = [step.work for step in found.profile.steps if step.turns == 50 and step.work is not None]
    assert sum(work.macs for work in works) == 50 * 4 * 16
    assert "Turns" in found.to_text()


def test_states_are_as_before() -> None:
    text = (
        "modelc: 1\ninput: {shape: [3, 2], batch_size: 2}\n"
        "layers: [{type: LSTM, units: 4, stateful: true}, {type: Dense, units: 2}]"
    )
    model, other = (modelc.load_spec(text).build() for _ in range(2))
    x = np.ones((2, 3, 2), np.float32)
    for _ in range(3):
        expected = other(x)
        assert model.bench(seconds=0.01, profile=True).batch_size == 2
        assert model(x).tobytes() == expected.tobytes()
    with pytest.raises(InputError, match="batches of 2"):
        model.bench(batch_size=3)


def test_a_model_is_measured_by_the_plan_that_is_kept_of_it(tmp_path: Path) -> None:
    modelc.load_spec(
        NESTED.replace("[h, w, 3]", "[12, 9, 3]").replace("sizes: {h: {max: 40}, w: {max: 30}}", "")
    ).build().save(tmp_path / "m.modelc")
    first = modelc.load(tmp_path / "m.modelc")
    second = modelc.load(tmp_path / "m.modelc")
    assert "_traced" not in vars(second)
    found = second.bench(seconds=0.01)
    assert "_traced" not in vars(second)  # it would be made where it is asked for, and take memory
    assert found.inputs[0].shape == (1, 12, 9, 3)
    expected = first.bench(seconds=0.01, profile=True).profile
    profiled = second.bench(seconds=0.01, profile=True).profile
    assert expected is not None
    assert profiled is not None
    assert [step.kernel for step in profiled.steps] == [step.kernel for step in expected.steps]


def test_the_reference_backend_has_no_steps() -> None:
    model = modelc.load_spec(NESTED).build(backend="reference")
    found = model.bench(seconds=0.01)
    assert (found.backend, found.threads, found.call_memory, found.profile) == ("reference", 1, None, None)
    assert "reference backend" in str(found)
    with pytest.raises(InputError, match="native"):
        model.bench(profile=True)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"threads": 0}, "threads"),
        ({"threads": 2000}, "at most 1024"),
        ({"seconds": 0}, "more than 0"),
        ({"seconds": float("nan")}, "more than 0"),
        ({"seconds": "2"}, "must be a number"),
        ({"sizes": {"hh": 3}}, "unknown size `hh`"),
    ],
)
def test_choices_that_cannot_be(choices: dict[str, Any], message: str) -> None:
    model = modelc.load_spec(NESTED).build()
    with pytest.raises((SpecError, InputError), match=message):
        model.bench(**choices)


def test_shares_of_the_limit() -> None:
    found = modelc.load_spec(NESTED).build().bench(seconds=0.01, profile=True).profile
    assert found is not None
    (step,) = [step for step in found.steps if step.layer == "edges" and step.work is not None]
    fma, memory = 2 * step.work.macs / found.fma_peak, step.work.bytes / found.read_rate
    assert found.bound(step) == (
        pytest.approx(max(fma, memory) / step.op_seconds),
        "FMA" if fma > memory else "memory",
    )
    assert isinstance(step.work, Work)
