"""`modelc sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from modelc.cli.examples import ExampleCommand
from modelc.cli.options import COUNT
from modelc.cli.outputs import default_output


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc sweep digits.yaml --set training.optimizer.learning_rate=0.01,0.001 --dry-run": "what would be trained",
        "modelc sweep digits.yaml --set training.epochs=1..3 --jobs 1 -o lengths": "train three variants",
    },
)
@click.argument("spec")
@click.option(
    "--set", "choices", multiple=True, required=True, metavar="PATH=VALUES",
    help="What varies: a place of the spec and its values, such as vars.width=16,32,64; may be repeated.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Folder of the results and the trained models. Default: the spec's file name with .sweep, in the current "
    "folder.",
)  # fmt: skip
@click.option(
    "--samples", type=COUNT, metavar="N",
    help="Train N combinations, drawn by --seed, instead of all of them. More may be asked for later.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed by which --samples draws.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(min=1, max=1024), metavar="N",
    help="Number of variants that are trained at once, each in a process with its share of the CPUs. Default: one per "
    "CPU.",
)  # fmt: skip
@click.option(
    "--dask", metavar="ADDRESS|local[:N]",
    help="Train on the workers of a Dask scheduler, or on N of this machine, instead of in --jobs processes (requires "
    "the extra `dask`). They must reach the spec, the data and DIR at the same paths.",
)  # fmt: skip
@click.option(
    "--metric", metavar="NAME",
    help="Loss or metric by which the best is the best. Default: val_loss, or loss without validation data.",
)  # fmt: skip
@click.option(
    "--mode", type=click.Choice(["auto", "min", "max"]), default="auto", show_default=True,
    help="Whether a lower (min) or a higher (max) value is better; auto knows it of losses and of all metrics that "
    "have a direction.",
)  # fmt: skip
@click.option("--data", metavar="FILE", help="Training data of all variants, as that of `modelc train`.")
@click.option("--validation", metavar="FILE|SHARE", help="Validation data of all variants, as that of `modelc train`.")
@click.option("--epochs", type=COUNT, help="Number of passes over the training data, overriding the spec's `epochs`.")
@click.option(
    "--weights", type=click.Path(dir_okay=False),
    help="Initial weights of all variants (.safetensors, .modelc or a Keras file).",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Print all variants with their parameters and MACs; train nothing.")
@click.option(
    "--skip-invalid", is_flag=True,
    help="Leave out variants that are invalid or exceed a limit of the spec, instead of ending before any is trained.",
)  # fmt: skip
@click.option("--retry-failed", is_flag=True, help="Train the variants again that have failed before.")
@click.option("--json", "as_json", is_flag=True, help="Print all results as JSON instead of a table of the best.")
def command(
    spec: str,
    choices: tuple[str, ...],
    output: Path | None,
    samples: int | None,
    seed: int,
    jobs: int | None,
    dask: str | None,
    metric: str | None,
    mode: Literal["auto", "min", "max"],
    data: str | None,
    validation: str | None,
    epochs: int | None,
    weights: str | None,
    dry_run: bool,
    skip_invalid: bool,
    retry_failed: bool,
    as_json: bool,
) -> None:
    """Train the variants of a spec, all combinations of the values that --set gives, and compare them.

    PATH is a place of the spec as in --set of the other commands: vars.width, layers.conv2d_1.filters,
    training.optimizer.learning_rate. VALUES are values of YAML between commas (16,32 or relu,gelu or [3,3],[5,5] or
    {type: SGD},{type: Adam}), whole numbers FIRST..LAST or FIRST..LAST..STEP, or all numbers of an interval,
    uniform(LOW, HIGH) or loguniform(LOW, HIGH), of which --samples draws.

    All variants are validated before any is trained. Each is trained as by `modelc train` in a folder of its own,
    DIR/runs/NUMBER, with its model, its epochs and, while it is trained, its checkpoints. A variant that fails is told
    in the table and stops no other one. When the command was interrupted or killed, the same command goes on where it
    was; with another spec, other values or other data it is refused.

    DIR/results.csv, .json and .md have the table of all results. The best ones are printed, and what the best model
    changes in that of the spec, as by `modelc diff`.

    Exit codes: 0 if all variants are trained, 1 if some have failed, 2 if the spec, the values or the data are wrong.
    """
    from modelc.cli.sweeping import SweepPlan, SweepRun, following, print_plan, run_choices

    target = output or default_output(spec, Path(spec).stem, ".sweep")
    sweep = SweepRun(target, jobs, dask, retry_failed, as_json)
    try:
        with following() as told:
            plan = SweepPlan.of(
                spec, choices, samples=samples, seed=seed, run=run_choices(data, validation, epochs, weights),
                metric=metric, mode=mode, skip_invalid=skip_invalid, following=told,
            )  # fmt: skip
            results = None if dry_run else sweep(plan, told)
    except KeyboardInterrupt:
        sweep.interrupted()
    if results is None:
        print_plan(plan, as_json=as_json)
    else:
        sweep.tell(results)
