"""`modelc diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.options import BATCH_SIZE, View, reading_options
from modelc.terminal import shown

if TYPE_CHECKING:
    from modelc.report.diff import Diff


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with stable keys, instead of a report for people.")
@click.option(
    "--batch-size",
    type=BATCH_SIZE,
    default=1,
    show_default=True,
    help="The number of samples in a call, for which memory is counted.",
)
@reading_options
def command(a: str, b: str, as_json: bool, batch_size: int, **view: Any) -> None:
    """Tell how the model B differs from the model A: its layers, its costs, and which weights of A it can load.

    Each is a spec, a .modelc artifact or anything else that a spec is read from; one of them may be `-`, standard
    input. --set and --input-shape hold for both.

    Exits with 0 where they are the same, with 1 where they differ, with 2 where one is wrong. How a spec is written,
    its budgets and its weight files do not count. A layer that is put in and shifts the automatic names behind it is
    one addition.

    For `git diff`, write `*.yaml diff=modelc` to .gitattributes, and run this once (a spec that names other files needs
    them beside it: compare two checkouts then):

    `git config diff.modelc.command 'f() { modelc diff "$2" "$5" || true; }; f'`

    The keys of --json: `same`; `name`, `inputs` and `outputs` with `from` and `to`; the layers `removed`, `added`,
    `changed` (with their `options`, each `option`, `from`, `to`), `renamed`, and `reshaped` by what comes before
    them; the number of those `unchanged`; `params`, `trainable_params`, `non_trainable_params`, `macs` and
    `activation_memory` with `from`, `to` and `change`; and `weights` of B by path and shape: `loaded` of `total`,
    those of them that are of another layer in A (`elsewhere`), `missing`, `wrong_shape`, and `unexpected` ones of
    A.
    """
    from modelc.cli.opening import open_spec
    from modelc.report.diff import compare

    if a == b == "-":
        raise click.UsageError("only one of A and B can be standard input")
    seen = View(**view)
    diff = compare(open_spec(a, seen), open_spec(b, seen), batch_size)
    if as_json:
        say(diff.to_json())
    else:
        _print(diff, a, b)
    if diff:
        raise click.exceptions.Exit(1)


_STYLES = {"removed": "red", "added": "green", "changed": "yellow", "heading": "bold", "plain": ""}


def _print(diff: Diff, a: str, b: str) -> None:
    """The text, in colours on a terminal."""
    from modelc.cli.colours import wants_colours
    from modelc.report.diff_text import as_lines

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
