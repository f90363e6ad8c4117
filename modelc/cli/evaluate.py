"""`modelc evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options
from modelc.files.signatures import is_artifact

if TYPE_CHECKING:
    from modelc.model.model import Model


@click.command()
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

    logs = evaluate(_model(model, ViewOptions(**view), weights), data, batch_size, Path(model).parent)
    say(json.dumps(logs) if as_json else format_logs(logs))


def _model(path: str, view: ViewOptions, weights: str | None) -> Model:
    if is_artifact(path):
        if view.changes:
            raise click.UsageError("--set and --input-shape apply to specs, not to a .modelc artifact")
        from modelc.model.loading import load_artifact

        model = load_artifact(path)
        if weights is not None:
            model.load_weights(weights)
        return model
    from modelc.cli.progress import compiling
    from modelc.model.build import build

    with compiling() as counter:
        return build(view.read(path, ("weights", "data")), weights=weights, on_compile=counter)
