"""Open the argument of a command: a spec in any form that `load_spec` reads, or a `.modelc` artifact; as a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from modelc.cli.colours import say
from modelc.cli.options import ViewOptions, check_sizes
from modelc.files.signatures import is_artifact

if TYPE_CHECKING:
    from modelc.model.model import Model
    from modelc.model.spec import Spec


def open_spec(path: str, view: ViewOptions, *, warn: bool = False) -> Spec:
    """The spec in a file or in a `.modelc` artifact, with the view applied; `warn` prints the spec's warnings.

    Raises `SpecError` or `FileFormatError`.
    """
    if not is_artifact(path):
        return view.open(path) if warn else view.read(path)
    if view.settings:
        raise click.UsageError(f"--set applies to specs: {path} is a .modelc artifact")
    from modelc.model.artifact import read_spec
    from modelc.model.spec import Spec

    return view.of(Spec.of(read_spec(path)))


def open_model(
    path: str,
    view: ViewOptions,
    *,
    seed: int = 0,
    weights: str | None = None,
    batch_size: int = 1,
    sizes: Mapping[str, int] | None = None,
) -> tuple[Model, Spec | None]:
    """The model in a `.modelc` artifact, or that of a spec within its limits, and this spec.

    That of an artifact is left to `model.to_spec()`: to make it takes longer than to start from a plan that is kept.
    Weights are those of the file `weights` if it is given. Raises `SpecError` where a spec exceeds a limit on
    `batch_size` samples of these free `sizes`.
    """
    if is_artifact(path):
        if view.changes:
            raise click.UsageError("--set and --input-shape apply to specs, not to a .modelc artifact")
        from modelc.model.opening import load_artifact

        model = load_artifact(path)
        if weights is not None:
            model.load_weights(weights)
        return model, None
    from modelc.cli.progress import compiling
    from modelc.model.build import build
    from modelc.report.limits import require_limits

    spec = check_sizes(view.read(path, ("weights", "data")), dict(sizes or {}))
    require_limits(spec, batch_size, sizes)
    if weights is None and spec.weights is None:
        say(f"no weights given: initialized randomly with seed {seed}", err=True)
    with compiling() as counter:
        return build(spec, seed=seed, weights=weights, on_compile=counter), spec
