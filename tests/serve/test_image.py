"""The Dockerfile agrees with the rest of the repository: files that it copies, the extra, the command, the port.

Building it takes root and the network: docs/serving.md says how that was done, and what came of it.
"""

from __future__ import annotations

import fnmatch
import json
import tomllib
from pathlib import Path

import click
from packaging.specifiers import SpecifierSet

from modelc.cli.main import cli

ROOT = Path(__file__).parents[2]
FILE = ROOT / "Dockerfile"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile in order, with their arguments on one line."""
    lines = [line for line in FILE.read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(name, " ".join(rest)) for name, *rest in (line.split() for line in joined.splitlines() if line)]


def arguments(name: str) -> list[str]:
    """The arguments of all instructions of a name."""
    return [argument for found, argument in instructions() if found == name]


def test_what_it_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert ignored[0] == "*"
    kept = [line.removeprefix("!") for line in ignored if line.startswith("!")]
    copied = [one for argument in arguments("COPY") if "--from" not in argument for one in argument.split()[:-1]]
    assert sorted(copied) == sorted(kept)
    assert all((ROOT / one).exists() for one in copied)
    assert any(fnmatch.fnmatch("a/__pycache__", line) for line in ignored[1:])
    for needed in ("README.md", "CHANGELOG.md", *PROJECT["license-files"]):
        assert needed in copied  # what the wheel is built of


def test_it_installs_an_extra_on_a_python_that_there_are() -> None:
    pip = next(argument for argument in arguments("RUN") if "pip install" in argument)
    assert "'.[serve]'" in pip and "serve" in PROJECT["optional-dependencies"]
    images = {argument.split()[0] for argument in arguments("FROM")}
    assert len(images) == 1  # what is built in one runs in the other
    python = images.pop().removeprefix("python:").removesuffix("-slim")
    assert python in SpecifierSet(PROJECT["requires-python"])


def test_its_command_serves_at_the_port_that_it_exposes() -> None:
    program, name, *options = json.loads(arguments("ENTRYPOINT")[0])  # the list form, which passes signals on
    assert program in PROJECT["scripts"]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    with command.make_context(name, [*options, "m.modelc"]) as context:
        assert context.params["host"] == "0.0.0.0"
        port = context.params["port"]
    assert arguments("EXPOSE") == [str(port)]
    assert f":{port}/v2/health/ready" in arguments("HEALTHCHECK")[0]


def test_it_does_not_run_as_root_and_owns_its_folders() -> None:
    made = next(argument for argument in arguments("RUN") if "useradd" in argument)
    (user,) = arguments("USER")
    assert user in made.partition("&&")[0].split()
    assert f"install -d -o {user} /models /cache" in made
    assert arguments("WORKDIR")[-1] == "/models" and "MODELC_CACHE_DIR=/cache" in arguments("ENV")[0]
