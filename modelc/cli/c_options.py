"""The options of `modelc export --format c`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from modelc.cli.options import F, size_option_for


@dataclass(frozen=True, slots=True)
class COptions:
    """What is asked of a C library."""

    name: str | None = None
    target: str | None = None
    embed: bool = False
    train: bool = False
    threads: int = 1
    sizes: Mapping[str, int] = field(default_factory=dict[str, int])

    @classmethod
    def taken(cls, options: dict[str, Any]) -> COptions:
        """These options, taken out of those of the command."""
        return cls(**{name: options.pop(name) for name in cls.__slots__})

    def given(self) -> list[str]:
        """The names of those that were given."""
        values = {
            "--name": self.name,
            "--target": self.target,
            "--embed": self.embed,
            "--train": self.train,
            "--threads": self.threads > 1,
            "--size": self.sizes,
        }
        return [name for name, value in values.items() if value]


def c_options(command: F) -> F:
    """The options that make `COptions`."""
    name = click.option("--name", help="Of C: what all names of the library begin with. Default: the model's name.")
    target = click.option(
        "--target", metavar="CPU",
        help="Of C: the CPU that the library is for: native (this one), x86-64, x86-64-v2, x86-64-v3, x86-64-v4 or "
        "aarch64. Default: native.",
    )  # fmt: skip
    embed = click.option(
        "--embed", is_flag=True, help="Of C: keep the weights in the library, not in a file of their own."
    )
    train = click.option(
        "--train", is_flag=True, help="Of C: also the step of training that the spec's `training` describes."
    )
    threads = click.option(
        "--threads", type=click.IntRange(1, 256), default=1, show_default=True,
        help="Of C: the threads that may share a call, which the library starts by NAME_start.",
    )  # fmt: skip
    size = size_option_for("Of C: a size for one that the model leaves free, such as time=128; may be repeated.")
    return name(target(embed(train(threads(size(command))))))
