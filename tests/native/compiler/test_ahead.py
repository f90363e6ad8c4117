"""Compile servers that start before they are asked for anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from modelc.native.compiler import ahead, processes, servers
from modelc.native.compiler.ahead import compilers_ahead
from modelc.native.engine.cpus import thread_count
from modelc.system.process_groups import FORKS
from tests.running import processes_with


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(ahead, "FOLDER", str(tmp_path / "prebuilt"))
    return tmp_path


def test_servers_wait_while_there_are_no_kernels_and_end_with_the_block(cache: Path) -> None:
    with pytest.raises(KeyError), compilers_ahead():
        (started,) = processes._ahead
        assert len(started.each) == thread_count()
        assert [server.asked for server in started.each][:2] == ["walker", "conv"][: thread_count()]
        assert processes_with(f"MODELC_CACHE_DIR={cache}/cache")
        with compilers_ahead():
            assert processes._ahead == [started]
        raise KeyError
    assert processes._ahead == []
    assert processes_with(f"MODELC_CACHE_DIR={cache}/cache") == []


@pytest.mark.parametrize("place", ["cache/walker-of-another-version.o", "prebuilt/numba-1/level/walker.o"])
def test_none_start_where_there_are_kernels(cache: Path, place: str) -> None:
    (cache / place).parent.mkdir(parents=True)
    (cache / place).write_bytes(b"")
    with compilers_ahead():
        assert processes._ahead == []


@pytest.mark.parametrize(("rank", "begins"), [("0", True), ("1", False)])
def test_of_several_ranks_the_first_begins(
    cache: Path, monkeypatch: pytest.MonkeyPatch, rank: str, begins: bool
) -> None:
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", rank)
    with compilers_ahead():
        assert bool(processes._ahead) == begins


def test_in_a_pool_none_begins(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "pool_size", lambda: 2)
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
    assert (done.stdout, done.stderr) == (f"[[1.0, 2.0, 3.0, 4.0]] {1 if FORKS else 2} True\n", "")


@pytest.mark.parametrize("program", ["", "import sys; print('3 nobody', flush=True); sys.stdin.readline()"])
def test_what_servers_that_end_do_not_compile_is_compiled_here(
    cache: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """Some begin with what is asked for, some end in the middle of an answer."""
    monkeypatch.setattr(servers, "_PROGRAM", program + "#{}")
    monkeypatch.setattr(processes, "_compile_here", lambda name, report: name.encode())
    expected = {"walker": b"walker", "fill": b"fill"}
    assert processes.compile_families(["walker", "fill"]) == expected
    with compilers_ahead():
        assert processes.compile_families(["walker", "fill"]) == expected


def test_what_was_begun_for_nothing_is_not_waited_for(cache: Path) -> None:
    told: list[str] = []
    with compilers_ahead():
        found = processes.compile_families(["fill"], lambda family, seconds: told.append(family))
    assert [*found] == ["fill"]
    assert {*told} == {"fill"}
