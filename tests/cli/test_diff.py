"""`modelc diff`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def wider(dense: Path) -> Path:
    """The spec `dense` with another width."""
    path = dense.with_name("wider.yaml")
    path.write_text(dense.read_text().replace("width: 3", "width: 5"))
    return path


def test_same(run: Any, dense: Path) -> None:
    result = run("diff", dense, dense)
    assert (result.code, result.out, result.err) == (0, "no differences\n", "")
    assert json.loads(run("diff", dense, dense, "--json").out)["same"] is True


def test_different(run: Any, dense: Path, wider: Path) -> None:
    result = run("diff", "dense.yaml", "wider.yaml", "--batch-size", 2)
    assert (result.code, result.err) == (1, "")
    # A hidden row of 12 or 20 bytes takes one cache line, the result 8 bytes: 72 bytes per sample.
    assert result.out == (
        "--- dense.yaml\n"
        "+++ wider.yaml\n"
        "~ hidden (Dense): units: 3 → 5; 15 → 25 parameters\n"
        "  1 more layer with other shapes: out\n"
        "\n"
        "                                     before        after        change\n"
        "parameters                               23           37  +14 (+60.9%)\n"
        "trainable parameters                     23           37  +14 (+60.9%)\n"
        "MACs per sample                          18           30  +12 (+66.7%)\n"
        "activation memory (batch of 2)  144.00 Byte  144.00 Byte             —\n"
        "\n"
        "weights: 1 of 4 would load by path and shape, 2 of 37 parameters\n"
        "  another shape: hidden/kernel (4, 3) → (4, 5)\n"
        "  another shape: hidden/bias (3,) → (5,)\n"
        "  another shape: out/kernel (3, 2) → (5, 2)\n"
    )
    data = json.loads(run("diff", dense, wider, "--json").out)
    assert data["params"] == {"from": 23, "to": 37, "change": 14}


def test_artifacts(run: Any, dense: Path, wider: Path) -> None:
    from modelc.model.loading import load_spec

    load_spec(dense).build(backend="reference").save("dense.modelc")
    shutil.copy("dense.modelc", "dense.zip")
    assert run("diff", "dense.modelc", dense).code == 0
    assert run("diff", "dense.zip", dense).code == 0
    assert run("diff", wider, "dense.modelc").code == 1
    settings = run("diff", dense, "dense.modelc", "--set", "vars.width=4")
    assert (settings.code, "--set applies to specs: dense.modelc is a .modelc artifact" in settings.err) == (2, True)
    Path("broken.modelc").write_bytes(b"PK\x03\x04")
    result = run("diff", dense, "broken.modelc")
    assert result.code == 2
    assert "is not a .modelc file" in result.err


def test_settings_hold_for_both(run: Any, dense: Path, wider: Path) -> None:
    assert run("diff", dense, wider, "--set", "vars.width=9").code == 0
    deferred = "modelc: 1\nname: small\nlayers: [{type: Dense, units: 3}]\n"
    Path("deferred.yaml").write_text(deferred)
    result = run("diff", "deferred.yaml", "deferred.yaml")
    assert result.code == 2
    assert "E402" in result.err
    assert run("diff", "deferred.yaml", "deferred.yaml", "--input-shape", "7").code == 0


def test_mistakes(run: Any, dense: Path) -> None:
    Path("bad.yaml").write_text("modelc: 1\ninput: {shape: [4]}\nlayers: [{type: Dens, units: 3}]\n")
    for arguments, message in (
        ((dense, "bad.yaml"), "bad.yaml:3:17: error[E205]"),
        (("nowhere.yaml", dense), "E101"),
        ((dense,), "Missing argument 'B'"),
        (("-", "-"), "only one of A and B can be standard input"),
    ):
        result = run("diff", *arguments)
        assert result.code == 2
        assert message in result.err
        assert result.out == ""


def _modelc(*arguments: str, input: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "modelc", *arguments], input=input, capture_output=True, check=False, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_standard_input(dense: Path, wider: Path) -> None:
    assert _modelc("diff", "-", str(dense), input=dense.read_bytes()).returncode == 0
    assert _modelc("diff", str(dense), "-", input=wider.read_bytes()).returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_colours_on_a_terminal_only(dense: Path, wider: Path) -> None:
    import pty

    assert b"\x1b[" not in _modelc("diff", str(dense), str(wider)).stdout
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "modelc", "diff", str(dense), str(wider)]
    environment = {**os.environ, "TERM": "xterm"} | {"NO_COLOR": ""}
    with subprocess.Popen(command, stdout=terminal, env=environment) as process:
        assert process.wait(60) == 1
    os.close(terminal)
    shown = os.read(main, 1 << 16)
    os.close(main)
    assert b"\x1b[33m~ hidden (Dense): units: 3 \xe2\x86\x92 5" in shown


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_as_the_diff_of_git(dense: Path, tmp_path: Path) -> None:
    """The command line that the help gives."""
    from modelc.cli.diff import command

    help = command.help or ""
    line = next(line.strip() for line in help.splitlines() if "git config" in line)
    quoted = line.strip("`").split(" ", 3)[3].strip("'")
    program = quoted.replace("modelc diff", f"'{sys.executable}' -m modelc diff")

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        return subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True,
                              timeout=60).stdout  # fmt: skip

    git("init", "--quiet")
    (tmp_path / ".gitattributes").write_text("*.yaml diff=modelc\n")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    git("config", "diff.modelc.command", program)
    dense.write_text(dense.read_text().replace("width: 3", "width: 5"))
    assert "~ hidden (Dense): units: 3 → 5; 15 → 25 parameters" in git("diff")
