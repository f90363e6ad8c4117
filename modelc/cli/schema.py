"""`modelc schema`."""

from __future__ import annotations

from pathlib import Path

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.outputs import check_target, force_option
from modelc.files.atomic import replacing
from modelc.files.kinds import Kind


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc schema -o model.schema.json": "the JSON Schema for editors",
    },
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Output file. Default: standard output.",
)
@force_option
def command(output: Path | None, force: bool) -> None:
    """Print the JSON Schema of the spec language, for editors and validators.

    An editor with a YAML language server completes and checks a spec that begins with the line
    `# yaml-language-server: $schema=model.schema.json`.
    """
    from modelc.language.schema.schema import schema_text

    text = schema_text()
    if output is None:
        say(text, nl=False)
        return

    check_target(output, Kind.SCHEMA, {}, force)
    with replacing(output, Kind.SCHEMA, force=force) as file:
        file.write_text(text, encoding="utf-8")
