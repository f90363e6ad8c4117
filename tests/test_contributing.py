"""docs/contributing.md: its diffs fit the files of today, and what they add works: outputs, gradients, commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")


class Change(NamedTuple):
    """What a diff makes of one file."""

    path: str
    is_new: bool
    hunks: tuple[str, ...]


def _changes(text: str) -> list[Change]:
    """The changes of the diffs of a text."""
    found: list[Change] = []
    for block in re.findall(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^--- ", block, flags=re.MULTILINE)[1:]:
            old, new, body = part.split("\n", 2)
            hunks = tuple(hunk for hunk in re.split(r"^@@.*\n", body, flags=re.MULTILINE) if hunk)
            found.append(Change(new.removeprefix("+++ b/"), old == "/dev/null", hunks))
    return found


def _apply(change: Change, root: Path) -> None:
    """Change a file below the root. A hunk stands where its old lines are, which must be one place."""
    path = root / change.path
    if change.is_new:
        assert not path.exists(), f"{change.path} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        (hunk,) = change.hunks
        path.write_text(_side(hunk, "+"), encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    for hunk in change.hunks:
        old = _side(hunk, "-")
        assert text.count(old) == 1, f"{change.path} has {text.count(old)} places like this one:\n{old}"
        text = text.replace(old, _side(hunk, "+"))
    path.write_text(text, encoding="utf-8")


def _side(hunk: str, sign: str) -> str:
    lines = hunk.splitlines(keepends=True)
    return "".join(line[1:] or "\n" for line in lines if line[:1] in {sign, " ", "\n"})


SECTIONS = {
    title: _changes(text)
    for title, text in re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
ADDITIONS = [title for title, changes in SECTIONS.items() if changes]


def test_there_are_five_additions() -> None:
    assert len(ADDITIONS) == 5


@pytest.mark.parametrize("title", ADDITIONS)
def test_diffs_fit(title: str, tmp_path: Path) -> None:
    """Each addition by itself, and with those before it, since several change one list."""
    for name, titles in (("alone", [title]), ("after others", ADDITIONS[: ADDITIONS.index(title) + 1])):
        folder = tmp_path / name
        changes = [change for one in titles for change in SECTIONS[one]]
        for change in changes:
            if not change.is_new and not (folder / change.path).exists():
                (folder / change.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / change.path, folder / change.path)
        for change in changes:
            _apply(change, folder)
            compile((folder / change.path).read_text(encoding="utf-8"), change.path, "exec")


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with all additions, after the command that writes what follows from them."""
    root = tmp_path_factory.mktemp("extended")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("modelc", "docs", "schemas", "tests/bad", "tests/warned"):
        shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
    for title in ADDITIONS:
        for change in SECTIONS[title]:
            if change.path.startswith("modelc/"):
                _apply(change, root)
    _run(root, "docs/generate")
    _run(root, "-m", "modelc", "schema", "--force", "-o", "schemas/model.schema.json")
    return root


def _run(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_spec_can_use_them(extended: Path) -> None:
    (extended / "spec.yaml").write_text(
        "modelc: 1\ninput: {shape: [4, 2]}\nlayers:\n"
        "  - {type: Dense, units: 3, activation: bent_identity}\n  - {type: SqueezeExcite, units: 2}\n"
        "  - {type: ExponentialSmoothing}\ntraining: {loss: mse, optimizer: signsgd}\n"
    )
    shown = _run(extended, "-m", "modelc", "summary", "spec.yaml")
    assert re.search(r"squeeze_excite \(SqueezeExcite\) +\(None, 4, 3\) +12\b", shown)
    assert "SqueezeExcite: Multiplies each channel" in _run(extended, "-m", "modelc", "layers", "gate")
    assert "bent_identity" in (extended / "docs" / "activations.md").read_text(encoding="utf-8")
    assert "SqueezeExcite" in (extended / "schemas" / "model.schema.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_they_compute_and_learn_by_their_definitions(extended: Path) -> None:
    _run(extended, str(ROOT / "tests" / "contributing.py"), "reference")


@pytest.mark.slow
def test_they_compute_and_learn_compiled(extended: Path) -> None:
    """The kernels of the copy are compiled: its sources are others."""
    _run(extended, str(ROOT / "tests" / "contributing.py"), "native")
