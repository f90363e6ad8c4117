"""Replays tests/bad: every file there has the mistakes that stand beside it, each once, in that order."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.errors import CODES, SpecError
from modelc.language.expansion.expand import load

BAD = Path(__file__).parent.parent / "bad"
FILES = sorted(
    path for kind in ("read", "expand") for suffix in ("yaml", "json") for path in BAD.glob(f"{kind}_*.{suffix}")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_bad_file(path: Path) -> None:
    settings_file = path.with_suffix(".settings")
    settings = settings_file.read_text().splitlines() if settings_file.exists() else []
    with pytest.raises(SpecError) as caught:
        load(path, settings)
    found = [f"{d.line or '-'}:{d.column or '-'} {d.code} {d.message}" for d in caught.value.diagnostics]
    assert found == path.with_name(path.name + ".expected").read_text().splitlines()


def test_every_reading_code_has_a_file() -> None:
    seen = {
        line.split()[1] for path in FILES for line in path.with_name(path.name + ".expected").read_text().splitlines()
    }
    # E101 has no position, E304 and E306 need layers: test_source.py, test_selectors.py and test_bad_specs.py.
    assert {code for code in CODES if code[:2] in ("E1", "E3")} - seen == {"E101", "E304", "E306"}


def test_every_expectation_has_a_file() -> None:
    expected = {
        path.name.removesuffix(".expected") for kind in ("read", "expand") for path in BAD.glob(f"{kind}_*.expected")
    }
    assert expected == {path.name for path in FILES}
