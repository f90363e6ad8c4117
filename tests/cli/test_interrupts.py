"""Ctrl-C at any moment of any command is one line and exit code 130; what is written is whole or not there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

SPEC = """\
modelc: 1
name: net
input: {shape: [4]}
vars: {width: 4}
layers:
  - {type: Dense, units: "${width}", activation: relu}
  - {type: Dense, units: 1}
training: {data: d.npz, validation: 0.25, loss: mse, batch_size: 16, epochs: 20}
"""
COMMANDS = {
    "summary": (("summary", "net.yaml"), 0.8),
    "build": (("build", "net.yaml", "-o", "o.modelc"), 1.5),
    "train": (("train", "net.yaml", "-o", "t.modelc", "--force", "--epochs", "2000"), 3),
    "run": (("run", "net.modelc", "--input", "x.npy", "--output", "y.npy", "--batch-size", "1", "--force"), 3),
    "serve": (("serve", "net.modelc", "--port", "0"), 3),
    "sweep": (("sweep", "net.yaml", "--set", "vars.width=4,8,16", "--epochs", "400", "--jobs", "2"), 4),
    "run on Dask": (("run", "net.modelc", "--input", "x.npy", "--output", "y", "--dask", "local:2"), 6),
    "train on Dask": (("train", "net.yaml", "-o", "d.modelc", "--force", "--epochs", "2000", "--dask", "local:2"), 6),
}
"""The arguments, and the seconds after which it is done, or at its work."""
NEEDS = {"serve": "uvicorn", "run on Dask": "distributed", "train on Dask": "distributed"}
READY = (
    "import modelc.cli; assert modelc.cli.end_on_interrupt(); print('ready', flush=True); "
    "from modelc.__main__ import main; main()"
)
"""Before that, it is the interpreter that tells of an interrupt, in its own way."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    np.savez("d.npz", x=random.random((64, 4), np.float32), y=random.random((64, 1), np.float32))
    np.save("x.npy", random.random((100_000, 4), np.float32))
    Path("net.yaml").write_text(SPEC)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_an_interrupt_at_any_moment_is_one_line(folder: Path, command: str) -> None:
    if command in NEEDS:
        pytest.importorskip(NEEDS[command])
    arguments, seconds = COMMANDS[command]
    subprocess.run([sys.executable, "-m", "modelc", "build", "net.yaml"], check=True, capture_output=True)
    for moment in np.random.default_rng(len(command)).random(6):
        process = subprocess.Popen(
            [sys.executable, "-c", READY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(moment * seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        assert process.returncode in (0, 130), err
        told = [line for line in err.splitlines() if line and not line.startswith(("epoch ", "variant ", "training, "))]
        told = [line for line in told if not line.startswith(("compil", "serving "))]
        if process.returncode:
            assert len(told) == 1, err
            assert "interrupted" in told[0]
        else:
            assert told == []
        assert not [path for path in folder.rglob(".*.tmp") if path.is_file()]
        if "train" in command and list(Path().glob("*.checkpoints/*")):
            arguments = (*arguments, "--resume") if "--resume" not in arguments else arguments


def test_what_a_library_makes_of_an_interrupt_is_one_too() -> None:
    """As pydantic does, which raises an error of its own where it was interrupted while it builds a validator."""
    program = (
        "import signal\nfrom modelc.cli import main\n"
        "def fails(*_, **__):\n"
        "    try:\n        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n        raise ValueError('of the library')\n"
        "main.cli.main = fails\nmain.main(['check', 'none'])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "error: interrupted\n")


@pytest.mark.parametrize("moment", ["imported", "ended"])
def test_between_the_import_and_the_command_and_after_it(moment: str) -> None:
    replaced = {
        "imported": "import click; click.version_option = lambda *_, **__: signal.raise_signal(signal.SIGINT)",
        "ended": "import modelc.cli.main as m; m.run_as_started = lambda run: (run(), signal.raise_signal(2))[0]",
    }
    program = f"import signal\nfrom modelc.cli import end_on_interrupt\nend_on_interrupt()\n{replaced[moment]}\n"
    program += "import sys; sys.argv = ['modelc', '--version']\nfrom modelc.__main__ import main\nmain()"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (130, "error: interrupted\n")
