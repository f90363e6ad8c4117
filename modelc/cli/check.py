"""`modelc check`."""

from __future__ import annotations

from typing import Any, Literal

import click

from modelc.cli.colours import say, say_found
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_spec
from modelc.cli.options import BATCH_SIZE, ViewOptions, check_sizes, reading_options, size_option
from modelc.errors import Diagnostic
from modelc.report.diagnostics import render


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc check model.yaml": "all errors and warnings of a spec",
        "modelc check . --strict": "all specs of a folder, where a warning counts as an error",
        "modelc check . --format sarif > found.sarif": "a report for code scanning",
    },
)
@click.argument("specs", nargs=-1, required=True, metavar="SPEC|DIR...")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github", "sarif"]), default="text", show_default=True,
    help="Report format: plain text, JSON, annotations for GitHub Actions, or SARIF for code scanning.",
)  # fmt: skip
@click.option(
    "--batch-size",
    type=BATCH_SIZE,
    default=1,
    show_default=True,
    help="Batch size for which the memory limit is checked.",
)
@click.option("--no-cache", is_flag=True, help="Check all specs of a folder, also those that have not changed.")
@size_option
@reading_options
def command(
    specs: tuple[str, ...],
    form: Literal["text", "json", "github", "sarif"],
    batch_size: int,
    no_cache: bool,
    sizes: dict[str, int],
    strict: bool,
    **view: Any,
) -> None:
    """Report all errors and warnings of specs: syntax, options, shapes and limits.

    Of a folder, all specs in it and below are checked: YAML and JSON files that have the key `modelc` at the top, that
    extend a spec, or that are called *.modelc.yaml. What was found in files that have not changed is taken from the
    user's cache.

    A model with free sizes is checked for all of them; its limits hold for the `max` of each, or for --size. Limits and
    defaults for all specs of a repository are in its modelc.toml or in `[tool.modelc]` of its pyproject.toml.

    A warning (code W…) marks a valid spec that is probably not what its author meant. The exit code is 2 if there is
    an error, otherwise 0; --strict turns warnings into errors.
    """
    import os

    # NumPy's linear algebra starts a thread for each core when it is imported, which nothing here uses.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from modelc.report.check_all import check_all
    from modelc.report.spec_files import spec_files

    paths = spec_files(specs)
    in_folders = any(os.path.isdir(path) for path in specs) and not no_cache
    options = (batch_size, sorted(sizes.items()), strict, sorted(view.items()))

    def check_file(path: str) -> list[Diagnostic]:
        return _check(path, ViewOptions(**view), batch_size, sizes, strict)

    each = check_all(paths, check_file, options if in_folders else None)
    found = list(dict.fromkeys(one for some in each for one in some))
    text = render(found, form)
    if form == "text":
        body, _, count = text.rpartition("\n")
        text = "\n".join([*([body] if body else []), f"{len(paths)} spec{'s' * (len(paths) != 1)}, {count}"])
    if text:
        (say_found if form == "text" else say)(text)
    if any(d.severity == "error" for d in found):
        raise click.exceptions.Exit(2)


def _check(path: str, view: ViewOptions, batch_size: int, sizes: dict[str, int], strict: bool) -> list[Diagnostic]:
    """What is found in one file."""
    from pathlib import Path

    from modelc.language.project import project_of
    from modelc.report.check import check
    from modelc.report.warnings.find import as_errors

    found = check(lambda: check_sizes(open_spec(path, view), sizes), batch_size, path, sizes)
    if found and (strict or (path != "-" and project_of(Path(path).parent).strict)):
        return list(as_errors(found))
    return found
