"""All warnings about a spec and the models inside of it, in the order of the text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from modelc.errors import Diagnostic, SpecError
from modelc.language.expansion.expand import in_order
from modelc.report.warnings.files import absent_files
from modelc.report.warnings.inside import models_in
from modelc.report.warnings.model import model_warnings
from modelc.report.warnings.pictures import picture_warnings
from modelc.report.warnings.sizes import size_warnings
from modelc.report.warnings.training import training_warnings

if TYPE_CHECKING:
    from modelc.language.definition import Definition

Given = Literal["weights", "data", "files"]
"""What a command gives in place of what the spec names; `files` where it reads them itself, and tells which are absent.
"""

_ABOUT: dict[Given, frozenset[str]] = {
    "weights": frozenset({"W401"}),
    "data": frozenset(),
    "files": frozenset({"W201"}),
}


def find_warnings(spec: Definition, given: Collection[Given] = ()) -> tuple[Diagnostic, ...]:
    """What is probably not meant. What needs shapes is left out where the spec has mistakes of shape, or no input."""
    remarks = [remark for model in models_in(spec.entries) for remark in model.spec.remarks]
    found = [*spec.remarks, *remarks, *absent_files(spec, given)]
    try:
        _ = spec.graph
    except SpecError:
        pass
    else:
        found += [*model_warnings(spec), *picture_warnings(spec), *size_warnings(spec), *training_warnings(spec)]
    needless = frozenset[str]().union(*(_ABOUT[one] for one in given))
    top = spec.place("")
    name = top.source.name if top is not None else None
    return in_order(_once((d for d in found if d.code not in needless), name), name)


def _once(found: Iterable[Diagnostic], top: str | None) -> Iterator[Diagnostic]:
    """Each warning about another file once, of which several models inside may be made."""
    seen = set[tuple[object, ...]]()
    for warning in found:
        place = (warning.code, warning.file, warning.line, warning.column)
        if warning.line is None or warning.file == top or place not in seen:
            seen.add(place)
            yield warning


def as_errors(warnings: Collection[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same as mistakes, for `--strict`."""
    return tuple(replace(warning, severity="error") for warning in warnings)
