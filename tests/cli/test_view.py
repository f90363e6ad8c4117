"""`modelc view`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

import modelc
from tests.cli.conftest import Run


def test_writes_a_page_named_after_the_file(run: Run, dense: Path) -> None:
    result = run("view", dense)
    assert (result.code, result.out, result.err) == (0, "dense.html\n", "")
    page = Path("dense.html").read_text()
    assert page.startswith("<!doctype html>") and "<title>small · modelc</title>" in page and '"hidden"' in page
    assert run("view", dense).code == 0, "a page is replaced"


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x.svg", "<svg "), ("x.mmd", "%% a model"), ("x.dot", "// a model"), ("x.html", "<!doctype html>")],
)
def test_the_ending_says_the_format(run: Run, dense: Path, name: str, begins: str) -> None:
    assert run("view", dense, "-o", name).code == 0
    assert Path(name).read_text().startswith(begins)


def test_other_formats_go_to_standard_output(run: Run, dense: Path) -> None:
    view = modelc.view(dense)
    assert run("view", dense, "--format", "mermaid").out == view.to_mermaid()
    assert run("view", dense, "--format", "dot").out == view.to_dot()
    assert run("view", dense, "--format", "svg", "--colours", "params").out == view.to_svg(colours="params")
    assert list(Path().glob("*.svg")) == []


def test_histograms_are_of_artifacts_and_weight_files(run: Run, dense: Path) -> None:
    model = modelc.load_spec(dense).build(backend="reference", seed=4)
    model.save("m.modelc")
    model.save_weights("m.safetensors")
    pages = []
    for arguments in (("m.modelc",), (dense, "--weights", "m.safetensors"), (dense,), ("m.modelc", "--no-weights")):
        assert run("view", *arguments, "-o", "p.html").code == 0
        pages.append(Path("p.html").read_text())
    least = str(float(f"{model.arrays['out/kernel'].min():.6g}"))
    assert [least in page for page in pages] == [True, True, False, False]


def test_views_apply(run: Run, dense: Path) -> None:
    out = run("view", dense, "--truncate", "hidden", "--set", "vars.width=7", "--format", "mermaid").out
    assert "hidden<br/>Dense  7" in out and "out<br/>" not in out


def test_opens_the_page_in_the_browser(run: Run, dense: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert run("view", dense, "--open").code == 0
    assert opened == [Path("dense.html").absolute().as_uri()]
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    result = run("view", dense, "--open")
    assert result.code != 0 and "no browser was found to open dense.html" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.png"], "x.png: a view is written to a file that ends in .html"),
        (["--format", "dot", "--open"], "--open shows pages and pictures"),
        (["--weights", "w.npz", "--no-weights"], "exclude each other"),
        (["-o", "no/folder.html"], "there is no folder no"),
        (["--size", "time=3"], "--size"),
        (["--weights", "absent.safetensors"], "absent.safetensors"),
    ],
)
def test_mistakes(run: Run, dense: Path, arguments: list[str], message: str) -> None:
    result = run("view", dense, *arguments)
    assert result.code != 0 and message in result.err and "Traceback" not in result.err
    assert not Path("dense.html").exists()


def test_what_is_read_is_not_overwritten(run: Run, dense: Path) -> None:
    text = dense.read_text()
    result = run("view", dense, "--format", "dot", "-o", dense, "--force")
    assert result.code != 0 and dense.read_text() == text
    Path("dense.html").write_text("<p>mine</p>")
    assert run("view", dense).code != 0 and Path("dense.html").read_text() == "<p>mine</p>"


def test_a_mistake_in_a_spec_is_located(run: Run, dense: Path) -> None:
    dense.write_text(dense.read_text().replace("Dense", "Dens", 1))
    result = run("view", dense)
    assert result.code == 2 and "error[E205]: unknown layer `Dens`" in result.err
