"""An interrupt while kernels are compiled ends at once the processes that compile them, or the wait for a thread."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import processes_with

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere servers are no forks")
SPEC = """\
modelc: 1
input: {shape: [8]}
layers: [{type: Dense, units: 4, activation: relu}, {type: Dense, units: 1}]
training: {data: d.npz, loss: mse, batch_size: 16, epochs: 2}
"""
PROGRAM = """
import os, signal, subprocess
import modelc.system.interrupts as interrupts
from modelc.native.compiler import processes, servers

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
servers.FORKS = {forks}
servers._PROGRAM = "import os, time; {forks} and os.fork(); time.sleep(600)  # {{}}"
children = []
begin = subprocess.Popen.__init__

def start(self, *arguments, **options):
    begin(self, *arguments, **options)
    children.append(self)

subprocess.Popen.__init__ = start
processes._compile_here = lambda name, report: print("compiled here")
try:
    with {around}:
        {before}
        processes.compile_families(["conv", "max_pool"], lambda name, seconds: os.kill(os.getpid(), signal.SIGINT))
except KeyboardInterrupt as error:
    print(type(error).__name__, len(children), {{*(child.returncode for child in children)}} <= {{-signal.SIGKILL}})
"""


def interrupted(tmp_path: Path, **parts: object) -> str:
    """What the program prints; none of the processes that it started is left."""
    environment = os.environ | {"MODELC_CACHE_DIR": str(tmp_path), "MODELC_NUM_THREADS": "2"}
    program = PROGRAM.format(**{"before": "pass", "forks": False, **parts})
    found = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60)
    assert (found.stderr, found.returncode) == ("", 0)
    assert processes_with(f"MODELC_CACHE_DIR={tmp_path}") == []
    return found.stdout


@pytest.mark.parametrize(("forks", "started"), [(False, 2), pytest.param(True, 1, marks=ON_LINUX)])
@pytest.mark.parametrize(
    ("around", "raised"),
    [
        ("open(os.devnull)", "KeyboardInterrupt"),
        ("interrupts.interrupts_told(lambda: None)", "StoppedByInterrupt"),  # as `fit` has it
    ],
)
def test_servers_are_ended(tmp_path: Path, around: str, raised: str, forks: bool, started: int) -> None:
    assert interrupted(tmp_path, around=around, forks=forks) == f"{raised} {started} True\n"


def test_one_that_came_before_is_not_forgotten(tmp_path: Path) -> None:
    before, around = "os.kill(os.getpid(), signal.SIGINT)", "interrupts.interrupts_told(lambda: None)"
    assert interrupted(tmp_path, around=around, before=before) == "StoppedByInterrupt 0 True\n"


HERE = """
import os, signal, threading, time
import modelc.system.interrupts as interrupts
from modelc.native.compiler import compile, processes

signal.signal(signal.SIGINT, signal.default_int_handler)
ended = threading.Event()

def compile_slowly(family, target):  # LLVM does not give the interpreter a turn in the thread that waits for it
    os.kill(os.getpid(), signal.SIGINT)
    end = time.monotonic() + 20
    while time.monotonic() < end and not ended.is_set():
        pass
    return b""

compile.compile_family = compile_slowly
processes._may_spawn = lambda: False
start = time.monotonic()
try:
    with {around}:
        processes.compile_families(["conv", "max_pool"])
except KeyboardInterrupt as error:
    print(type(error).__name__, time.monotonic() - start < 15, threading.main_thread() is threading.current_thread())
ended.set()
"""


@pytest.mark.parametrize(
    ("around", "raised"),
    [
        ("open(os.devnull)", "KeyboardInterrupt"),
        ("interrupts.interrupts_told(lambda: None)", "StoppedByInterrupt"),
    ],
)
def test_what_is_compiled_in_the_process_itself_is_not_waited_for(around: str, raised: str) -> None:
    program = HERE.replace("{around}", around)
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (found.stdout, found.stderr, found.returncode) == (f"{raised} True True\n", "", 0)


def test_an_error_of_what_is_compiled_in_the_process_itself_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    from modelc.native.compiler import compile, processes

    def fails(family: object, target: object) -> bytes:
        raise ValueError("it needs symbols from outside")

    monkeypatch.setattr(processes, "_may_spawn", lambda: False)
    monkeypatch.setattr(compile, "compile_family", fails)
    with pytest.raises(ValueError, match="symbols from outside"):
        processes.compile_families(["max_pool"])


@pytest.mark.slow
@pytest.mark.parametrize("to", ["the command", "all of a terminal"])
@pytest.mark.parametrize(
    ("command", "told", "again"),
    [
        ("build", "error: interrupted", ()),
        (
            "train",
            "interrupted; the state is saved in o.modelc.checkpoints: continue with --resume",
            ("--resume",),
        ),
    ],
)
def test_a_command_that_compiles_ends(tmp_path: Path, command: str, told: str, again: tuple[str, ...], to: str) -> None:
    import numpy as np

    (tmp_path / "net.yaml").write_text(SPEC)
    np.savez(tmp_path / "d.npz", x=np.ones((32, 8), np.float32), y=np.ones((32, 1), np.float32))
    cache = tmp_path / "cache"
    environment = os.environ | {"MODELC_CACHE_DIR": str(cache), "MODELC_NUM_THREADS": "2"}
    arguments = [sys.executable, "-m", "modelc", command, "net.yaml", "-o", "o.modelc"]
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        assert process.stdout is not None
        first = process.stderr.readline()
        assert first.startswith("compiling ")
        (os.kill if to == "the command" else os.killpg)(process.pid, signal.SIGINT)
        said = process.stderr.read()
        assert process.stdout.read() == ""
    assert process.returncode == 130
    assert said.splitlines()[-1] == told
    assert not any(line.startswith("compiled") for line in said.splitlines())
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert processes_with(f"MODELC_CACHE_DIR={cache}") == []
    assert not list(cache.rglob("*.o"))
    ended = subprocess.run([*arguments, *again], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "damaged" not in ended.stderr
