"""Options that several commands share, and the view of a spec that they define."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from modelc.errors import SpecError

if TYPE_CHECKING:
    from modelc.model.spec import Spec
    from modelc.report.warnings.find import Given

F = TypeVar("F", bound=Callable[..., Any])


def _shape(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """`250,250,3` as a tuple."""
    if value is None:
        return None
    sizes = [size.strip() for size in value.strip("()[] ").removesuffix(",").split(",")]
    if not all(size.isascii() and size.isdigit() and 0 < int(size) < 2**31 for size in sizes):
        message = f"{value!r} is not a shape; write the sizes without the batch dimension, such as 250,250,3"
        raise click.BadParameter(message, ctx, param)
    return tuple(map(int, sizes))


class _Bytes(click.ParamType[int]):
    """`512MB` as a number of bytes."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from modelc.text.amounts import parse_bytes

        amount = value if isinstance(value, int) else parse_bytes(value)
        if not amount:
            self.fail(f"{value!r} is not an amount of memory; write a number of bytes, or such as 512MB", param, ctx)
        return amount


BYTES = _Bytes()
BATCH_SIZE = click.IntRange(min=1, max=2**31 - 1)


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """The changes that the options of a command make to a spec."""

    settings: Sequence[str] = ()
    input_shape: tuple[int, ...] | None = None
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
        from modelc.cli.colours import tell
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
        raise SpecError(replace(d, file=option) if d.file is None else d for d in error.diagnostics) from None


def _path(name: str) -> Any:
    """`-` is standard input; anything else is a path, even where it looks like the text of a spec."""
    import sys
    from pathlib import Path

    return sys.stdin.buffer if name == "-" else Path(name)


def input_shape_option(command: F) -> F:
    """`--input-shape`."""
    help = "Input shape without the batch dimension, such as 224,224,3. Overrides the spec's."
    return click.option("--input-shape", callback=_shape, metavar="N,N,…", help=help)(command)


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
        "--truncate", metavar="NAME", help="Remove all layers after this one; its output becomes the model's output."
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
