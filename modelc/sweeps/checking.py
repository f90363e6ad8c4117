"""Each variant of a sweep is validated before any is trained: shapes, limits, outputs, and what is to be trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from modelc.errors import Diagnostic, SpecError
from modelc.language.shared_files import sharing_files
from modelc.language.validation.trained import check_trained
from modelc.language.validation.training_outputs import check_outputs
from modelc.model.spec import Spec
from modelc.model.training_run import section_of
from modelc.report.counted import Amount
from modelc.report.limits import check_limits
from modelc.report.summary import summarize
from modelc.sweeps.base import Base, digest_of
from modelc.sweeps.variants import SweepVariant

_NO_AMOUNT = Amount(None)


@dataclass(frozen=True)
class CheckedVariant:
    """A variant that was validated, and what it costs."""

    variant: SweepVariant
    digest: str = ""
    """What tells its spec from any other one; empty for a variant that is invalid."""
    params: int | None = None
    macs: Amount = _NO_AMOUNT
    mistakes: tuple[Diagnostic, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether it can be trained."""
        return not self.mistakes


def check_variants(
    base: Base, variants: Sequence[SweepVariant], on_checked: Callable[[CheckedVariant], None] = lambda one: None
) -> list[CheckedVariant]:
    """All variants, validated one after the other; `on_checked` is told of each. Files are read once."""
    found: list[CheckedVariant] = []
    with sharing_files(variants=True):
        for variant in variants:
            found.append(_checked(base, variant))
            on_checked(found[-1])
    return found


def _checked(base: Base, variant: SweepVariant) -> CheckedVariant:
    try:
        spec = base.load(variant.settings)
        section_of(spec)
        mistakes = check_outputs(spec) or check_trained(spec) or check_limits(spec)
        if mistakes:
            return CheckedVariant(variant, mistakes=tuple(mistakes))
        return _counted(variant, spec)
    except SpecError as error:
        return CheckedVariant(variant, mistakes=error.diagnostics)


def _counted(variant: SweepVariant, spec: Spec) -> CheckedVariant:
    summary = summarize(spec)
    return CheckedVariant(variant, digest_of(spec), summary.params, Amount(summary.macs, summary.macs_formula))


def require_valid(checked: Sequence[CheckedVariant]) -> None:
    """Raise `SpecError` with each mistake once, and in which variant it was found first."""
    first: dict[tuple[str | int | None, ...], tuple[Diagnostic, list[SweepVariant]]] = {}
    for one in checked:
        for mistake in one.mistakes:
            place = (mistake.file or "").partition("=")[0]  # a path of --set is wrong whatever its value
            key = mistake.code, mistake.message, place, mistake.line, mistake.column
            first.setdefault(key, (mistake, []))[1].append(one.variant)
    if first:
        raise SpecError(_with_variants(*entry, len(checked)) for entry in first.values())


def _with_variants(mistake: Diagnostic, variants: Sequence[SweepVariant], count: int) -> Diagnostic:
    """The mistake, its help saying in which variants it is."""
    if len(variants) == count:
        return mistake
    others = f" and {len(variants) - 1:,} more" if len(variants) > 1 else ""
    where = f"in {variants[0].named}{others} of {count:,}"
    return replace(mistake, help=f"{mistake.help}; {where}" if mistake.help else where)
