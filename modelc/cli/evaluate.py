"""`modelc evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_model
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc evaluate digits.modelc": "the loss and the metrics on the validation data of the spec",
        "modelc evaluate digits.modelc --data digits.npz --json": "on other data, as JSON",
    },
)
@click.argument("model", metavar="ARTIFACT|SPEC")
@click.option(
    "--data",
    metavar="FILE",
    help="Labelled data to evaluate on. Default: the spec's `validation` data, else its `data`.",
)
@click.option("--batch-size", type=BATCH_SIZE, help="Samples per batch. Default: the spec's `batch_size`.")
@click.option(
    "--weights",
    type=click.Path(dir_okay=False),
    help="Weight file (.safetensors, .modelc or Keras) to load instead of the model's own weights.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@reading_options
def command(
    model: str, data: str | None, batch_size: int | None, weights: str | None, as_json: bool, **view: Any
) -> None:
    """Print the loss and metrics of a model on a data set.

    The `training` section of the spec defines the loss and the metrics.
    """
    from modelc.callbacks.progress import format_logs
    from modelc.model.training_run import evaluate

    opened, _ = open_model(model, ViewOptions(**view), weights=weights)
    logs = evaluate(opened, data, batch_size, Path(model).parent)
    say(json.dumps(logs) if as_json else format_logs(logs))
