"""Environment variables that are no numbers, names or sizes are told, by the commands and in Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelc.errors import SpecError
from modelc.native.environment import require_environment

_SPEC = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"
_WRONG = [
    ("MODELC_NUM_THREADS", "0", "a whole number from 1 to 1024"),
    ("MODELC_NUM_THREADS", "-2", "a whole number from 1 to 1024"),
    ("MODELC_NUM_THREADS", "abc", "a whole number from 1 to 1024"),
    ("MODELC_NUM_THREADS", "٣", "a whole number from 1 to 1024"),
    ("MODELC_NUM_THREADS", "100000", "a whole number from 1 to 1024"),
    ("MODELC_NUM_THREADS", "9" * 5000, "a whole number from 1 to 1024"),
    ("MODELC_MAX_ISA", "foo", "one of: avx512, avx2, baseline"),
    ("MODELC_MAX_ISA", "avx51", "did you mean `avx512`?"),
    ("MODELC_LOADER", "lvm", "did you mean `llvm`?"),
]


@pytest.mark.parametrize(("name", "value", "expected"), _WRONG, ids=lambda text: text[:12])
def test_a_wrong_variable_is_told(name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SpecError) as caught:
        require_environment()
    assert name in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(("name", "value", "expected"), [_WRONG[2], _WRONG[6]], ids=["threads", "isa"])
def test_the_command_says_so_before_it_compiles(tmp_path: Path, name: str, value: str, expected: str) -> None:
    (tmp_path / "m.yaml").write_text(_SPEC, encoding="utf-8")
    command = [sys.executable, "-m", "modelc", "build", "m.yaml", "-o", "m.modelc"]
    environment = os.environ | {name: value, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "m.modelc").exists()


def test_an_empty_variable_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_NUM_THREADS", "")
    monkeypatch.setenv("MODELC_MAX_ISA", "")
    require_environment()
