"""`modelc completion`, in the shells themselves where they are installed."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import click
import pytest

from modelc import zoo
from modelc.cli.completing.words import COMPLETERS, TYPED, words_of
from tests.cli.conftest import Run
from tests.cli.test_examples import COMMANDS

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(run: Run, dense: Path) -> Path:
    """A folder with a spec, a spec with a model inside, an artifact, a folder and a name with a blank."""
    folder = dense.parent
    (folder / "photos").mkdir()
    (folder / "my model.yaml").write_text(dense.read_text())
    (folder / "nested.yaml").write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Model, spec: dense.yaml, name: base}\n"
        "  - {type: Dense, units: 2, name: head}\n"
    )
    (folder / "notes.txt").write_text("")
    (folder / "old.modelc").write_text("")
    return folder


def _bash_words(run: Run, line: str) -> list[str]:
    """What bash would put in place of the part of the word that it replaces."""
    return [answer.partition("\t")[2] for answer in run("completion", "bash", "--line", line).out.splitlines()]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("modelc su", ["summary"]),
        ("modelc cache ", ["clear", "info", "pack", "warm"]),
        ("modelc summary --wi", ["--wide"]),
        ("modelc view x.yaml --format ", ["html", "svg", "mermaid", "dot"]),
        ("modelc view x.yaml --format=m", ["mermaid"]),
        ("modelc summary de", ["dense.yaml"]),
        ("modelc summary ./de", ["./dense.yaml"]),
        ("modelc summary ", ["dense.yaml", "my\\ model.yaml", "nested.yaml", "photos/", "zoo:", "old.modelc"]),
        ("modelc summary my\\ ", ["my\\ model.yaml"]),
        ('modelc summary "my ', ["my model.yaml"]),
        ("modelc summary zoo:resnet50", ["resnet50", "resnet50_v2"]),
        ("modelc zoo show vgg", ["vgg16", "vgg19"]),
        ("modelc serve ol", ["old.modelc"]),
        ("modelc serve name=ol", ["old.modelc"]),
        ("modelc summary dense.yaml --truncate ", ["hidden", "out"]),
        ("modelc summary nested.yaml --freeze base/h", ["base/hidden"]),
        ("modelc summary nested.yaml --freeze '!he", ["!head"]),
        ("modelc summary dense.yaml --columns params,tra", ["params,trainable_params", "params,trainable"]),
        ("modelc summary missing.yaml --truncate ", []),
        ("modelc train dense.yaml --checkpoints ", ["photos/"]),
        ("modelc completion ", ["bash", "zsh", "fish"]),
        ("modelc nothing ", []),
    ],
)
def test_completes(run: Run, files: Path, line: str, words: list[str]) -> None:
    assert _bash_words(run, line) == words


def test_zsh_and_fish_are_given_whole_words_with_help(run: Run, files: Path) -> None:
    described = zoo.description("vgg16")
    assert run("completion", "zsh", "--line", "modelc run zoo:vgg16").out == f"plain\tzoo:vgg16\t{described}\n"
    assert run("completion", "fish", "--line", "modelc run zoo:vgg16").out == f"zoo:vgg16\t{described}\n"
    assert run("completion", "fish", "--line", "modelc view x --format=m").out == "--format=mermaid\n"
    assert run("completion", "zsh", "--line", "modelc summary ph").out == "open\tphotos/\n"


def test_every_word_of_a_metavar_is_completed_or_typed() -> None:
    """A new metavar must say which it is."""
    known = COMPLETERS.keys() | TYPED
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter.type, click.Choice):
                continue
            for word in words_of(parameter):
                assert word in known, f"{word} of {name}"


def _modelc_script(folder: Path) -> None:
    """The command `modelc` of this interpreter."""
    (folder / "bin").mkdir()
    script = folder / "bin" / "modelc"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m modelc "$@"\n')
    script.chmod(0o755)


def _environment(folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {
        **os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": path,
        "HOME": str(folder / "home"), "TERM": "dumb",
    }  # fmt: skip


def _shell(shell: str, folder: Path, code: str, *options: str) -> str:
    done = subprocess.run(
        [shell, *options, "-c", code], env=_environment(folder), cwd=folder, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@_needs("bash")
@pytest.mark.parametrize(
    ("words", "replies", "open"),
    [
        (["modelc", "exp"], ["export"], False),
        (["modelc", "summary", "ph"], ["photos/"], True),
        (["modelc", "summary", "zoo", ":", "vgg"], ["vgg16", "vgg19"], False),
        (["modelc", "summary", "my"], ["my\\ model.yaml"], False),
        (["modelc", "summary", "dense.yaml", "--truncate", "h"], ["hidden"], False),
    ],
)
def test_bash_itself(files: Path, words: Sequence[str], replies: list[str], open: bool) -> None:
    """As bash does when Tab is pressed: it calls the function that `complete` named, with words broken at colons."""
    _modelc_script(files)
    line = " ".join(words).replace(" : ", ":")
    given = " ".join(f"'{word}'" for word in words)
    code = f"""
        compopt() {{ echo "option $*"; }}
        eval "$(modelc completion bash)"
        function=$(complete -p modelc | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        COMP_WORDS=({given}) COMP_CWORD={len(words) - 1} COMP_LINE='{line}' COMP_POINT={len(line)}
        $function modelc '{words[-1]}' '{words[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    out = _shell("bash", files, code, "--norc").splitlines()
    assert out == [*(["option -o nospace"] if open else []), *replies]


@_needs("fish")
def test_fish_itself(files: Path) -> None:
    _modelc_script(files)
    code = "modelc completion fish | source; complete -C 'modelc summary zoo:vgg'; complete -C 'modelc exp'"
    lines = _shell("fish", files, code).splitlines()
    assert [line.split("\t")[0] for line in lines] == ["zoo:vgg16", "zoo:vgg19", "export"]


@pytest.mark.parametrize(
    ("command", "setup"),
    [
        pytest.param(["bash", "--norc", "-i"], "", marks=_needs("bash"), id="bash"),
        pytest.param(["zsh", "-f", "-i"], "autoload -Uz compinit; compinit -u -D;", marks=_needs("zsh"), id="zsh"),
    ],
)
def test_tab_on_a_terminal(files: Path, command: list[str], setup: str) -> None:
    """Tab, pressed in a shell on a terminal of its own."""
    _modelc_script(files)
    with _Terminal(command, files) as shell:
        shell.type(f'{setup} eval "$(modelc completion {command[0]})"; echo set up\n')
        shell.read_until("\nset up")
        shell.type("modelc summary dense.yaml --trunc\t")
        shell.read_until("ate ")
        shell.type("hid\t")
        shell.read_until("den ")
        shell.type("\n")
        assert "hidden (Dense)" in shell.read_until("Trainable params") and "out (Dense)" not in shell.seen
        shell.type("modelc summary zoo:resnet50_\t")
        shell.read_until("v2 ")
        shell.type("\x15modelc view my\t")
        shell.read_until("\\ model.yaml ")
        shell.type("-o ph\t")
        shell.read_until("otos/")
        shell.type("x\n")


class _Terminal:
    """A program on a pseudo-terminal."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command, self._folder = command, folder
        self.seen = ""
        """What the program has written."""

    def __enter__(self) -> Self:
        environment = _environment(self._folder) | {"TERM": "xterm"}
        self._child, self._end = pty.fork()
        if not self._child:
            os.chdir(self._folder)
            os.execvpe(self._command[0], list(self._command), environment)
        return self

    def __exit__(self, *error: object) -> None:
        os.kill(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        os.close(self._end)

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._end, text.encode())

    def read_until(self, text: str) -> str:
        """What it writes up to a text, without escapes of the terminal; fails after half a minute."""
        start, deadline = len(self.seen), time.monotonic() + 30
        while text not in self.seen[start:]:
            assert time.monotonic() < deadline, f"{text!r} did not come: {self.seen[start:]!r}"
            if select.select([self._end], [], [], 0.2)[0]:
                written = os.read(self._end, 65536).decode(errors="replace")
                self.seen += re.sub("\x1b\\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r", "", written)
        return self.seen[start:]


def test_installs_once_and_changes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("ZDOTDIR", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    bashrc = home / ".bashrc"
    bashrc.write_text("alias a=b")
    assert "start a new bash" in run("completion", "bash", "--install").out
    text = bashrc.read_text()
    script = run("completion", "bash").out
    assert text == f"alias a=b\n# >>> modelc completion >>>\n{script}# <<< modelc completion <<<\n"
    assert "has it already" in run("completion", "bash", "--install").out
    assert bashrc.read_text() == text
    bashrc.write_text(text.replace("COMPREPLY=()", "COMPREPLY=( )"))
    result = run("completion", "bash", "--install")
    assert result.code == 2 and "another version" in result.err and "COMPREPLY=( )" in bashrc.read_text()

    assert run("completion", "zsh", "--install").code == 0
    assert run("completion", "zsh").out in (home / ".zshrc").read_text()

    fish = home / ".config" / "fish" / "completions" / "modelc.fish"
    assert run("completion", "fish", "--install").code == 0
    assert fish.read_text() == run("completion", "fish").out
    assert "has it already" in run("completion", "fish", "--install").out
    fish.write_text("# mine\n")
    result = run("completion", "fish", "--install")
    assert result.code == 2 and "is another one" in result.err and fish.read_text() == "# mine\n"


@_needs("bash")
def test_an_installed_block_works_in_a_new_bash(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = files / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert run("completion", "bash", "--install").code == 0
    _modelc_script(files)
    assert "_modelc_completion modelc" in _shell(
        "bash", files, "complete -p modelc", "--rcfile", str(home / ".bashrc"), "-i"
    )
