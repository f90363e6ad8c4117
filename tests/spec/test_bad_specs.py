"""Replays tests/bad: `check` finds in every spec_* file the mistakes that stand beside it, each once, in that order."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.errors import CODES
from modelc.report.check import check
from modelc.spec.load import load_spec

BAD = Path(__file__).parent.parent / "bad"
FILES = sorted(path for suffix in ("yaml", "json") for path in BAD.glob(f"spec_*.{suffix}"))


def _expected(path: Path) -> list[str]:
    return path.with_name(path.name + ".expected").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_bad_spec(path: Path) -> None:
    found = check(lambda: load_spec(path))
    assert [f"{d.line or '-'}:{d.column or '-'} {d.code} {d.message}" for d in found] == _expected(path)
    assert all(d.file == str(path) for d in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_expectations_point_into_the_text(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for expected in _expected(path):
        line, column = map(int, expected.split()[0].split(":"))
        assert column <= len(lines[line - 1]) + 1


def test_every_code_has_a_file() -> None:
    texts = [path.read_text(encoding="utf-8") for path in BAD.glob("*.expected")]
    seen = {line.split()[1] for text in texts for line in text.splitlines()}
    # E101 is for a file that cannot be read: tests/spec/test_source.py.
    assert CODES.keys() - seen == {"E101"}


def test_every_expectation_has_a_file() -> None:
    expectations = {path.name.removesuffix(".expected") for path in BAD.glob("spec_*.expected")}
    assert expectations == {path.name for path in FILES}
    assert len(FILES) >= 60


def test_a_mapping_is_located_by_its_path() -> None:
    from modelc.errors import SpecError

    layers = [{"type": "Dense", "units": 3}, {"type": "Dense", "unit": 3}]
    spec = {"modelc": 1, "input": {"shape": [8]}, "layers": layers}
    with pytest.raises(SpecError) as caught:
        load_spec(spec)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.file, diagnostic.line) == ("E201", "layers[1].unit", None)
