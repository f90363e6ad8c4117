"""`modelc run --dask`: what a folder of predictions has, and what a second run does."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.bulk import run as bulk_run
from tests.cluster.conftest import expected

X = np.random.default_rng(1).standard_normal((1000, 4)).astype(np.float32)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_run, "_CHUNK_SAMPLES", 96)


@pytest.fixture
def address(cluster: Any) -> str:
    return str(cluster.scheduler_address)


def _whole(folder: str) -> Any:
    return np.concatenate([np.load(path) for path in sorted(Path(folder).glob("*.npy"))])


def _manifest(folder: str) -> dict[str, Any]:
    return json.loads((Path(folder) / "manifest.json").read_text())


def test_the_results_are_those_of_one_process(run: Any, artifact: Path, address: str) -> None:
    np.save("x.npy", X)
    assert run("run", artifact, "--input", "x.npy", "--output", "one.npy").code == 0
    result = run("run", artifact, "--input", "x.npy", "--output", "out", "--dask", address)
    assert (result.code, result.out) == (0, ""), result.err
    found = _whole("out")
    assert found.tobytes() == np.load("one.npy").tobytes()
    assert np.allclose(found, expected(X), atol=1e-5)
    manifest = _manifest("out")
    assert manifest["model"] == hashlib.sha256(artifact.read_bytes()).hexdigest()
    assert [chunk["samples"] for chunk in manifest["chunks"]] == [96] * 10 + [40]
    for chunk in manifest["chunks"]:
        data = (Path("out") / chunk["file"]).read_bytes()
        assert (chunk["bytes"], chunk["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert sorted(p.name for p in Path("out").iterdir()) == [
        *(f"{n:06}.npy" for n in range(11)), "manifest.json",
    ]  # fmt: skip
    # The next run writes what is not there, or is not what it was, and nothing else.
    (Path("out") / "000003.npy").unlink()
    damaged = Path("out") / "000007.npy"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    before = {path: path.stat().st_mtime_ns for path in Path("out").glob("*.npy")}
    result = run("run", artifact, "--input", "x.npy", "--output", "out", "--dask", address)
    assert (result.code, result.err) == (0, "808 samples were done before\n")
    assert _whole("out").tobytes() == found.tobytes()
    changed = {path.name for path in Path("out").glob("*.npy") if before.get(path) != path.stat().st_mtime_ns}
    assert changed == {"000003.npy", "000007.npy"}
    assert _manifest("out") == manifest
    # And one with another model or other samples is refused, and changes nothing.
    np.save("x.npy", X[:500])
    result = run("run", artifact, "--input", "x.npy", "--output", "out", "--dask", address)
    assert result.code == 2
    assert "the predictions in this folder are others, before → now:\n  inputs.digest: " in result.err
    assert _manifest("out") == manifest


def test_tables_labels_and_bad_samples(run: Any, artifact: Path, address: str) -> None:
    lines = ["a,b,c,d", *(",".join(map(str, row)) for row in X[:200].tolist())]
    lines[150] = "1,2,three,4"
    Path("x.csv").write_text("\n".join(lines) + "\n")
    arguments = ("run", artifact, "--input", "x.csv", "--output", "out", "--dask", address, "--format", "csv")
    result = run(*arguments)
    assert result.code == 2
    assert "x.csv:151: " in result.err
    assert "chunks" not in _manifest("out")
    result = run(*arguments, "--keep-going")
    assert result.code == 0, result.err
    # Workers on other machines have other working folders: files are told by their whole names.
    name = Path("x.csv").absolute()
    assert f"warning: left out: {name}:151: " in result.err
    assert "warning: 1 of 200 samples were left out" in result.err
    found = [line for path in sorted(Path("out").glob("*.csv")) for line in path.read_text().splitlines()[1:]]
    assert [line.partition(",")[0] for line in found] == [f"{name}:{n}" for n in range(2, 202) if n != 151]
    assert sum(len(chunk["skipped"]) for chunk in _manifest("out")["chunks"]) == 1
    values = np.array([[float(cell) for cell in line.split(",")[1:]] for line in found])
    assert np.allclose(values, expected(np.delete(X[:200], 149, axis=0)), atol=1e-5)


def test_bad_chunks(run: Any, artifact: Path, address: str) -> None:
    zarr = pytest.importorskip("zarr")
    made = zarr.create_array("x.zarr", shape=X.shape, chunks=(96, 4), dtype="float32", zarr_format=2)
    made[:] = X
    damaged = Path("x.zarr") / "2.0"
    whole = damaged.read_bytes()
    damaged.write_bytes(b"no chunk")
    arguments = ("run", artifact, "--input", "x.zarr", "--output", "out", "--dask", address)
    result = run(*arguments)
    assert result.code == 2
    assert "x.zarr: rows 192 to 287 cannot be read: " in result.err
    result = run(*arguments, "--keep-going")
    assert result.code == 1
    name = f"{Path('x.zarr').absolute()}[192] to {Path('x.zarr').absolute()}[287]"
    assert f"warning: left out: {name}: " in result.err
    assert "error: 1 chunks were left out" in result.err
    assert [one["name"] for one in _manifest("out")["bad_chunks"]] == [name]
    damaged.write_bytes(whole)
    assert run(*arguments, "--keep-going").code == 0
    assert _manifest("out")["bad_chunks"] == []
    assert np.allclose(_whole("out"), expected(X), atol=1e-5)


def test_mistakes_of_the_command(run: Any, artifact: Path) -> None:
    np.save("x.npy", X)
    some = ("run", artifact, "--input", "x.npy")
    assert "not the address of a Dask scheduler" in run(*some, "--output", "out", "--dask", "elsewhere").err
    assert "the number of workers must be from 1 to 1024" in run(*some, "--output", "out", "--dask", "local:0").err
    assert "is to be a folder" in run(*some, "--output", "out.npy", "--dask", "local:1").err
    assert "give a folder by --output" in run(*some, "--top", 1, "--dask", "local:1").err
    assert "give --format csv" in run(*some, "--output", "out", "--top", 1, "--dask", "local:1").err
    result = run("run", artifact, "--input", "-", "--output", "out", "--dask", "local:1")
    assert "standard input, `-`, is not sent to them" in result.err
    Path("mine").mkdir()
    (Path("mine") / "file.txt").write_text("mine")
    assert "the folder is not empty" in run(*some, "--output", "mine", "--dask", "local:1").err
    assert os.listdir("mine") == ["file.txt"]


def test_nobody_answers(run: Any, artifact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from modelc.cluster import connecting

    monkeypatch.setattr(connecting, "_CONNECT_SECONDS", 0.5)
    np.save("x.npy", X)
    result = run("run", artifact, "--input", "x.npy", "--output", "out", "--dask", "tcp://127.0.0.1:9")
    assert result.code == 2
    assert "tcp://127.0.0.1:9: no Dask scheduler answers: " in result.err


def test_without_dask(artifact: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from modelc.cli.main import main\n"
        "main(['run', 'net.modelc', '--input', 'x.npy', '--output', 'out', '--dask', 'local:2'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "error: Dask is not installed\n  help: pip install 'modelc[dask]'\n"
