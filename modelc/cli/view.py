"""`modelc view`."""

from __future__ import annotations

from typing import Any

import click

from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.cli.opening import open_spec
from modelc.cli.options import ViewOptions, check_sizes, memory_batch_option, size_option, view_options
from modelc.cli.outputs import check_target, default_output, files_read, force_option


@click.command(
    cls=ExampleCommand,
    examples={
        "modelc view zoo:resnet50 --open": "show a model in the browser",
        "modelc view model.modelc -o model.html": "a page that has histograms of the weights, too",
        "modelc view model.yaml --format mermaid": "a diagram for Markdown",
    },
)
@click.argument("file", metavar="SPEC|ARTIFACT|KERAS-FILE")
@click.option(
    "-o", "--output", metavar="FILE",
    help="Output file, whose ending says the format: .html, .svg, .mmd or .dot. By default a page in the current "
    "folder, named after the model's file; other formats go to standard output.",
)  # fmt: skip
@click.option(
    "--format",
    type=click.Choice(["html", "svg", "mermaid", "dot"]),
    help="Output format, if the ending of the output file does not say it. Default: html.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option("--expand-nested", is_flag=True, help="Of svg, mermaid and dot: show the layers of nested models too.")
@click.option(
    "--colours",
    type=click.Choice(["kind", "params", "trainable", "macs", "memory"]),
    default="kind",
    show_default=True,
    help="Of svg: what layers are coloured by. A page has a menu for it.",
)
@click.option(
    "--weights", metavar="FILE", help="Weight file (.safetensors, .modelc or Keras) to take the weights from."
)
@click.option("--no-weights", is_flag=True, help="Read no weights: the page has no histograms.")
@memory_batch_option
@size_option
@force_option
@view_options
def command(
    file: str,
    output: str | None,
    format: Any,
    open_it: bool,
    expand_nested: bool,
    colours: Any,
    weights: str | None,
    no_weights: bool,
    batch_size: int,
    sizes: dict[str, int],
    force: bool,
    **view: Any,
) -> None:
    """Draw a model: a page with its graph, which a browser shows without network, or a picture or a diagram.

    The page has, for each layer, shapes, parameters, multiply-adds, memory, receptive field, options, its line in the
    spec, and histograms of its weights where there are weights. Nested models fold; colours show kinds or costs. The
    key `?` lists its keys. Nothing is compiled.

    `mermaid` is for Markdown renderers, `dot` for Graphviz.
    """
    from modelc.model.looking import arrays_of
    from modelc.pages.view import KINDS_OF_FILES, Arrays, format_of, open_in_browser, save_text, view_of_definition

    options = ViewOptions(**view)
    if weights is not None and no_weights:
        raise click.UsageError("--weights and --no-weights exclude each other")
    if output is not None and format is None:
        format = format_of(output)
    format = format or "html"
    if open_it and format not in ("html", "svg"):
        raise click.UsageError("--open shows pages and pictures: --format html or svg")
    model = check_sizes(open_spec(file, options, warn=True), sizes)
    if output is None and (format == "html" or open_it):
        output = str(default_output(file, model.name, f".{format}"))
    if output is not None:
        check_target(output, KINDS_OF_FILES[format], files_read(file, model, weights=weights), force)
    arrays: Arrays = {} if no_weights or format != "html" else arrays_of(file, model, weights)
    shown = view_of_definition(model, arrays, batch_size=batch_size, sizes=sizes)
    text = shown.to(format, expand_nested=expand_nested, colours=colours)
    if output is None:
        say(text, nl=False)
        return
    save_text(text, output, format, force=force)
    say(output)
    if open_it:
        open_in_browser(output)
