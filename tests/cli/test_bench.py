"""`modelc bench`: what it prints, the limit that it checks, and mistakes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.cli.bench import command


def test_text(run: Any, dense: Path) -> None:
    result = run("bench", dense, "--seconds", 0.05, "--threads", 1)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].startswith('Model: "small", input (1, 4) float32, 1 thread (')
    assert [line.split("  ")[0] for line in lines[2:]] == ["Latency", "", "First call", "Throughput", "Memory"]
    assert re.search(r"^Latency +[0-9.]+ µs \(median of [0-9,]+ calls\)$", result.out, re.M)


def test_profile(run: Any, dense: Path) -> None:
    result = run("bench", dense, "--seconds", 0.05, "--threads", 1, "--profile", "--sort", "plan")
    table = result.out.split("\n\n")[2].splitlines()
    assert table[0].split() == ["Layer", "(kernel)", "Time", "Share", "GFLOP/s", "GB/s", "Of", "the", "limit"]
    assert [line.split()[:2] for line in table[2:]] == [["hidden", "(conv)"], ["out", "(conv)"]]
    assert sum(float(share) for share in re.findall(r"([0-9.]+)%", "\n".join(line[:40] for line in table))) > 99
    assert "FMA peak" in result.out


@pytest.mark.parametrize("ending", [".modelc", ".keras"])
def test_artifacts_and_files_of_keras(run: Any, dense: Path, ending: str) -> None:
    assert run("build", dense, "-o", f"small{ending}").code == 0
    result = run("bench", f"small{ending}", "--seconds", 0.01, "--batch-size", 2, "--json")
    assert json.loads(result.out)["inputs"][0]["shape"] == [2, 4]
    assert result.err == ""


LIMITED = """modelc: 1
name: limited
input: {shape: [64, 64, 3]}
layers:
  - {type: Conv2D, filters: 16, kernel_size: 3}
  - {type: GlobalAveragePooling2D}
limits:
  macs: 10M
  latency: LIMIT
"""


def test_a_limit_that_is_exceeded(run: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(LIMITED.replace("LIMIT", "0.001us"))
    result = run("bench", "spec.yaml", "--seconds", 0.01, "--json")
    assert result.code == 2
    assert json.loads(result.out)["model"] == "limited"  # what was measured is printed before
    assert re.search(
        r"^spec\.yaml:9:12: error\[E501\]: a call takes [0-9.]+ .s \(median of [0-9]+ calls\), the limit is 0.00 µs$",
        result.err, re.M,
    )  # fmt: skip
    assert "\n  help: " in result.err
    assert modelc.load_spec("spec.yaml").limits.latency == "0.001us"
    # Other commands know the limit, and leave it alone.
    for other in ("check", "summary", "build"):
        assert run(other, "spec.yaml").code == 0, other
    # The limits of a spec are those of its artifact, which has no lines.
    result = run("bench", "spec.modelc", "--seconds", 0.01)
    assert result.code == 2
    assert "error[E501]: a call takes" in result.err


def test_limits_that_are_kept(run: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(LIMITED.replace("LIMIT", "60 s"))
    assert run("bench", "spec.yaml", "--seconds", 0.01).code == 0
    assert run("bench", "spec.yaml", "--seconds", 0.01, "--set", "limits.latency=1us").code == 2
    result = run("bench", "spec.yaml", "--set", "limits.macs=1k")
    assert (result.code, result.out) == (2, "")
    assert "multiply-adds" in result.err


def test_free_sizes(run: Any, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        "modelc: 1\ninput: {shape: [time, 4]}\nlayers: [{type: Dense, units: 3}, {type: GlobalMaxPooling1D}]\n"
    )
    result = run("bench", "spec.yaml")
    assert (result.code, result.out) == (2, "")
    assert "`time` has no `max`" in result.err
    assert "give --size time=…" in result.err
    result = run("bench", "spec.yaml", "--size", "time=9", "--seconds", 0.01)
    assert 'Model: "sequential", input (1, 9, 4) float32' in result.out
    result = run("bench", "spec.yaml", "--size", "tme=9", "--seconds", 0.01)
    assert (result.code, result.out) == (2, "")
    assert "did you mean `time`?" in result.err
    result = run("bench", "spec.yaml", "--input-shape", "5,4", "--seconds", 0.01)
    assert "input (1, 5, 4) float32" in result.out


def test_a_trace_replaces_a_trace_and_no_other_file(run: Any, dense: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.json"
    for _ in range(2):
        result = run("bench", dense, "--seconds", 0.01, "--trace", trace)
        assert result.code == 0
        assert f"trace: {trace}, which https://ui.perfetto.dev opens" in result.err
        assert {event["name"] for event in json.loads(trace.read_text())["traceEvents"]} >= {"call 1", "hidden", "out"}
    # That of another program, even where it has the same format.
    trace.write_text(json.dumps({"traceEvents": [], "otherData": {"producer": "chrome"}}))
    result = run("bench", dense, "--seconds", 0.01, "--trace", trace)
    assert (result.code, result.out) == (2, "")
    assert "it is not overwritten by a trace of modelc" in result.err
    assert json.loads(trace.read_text())["otherData"] == {"producer": "chrome"}
    assert run("bench", dense, "--seconds", 0.01, "--trace", trace, "--force").code == 0
    assert json.loads(trace.read_text())["otherData"]["model"] == "small"
    result = run("bench", dense, "--trace", tmp_path / "none" / "trace.json")
    assert (result.code, result.out) == (2, "")
    assert "there is no folder" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--threads", "0"], "--threads"),
        (["--seconds", "0"], "--seconds"),
        (["--batch-size", "0"], "--batch-size"),
        (["--sort", "size"], "--sort"),
        (["--compare", "onnxruntime=a.onnx", "--compare", "onnxruntime=b.onnx"], "onnxruntime is given twice"),
        (["--compare", "onnxruntime=none.onnx"], "there is no file none.onnx"),
        (["--compare", "tensorrt=m.plan"], "unknown runtime `tensorrt`"),
    ],
)
def test_options_that_cannot_be(run: Any, dense: Path, arguments: list[str], message: str) -> None:
    result = run("bench", dense, *arguments)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_other_commands_load_none_of_it(dense: Path) -> None:
    code = (
        "import sys; from modelc.cli.main import _run; assert _run(['summary', sys.argv[1]]) == 0; "
        "assert not [name for name in sys.modules if name.startswith('modelc.bench') or 'measure' in name]"
    )
    subprocess.run([sys.executable, "-c", code, dense], check=True, timeout=60, stdout=subprocess.DEVNULL)


def test_runtimes_and_their_files() -> None:
    def parsed(*values: str) -> Any:
        option = next(one for one in command.params if one.name == "peers")
        return option.callback(None, option, values)

    both = {"onnxruntime": "a, b=1.onnx", "openvino": "c.xml"}
    assert parsed("onnxruntime=a, b=1.onnx,openvino=c.xml") == both
    assert parsed("onnxruntime=a, b=1.onnx", "openvino=c.xml") == both
    assert parsed("onnxruntime,openvino") == {"onnxruntime": None, "openvino": None}
    assert parsed() == {}
