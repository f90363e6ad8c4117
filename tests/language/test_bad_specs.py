"""Replays tests/bad: `check` finds in every spec_* file the mistakes that stand beside it, each once, in that order."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.errors import CODES
from modelc.model.loading import load_spec
from modelc.report.check import check

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
    # E101 is for a file that cannot be read: tests/language/test_source.py. E6 and E7 are not of specs.
    assert {code for code in CODES if code < "E6"} - seen == {"E101"}


def test_every_expectation_has_a_file() -> None:
    expectations = {path.name.removesuffix(".expected") for path in BAD.glob("spec_*.expected")}
    assert expectations == {path.name for path in FILES}
    assert len(FILES) >= 120


def test_a_mapping_is_located_by_its_path() -> None:
    from modelc.errors import SpecError

    layers = [{"type": "Dense", "units": 3}, {"type": "Dense", "unit": 3}]
    spec = {"modelc": 1, "input": {"shape": [8]}, "layers": layers}
    with pytest.raises(SpecError) as caught:
        load_spec(spec)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.file, diagnostic.line) == ("E201", "layers[1].unit", None)


def _found(folder: Path, **files: str) -> list[tuple[str, int | None, int | None, str, str]]:
    """The mistakes in the first of some files of one folder: file, line, column, code and message."""
    for name, text in files.items():
        path = folder / f"{name}.yaml"
        path.write_text(f"modelc: 1\n{text}", encoding="utf-8")
    first = folder / f"{next(iter(files))}.yaml"
    return [(Path(d.file or "").name, d.line, d.column, d.code, d.message) for d in check(lambda: load_spec(first))]


OUTER = "input: {shape: [8]}\nlayers:\n  - {type: Model, spec: inner.yaml, name: base}\n"


def test_a_mistake_in_a_nested_file_is_located_there(tmp_path: Path) -> None:
    assert _found(tmp_path, outer=OUTER, inner="layers:\n  - {type: Dense, unit: 4}\n") == [
        ("inner.yaml", 3, 19, "E201", "unknown key `unit` in Dense")
    ]
    assert _found(tmp_path, outer=OUTER, inner="layers:\n  - {type: Dense, units: 4\n")[0][::3] == (
        "inner.yaml",
        "E102",
    )
    assert _found(tmp_path, outer=OUTER, inner="layers:\n  - {type: Dense, units: 4, inputs: nothing}\n") == [
        ("inner.yaml", 3, 37, "E305", "unknown entry `nothing`")
    ]
    two = f"{OUTER}  - {{type: Dens, units: 4}}\n"
    assert _found(tmp_path, outer=two, inner="layers:\n  - {type: Dense}\n") == [
        ("outer.yaml", 5, 12, "E205", "unknown layer `Dens`"),
        ("inner.yaml", 3, 5, "E202", "Dense needs `units`"),
    ]


def test_a_shape_that_does_not_fit_in_a_nested_file_is_located_there(tmp_path: Path) -> None:
    inner = "layers:\n  - {type: Dense, units: 4}\n  - {type: Conv1D, filters: 2, kernel_size: 3}\n"
    ((file, line, column, code, message),) = _found(tmp_path, outer=OUTER, inner=inner)
    assert (file, line, column, code) == ("inner.yaml", 4, 5, "E401")
    assert message.startswith("`conv1d` (Conv1D) cannot take (None, 4): ")


def test_an_entry_that_feeds_nothing_in_a_nested_file(tmp_path: Path) -> None:
    inner = "layers:\n  - {type: Dense, units: 4, name: a}\n  - {type: ReLU}\noutputs: a\n"
    assert _found(tmp_path, outer=OUTER, inner=inner) == [
        ("inner.yaml", 4, 5, "E306", "`re_lu` is not used by any output of the model")
    ]


def test_files_that_contain_each_other(tmp_path: Path) -> None:
    inner = "layers:\n  - {type: Model, spec: third.yaml}\n"
    third = "layers:\n  - {type: Dense, units: 8}\n  - {type: Model, spec: inner.yaml}\n"
    assert _found(tmp_path, outer=OUTER, inner=inner, third=third) == [
        ("third.yaml", 4, 25, "E301", "the models contain each other: inner.yaml → third.yaml → inner.yaml")
    ]
