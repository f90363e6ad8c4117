"""`modelc summary`."""

from __future__ import annotations

from typing import Any

import click

from modelc.cli.colours import say
from modelc.cli.completing.words import one_of_many
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_spec
from modelc.cli.options import ViewOptions, check_sizes, memory_batch_option, naming, size_option, view_options
from modelc.text.terminal import columns_of


def _columns() -> tuple[str, ...]:
    from modelc.report.table import COLUMNS

    return COLUMNS


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc summary model.yaml": "the table of a spec's layers, with shapes and counts",
        "modelc summary zoo:resnet50 --columns params,macs --layers 'conv5*'": "other columns, of some layers",
        "modelc summary model.yaml --truncate features --json": "the part of a model up to one layer, as JSON",
    },
)
@click.argument("spec", metavar="SPEC|ARTIFACT")
@click.option("--wide", is_flag=True, help="Show all columns. Those that do not fit the terminal form a second table.")
@click.option(
    "--columns", metavar="A,B,…", shell_complete=one_of_many(_columns),
    help="Columns to show after the layer name, for example params,macs,kernel.",
)  # fmt: skip
@click.option("--json", "form", flag_value="json", help="Print JSON with stable keys instead of a table.")
@click.option(
    "--csv", "form", flag_value="csv", help="Print CSV instead of a table, with all columns unless --columns is given."
)
@click.option("--markdown", "form", flag_value="markdown", help="Print a Markdown table.")
@click.option("--layers", multiple=True, metavar="SEL", help="Show only the selected layers; may be repeated.")
@click.option("--expand-nested", is_flag=True, help="Show the layers of nested models too.")
@memory_batch_option
@size_option
@view_options
def command(
    spec: str,
    wide: bool,
    columns: str | None,
    form: str | None,
    layers: tuple[str, ...],
    expand_nested: bool,
    batch_size: int,
    sizes: dict[str, int],
    **view: Any,
) -> None:
    """Print a model's layers with their output shapes and parameter counts; `-` reads the spec from standard input.

    On a terminal the table is at most as wide as the terminal: long names wrap, and columns that do not fit form a
    second table. Elsewhere the table is as wide as its content.

    SEL selects layers: a name, a pattern such as "conv*", an index, or a slice such as ":-1"; a leading `!` excludes
    layers; "base/conv*" selects layers inside the nested model "base". If the layers do not form a plain chain, a
    column lists the inputs of each layer.

    Keys of --json: `name`, `batch_size`; `inputs` and `outputs` with `name`, `shape`, `dtype`, of outputs with
    labels also `labels`; `layers` with `name`, `type`, `output_shape` (of the first output), `output_shapes`, `params`,
    `trainable_params`, `macs`, `activation_bytes`, `trainable`, `connected_to`, and `layers` for a nested model; the
    totals `params`, `trainable_params`, `non_trainable_params`, `macs`; and `activation_memory` in bytes.

    Of a model with free sizes also these `sizes` by name, each with `min`, `max` and `multiple_of`, and those that
    costs are `counted_for`. A cost that depends on a size which is not known is null, beside `macs_formula`,
    `activation_bytes_formula` or `activation_memory_formula`; `formulas_hold` has the conditions for these, and
    `activation_memory_peak` the `layer` at which so much is in use and the `bytes` that are planned for some `sizes`.
    """
    from modelc.report.limits import require_limits
    from modelc.report.summary import summarize

    model = check_sizes(open_spec(spec, ViewOptions(**view), warn=True), sizes)
    shown = [name.strip() for name in columns.split(",")] if columns is not None else None
    with naming("--layers"):
        all_columns = wide or (form == "csv" and columns is None)
        summary = summarize(
            model, batch_size=batch_size, layers=layers, columns=shown, wide=all_columns, expand_nested=expand_nested,
            sizes=sizes,
        )  # fmt: skip
    match form:
        case "json":
            say(summary.to_json())
        case "csv":
            say(summary.to_csv())
        case "markdown":
            say(summary.to_markdown())
        case _:
            say(summary.to_text(columns_of()))
    require_limits(model, batch_size, sizes)
