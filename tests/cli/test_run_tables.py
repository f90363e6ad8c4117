"""`modelc run` on tables, standard input and output, and bad rows, by the command line."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec

SPEC = """
modelc: 1
input: {shape: [4]}
labels: [iris, rose, tulip]
layers: [{type: Dense, units: 3, activation: softmax, name: kind}]
"""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "flowers.yaml").write_text(SPEC)
    (tmp_path / "x.csv").write_text("id,a,b,c,d\nr,1,2,3,4\ns,1,2,no,4\nt,4,3,2,1\n")


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def rows(*x: list[float]) -> Any:
    return load_spec(SPEC).build(seed=0, backend="reference")(np.array(x, np.float32))


def test_keep_going_counts_what_is_left_out(run: Any) -> None:
    arguments = ("run", "flowers.yaml", "x.csv", "--columns", "a,b,c,d", "--output", "y.csv")
    stopped = run(*arguments)
    assert stopped.code == 2 and not Path("y.csv").exists()
    assert 'error: x.csv:3: column `c`: expected a finite number, found "no"' in stopped.err
    result = run(*arguments, "--keep-going")
    assert result.code == 0
    assert result.err.endswith(
        'warning: left out: x.csv:3: column `c`: expected a finite number, found "no"\n'
        "warning: 1 of 3 samples were left out\n"
    )
    header, *lines = Path("y.csv").read_text().splitlines()
    assert header == "input,kind[iris],kind[rose],kind[tulip]"
    assert [line.split(",")[0] for line in lines] == ["x.csv:2", "x.csv:4"]
    found = np.array([line.split(",")[1:] for line in lines], np.float32)
    np.testing.assert_allclose(found, rows([1, 2, 3, 4], [4, 3, 2, 1]), rtol=1e-5)


@pytest.mark.parametrize(
    "data", [b"a,b,c,d\n1,2,3,4\n", b"[1,2,3,4]\n", b'{"kind_input": 0, "input": [1,2,3,4]}\n', None]
)
def test_standard_input_and_output(run: Any, monkeypatch: pytest.MonkeyPatch, data: bytes | None) -> None:
    if data is None:
        file = io.BytesIO()
        np.save(file, np.array([[1, 2, 3, 4]], np.int64))
        data = file.getvalue()
    feed(monkeypatch, data)
    result = run("run", "flowers.yaml", "-", "--output", "-", "--format", "csv")
    assert result.code == 0, result.err
    values = np.array(result.out.splitlines()[1].split(",")[1:], np.float32)
    np.testing.assert_allclose(values[None], rows([1, 2, 3, 4]), rtol=1e-5)


@pytest.mark.parametrize("format", ["npy", "npz"])
def test_arrays_go_through_a_pipe(tmp_path: Path, format: str) -> None:
    command = [sys.executable, "-m", "modelc", "run", "flowers.yaml", "-", "--output", "-", "--format", format]
    done = subprocess.run(command, input=b"[1,2,3,4]\n", capture_output=True, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    found = np.load(io.BytesIO(done.stdout))
    np.testing.assert_allclose(found if format == "npy" else found["kind"], rows([1, 2, 3, 4]), rtol=1e-5)
    assert b"samples" not in done.stderr  # no progress in a pipe


def test_patterns_name_pictures(run: Any, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "m.yaml").write_text("modelc: 1\ninput: {shape: [2, 2, 3]}\nlayers: [{type: Flatten, name: all}]\n")
    for name, value in (("b.png", 2), ("a.png", 1), ("c.bmp", 3)):
        image.fromarray(np.full((2, 2, 3), value, np.uint8)).save(name)
    assert run("run", "m.yaml", "*.png", "c.bmp", "--output", "y.npz").code == 0
    with np.load("y.npz") as arrays:
        assert arrays["input"].tolist() == ["a.png", "b.png", "c.bmp"]
        assert arrays["all"][:, 0].tolist() == [1, 2, 3]
    result = run("run", "m.yaml", "*.gif", "--output", "y.npz")
    assert result.code == 2 and "*.gif: no file fits" in result.err


MISTAKES: dict[str, tuple[list[str], bytes, str]] = {
    "twice": (["-", "--input", "-", "--output", "-"], b"", "standard input, `-`, is read once"),
    "two of them": (["-", "-", "--output", "-"], b"", "standard input, `-`, is read once"),
    "nothing": (["-", "--output", "-"], b"", "<stdin>: is empty"),
    "image": (["-", "--output", "-"], b"\x89PNG\r\n\x1a\n", "standard input is an image, which is read from a file"),
    "short": (["-", "--output", "-"], b"\x93NUMPY\x01\x00", "<stdin>: not a .npy file, or damaged"),
    "columns": (["x.csv", "--columns", "a,b", "--output", "-"], b"", "has 4 numbers, and 2 columns are chosen for it"),
    "column": (["x.csv", "--columns", "a,b,c,e", "--output", "-"], b"", "x.csv:1: unknown column `e`"),
    "format": (["x.csv", "--format", "csv", "--top", "1"], b"", "--format is that of --output FILE"),
    "the input": (["x.csv", "--output", "x.csv"], b"", "x.csv is also the input x.csv: it is not overwritten"),
    "another table": (["x.csv", "--output", "z.csv"], b"", "z.csv is a text of another kind: it is not overwritten by"),
}


@pytest.mark.parametrize(("arguments", "data", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(run: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str], data: bytes, message: str) -> None:
    Path("z.csv").write_text("my,own,table\n")
    feed(monkeypatch, data)
    result = run("run", "flowers.yaml", *arguments)
    assert result.code == 2 and message in result.err and "Traceback" not in result.err
    assert Path("x.csv").read_text().startswith("id,a") and Path("z.csv").read_text() == "my,own,table\n"


def test_a_bar_is_shown_on_a_terminal(tmp_path: Path) -> None:
    """A terminal shows how many samples are done, and their rate."""
    import os
    import pty

    np.save(tmp_path / "x.npy", np.zeros((5000, 4), np.float32))
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "modelc", "run", "flowers.yaml", "x.npy", "--output", "y.npy"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=secondary, env={**os.environ, "TERM": "xterm"})
    os.close(secondary)
    shown = b""
    try:
        while part := os.read(primary, 4096):
            shown += part
    except OSError:  # the other end was closed
        pass
    assert process.wait(60) == 0
    assert b"5,000 of 5,000 samples" in shown and b"/s" in shown
