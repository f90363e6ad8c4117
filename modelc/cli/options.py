"""Options that several commands share, and the view of a spec that they define."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from modelc.cli.colours import tell
from modelc.errors import SpecError
from modelc.text.amounts import parse_bytes
from modelc.words.sizes import FREE

if TYPE_CHECKING:
    from modelc.model.spec import Spec
    from modelc.report.warnings.find import Given

F = TypeVar("F", bound=Callable[..., Any])


def _shape(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int | None, ...] | None:
    """`250,250,3` as a tuple; sizes that stay free are `null` or `?`."""
    if value is None:
        return None
    sizes = [_size(size.strip()) for size in value.strip("()[] ").removesuffix(",").split(",")]
    if any(size is False for size in sizes):
        message = (
            f"{value!r} is not a shape; write the sizes without the batch dimension, such as 250,250,3 or null,null,3"
        )
        raise click.BadParameter(message, ctx, param)
    return tuple(sizes)


def _size(text: str) -> int | Literal[False] | None:
    """A size, None for one that is free; False where it is neither."""
    if text in FREE:
        return None
    if text.isascii() and text.isdigit() and 0 < int(text) < 2**31:
        return int(text)
    return False


def _sizes(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """`time=128` as a mapping."""
    sizes: dict[str, int] = {}
    for value in values:
        name, _, size = value.partition("=")
        if not (name.strip() and size.strip().isascii() and size.strip().isdigit() and len(size) <= 10):
            raise click.BadParameter(f"{value!r} is not a size by name; write such as time=128", ctx, param)
        if sizes.setdefault(name.strip(), int(size)) != int(size):
            raise click.BadParameter(
                f"`{name.strip()}` has two sizes, {sizes[name.strip()]} and {int(size)}", ctx, param
            )
    return sizes


class _Bytes(click.ParamType[int]):
    """`512MB` as a number of bytes."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        amount = value if isinstance(value, int) else parse_bytes(value)
        if not amount:
            self.fail(f"{value!r} is not an amount of memory; write a number of bytes, or such as 512MB", param, ctx)
        return amount


BYTES = _Bytes()
COUNT = click.IntRange(min=1, max=2**31 - 1)
BATCH_SIZE = COUNT


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """The changes that the options of a command make to a spec."""

    settings: Sequence[str] = ()
    input_shape: tuple[int | None, ...] | None = None
    truncate: str | None = None
    extract: Sequence[str] = ()
    freeze: Sequence[str] = ()
    strict: bool = False
    """Whether warnings count as errors."""

    @property
    def changes(self) -> bool:
        """Whether the options change the spec."""
        return replace(self, strict=False) != ViewOptions()

    def open(self, path: str, given: Collection[Given] = ()) -> Spec:
        """The spec in a file with this view applied; prints its warnings, except those that `given` makes moot.

        Raises `SpecError` for errors, and for warnings if they count as errors.
        """
        from modelc.report.warnings.find import find_warnings

        spec = self.read(path, given)
        if not self.strict:
            for warning in find_warnings(spec, given):
                tell(str(warning))
        return spec

    def read(self, path: str, given: Collection[Given] = ()) -> Spec:
        """As `open`, but prints no warnings."""
        from modelc.model.loading import load_spec

        spec = self.of(load_spec(_path(path), settings=self.settings, input_shape=self.input_shape))
        if self.strict:
            from modelc.report.warnings.find import as_errors, find_warnings

            warnings = find_warnings(spec, given)
            if warnings:
                raise SpecError(as_errors(warnings))
        return spec

    def of(self, spec: Spec) -> Spec:
        """The spec with this view applied, except for `settings`, which apply when the spec is read."""
        if self.input_shape is not None:
            with naming("--input-shape"):
                spec = spec.with_input_shape(self.input_shape)
        if self.truncate is not None:
            spec = spec.truncate(self.truncate)
        if self.extract:
            with naming("--extract"):
                spec = spec.extract(*self.extract)
        if self.freeze:
            with naming("--freeze"):
                spec = spec.freeze(*self.freeze)
        return spec


@contextmanager
def naming(option: str) -> Generator[None]:
    """Locate errors raised inside at this option, unless they have a place in a file."""
    try:
        yield
    except SpecError as error:
        raise SpecError(replace(d, file=option) if d.line is None else d for d in error.diagnostics) from None


def _path(name: str) -> Any:
    """`-` is standard input; anything else is a path, even where it looks like the text of a spec."""
    import sys
    from pathlib import Path

    return sys.stdin.buffer if name == "-" else Path(name)


def input_shape_option(command: F) -> F:
    """`--input-shape`."""
    help = (
        "Input shape without the batch dimension, such as 224,224,3; null or ? for a size that stays free. "
        "Overrides the spec's."
    )
    return click.option("--input-shape", callback=_shape, metavar="N,N,…", help=help)(command)


def size_option_for(help: str) -> Callable[[F], F]:
    """`--size`, with what it is for."""
    return click.option("--size", "sizes", multiple=True, callback=_sizes, metavar="NAME=N", help=help)


size_option = size_option_for(
    "A free size for which costs are computed, such as time=128; may be repeated. By default its `max`; costs are "
    "formulas in what has none."
)
"""`--size` of what counts costs."""
memory_batch_option = click.option(
    "--batch-size",
    type=BATCH_SIZE,
    default=1,
    show_default=True,
    help="Batch size for which activation memory is computed.",
)
"""`--batch-size` of what counts costs."""


def check_sizes(spec: Spec, sizes: dict[str, int]) -> Spec:
    """The spec itself. Raises `SpecError` where `--size` names what is not free, or a size that is out of bounds."""
    if sizes:
        with naming("--size"):
            spec.with_sizes(sizes)
    return spec


def reading_options(command: F) -> F:
    """`--set`, `--input-shape` and `--strict`."""
    settings = click.option(
        "--set", "settings", multiple=True, metavar="PATH=VALUE",
        help="Override a value in the spec, such as layers.0.filters=64 or vars.width=2; may be repeated.",
    )  # fmt: skip
    strict = click.option(
        "--strict", is_flag=True,
        help="Treat warnings as errors: print them, do nothing else and exit with code 2.",
    )  # fmt: skip
    return settings(input_shape_option(strict(command)))


def view_options(command: F) -> F:
    """The options that make a `ViewOptions`."""
    truncate = click.option(
        "--truncate", metavar="LAYER", help="Remove all layers after this one; its output becomes the model's output."
    )
    extract = click.option(
        "--extract",
        multiple=True,
        metavar="SEL",
        help="Return the outputs of the selected layers as the model's outputs; may be repeated.",
    )
    freeze = click.option(
        "--freeze",
        multiple=True,
        metavar="SEL",
        help="Freeze the weights of the selected layers in training; `!SEL` unfreezes; may be repeated, the last wins.",
    )
    return truncate(extract(freeze(reading_options(command))))
