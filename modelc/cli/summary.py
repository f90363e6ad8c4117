"""`modelc summary`."""

from __future__ import annotations

from typing import Any

import click

from modelc.cli.colours import say
from modelc.cli.opening import open_spec
from modelc.cli.options import BATCH_SIZE, View, naming, view_options


@click.command()
@click.argument("spec", metavar="SPEC|ARTIFACT")
@click.option("--wide", is_flag=True, help="All columns. What does not fit the terminal is in a second table.")
@click.option(
    "--columns", metavar="A,B,…", help="The columns to show after the layer's name, such as params,macs,kernel."
)
@click.option("--json", "form", flag_value="json", help="Print JSON, with stable keys, instead of a table.")
@click.option(
    "--csv", "form", flag_value="csv", help="Print CSV instead of a table; all columns unless --columns says which."
)
@click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown table.")
@click.option("--layers", multiple=True, metavar="SEL", help="Show only these layers; may be repeated.")
@click.option("--expand-nested", is_flag=True, help="Show the layers inside of models that are used as layers.")
@click.option(
    "--batch-size",
    type=BATCH_SIZE,
    default=1,
    show_default=True,
    help="The number of samples in a call, for which memory is counted.",
)
@view_options
def command(
    spec: str,
    wide: bool,
    columns: str | None,
    form: str | None,
    layers: tuple[str, ...],
    expand_nested: bool,
    batch_size: int,
    **view: Any,
) -> None:
    """Print the layers of a model with their output shapes and parameters; `-` reads standard input.

    On a terminal the table is as wide as that is: long names go on in the next line, and columns for which there is no
    room are in a second table. Elsewhere it is as wide as it needs to be.

    SEL is a name, a pattern such as "conv*", an index, or a slice such as ":-1"; `!` before it takes layers back;
    "base/conv*" are layers inside of the model "base". Where the layers are no plain chain, a column says what each is
    connected to.

    The keys of --json: `name`, `batch_size`; `inputs` and `outputs` with `name`, `shape`, `dtype`; `layers` with
    `name`, `type`, `output_shape` (of the first output), `output_shapes`, `params`, `trainable_params`, `macs`,
    `activation_bytes`, `trainable`, `connected_to`, and for a model its own `layers`; the sums `params`,
    `trainable_params`, `non_trainable_params`, `macs`; and `activation_memory` in bytes.
    """
    from modelc.report.limits import require_limits
    from modelc.report.summary import summarize
    from modelc.terminal import columns_of

    model = open_spec(spec, View(**view), warn=True)
    shown = [name.strip() for name in columns.split(",")] if columns is not None else None
    with naming("--layers"):
        all_columns = wide or (form == "csv" and columns is None)
        summary = summarize(
            model, batch_size=batch_size, layers=layers, columns=shown, wide=all_columns, expand_nested=expand_nested
        )
    match form:
        case "json":
            say(summary.to_json())
        case "csv":
            say(summary.to_csv())
        case "markdown":
            say(summary.to_markdown())
        case _:
            say(summary.to_text(columns_of()))
    require_limits(model, batch_size)
