"""`modelc doctor`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import click

from modelc.cli.colours import say, tell
from modelc.cli.examples import ExampleCommand
from modelc.errors import ModelcError
from modelc.text.amounts import format_bytes, format_seconds

if TYPE_CHECKING:
    from modelc.cli.checkup.section import Section


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc doctor": "whether modelc works on this machine",
        "modelc doctor --json > doctor.json": "what a report of a bug needs",
    },
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of text.")
def command(as_json: bool) -> None:
    """Print what a report of a bug needs, and what is wrong with the installation, each with what to do.

    That is the versions of modelc, Python and packages, also those of extras; the CPU and its level of kernels, the
    CPUs and the memory that the process may use; the cache, and whether it is safe; the kernels of the package;
    modelc's environment variables; and how long a small model took to build and to run, whose outputs are held against
    their definition. Nothing private is in it: the home folder is written as ~.

    Keys of --json: `versions`, `machine`, `cache`, `environment` and `trial`, each with its facts, bytes and seconds in
    full; and `problems`, each with `what` and `fix`.

    Exit codes: 0 all is well, 1 there are problems.
    """
    from modelc.cli.checkup.sections import sections

    found = sections()
    # A mistake in the environment is met again by the model that is run.
    problems = list(dict.fromkeys(problem for section in found.values() for problem in section.problems))
    if as_json:
        facts = {name: dict(section.facts) for name, section in found.items()}
        say(json.dumps({**facts, "problems": [one._asdict() for one in problems]}, indent=2, ensure_ascii=False))
    else:
        say("\n".join(_text(found)))
        for one in problems:
            tell(f"error: {ModelcError(one.what, one.fix)}")
        if not problems:
            say("\nno problems were found")
    if problems:
        raise click.exceptions.Exit(1)


def _text(sections: Mapping[str, Section]) -> Iterator[str]:
    """The facts, a line each, below the names of their sections."""
    for name, section in sections.items():
        if name != next(iter(sections)):
            yield ""
        yield name
        width = max((len(key) for key in section.facts), default=0) + 2
        for key, value in section.facts.items():
            label = key if name == "environment" else key.replace("_", " ")
            for line in _told(key, value):
                yield f"  {label:{width}}{line}"
                label = ""
        if not section.facts:
            yield "  nothing is set"


def _told(key: str, value: Any) -> list[str]:
    """A fact in words, in one line or several."""
    match value:
        case None:
            return ["not known"]
        case bool():
            return ["yes" if value else "no"]
        case dict():
            found = cast("dict[str, Any]", value)
            return [f"{k}: {_versions(v)}" for k, v in found.items()] if key == "extras" else [_versions(found)]
        case list():
            items = list(map(str, cast("list[Any]", value))) or ["nothing"]
            return [", ".join(items)] if key == "compiled" else items
        case float() if key.startswith("seconds"):
            return [format_seconds(value)]
        case float():
            return [f"{value:.2g}"]
        case int() if key in _BYTES:
            return [format_bytes(value)]
        case _:
            lines = str(value).splitlines()
            return lines or [""]


_BYTES = frozenset({"memory", "memory_used", "bytes", "limit", "plan_bytes", "plan_limit"})


def _versions(found: Mapping[str, str | None]) -> str:
    return ", ".join(f"{package} {version or 'is not installed'}" for package, version in found.items())
