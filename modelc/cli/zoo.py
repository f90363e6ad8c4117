"""`modelc zoo`: the architectures included in modelc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from modelc import zoo
from modelc.cli.colours import say
from modelc.cli.examples import ExampleCommand
from modelc.graph.sizes import shown

if TYPE_CHECKING:
    from pathlib import Path

_HEADINGS = ("Name", "Params", "MACs", "Input")


@click.group()
def command() -> None:
    """List or print the architectures of `keras.applications`, which are included as specs, and fetch their weights.

    `zoo:NAME` is accepted wherever a command or a spec takes the path of a spec.
    """


@command.command(
    "list",
    cls=ExampleCommand,
    examples={
        "modelc zoo list": "all architectures, with their costs",
    },
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys instead of a table.")
def list_command(as_json: bool) -> None:
    """List the architectures with their parameter counts, multiply-adds per sample and input shapes."""
    import json

    if as_json:
        say(json.dumps(list(_facts()), indent=2, ensure_ascii=False))
        return

    widths = (max(map(len, zoo.names())), 8, 9, 13)

    def line(name: str, params: str, macs: str, shape: str) -> str:
        return f"{name:{widths[0]}}  {params:>{widths[1]}}  {macs:>{widths[2]}}  {shape:>{widths[3]}}"

    say(line(*_HEADINGS))
    for facts in _facts():  # printed one by one: computing all of them takes seconds
        shape = "×".join(map(str, facts["input_shape"]))
        say(line(facts["name"], f"{facts['params'] / 1e6:.1f}M", _macs(facts), shape))


def _macs(facts: dict[str, Any]) -> str:
    """The millions of multiply-adds, or the formula of a model whose sizes are free."""
    return str(facts["macs_formula"]) if facts["macs"] is None else f"{facts['macs'] / 1e6:,.0f}M"


@command.command(
    "show",
    cls=ExampleCommand,
    examples={
        "modelc zoo show mobilenet": "print a spec",
        "modelc zoo show resnet50 > resnet50.yaml": "a copy, to be changed",
    },
)
@click.argument("name", metavar="ARCHITECTURE")
def show_command(name: str) -> None:
    """Print the spec of an architecture, which `modelc zoo list` lists."""
    say(_file(name).read_text(encoding="utf-8"), nl=False)


@command.command(
    "fetch",
    cls=ExampleCommand,
    examples={
        "modelc zoo fetch resnet50": "the weights that were trained on ImageNet",
        "modelc zoo fetch --no-top mobilenet_0.25_128 vgg16": "those of two models without their classifiers",
    },
)
@click.argument("names", metavar="ARCHITECTURE...", nargs=-1, required=True)
@click.option("--no-top", is_flag=True, help="Fetch the smaller file without the classifier, for transfer learning.")
@click.option(
    "--mirror",
    metavar="URL",
    help="Where to download from instead of storage.googleapis.com, with the same paths below. Default: MODELC_MIRROR.",
)
def fetch_command(names: tuple[str, ...], no_top: bool, mirror: str | None) -> None:
    """Download the weights that Keras publishes for an architecture, trained on ImageNet, into the user's cache.

    Specs then find them: `weights: imagenet`. ARCHITECTURE may be a variant of MobileNet such as mobilenet_0.25_128,
    with its alpha and input size. A download that was interrupted goes on where it ended; the file is checked
    against the digest that Keras states. Proxies are taken from the environment (https_proxy, no_proxy). The
    folder is MODELC_WEIGHTS_DIR, or `weights` in MODELC_CACHE_DIR or in the user's cache.

    The weights have the licenses of those who trained them: https://keras.io/api/applications lists them.
    """
    from modelc.zoo.fetching import fetch_shown, weight_file

    files = [weight_file(name.removeprefix("zoo:"), top=not no_top) for name in names]
    for file in files:
        path = fetch_shown(file, mirror)
        if file.digest is None:
            say(f"Keras states no digest of {file.file}: only its size and kind were checked", err=True)
        say(str(path))


def _facts() -> Iterator[dict[str, Any]]:
    """The row of `list` for each architecture, computed from its spec."""
    from modelc.model.loading import load_spec

    for name in zoo.names():
        summary = load_spec(zoo.path(name)).summary()
        yield {
            "name": name,
            "description": zoo.description(name),
            "params": summary.params,
            "macs": summary.macs,
            **({} if summary.macs_formula is None else {"macs_formula": summary.macs_formula}),
            "input_shape": list(shown(summary.graph.inputs[0].type.shape[1:])),
        }


def _file(name: str) -> Path:
    """The file of an architecture; its name may have the prefix `zoo:`."""
    from modelc.language.expansion.files import zoo_file

    file, (message, help) = zoo_file(name)
    if file is None:
        raise click.BadParameter(f"{message}; {help}", param_hint="ARCHITECTURE")
    return file
