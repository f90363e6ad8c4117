"""`modelc diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say, wants_colours
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_spec
from modelc.cli.options import ViewOptions, memory_batch_option, naming, reading_options, size_option
from modelc.cli.outputs import check_target, files_read, force_option
from modelc.files.kinds import Kind
from modelc.text.terminal import shown

if TYPE_CHECKING:
    from modelc.model.spec import Spec
    from modelc.report.diff.find import Diff


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc diff model.yaml wider.yaml": "what differs between two specs, and what that costs",
        "modelc diff model.modelc wider.yaml --html -o diff.html": "both graphs side by side, as a page",
    },
)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of text.")
@click.option("--html", is_flag=True, help="Write a page with both graphs side by side instead of text.")
@click.option("-o", "--output", metavar="FILE", help="With --html, the output file. Default: diff.html.")
@click.option("--open", "open_it", is_flag=True, help="With --html, open the page in the browser.")
@memory_batch_option
@size_option
@force_option
@reading_options
def command(
    a: str,
    b: str,
    as_json: bool,
    html: bool,
    output: str | None,
    open_it: bool,
    batch_size: int,
    sizes: dict[str, int],
    force: bool,
    **view: Any,
) -> None:
    """Compare model A with model B: their layers, their costs, and which weights of A can be loaded into B.

    A and B are specs, .modelc artifacts or Keras files; one of them may be `-`, standard input. --set and
    --input-shape apply to both.

    Exit codes: 0 if the models are equal, 1 if they differ, 2 if one of them is invalid. Formatting, `limits` and
    weight files are not compared. An inserted layer that shifts the automatic names of the layers after it counts as
    one addition.

    To use this in `git diff`, add `*.yaml diff=modelc` to .gitattributes and run the following command once. (git
    compares temporary copies: for a spec that refers to other files, compare two checkouts instead.)

    `git config diff.modelc.command 'f() { modelc diff "$2" "$5" || true; }; f'`

    With --html, a page like that of `modelc view` has both graphs: what was removed, added and changed is coloured
    and listed, and selecting a layer selects its counterpart. Its file name is printed; exit codes are the same.

    Costs of models with free sizes are for --size, which applies to both where they have such a size, else for the
    `max` of each, else formulas.

    Keys of --json: `same`; `name`, `semantics`, `precision`, `preprocessing`, `labels`, `inputs` and `outputs` with
    `from` and `to`; the layers `removed`, `added`, `changed` (with their `options`, each `option`, `from`, `to`),
    `renamed`, and `reshaped` (another output shape because of an earlier change); the number of `unchanged` layers;
    `params`, `trainable_params`, `non_trainable_params`, `macs` and `activation_memory` with `from`, `to` and
    `change`; and `weights` of B, matched by path and shape: `loaded` out of `total`, `elsewhere` (loaded from
    another layer of A), `missing`, `wrong_shape`, and `unexpected` (weights of A without a counterpart in B). Of
    models with free sizes also `sizes`, and null for costs that are formulas, beside `from_formula`, `to_formula`
    and `change_formula`.
    """
    from modelc.report.diff.find import compare

    if a == b == "-":
        raise click.UsageError("only one of A and B can be standard input")
    if not html and (output is not None or open_it):
        raise click.UsageError("--output and --open are for --html")
    seen = ViewOptions(**view)
    specs = open_spec(a, seen), open_spec(b, seen)
    if html:
        _write(specs, (a, b), output or "diff.html", open_it, batch_size, sizes, force)
        return
    with naming("--size"):
        diff = compare(*specs, batch_size, sizes)
    if as_json:
        say(diff.to_json())
    else:
        _print(diff, a, b)
    if diff:
        raise click.exceptions.Exit(1)


def _write(
    specs: tuple[Spec, Spec],
    files: tuple[str, str],
    output: str,
    open_it: bool,
    batch_size: int,
    sizes: dict[str, int],
    force: bool,
) -> None:
    """Write the page, and end with the exit code."""
    from modelc.pages.side_by_side import side_by_side

    read = {name: path for side in zip(files, specs, strict=True) for name, path in files_read(*side).items()}
    check_target(output, Kind.PAGE, read | {"the other model": files[0]}, force)
    with naming("--size"):
        shown = side_by_side(*specs, files, batch_size=batch_size, sizes=sizes)
    shown.save(output, force=force)
    say(output)
    if open_it:
        shown.open(output)
    if shown.diff:
        raise click.exceptions.Exit(1)


_STYLES = {"removed": "red", "added": "green", "changed": "yellow", "heading": "bold", "plain": ""}


def _print(diff: Diff, a: str, b: str) -> None:
    """Print the text, coloured on a terminal."""
    from modelc.report.diff.text import as_lines

    lines = list(as_lines(diff))
    if diff:
        lines = [("removed", f"--- {a}"), ("added", f"+++ {b}"), *lines]
    if not wants_colours(sys.stdout):
        say("\n".join(line for _, line in lines))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for kind, line in lines:
        console.print(Text(shown(line), _STYLES[kind]))
