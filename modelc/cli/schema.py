"""`modelc schema`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def command(output: Path | None) -> None:
    """Print the JSON Schema of specs, for editors and validators.

    An editor with a YAML language server uses it where a spec begins with
    `# yaml-language-server: $schema=model.schema.json`.
    """
    from modelc.spec.schema import schema_text

    text = schema_text()
    if output is None:
        click.echo(text, nl=False)
        return
    from modelc.interop.atomic import replacing

    with replacing(output) as file:
        file.write_text(text, encoding="utf-8")
