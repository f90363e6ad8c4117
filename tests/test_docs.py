"""The documentation is true: generated pages are as their sources say, and every code block runs.

In the pages, in order and in one temporary folder: `yaml` blocks that begin with a comment such as `# model.yaml` are
written to that file; `bash` blocks run with `modelc` as a command; `python` blocks run in one namespace; and a `text`
block is what the block before it prints, `…` standing for anything. Blocks of another kind are only read.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.zoo import shapes
from tests.zoo.server import serving

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"# ([\w.-]+\.yaml)\b")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _blocks(page: str) -> list[tuple[str, str]]:
    return _BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


ALL = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if path.parent.name != "generate"
)
SHOWN_ONLY = {"docs/onnx.md"}
"""Commands for files that the reader has."""
PAGES = [page for page in ALL if page not in SHOWN_ONLY and {"bash", "python"} & {kind for kind, _ in _blocks(page)}]
SLOW = {
    "docs/sweeps.md", "docs/distributed.md",
    "docs/spec.md", "docs/training.md", "docs/transfer.md", "docs/free-sizes.md", "docs/tutorial.md",
    "docs/howto/budgets.md", "docs/howto/containers.md", "docs/howto/features.md", "docs/howto/pull-requests.md",
    "docs/coming-from/keras.md", "docs/coming-from/ludwig.md",
}  # fmt: skip
"""Pages that run many commands, train for long, start clusters, or import Keras."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


class _Page:
    """Runs the blocks of a page in one folder."""

    def __init__(self, folder: Path) -> None:
        self._namespace: dict[str, Any] = {"__name__": "page"}
        scripts = folder / "bin"
        scripts.mkdir()
        for name, start in (("modelc", " -m modelc"), ("python", "")):
            (scripts / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{start} "$@"\n')
            (scripts / name).chmod(0o755)
        own = {name: value for name, value in os.environ.items() if name.startswith(("MODELC_", "no_proxy"))}
        self._environment = {**ENVIRONMENT, **own, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
        shutil.copytree(ROOT / "specs", folder / "specs")

    def bash(self, code: str, fails: bool) -> str:
        """What the commands print; they end with 0, or, where the page shows an error, with 2."""
        done = subprocess.run(
            ["bash", "-ec", code], env=self._environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == (2 if fails else 0), f"{code}\n{done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if fails else "")

    def python(self, code: str) -> str:
        """What the code prints."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<page>", "exec"), self._namespace)
        return printed.getvalue()

    def close(self) -> None:
        """End the servers that a page started and noted the number of, where it did not come to their end."""
        for file in Path().glob("*.pid"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(file.read_text()), signal.SIGTERM)


def _with_output(blocks: list[tuple[str, str]]) -> Iterator[tuple[str, str, str | None]]:
    """Kind and text of every block, and the output that the page shows for it."""
    for i, (kind, text) in enumerate(blocks):
        shown = blocks[i + 1][1] if i + 1 < len(blocks) and blocks[i + 1][0] == "text" else None
        yield kind, text, shown


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server on this machine in place of the one that publishes weights, and a folder of weights that is empty."""
    shapes.published_file(tmp_path / shapes.FILE)
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(files={shapes.FILE: (tmp_path / shapes.FILE).read_bytes()}) as server:
        monkeypatch.setenv("MODELC_MIRROR", server.url)
        yield


@pytest.mark.usefixtures("mirror")
@pytest.mark.parametrize("page", [pytest.param(page, marks=[pytest.mark.slow] * (page in SLOW)) for page in PAGES])
def test_every_block_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    running = _Page(tmp_path)
    with contextlib.closing(running):
        _run(page, running)


def _run(page: str, running: _Page) -> None:
    for kind, text, shown in _with_output(_blocks(page)):
        if kind == "bash":
            printed = running.bash(text, fails=shown is not None and "error[" in shown)
        elif kind == "python":
            printed = running.python(text)
        elif kind == "yaml":
            name = _FILE.match(text)
            assert name, f"a yaml block of {page} does not begin with the name of its file:\n{text}"
            Path(name[1]).write_text(text, encoding="utf-8")
            continue
        else:
            continue
        if shown is not None:
            _compare(printed, shown, text)


def _compare(printed: str, shown: str, code: str) -> None:
    def plain(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()) + "\n"

    expected = plain(shown).replace("…", "...")
    same = doctest.OutputChecker().check_output(expected, plain(printed).replace("…", "..."), doctest.ELLIPSIS)
    assert same, f"{code}\nprints\n{printed}\nbut the page shows\n{shown}"


@pytest.mark.parametrize("page", ALL)
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    for target in _LINK.findall(re.sub(r"`[^`\n]*`", "", (ROOT / page).read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = folder / path if path else ROOT / page
        assert file.exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in _anchors(file), f"{page} links to {target}"


def _anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_page_has_a_place_in_the_navigation_of_the_site() -> None:
    navigation = (ROOT / "docs" / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [page.removeprefix("docs/") for page in ALL if page.startswith("docs/")]
    assert [page for page in pages if navigation.count(f": {page}\n") != 1] == []


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate"), "--check"],
        env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run `python docs/generate`"


def test_the_readme_has_the_commands_that_ci_runs() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line for line in lines if line.startswith(("pip install ", "pytest "))] == [
        "pip install . && modelc build specs/guide_cnn.yaml",
        "pip install '.[test]' && pytest",
        "pytest --slow only",
    ]


def test_links_of_the_readme_work_on_an_index_page() -> None:
    """What pyproject.toml makes of README.md has no link that is relative; pictures are raw files."""
    hook = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["metadata"]["hooks"]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    relative = [link for link in _LINK.findall(text) if not link.startswith(("http", "#"))]
    for change in hook["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(change["pattern"], change["replacement"], text)
    links = _LINK.findall(text)
    assert [link for link in links if not link.startswith(("https://", "#"))] == []
    assert {link.partition("/main/")[2] for link in links if "/modelc/modelc/" in link} == set(relative)
    assert all("raw.githubusercontent.com" in link for link in links if link.endswith(".svg"))


def test_the_design_draws_the_ranks_that_are_tested() -> None:
    """The list of packages in docs/design.md is the one that test_architecture.py enforces."""
    source = (ROOT / "tests" / "test_architecture.py").read_text()
    ranks = re.findall(r'^    \(("[\w", ]+),?\),?$', source, re.MULTILINE)
    drawn = [block for kind, block in _blocks("docs/design.md") if kind == "imports"]
    assert len(drawn) == 1
    lines = [set(line.split("#")[0].split()) for line in drawn[0].splitlines() if line.strip()]
    assert lines == [set(re.findall(r"\w+", rank)) - {"__main__"} for rank in ranks]
