"""Running the command line inside of the tests' own process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from modelc.cli.main import _run


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `modelc` with these arguments in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        capsys.readouterr()
        code = _run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


@pytest.fixture
def dense(tmp_path: Path) -> Path:
    """A spec of two Dense layers on four numbers."""
    path = tmp_path / "dense.yaml"
    path.write_text(
        "modelc: 1\nname: small\ninput: {shape: [4], name: features}\nvars: {width: 3}\nlayers:\n"
        '  - {type: Dense, units: "${width}", activation: relu, name: hidden}\n'
        "  - {type: Dense, units: 2, name: out}\n"
    )
    return path
