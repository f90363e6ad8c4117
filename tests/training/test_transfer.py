"""The recipes of docs/transfer.md: the files of specs/transfer on folders of pictures, from the download to a name."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.cli.main import _run as run_command
from modelc.files.tensors import load_arrays
from modelc.model import artifact
from tests.zoo import shapes
from tests.zoo.server import Server, serving

pytest.importorskip("PIL")

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs" / "transfer"


def test_the_page_shows_the_files() -> None:
    page = (ROOT / "docs" / "transfer.md").read_text(encoding="utf-8")
    blocks = {
        text.split("\n", 1)[0].removeprefix("# "): text
        for text in re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    }
    assert sorted(blocks) == sorted(path.name for path in SPECS.glob("*.yaml"))
    for name, text in blocks.items():
        assert (SPECS / name).read_text(encoding="utf-8") == text


@pytest.fixture(name="server")
def _server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    shutil.copytree(SPECS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    shapes.draw_folder(tmp_path / "shapes" / "train", shapes.KINDS, 100, 0)
    shapes.draw_folder(tmp_path / "shapes" / "test", shapes.KINDS, 30, 1)
    shapes.published_file(tmp_path / shapes.FILE)
    with serving(files={shapes.FILE: (tmp_path / shapes.FILE).read_bytes()}) as server:
        monkeypatch.setenv("MODELC_MIRROR", server.url)
        yield server


def weights(path: str) -> dict[str, Any]:
    return artifact.read_weights(path)


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {path for path, array in after.items() if not np.array_equal(array, before[path])}


@pytest.mark.slow
def test_from_the_download_to_a_name(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: object, code: int = 0) -> str:
        capsys.readouterr()
        assert run_command([str(argument) for argument in arguments]) == code, capsys.readouterr().err
        captured = capsys.readouterr()
        return captured.out if code == 0 else captured.err

    # Before the weights were fetched nothing is trained, and nothing is downloaded.
    assert "error[E606]" in run("train", "shapes.yaml", code=2) and not server.asked
    assert "warning[W201]: the published weights of `mobilenet_0.25_128` are not" in run("check", "shapes.yaml")
    run("zoo", "fetch", shapes.NAME, "--no-top")
    assert len(server.asked) == 1

    run("train", "shapes.yaml")
    head = weights("shapes.modelc")
    with np.load(shapes.WEIGHTS) as published:
        base = [array for path, array in head.items() if path.startswith("base/")]
        assert len(base) == len(published.files)
        assert {a.astype(np.float16).tobytes() for a in base} == {published[n].tobytes() for n in published.files}

    run("train", "fine_tune.yaml")
    tuned = weights("fine_tune.modelc")
    assert changed(head, tuned) == {
        "base/conv_dw_13/kernel", "base/conv_pw_13/kernel", "classes/kernel", "classes/bias",
    }  # fmt: skip

    accuracies = [
        float(re.findall(r"accuracy ([\d.]+)", run("evaluate", f"{name}.modelc"))[0])
        for name in ("shapes", "fine_tune")
    ]
    assert min(accuracies) > 0.7 and accuracies[1] > 0.8, "a third would be by chance"

    model = modelc.load("fine_tune.modelc")
    assert model.labels == shapes.KINDS
    right = 0
    for kind in shapes.KINDS:
        lines = run("run", "fine_tune.modelc", f"shapes/test/{kind}", "--top", 1).splitlines()
        assert len(lines) == 60
        right += sum(line.split()[1] == kind for line in lines if line.startswith(" "))
    assert right / 90 == pytest.approx(accuracies[1], abs=1e-3), "as `evaluate` has it"
    assert len(server.asked) == 1


def test_the_base_is_kept_through_files(server: Server) -> None:
    """A safetensors file of the published weights gives the same features as `weights: imagenet`."""
    run_command(["zoo", "fetch", shapes.NAME, "--no-top"])
    spec = modelc.load_spec("shapes.yaml")
    model = spec.build(backend="reference")
    model.save_weights("all.safetensors")
    arrays = load_arrays("all.safetensors", {w.path: w.shape for w in spec.graph.stored}, "the model", ())
    x = model.read_pictures("shapes/test/circle/000.png")
    again = spec.without_weight_files().build(backend="reference", weights=arrays)
    np.testing.assert_array_equal(model(x), again(x))
