"""`modelc export --format c`: what is written and told, and that nothing is written where anything fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelc.files.kinds import Kind, kind_of

SPEC = """\
modelc: 1
name: net
input: {shape: [4]}
layers: [{type: Dense, units: 2}]
"""

FREE = """\
modelc: 1
name: free
input: {shape: [time, 4]}
layers: [{type: Dense, units: 2}]
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec in a file."""
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC)
    return path


def test_files_and_their_kinds(spec: Path, tmp_path: Path, run: Any) -> None:
    out = tmp_path / "out"
    result = run("export", "--format", "c", spec, "-o", out)
    assert result.code == 0, result.err
    kinds = {
        "net.weights": Kind.LIBRARY_WEIGHTS, "libnet.a": Kind.STATIC_LIBRARY, "libnet.so": Kind.SHARED_LIBRARY,
        "net.h": Kind.HEADER,
    }  # fmt: skip
    assert {path.name: kind_of(path) for path in out.iterdir()} == kinds
    assert [line.split()[1] for line in result.out.splitlines()] == [f"{out / name}:" for name in kinds]
    # What modelc made is replaced; what it did not make is not, and then nothing is.
    again = run("export", "--format", "c", spec, "-o", out, "--embed")
    assert again.code == 0, again.err
    before = {path: path.read_bytes() for path in out.iterdir()}
    (out / "net.h").write_text("int mine;\n")
    refused = run("export", "--format", "c", spec, "-o", out)
    assert refused.code == 2
    assert "net.h is a text of another kind: it is not overwritten by a C header of modelc" in refused.err
    assert all(path.read_bytes() == data for path, data in before.items() if path.suffix != ".h")
    assert run("export", "--format", "c", spec, "-o", out, "--force").code == 0


def test_a_name_of_ones_own(spec: Path, tmp_path: Path, run: Any) -> None:
    assert run("export", "--format", "c", spec, "-o", tmp_path, "--name", "2 nets", "--embed").code == 0
    assert (tmp_path / "model_2_nets.h").exists()
    assert not (tmp_path / "model_2_nets.weights").exists()


def test_free_sizes_are_to_be_given(tmp_path: Path, run: Any) -> None:
    path, out = tmp_path / "free.yaml", tmp_path / "out"
    path.write_text(FREE)
    result = run("export", "--format", "c", path, "-o", out)
    assert result.code == 2
    assert "a C library is of given sizes, and `time` is free" in result.err
    assert "--size time=…" in result.err
    assert not out.exists()
    assert run("export", "--format", "c", path, "-o", out, "--size", "time=3").code == 0
    assert "#define FREE_X_SHAPE {3, 4}" in (out / "free.h").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "c", "--target", "x86-64-v5"], "unknown target `x86-64-v5`"),
        (["--format", "c", "-o", "nowhere/at/all"], "there is no folder nowhere/at"),
        (["--embed"], "--embed is for --format c"),
        (["--target", "aarch64"], "--target is for --format c"),
        (["--name", "x"], "--name is for --format c"),
        (["--size", "a=3"], "--size is for --format c"),
        (["--format", "c", "--size", "time=3"], "time"),
    ],
)
def test_mistakes(arguments: list[str], message: str, spec: Path, run: Any) -> None:
    result = run("export", spec, *arguments)
    assert result.code == 2, result.err
    assert message in result.err


def test_training_is_that_of_the_spec(spec: Path, tmp_path: Path, run: Any) -> None:
    refused = run("export", "--format", "c", spec, "-o", tmp_path / "out", "--train")
    assert refused.code == 2
    assert "the spec has no `training` section" in refused.err
    spec.write_text(f"{SPEC}training: {{optimizer: sgd, loss: mse}}\n")
    done = run("export", "--format", "c", spec, "-o", tmp_path / "out", "--train")
    assert done.code == 0, done.err
    text = (tmp_path / "out" / "net.h").read_text()
    assert "float learning_rate, size_t batch, void *state, void *arena);" in text
    assert "#define NET_LEARNING_RATE 0.01" in text
