"""A review as text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelc.report.diff.text import as_lines
from modelc.report.review import Reviewed, budgets


def as_text(reviewed: Sequence[Reviewed], since: str) -> str:
    """The specs that differ, one after the other."""
    if not reviewed:
        return f"no spec differs from {since}"
    return "\n\n".join("\n".join(_one(one)) for one in reviewed)


def _one(one: Reviewed) -> Iterator[str]:
    yield f"{one.path}: {one.what}"
    yield from map(str, one.found)
    if one.diff:
        yield from (line for _, line in as_lines(one.diff))
    for key, (limit, share) in budgets(one).items():
        yield f"limits.{key}: {share:.0%} of {limit:,} used"
