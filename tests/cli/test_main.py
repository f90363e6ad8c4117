"""The command as a process: exit codes, streams, and what is imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.cli.main import _COMMANDS

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-m", "modelc.cli.main"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

HEAVY = {"numba", "llvmlite", "rich", "safetensors", "difflib", "jsonschema", "PIL"}
"""What a summary has no use for."""


def process(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False, **options)


def started(*arguments: object) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen([*COMMAND, *map(str, arguments)], env=ENVIRONMENT, stdin=pipe, stdout=pipe, stderr=pipe)


def test_version_and_help(run: Any) -> None:
    assert run("--version").out == f"modelc, version {modelc.__version__}\n"
    result = run("--help")
    assert all(f"\n  {name} " in result.out for name in _COMMANDS)
    for name in _COMMANDS:
        assert run(name, "--help").out.startswith(f"Usage: modelc {name}")


def test_misspelt_command(run: Any) -> None:
    result = run("sumary")
    assert result.code == 2
    assert "unknown command `sumary`; did you mean `summary`?" in result.err


def test_exit_codes_and_streams(dense: Path) -> None:
    good = process("summary", dense)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith('Model: "small"')
    bad = process("summary", "missing.yaml")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "Traceback" not in bad.stderr


def test_standard_input(dense: Path) -> None:
    result = process("summary", "-", input=dense.read_text())
    assert 'Model: "small"' in result.stdout


def test_nothing_is_cut_where_the_terminal_is_narrow(dense: Path) -> None:
    name = "a_very_long_name_" * 8
    result = subprocess.run(
        [*COMMAND, "summary", str(dense), "--set", f"layers.0.name={name}"],
        env={**ENVIRONMENT, "COLUMNS": "20"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"{name} (Dense)" in result.stdout


def test_any_name_prints_in_any_encoding(dense: Path) -> None:
    arguments = [*COMMAND, "summary", str(dense), "--set", "name=Größe 大", "--wide"]
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": "latin-1"}
    result = subprocess.run(arguments, env=environment, capture_output=True, check=False)
    assert result.returncode == 0
    assert b"Gr\xf6\xdfe \\u5927" in result.stdout


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    entries = "  - {type: ReLU}\n" * 5000
    (tmp_path / "long.yaml").write_text(f"modelc: 1\ninput: {{shape: [2]}}\nlayers:\n{entries}")
    with started("summary", tmp_path / "long.yaml") as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupt_is_clean() -> None:
    with started("summary", "-") as child:
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(b"modelc: 1\n")
        child.stdin.flush()
        time.sleep(1.5)  # by now it waits for more input
        child.send_signal(signal.SIGINT)
        assert child.wait(timeout=20) == 130
        told = child.stderr.read()
        assert b"interrupted" in told
        assert b"Traceback" not in told


@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "{dense}", "--wide", "--json"],
        ["check", "{dense}"],
        ["diff", "{dense}", "{dense}"],
        ["schema"],
        ["init"],
    ],
)
def test_light_commands_import_nothing_heavy(dense: Path, tmp_path: Path, arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from modelc.cli.main import _run\n"
        f"code = _run({[a.format(dense=dense) for a in arguments]!r})\n"
        "print(code, *sorted(m for m in sys.modules), file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, cwd=tmp_path, check=True
    )
    code, *modules = result.stderr.splitlines()[-1].split()
    assert code == "0"
    compares = {"difflib"} if arguments[0] == "diff" else set()
    assert not HEAVY & set(modules) - compares
