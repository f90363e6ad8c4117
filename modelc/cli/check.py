"""`modelc check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import click

from modelc.cli.colours import say, say_found
from modelc.cli.opening import open_spec
from modelc.cli.options import BATCH_SIZE, ViewOptions, check_sizes, reading_options, size_option
from modelc.report.diagnostics import render

if TYPE_CHECKING:
    from modelc.model.spec import Spec


@click.command()
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...")
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
@size_option
@reading_options
def command(
    specs: tuple[str, ...],
    form: Literal["text", "json", "github", "sarif"],
    batch_size: int,
    sizes: dict[str, int],
    strict: bool,
    **view: Any,
) -> None:
    """Report all errors and warnings of one or more specs: syntax, options, shapes and limits.

    A model with free sizes is checked for all of them; its limits hold for the `max` of each, or for --size.

    A warning (code W…) marks a valid spec that is probably not what its author meant. The exit code is 2 if there is
    an error, otherwise 0; --strict turns warnings into errors.
    """
    from modelc.report.check import check
    from modelc.report.warnings.find import as_errors

    seen = ViewOptions(**view)

    def read(path: str) -> Spec:
        return check_sizes(open_spec(path, seen), sizes)

    found = [d for path in specs for d in check(lambda path=path: read(path), batch_size, path, sizes)]
    if strict:
        found = list(as_errors(found))
    text = render(found, form)
    if form == "text":
        body, _, count = text.rpartition("\n")
        text = "\n".join([*([body] if body else []), f"{len(specs)} spec{'s' * (len(specs) != 1)}, {count}"])
    if text:
        (say_found if form == "text" else say)(text)
    if any(d.severity == "error" for d in found):
        raise click.exceptions.Exit(2)
