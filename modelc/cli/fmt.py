"""`modelc fmt`."""

from __future__ import annotations

import click

from modelc.cli.colours import say, say_found, tell
from modelc.cli.examples import ExampleCommand


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc fmt model.yaml": "format a spec in place",
        "modelc fmt --check .": "list the specs of a folder that are not formatted",
    },
)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC|DIR...")
@click.option("--check", "is_check", is_flag=True, help="Change nothing; list the specs that would change.")
@click.option(
    "--width", type=click.IntRange(40, 1000), help="The longest line. Default: the project's `width`, or 110."
)
def command(specs: tuple[str, ...], is_check: bool, width: int | None) -> None:
    """Format YAML specs in one layout: a line for each layer that fits into one, else a line for each of its keys.

    Comments stay, and so do the order of keys and the spelling of numbers. A formatted spec is read again before it
    replaces the file: its values are the same. Of a folder, all YAML specs in it and below are formatted. `-` formats
    standard input to standard output.

    Exit codes: 0 done, 1 with --check if a spec would change, 2 if a spec cannot be read.
    """
    import sys
    from pathlib import Path

    from modelc.errors import Diagnostic, SpecError
    from modelc.files.atomic import replacing
    from modelc.files.kinds import Kind
    from modelc.language.format.formatted import formatted, spec_text
    from modelc.language.project import project_of
    from modelc.report.spec_files import spec_files

    changed: list[str] = []
    found: list[Diagnostic] = []
    paths = spec_files(specs, (".yaml", ".yml"))
    for path in paths:
        try:
            text = sys.stdin.read() if path == "-" else spec_text(path)
            made = formatted(text, path, width or project_of(None if path == "-" else Path(path).parent).width)
        except SpecError as error:
            found += error.diagnostics
            continue
        if path == "-" and not is_check:
            say(made, nl=False)
        elif made != text:
            changed.append(path)
            if not is_check:
                with replacing(Path(path), Kind.SPEC, force=True) as file:
                    file.write_text(made, encoding="utf-8", newline="\n")
    for path in changed:
        say(f"would format {path}" if is_check else f"formatted {path}")
    if found:
        say_found("\n".join(map(str, found)))
    if paths != ["-"]:
        count = f"{len(paths)} spec{'s' * (len(paths) != 1)}"
        tell(f"{count}, {len(changed)} {'to format' if is_check else 'formatted'}")
    if found or (is_check and changed):
        raise click.exceptions.Exit(2 if found else 1)
