"""`modelc build`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.options import ViewOptions, check_sizes, size_option, view_options
from modelc.cli.outputs import check_target, default_output, files_read, force_option
from modelc.cli.progress import compiling
from modelc.files.suffixes import kind_of_model
from modelc.text.amounts import format_bytes
from modelc.text.listing import sizes_told

if TYPE_CHECKING:
    from modelc.cli.progress import CompileCounter
    from modelc.model.model import Model


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc build model.yaml": "compile a spec into model.modelc, with random weights",
        "modelc build model.yaml --weights model.safetensors -o trained.modelc": "with the weights in a file",
    },
)
@click.argument("spec")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Output file, .modelc or .keras. Default: the spec's file name with .modelc, in the current folder.",
)  # fmt: skip
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed for the weight initializers: the same seed gives the same weights.",
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False),
    help="Weight file (.safetensors, .modelc or Keras) to load instead of the spec's `weights`.",
)
@force_option
@size_option
@view_options
def command(
    spec: str,
    output: Path | None,
    seed: int,
    weights: str | None,
    force: bool,
    sizes: dict[str, int],
    **view: Any,
) -> None:
    """Compile a spec and save the model with its weights as one file.

    The weights come from --weights or from the spec's `weights`; otherwise they are initialized randomly.
    """
    from modelc.model.build import build
    from modelc.report.limits import require_limits

    start = time.perf_counter()
    model_spec = ViewOptions(**view).open(spec, ("files",) if weights is None else ("files", "weights"))
    target = output or default_output(spec, model_spec.name, ".modelc")
    check_target(target, kind_of_model, files_read(spec, model_spec, weights=weights), force)
    check_sizes(model_spec, sizes)
    require_limits(model_spec, sizes=sizes)
    with compiling() as counter:
        model = build(model_spec, seed=seed, weights=weights, on_compile=counter, packed=False)
    model.save(target, force=force)
    say(_report(model, counter, target, time.perf_counter() - start))


def _at_sizes(model: Model) -> str:
    """For which sizes the first plan is, where some are free."""
    free = model.graph.free_sizes
    return "" if free is None else f" for {sizes_told(free.sizes())}"


def _report(model: Model, counter: CompileCounter, target: Path, seconds: float) -> str:
    """The report: what was built."""
    from modelc.native.engine.program import NativeProgram

    params = model.count_params()
    lines = {
        "model": model.name,
        "layers": f"{len(model.layers)}",
        "parameters": f"{params} ({format_bytes(params * 4)})",
    }
    program = model.program
    if isinstance(program, NativeProgram):
        plan = program.plan
        graph = plan.graph
        ops = sum(node.output not in graph.constants for node in graph.nodes)
        kernels = sorted({step.kernel for step in plan.lowered.steps})
        compiled = f"{len(counter.families)} kernel families" if counter.families else "nothing: all was in the cache"
        lines |= {
            "ops": f"{ops} after fusion, {len(model.graph.nodes)} before",
            "kernels": f"{len(kernels)}: {', '.join(kernels)}",
            "arena": f"{plan.memory.arena_bytes} bytes per sample{_at_sizes(model)}",
            "compiled": compiled,
        }
    lines |= {"time": f"{seconds:.2f} s", "artifact": f"{target} ({format_bytes(target.stat().st_size)})"}
    width = max(map(len, lines)) + 2
    return "\n".join(f"{name.ljust(width)}{value}" for name, value in lines.items())
