"""The spec of a sweep is read once while its variants are validated, and each is what it is by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.errors import SpecError
from modelc.language import shared_files
from modelc.sweeps.base import Base
from modelc.sweeps.checking import check_variants
from modelc.sweeps.choices import ChosenValue
from modelc.sweeps.variants import SweepVariant

PARENT = "modelc: 1\ninput: {shape: [4]}\nvars: {width: 4}\n"
SPEC = """\
extends: parent.yaml
layers:
  - {type: Dense, units: "${width}"}
  - {type: Dense, units: 1}
training: {loss: mse, optimizer: adam, data: {type: ArraysSource, path: d.npz}}
"""


def variants(*values: int) -> list[SweepVariant]:
    return [SweepVariant(n, ("vars.width",), (ChosenValue(str(v), v),)) for n, v in enumerate(values, 1)]


@pytest.mark.parametrize("given", ["a file", "text"])
def test_files_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("parent.yaml").write_text(PARENT)
    Path("net.yaml").write_text(SPEC)
    read: list[object] = []
    examine = shared_files.examine
    monkeypatch.setattr(shared_files, "examine", lambda source, *rest: read.append(source) or examine(source, *rest))
    base = Base.of("net.yaml" if given == "a file" else SPEC)
    checked = check_variants(base, variants(4, 8, -1, 16, 0))
    assert len(read) == 2  # the spec, and what it extends
    assert [one.params for one in checked] == [4 * 4 + 4 + 5, 4 * 8 + 8 + 9, None, 4 * 16 + 16 + 17, None]
    assert len({one.digest for one in checked if one.is_valid}) == 3
    for one in checked:
        if one.is_valid:
            continue
        with pytest.raises(SpecError) as alone:
            base.load(one.variant.settings)
        assert one.mistakes == alone.value.diagnostics
        assert one.mistakes[0].line is not None
    # What is read by itself afterwards is what is there then.
    Path("parent.yaml").write_text(PARENT.replace("[4]", "[5]"))
    assert base.load().layers
    assert len(read) > 2
