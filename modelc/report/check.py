"""All errors of a spec, from syntax to limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from modelc.errors import Diagnostic, FileFormatError, SpecError
from modelc.language.definition import Definition
from modelc.language.validation.trained import check_trained
from modelc.language.validation.training_outputs import check_outputs
from modelc.report.counted import counted
from modelc.report.limits import check_limits
from modelc.report.warnings.find import find_warnings


def check(
    read: Callable[[], Definition],
    batch_size: int = 1,
    file: str | None = None,
    sizes: Mapping[str, int] | None = None,
) -> list[Diagnostic]:
    """The mistakes that reading a spec, tracing it and comparing it with its outputs and limits find, in order; else
    its warnings.

    `sizes` are those of free sizes that it is checked for as well. `file` is where a file is damaged that is no text.
    """
    try:
        spec = read()
        _ = spec.graph
        if sizes:
            _ = counted(spec, sizes)
    except SpecError as error:
        return list(error.diagnostics)
    except FileFormatError as error:  # of a built model, or of Keras
        return [replace(one, file=file) for one in error.diagnostics]
    found = [*check_outputs(spec), *check_trained(spec), *check_limits(spec, batch_size, sizes)]
    return found or list(find_warnings(spec))
