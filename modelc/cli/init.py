"""`modelc init`."""

from __future__ import annotations

from pathlib import Path

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.starter import starter_spec
from modelc.files.paths import file_name_problem
from modelc.text.quoting import quote

_SPEC_SUFFIXES = (".yaml", ".yml")


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc init": "write model.yaml, a spec to begin with",
        "modelc init digits": "write digits.yaml",
    },
)
@click.argument("name", default="model")
def command(name: str) -> None:
    """Write a commented starter spec to NAME.yaml, by default model.yaml.

    An existing file is not overwritten.
    """
    path = Path(name)
    if path.suffix not in _SPEC_SUFFIXES:
        path = path.with_name(path.name + ".yaml") if path.name else path
    stem = path.stem if path.suffix in _SPEC_SUFFIXES else ""
    problem = "it has no name" if not stem or path.name.startswith(".") else file_name_problem(path.name)
    if problem is not None:
        raise click.UsageError(f"{quote(name)} is not a valid file name: {problem}")
    text = starter_spec(stem)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise click.UsageError(f"{path} already exists; choose another name or remove it first") from None
    except (FileNotFoundError, NotADirectoryError):
        raise click.UsageError(f"there is no folder {path.parent}") from None
    say(f"wrote {path}: try `modelc summary {path}`", err=True)
