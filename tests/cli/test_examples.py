"""Every command has examples in its help, which docs/cli.md shows, and they run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from modelc.cli.examples import ExampleCommand
from modelc.cli.main import cli
from tests.cli.conftest import Run
from tests.cli.examples_folder import copied, make_examples

ROOT = Path(__file__).parents[2]


def _commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS = dict(_commands(cli))
EXAMPLES = {
    line: name for name, command in COMMANDS.items() if isinstance(command, ExampleCommand) for line in command.examples
}
ONLY_READ = ("serve", "lsp", "zoo fetch", "cache pack")
"""These serve, download or compile for minutes: only their arguments are read, and that files are there."""
LONG = (
    "modelc cache warm", "modelc zoo list", "modelc export model.modelc --format c -o library --name digits",
    "modelc sweep digits.yaml --set training.epochs=1..3 --jobs 1 -o lengths",
)  # fmt: skip
"""These compile all kernels, count all architectures, compile a library, and train in processes."""
FAILING = {
    "modelc fmt --check .": 1,
    "modelc diff model.yaml wider.yaml": 1,
    "modelc diff model.modelc wider.yaml --html -o diff.html": 1,
}
"""Examples that end with another code than 0, as their commands say of what they find."""
RUN = [line for line, name in EXAMPLES.items() if name not in ONLY_READ and line not in LONG]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_in_its_help(name: str, run: Run) -> None:
    command = COMMANDS[name]
    assert isinstance(command, ExampleCommand) and command.examples
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    help = run(*name.split(), "--help").out
    for line, does in command.examples.items():
        assert f"modelc {name}" in line
        assert f"\n  # {does}\n  {line}\n" in help
        assert f"\n# {does}\n{line}\n" in page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("examples")
    make_examples(made)
    return made


@pytest.fixture
def prepared(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder, in which commands run; the home folder is another one."""
    copied(folder, tmp_path)
    (tmp_path / "trained_digits.modelc").rename(tmp_path / "digits.modelc")
    monkeypatch.setenv("XDG_CACHE_HOME", os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(webbrowser, "open", lambda url: True)
    return tmp_path


@pytest.mark.sampled(3)
@pytest.mark.parametrize("line", RUN)
def test_examples_run(line: str, prepared: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    if line.startswith("modelc init"):
        (prepared / "empty").mkdir()
        monkeypatch.chdir(prepared / "empty")
    if line.startswith("modelc cache clear"):
        monkeypatch.setenv("MODELC_CACHE_DIR", str(prepared / "cache"))
    code = FAILING.get(line, 0)
    if re.search("[>|$]", line):
        done = _in_bash(line, prepared)
        assert done.returncode == code, done.stderr
        return
    result = run(*shlex.split(line)[1:])
    assert result.code == code, result.err
    assert "error" not in result.err.replace("1 error", "") or code or "--keep-going" in line


def _in_bash(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "bin").mkdir()
    script = folder / "bin" / "modelc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m modelc "$@"\n')
    script.chmod(0o755)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PATH": f"{script.parent}:{os.environ['PATH']}", "PYTHONPATH": path}
    return subprocess.run(
        ["bash", "-c", line], env=environment, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("line", LONG)
def test_examples_run_that_take_long(line: str, prepared: Path, run: Run) -> None:
    assert run(*shlex.split(line)[1:]).code == 0


@pytest.mark.parametrize("line", [line for line, name in EXAMPLES.items() if name in ONLY_READ])
def test_arguments_of_other_examples_are_read(line: str, prepared: Path) -> None:
    name = EXAMPLES[line]
    arguments = shlex.split(line)[1 + len(name.split()) :]
    context = COMMANDS[name].make_context(name, list(arguments))
    assert context.params.keys() == {p.name for p in context.command.params}
    for file in re.findall(r"[\w/]+\.(?:modelc|yaml|npz)", line):
        assert (prepared / file).exists()
