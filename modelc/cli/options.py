"""Options that several commands share, and the spec that they describe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from modelc.report.warnings.find import Given
    from modelc.spec.spec import Spec

F = TypeVar("F", bound=Callable[..., Any])


def _shape(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    """`250,250,3` as a tuple."""
    if value is None:
        return None
    sizes = [size.strip() for size in value.strip("()[] ").removesuffix(",").split(",")]
    if not all(size.isascii() and size.isdigit() and 0 < int(size) < 2**31 for size in sizes):
        message = f"{value!r} is not a shape; write sizes without the batch, as in 250,250,3"
        raise click.BadParameter(message, ctx, param)
    return tuple(map(int, sizes))


class _Bytes(click.ParamType[int]):
    """`512MB` as a number of bytes."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from modelc.spec.amounts import parse_bytes

        amount = value if isinstance(value, int) else parse_bytes(value)
        if not amount:
            self.fail(f"{value!r} is not an amount of memory; write bytes, or as in 512MB", param, ctx)
        return amount


BYTES = _Bytes()
BATCH_SIZE = click.IntRange(min=1, max=2**31 - 1)


@dataclass(frozen=True, slots=True)
class View:
    """What the options of a command change about a spec."""

    settings: Sequence[str] = ()
    input_shape: tuple[int, ...] | None = None
    truncate: str | None = None
    extract: Sequence[str] = ()
    freeze: Sequence[str] = ()
    strict: bool = False
    """Whether warnings are mistakes."""

    @property
    def changes(self) -> bool:
        """Whether the options change anything about a spec."""
        return replace(self, strict=False) != View()

    def open(self, path: str, given: Collection[Given] = ()) -> Spec:
        """The spec in a file, seen so; its warnings are printed, but for those about what the command gives itself.

        Raises `SpecError` for mistakes, and for warnings where they count as such.
        """
        from modelc.cli.colours import tell
        from modelc.report.warnings.find import find_warnings

        spec = self.read(path, given)
        if not self.strict:
            for warning in find_warnings(spec, given):
                tell(str(warning))
        return spec

    def read(self, path: str, given: Collection[Given] = ()) -> Spec:
        """As `open`, where what is run is not what the warnings are about: none is printed."""
        from modelc.interop.loading import load_spec

        spec = self.of(load_spec(_path(path), settings=self.settings, input_shape=self.input_shape))
        if self.strict:
            from modelc.errors import SpecError
            from modelc.report.warnings.find import as_errors, find_warnings

            warnings = find_warnings(spec, given)
            if warnings:
                raise SpecError(as_errors(warnings))
        return spec

    def of(self, spec: Spec) -> Spec:
        """The spec, seen so; `settings` are made when it is read."""
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
    """Mistakes found inside that have no place in a file are those of this option."""
    from modelc.errors import SpecError

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
    help = "The shape of one input sample, without the batch, in place of the spec's: 224,224,3."
    return click.option("--input-shape", callback=_shape, metavar="N,N,…", help=help)(command)


def reading_options(command: F) -> F:
    """`--set`, `--input-shape` and `--strict`."""
    settings = click.option(
        "--set", "settings", multiple=True, metavar="PATH=VALUE",
        help="Set a value of the spec before it is read: layers.0.filters=64, vars.width=2. May be repeated.",
    )  # fmt: skip
    strict = click.option(
        "--strict", is_flag=True,
        help="Treat warnings as errors: print them and exit with 2, having done nothing.",
    )  # fmt: skip
    return settings(input_shape_option(strict(command)))


def view_options(command: F) -> F:
    """The options that make a `View`."""
    truncate = click.option(
        "--truncate", metavar="NAME", help="Use only the layers up to this one and including it; it becomes the output."
    )
    extract = click.option(
        "--extract",
        multiple=True,
        metavar="SEL",
        help="Make the outputs of these layers those of the model; may be repeated.",
    )
    freeze = click.option(
        "--freeze",
        multiple=True,
        metavar="SEL",
        help="Keep the weights of these layers as they are in training; may be repeated, later ones win.",
    )
    return truncate(extract(freeze(reading_options(command))))
