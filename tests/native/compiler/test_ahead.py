"""Compile servers that start before they are asked for anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelc.native.compiler import ahead, processes
from modelc.native.compiler.ahead import compilers_ahead
from modelc.native.engine.cpus import thread_count


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(ahead, "FOLDER", str(tmp_path / "prebuilt"))
    return tmp_path


def test_servers_wait_while_there_are_no_kernels_and_end_with_the_block(cache: Path) -> None:
    with pytest.raises(KeyError), compilers_ahead():
        started = [*processes._ahead]
        assert len(started) == thread_count()
        assert all(child.poll() is None for child in started)
        raise KeyError
    assert processes._ahead == []
    assert all(child.returncode is not None for child in started)


@pytest.mark.parametrize("place", ["cache/walker-of-another-version.o", "prebuilt/numba-1/level/walker.o"])
def test_none_start_where_there_are_kernels(cache: Path, place: str) -> None:
    (cache / place).parent.mkdir(parents=True)
    (cache / place).write_bytes(b"")
    with compilers_ahead():
        assert processes._ahead == []


def test_a_first_build_takes_them(cache: Path) -> None:
    """All processes have ended after it, as Python warns of those that are still running."""
    code = """
import subprocess
started = []
begin = subprocess.Popen.__init__
def counted(self, *arguments, **options):
    begin(self, *arguments, **options)
    started.append(self)
subprocess.Popen.__init__ = counted
import modelc
model = modelc.load_spec({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Flatten"}]}).build()
print(model([[1, 2, 3, 4]]).tolist(), len(started), all(child.returncode is not None for child in started))
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "MODELC_NUM_THREADS": "2"}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("[[1.0, 2.0, 3.0, 4.0]] 2 True\n", "")
