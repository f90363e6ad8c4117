"""Replays tests/told: what `check` says, help lines included, about the mistakes of those who come from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from modelc.model.loading import load_spec
from modelc.report.check import check

TOLD = Path(__file__).parent.parent / "told"
FILES = sorted(path for suffix in ("yaml", "json") for path in TOLD.glob(f"*.{suffix}"))


def told(path: Path) -> str:
    """Place, code, message and help of every mistake; paths as on any machine."""
    lines: list[str] = []
    for d in check(lambda: load_spec(path)):
        assert d.file == str(path)
        lines.append(f"{d.line}:{d.column} {d.code} {d.message}")
        assert d.help is not None, f"{lines[-1]}: says no way out"
        assert len(d.help) <= 200 or d.help.startswith("one of: ")
        lines.append(f"    {d.help}")
    return "\n".join(lines).replace(f"{TOLD}/", "").replace(str(TOLD), "FOLDER") + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_told(path: Path) -> None:
    assert told(path) == path.with_name(path.name + ".expected").read_text(encoding="utf-8")


def test_every_expectation_has_a_file() -> None:
    assert {path.name for path in TOLD.glob("*.expected")} == {f"{path.name}.expected" for path in FILES}


if __name__ == "__main__" and "--write" in sys.argv:
    for each in FILES:
        each.with_name(each.name + ".expected").write_text(told(each), encoding="utf-8")
