"""What others wrote (names, keys, paths, lines of files) reaches a terminal as text that it does not obey."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.errors import Diagnostic, FileFormatError, SpecError
from modelc.report.diagnostics import render
from modelc.text.terminal import shown, shown_in_place, shown_lines, shown_message

ROOT = Path(modelc.__file__).parent
EVIL = "\x1b]0;pwned\x07\x9b2J\u202e\u2028\r\n::error::gotcha\x7f\x00"
_PRINTS = {
    "cli/colours.py": "the one place that prints for the commands",
    "callbacks/callback.py": "the one place that prints for training",
    "callbacks/progress.py": "events as JSON of ASCII",
    "cli/completion.py": "the script of a shell, and words that are offered to it, made harmless",
    "cli/follower.py": "what was printed by others, of a process that is not the first one",
    "data/directory.py": "numbers of files and classes",
    "serve/say.py": "what a service tells of itself, made harmless",
    "sweeps/worker.py": "results as JSON of ASCII, for the process that has started it",
    "zoo/fetching.py": "what is downloaded, made harmless",
}
"""Where modelc prints. All others go through these."""


def _harmless(text: str) -> bool:
    return all(c.isprintable() or c in "\n\t" for c in text)


def test_nothing_else_prints() -> None:
    found: set[str] = set()
    for path in sorted(ROOT.rglob("*.py")):
        where = str(path.relative_to(ROOT))
        if where.startswith("native/"):
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if re.search(r"print|echo|write", text) else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "print", "click.echo", "click.secho", "sys.stdout.write", "sys.stderr.write",
            ):  # fmt: skip
                found.add(where)
    assert found == set(_PRINTS)


def test_text_is_made_harmless() -> None:
    assert shown("a\x1b[2Jb\n") == "a\\u001b[2Jb\\u000a"
    assert shown("größe 模型 👩‍🚀") == "größe 模型 👩‍🚀"
    assert json.loads(f'"{shown(EVIL)}"') == EVIL
    assert _harmless(shown_lines(EVIL))
    assert shown_lines("a\n\tb") == "a\n\tb"
    assert len(shown_in_place(EVIL)) == len(EVIL)
    assert shown_message("it is\n  help: so\n::error::no") == "it is\n  help: so\\n::error::no"


def test_diagnostics_are_harmless_in_every_form() -> None:
    found = Diagnostic("E205", f"unknown {EVIL}", f"did you mean {EVIL}?", EVIL, 1, 2, f"x{EVIL}")
    assert _harmless(str(found))
    assert not any(line.startswith("::error") for line in str(found).split("\n"))
    assert _harmless(str(SpecError([found, found])))
    github = render([found], "github")
    assert "\n" not in github
    assert _harmless(github)
    assert json.loads(render([found], "json"))["diagnostics"][0]["message"] == found.message
    sarif = json.loads(render([found], "sarif"))
    assert sarif["runs"][0]["results"][0]["message"]["text"].startswith(found.message)


def test_errors_are_harmless() -> None:
    text = str(FileFormatError(f"{EVIL}: not a file\n  help: another"))
    assert _harmless(text)
    assert text.endswith("\n  help: another")
    assert len(text.split("\n")) == 2


_COMMANDS = [
    ["summary", "{name}"],
    ["check", "{name}"],
    ["check", "{name}", "--format", "github"],
    ["check", "{name}", "--format", "json"],
    ["check", "{name}", "--format", "sarif"],
    ["diff", "{name}", "{other}"],
    ["diff", "{other}", "{name}"],
    ["summary", "{absent}"],
    ["build", "{name}", "-o", "out.modelc"],
    ["run", "{absent}", "--input", "x.npy", "--output", "y.npy"],
    ["import", "{keras}"],
    ["schema", "{absent}"],
    ["{absent}"],
    ["summary", "{other}", "--layers", "{absent}"],
    ["summary", "{other}", "--columns", "{absent}"],
    ["summary", "{other}", "--set", "{absent}=1"],
    ["summary", "{other}", "--json"],
    ["summary", "{other}", "--csv"],
    ["summary", "{other}", "--markdown"],
    ["zoo", "show", "{absent}"],
    ["init", "{absent}"],
]
_OTHER = json.dumps({"modelc": 1, "name": EVIL, "input": {"shape": [4]}, "layers": [{"type": "ReLU"}]})
_WRONG = [
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": EVIL}]}),
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Dense", EVIL: 3, "units": 1}]}),
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "ReLU", "name": EVIL}]}),
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Activation", "activation": EVIL}]}),
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "weights": EVIL, "layers": [{"type": "ReLU"}]}),
    json.dumps({"modelc": 1, "input": {"shape": [4]}, "layers": [{"block": EVIL}]}),
    f"modelc: 1\n# {EVIL}\nlayers: []\n",
    f"modelc: 1\nlayers: [{EVIL}\n",
]
_KERAS: Any = {"class_name": "Sequential", "config": {"name": EVIL, "layers": [{"class_name": EVIL}]}}


_RUN_ALL = """
import sys
from modelc.cli.main import _run
for arguments in eval(sys.argv[1]):
    for stream in (sys.stdout, sys.stderr):
        print(ascii(arguments), file=stream, flush=True)
    _run(arguments)
"""


@pytest.mark.skipif(os.name != "posix", reason="names of files as POSIX has them")
@pytest.mark.parametrize("for_github", [False, True])
def test_no_command_prints_what_a_terminal_obeys(tmp_path: Path, for_github: bool) -> None:
    evil = EVIL.replace("\x00", "")
    absent = f"absent{evil}"
    (tmp_path / "other.json").write_text(_OTHER, encoding="utf-8")
    (tmp_path / "keras.json").write_text(json.dumps(_KERAS), encoding="utf-8")
    names = [f"{i}{evil.replace('/', '')}.yaml" for i in range(len(_WRONG))]
    for name, text in zip(names, _WRONG, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    filled = {"other": "other.json", "absent": absent, "keras": "keras.json"}
    arguments = [
        [part.format(name=name, **filled) for part in command]
        for command in _COMMANDS
        if ("github" in command) == for_github
        for name in (names if "{name}" in command else names[:1])
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", _RUN_ALL, repr(arguments)],
        cwd=tmp_path, env=environment, capture_output=True, check=True,
    )  # fmt: skip
    for told in (done.stdout.decode(), done.stderr.decode()):
        assert told.count("['") >= len(arguments)
        assert "Traceback" not in told, told
        assert _harmless(told), ascii(told)
        if not for_github:
            assert not any(line.startswith("::error") for line in told.split("\n")), told
