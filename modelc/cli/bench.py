"""`modelc bench`."""

from __future__ import annotations

import re
from typing import Any, Literal

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_model
from modelc.cli.options import BATCH_SIZE, ViewOptions, reading_options, size_option_for
from modelc.cli.outputs import check_target, files_read, force_option
from modelc.errors import SpecError
from modelc.files.kinds import Kind
from modelc.text.terminal import columns_of


def _peers(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str | None]:
    """`onnxruntime=m.onnx,openvino` as a mapping; None for a runtime without a file."""
    files: dict[str, str | None] = {}
    for one in (part for value in values for part in _PEERS.split(value)):
        name, equals, file = one.partition("=")
        if name.strip() in files:
            raise click.BadParameter(f"{name.strip()} is given twice", ctx, param)
        files[name.strip()] = file if equals else None
    return files


_PEERS = re.compile(r",(?=[a-z]+(?:[=,]|$))")
"""The commas between runtimes; a file's name may have some, too."""


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc bench model.yaml --seconds 0.5": "the time of a prediction, throughput and memory",
        "modelc bench model.modelc --batch-size 8 --threads 1 --profile --seconds 0.5": "which layers take that time",
    },
)
@click.argument("model", metavar="SPEC|ARTIFACT|KERAS-FILE")
@click.option(
    "--threads",
    type=click.IntRange(min=1, max=1024),
    help="Number of threads. Default: MODELC_NUM_THREADS, or one per CPU available to the process.",
)
@click.option(
    "--batch-size", type=BATCH_SIZE, help="Samples per call. Default: 1, or the batch size that the model fixes."
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, max=3600, min_open=True),
    default=2.0,
    show_default=True,
    help="How long calls are repeated; with --profile as long again.",
)
@click.option("--profile", is_flag=True, help="Also time each step of the plan.")
@click.option(
    "--sort", type=click.Choice(["time", "plan"]), default="time", show_default=True,
    help="With --profile: the longest steps first, without those below 0.5%; or all steps in the order of the plan.",
)  # fmt: skip
@click.option(
    "--trace", type=click.Path(dir_okay=False), metavar="FILE",
    help="Also write a trace of some calls to this file, which https://ui.perfetto.dev opens.",
)  # fmt: skip
@click.option(
    "--compare", "peers", multiple=True, callback=_peers, metavar="RUNTIME[=FILE],…",
    help="Also time other runtimes in turns, onnxruntime and openvino, on the ONNX file that the model is exported to, "
    "or each on a file of the same model, such as onnxruntime=m.onnx; may be repeated (requires the extra `peers`).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of text.")
@force_option
@size_option_for("A free size of the samples, such as time=128; may be repeated. By default its `max`.")
@reading_options
def command(
    model: str,
    threads: int | None,
    batch_size: int | None,
    seconds: float,
    profile: bool,
    sort: Literal["time", "plan"],
    trace: str | None,
    peers: dict[str, str | None],
    as_json: bool,
    force: bool,
    sizes: dict[str, int],
    **view: Any,
) -> None:
    """Measure a model on random samples: the latency of a call, throughput, and memory.

    A spec without weights gets random ones, which takes the same time. The spec's `limits.latency`, such as 5ms, is an
    upper bound of the median: if it is exceeded, the exit code is 2. Free sizes are those of --size, else the `max` of
    each.

    --profile times every step of the plan in calls as they are, on the same threads: loops go round, and a step of
    several threads ends when the last one is done. GFLOP/s are two operations for each multiply-add of the layer's
    definition, GB/s all that an op reads and writes, each once; both are of all steps of an op and stand at the
    longest of them. "Of the limit" is the least time that the multiply-adds take at the FMA peak, or the bytes at the
    rate at which memory is read, as a share of the time it took: whichever is the more; "in caches" where data came
    faster than from memory. Peak and rate are measured in the same run on the same threads.

    A trace has the calls, in them their steps by the names of their layers, and of steps that were shared the chunks
    that each thread did.

    --compare runs each runtime in a process of its own, on as many threads, one after the other in five rounds, after
    its outputs were compared with the model's: they may differ by 1e-3 of the largest one. A file may have the channels
    of its inputs and outputs first. The ratio is that of the medians, by round.

    Keys of --json, times in seconds and memory in bytes: `model`, `backend`, `cpu`, `threads`, `batch_size`, `sizes`;
    `inputs` with `name`, `shape`, `dtype`; `first_call`; `latency` with `calls`, `min`, `mean`, `p50`, `p90`, `p99`;
    `throughput` in samples per second; `call_memory` (weights, inputs, activations and results) and `peak_memory` (of
    the process), null where not known. With --profile also `profile`: the number of timed `calls`; the fastest `call`
    and how much of it was `in_steps`, `between_steps` and `around_steps`; the fastest `untimed_call`; `fma_peak` in
    operations and `read_rate` in bytes per second; and `steps` in the order of the plan with `layer`, `op`, `kernel`,
    `shape`, `seconds` (the median), `share`, `turns` (more than 1 in a loop), `threads` (at work on average), and at
    the longest step of an op its `macs`, `bytes`, `op_seconds`, `of_limit` and `limit` ("fma" or "memory"). With
    --compare also `compare`: by `peer` its `version`, `file` and `latency`, that of the model in the same rounds
    (`ours`), the `ratio` (more than 1: the peer takes longer) and those of the rounds (`ratios`), the `difference` of
    outputs, and the `peak_memory` of its process.
    """
    from modelc.report.limits import check_latency

    built, spec = open_model(model, ViewOptions(**view), batch_size=batch_size or 1, sizes=sizes)
    if trace is not None:
        read = files_read(model, spec) | {f"the file of {name}": file for name, file in peers.items()}
        check_target(trace, Kind.TRACE, read, force)
    found = built.bench(
        batch_size=batch_size, threads=threads, seconds=seconds, sizes=sizes, profile=profile, trace=trace,
        force=force, compare=peers,
    )  # fmt: skip
    say(found.to_json() if as_json else found.to_text(columns_of(), sort))
    if trace is not None:
        say(f"trace: {trace}, which https://ui.perfetto.dev opens", err=True)
    exceeded = check_latency(spec or built.to_spec(), found.latency.p50, found.latency.calls)
    if exceeded:
        raise SpecError(exceeded)
