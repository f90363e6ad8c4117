"""The options `--size` and `--input-shape` of models with free sizes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

SPEC = """modelc: 1
name: speech
input: {shape: [time, 80]}
layers:
  - {type: LSTM, units: 4, return_sequences: true}
  - {type: Dense, units: 3}
limits: {macs: 1M}
"""


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "speech.yaml"
    path.write_text(SPEC)
    return path


def test_size(run: Any, speech: Path) -> None:
    result = run("summary", str(speech), "--size", "time=10", "--json")
    data = json.loads(result.out)
    assert (result.code, data["counted_for"]) == (0, {"time": 10})
    # 80 features and 4 states to 4 gates of 4 units, and 4 units to 3, in each of 10 steps.
    assert data["macs"] == 10 * ((80 + 4) * 16 + 4 * 3)
    assert data["layers"][0]["output_shape"] == [None, None, 4]


def test_without_a_size_a_limit_is_exceeded(run: Any, speech: Path) -> None:
    result = run("summary", str(speech), "--json")
    assert result.code == 2
    assert json.loads(result.out)["macs_formula"] == "1,356·time"
    assert (
        "speech.yaml:7:16: error[E501]: `limits.macs` is for the largest sizes, and `time` has no `max`" in result.err
    )


@pytest.mark.parametrize("command", ["summary", "check", "build"])
def test_a_limit_holds_for_the_size(run: Any, speech: Path, command: str) -> None:
    for size, code in ((10, 0), (10_000, 2)):
        result = run(command, str(speech), "--size", f"time={size}")
        assert result.code == code, result.err
        assert ("(for time = 10000)" in result.out + result.err) is bool(code) or command == "summary"


@pytest.mark.parametrize("command", ["summary", "check", "build", "diff"])
@pytest.mark.parametrize(
    ("size", "message"),
    [
        ("tme=3", "--size: error[E305]: unknown size `tme`\n  help: did you mean `time`?"),
        ("time=0", "--size: error[E204]: the size `time` is 0, and must be at least 1"),
        ("time", "'time' is not a size by name; write such as time=128"),
        ("time=x", "'time=x' is not a size by name"),
        ("=3", "'=3' is not a size by name"),
    ],
)
def test_mistakes(run: Any, speech: Path, command: str, size: str, message: str) -> None:
    result = run(command, str(speech), *([str(speech)] if command == "diff" else []), "--size", size)
    assert result.code == 2
    assert message in result.err + result.out
    assert "Traceback" not in result.err


def test_a_size_is_given_once(run: Any, speech: Path) -> None:
    result = run("summary", str(speech), "--size", "time=3", "--size", "time=4")
    assert (result.code, "`time` has two sizes, 3 and 4" in result.err) == (2, True)


def test_input_shapes(run: Any, speech: Path) -> None:
    fixed = json.loads(run("summary", str(speech), "--input-shape", "10,80", "--json").out)
    assert (fixed["macs"], fixed["inputs"][0]["shape"], "sizes" in fixed) == (13_560, [None, 10, 80], False)
    for free in ("null,40", "?,40", "None,40"):
        data = json.loads(run("summary", str(speech), "--input-shape", free, "--size", "time=10", "--json").out)
        assert data["macs"] == 10 * ((40 + 4) * 16 + 4 * 3)


def test_diff_of_sizes(run: Any, speech: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SPEC.replace("units: 3", "units: 5").replace("time", "steps"))
    result = run("diff", str(speech), str(other), "--size", "time=10", "--size", "steps=10")
    assert result.code == 1
    assert "MACs per sample (for time = 10 and steps = 10)" in result.out
    assert re.search(r"13,560 +13,640 +\+80 \(\+0.6%\)", result.out)


def test_build_says_for_which_sizes_the_arena_is(run: Any, speech: Path) -> None:
    result = run("build", str(speech), "--size", "time=10")
    assert result.code == 0
    assert "bytes per sample for time = 480" in result.out
