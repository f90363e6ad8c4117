"""Nothing lost: `modelc train` that is killed, interrupted, out of room or out of numbers, and what is left then."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.callbacks import checkpoint

EPOCHS = 200
SPEC = f"""\
modelc: 1
name: net
input: {{shape: [4]}}
layers:
  - {{type: Dense, units: 8, activation: relu, name: hidden}}
  - {{type: Dropout, rate: 0.3}}
  - {{type: BatchNormalization}}
  - {{type: GaussianNoise, stddev: 0.1}}
  - {{type: Dense, units: 3, name: out}}
training:
  data: d.npz
  validation: 0.25
  loss: mse
  optimizer: {{type: Adam, learning_rate: 0.05, use_ema: true}}
  metrics: [mae]
  batch_size: 12
  epochs: {EPOCHS}
  callbacks:
    - {{type: ReduceLROnPlateau, monitor: val_loss, patience: 8, factor: 0.9}}
    - {{type: CSVLogger, filename: log.csv}}
"""
CHECKPOINTS = Path("net.modelc.checkpoints")
COMMAND = [sys.executable, "-m", "modelc", "train", "net.yaml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec and its data, where commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(SPEC)
    random = np.random.default_rng(0)
    x = random.standard_normal((60, 4)).astype(np.float32)
    np.savez(tmp_path / "d.npz", x=x, y=x[:, :3] * 2 + random.standard_normal((60, 3)).astype(np.float32))
    return tmp_path


def _start(*arguments: str) -> subprocess.Popen[str]:
    resume = ["--resume"] if checkpoint.newest_first(CHECKPOINTS) else []
    return subprocess.Popen(
        [*COMMAND, *resume, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


@cache
def _whole(*arguments: str) -> tuple[bytes, str]:
    """The artifact and the log of a run that nothing stops, the same in each folder; both are moved out of the way."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert not CHECKPOINTS.exists()
    data, log = Path("net.modelc").read_bytes(), Path("log.csv").read_text()
    Path("net.modelc").unlink()
    Path("log.csv").unlink()
    return data, log


def _until_epochs(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stderr is not None
    return (line for line in process.stderr if line.startswith("epoch"))


@pytest.mark.slow
@pytest.mark.parametrize(("moments", "late"), [(30, 20)])
def test_killed_at_many_moments_it_ends_with_the_same_bytes(folder: Path, moments: int, late: int) -> None:
    """The moments are random ones of the run: while it starts, reads a checkpoint, trains, and saves.

    More than `late` of them are after the first checkpoint. A few moments are tried by test_checkpoint.py.
    """
    expected = _whole()
    start = time.monotonic()
    with _start("--epochs", "2", "-o", "other.modelc") as process:
        next(_until_epochs(process))
        seconds = time.monotonic() - start
        process.communicate(timeout=60)
    random = np.random.default_rng(7)
    kills, inside = 0, 0
    while kills < moments:
        process = _start()
        if random.random() < 0.3:
            time.sleep(random.uniform(0, 1.1 * seconds))
        else:
            next(_until_epochs(process), None)
            time.sleep(random.uniform(0, 0.05))
        process.kill()
        process.communicate(timeout=60)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        kills += 1
        if checkpoint.newest_first(CHECKPOINTS):
            inside += 1
            found = checkpoint.latest(CHECKPOINTS)
            assert found is not None
    assert kills == moments, f"the run ended after {kills} kills: it should have more epochs"
    assert inside > late
    last = _start()
    out, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert f"epochs      {EPOCHS}, {4 * EPOCHS} updates in all" in out
    assert (Path("net.modelc").read_bytes(), Path("log.csv").read_text()) == expected
    assert not CHECKPOINTS.exists()


@pytest.mark.slow
def test_killed_after_the_last_epoch(folder: Path) -> None:
    """The checkpoints stay until the trained model is written: what is killed before that goes on to the same end."""
    expected, _ = _whole("--epochs", "3")
    code = (
        "import os, signal, sys\nfrom modelc.model.model import Model\n"
        "Model.save = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from modelc.cli.main import main\nmain(['train', 'net.yaml', '--epochs', '3'])"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not Path("net.modelc").exists()
    done = subprocess.run(
        [*COMMAND, "--epochs", "3", "--resume"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "epochs      3, 12 updates in all" in done.stdout
    assert Path("net.modelc").read_bytes() == expected
    assert not CHECKPOINTS.exists()


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 4])
def test_an_interrupt_saves_and_says_how_to_go_on(folder: Path, times: int) -> None:
    expected = _whole()
    random = np.random.default_rng(1)
    for _ in range(times):
        process = _start()
        next(_until_epochs(process), None)
        time.sleep(random.uniform(0, 0.02))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert out == ""
        assert err.splitlines()[-1] == f"interrupted; the state is saved in {CHECKPOINTS}: continue with --resume"
        assert checkpoint.latest(CHECKPOINTS) is not None
    last = _start()
    _, err = last.communicate(timeout=120)
    assert last.returncode == 0, err
    assert (Path("net.modelc").read_bytes(), Path("log.csv").read_text()) == expected


def _interrupted(code: str) -> checkpoint.Checkpoint:
    """What a program that is interrupted has saved."""
    stopped = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert stopped.returncode == 130, stopped.stderr
    found = checkpoint.latest(CHECKPOINTS)
    assert found is not None
    return found


def _resumed(*options: str) -> tuple[bytes, str]:
    """The model and the log of a run that went on to its end."""
    done = subprocess.run([*COMMAND, *options, "--resume"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return Path("net.modelc").read_bytes(), Path("log.csv").read_text()


@pytest.mark.parametrize("step", [2, *(pytest.param(step, marks=pytest.mark.slow) for step in (1, 3, 4, 5, 9))])
def test_an_interrupt_in_the_middle_of_an_epoch(folder: Path, step: int) -> None:
    """After step 1, 2, 3 of 4 of the first epoch, after its last one, and in the second and third."""
    expected = _whole("--epochs", "4")
    code = (
        "import os, signal\nfrom modelc.training.engine import Engine\ntrain, steps = Engine.train, []\n"
        "def interrupted(self, batch):\n"
        f"    steps.append(0)\n    if len(steps) == {step}: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return train(self, batch)\n"
        "Engine.train = interrupted\n"
        "from modelc.cli.main import main\nmain(['train', 'net.yaml', '--epochs', '4'])"
    )
    found = _interrupted(code)
    assert (found.numbers["epoch"], found.numbers["batch"]) == divmod(step, 4) or step % 4 == 0
    assert _resumed("--epochs", "4") == expected


def test_an_interrupt_before_the_first_epoch(folder: Path) -> None:
    """It comes while the run is set up, and is not forgotten."""
    code = (
        "import os, signal\nfrom modelc.model.model import Model\nfit = Model.fit\n"
        "def interrupted(*given, **options):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n    return fit(*given, **options)\n"
        "Model.fit = interrupted\n"
        "from modelc.cli.main import main\nmain(['train', 'net.yaml', '--epochs', '4'])"
    )
    stopped = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert stopped.returncode == 130, stopped.stderr
    assert "continue with --resume" in stopped.stderr
    found = checkpoint.latest(CHECKPOINTS)
    assert found is not None
    assert found.numbers["epoch"] == 0


def test_an_interrupt_while_it_is_validated(folder: Path) -> None:
    """It does not wait for the end of the validation, which is done anew, whole."""
    expected = _whole("--epochs", "4")
    code = (
        "import os, signal\nfrom modelc.training.engine import Engine\ntest, steps = Engine.test, []\n"
        "def interrupted(self, batch):\n"
        "    steps.append(0)\n    if len(steps) == 3: os.kill(os.getpid(), signal.SIGINT)\n"
        "    assert len(steps) < 4\n    return test(self, batch)\n"
        "Engine.test = interrupted\n"
        "from modelc.cli.main import main\nmain(['train', 'net.yaml', '--epochs', '4'])"
    )
    found = _interrupted(code)
    assert (found.numbers["epoch"], found.numbers["batch"] > 0) == (1, True)
    assert _resumed("--epochs", "4") == expected


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="mounting a small disk needs root")
def test_a_full_disk_is_one_error_and_the_old_checkpoint_stands(folder: Path) -> None:
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"mounting is not allowed here: {mounted.stderr.decode().strip()}")
    try:
        _full_disk(disk / "state", fill=disk / "other")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _full_disk(state: Path, fill: Path) -> None:
    """The disk fills up while the run goes on."""
    expected, _ = _whole()
    process = _start("--checkpoints", str(state))
    for _ in range(3):
        next(_until_epochs(process))
    with fill.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    errors = [line for line in err.splitlines() if not line.startswith("epoch")]
    assert len(errors) == 2
    assert re.fullmatch(
        r"error: .*: there is no room left on the disk; earlier checkpoints were left as they are", errors[0]
    )
    assert errors[1].startswith("  help: ")
    assert not Path("net.modelc").exists()
    found = checkpoint.latest(state)
    assert found is not None
    assert found.numbers["epoch"] >= 2  # the line of an epoch comes before its checkpoint
    fill.unlink()
    done = subprocess.run(
        [*COMMAND, "--checkpoints", str(state), "--resume"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path("net.modelc").read_bytes() == expected
    assert not state.exists()


def test_no_room_by_a_fake(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where no disk can be mounted: the third checkpoint finds no room."""
    import errno

    from modelc.files import atomic

    sync, calls = atomic._sync, []

    def full(path: Path) -> None:
        if path.name.startswith(".checkpoint"):
            calls.append(path)
            if len(calls) == 3:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(path)

    monkeypatch.setattr(atomic, "_sync", full)
    result = run("train", "net.yaml")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("error: ") == 1
    assert "there is no room left on the disk; earlier checkpoints were left as they are" in result.err
    found = checkpoint.latest(CHECKPOINTS)
    assert found is not None
    assert found.numbers["epoch"] == 2
    assert sorted(p.name for p in CHECKPOINTS.iterdir()) == ["checkpoint-000001.zip", "checkpoint-000002.zip"]


# --- a loss that is not a number


def test_a_loss_that_is_no_number_tells_the_layer(run: Any, folder: Path) -> None:
    result = run("train", "net.yaml", "--set", "training.optimizer={type: SGD, learning_rate: 1e30}")
    assert (result.code, result.out) == (1, "")
    assert re.search(
        r"error: the loss of step 2 is (nan|inf), first in the outputs of `\w+` \(\w+\); its weights .*\n"
        r"  help: a smaller learning rate, or `clipnorm` of the optimizer\n",
        result.err,
    )
    assert not Path("net.modelc").exists()
    assert not CHECKPOINTS.exists()


def test_a_loss_that_is_no_number_names_the_last_good_checkpoint(run: Any, folder: Path) -> None:
    schedule = "{type: PiecewiseConstantDecay, boundaries: [9], values: [0.01, 1e30]}"
    wrong = f"training.optimizer={{type: SGD, learning_rate: {schedule}}}"
    result = run("train", "net.yaml", "--set", wrong)
    assert (result.code, result.out) == (1, "")
    message = result.err[result.err.index("error: ") :]
    assert re.match(r"error: the loss of step 12 is (nan|inf), first in the outputs of `\w+` ", message)
    assert f"\n  the state after epoch 2 is saved in {CHECKPOINTS}\n" in message
    assert "\n  help: continue from it with --resume --accept-changes, and with a smaller learning rate" in message
    assert not Path("net.modelc").exists()
    # As it says: the run goes on from there, and ends as if the rate had been the smaller one from the beginning.
    right = "training.optimizer={type: SGD, learning_rate: 0.01}"
    assert run("train", "net.yaml", "--set", right, "--resume", "--accept-changes", "--epochs", 5).code == 0
    resumed = Path("net.modelc").read_bytes()
    assert run("train", "net.yaml", "--set", right, "--epochs", 5).code == 0
    assert Path("net.modelc").read_bytes() == resumed


def test_data_that_is_no_number(run: Any, folder: Path) -> None:
    with np.load("d.npz") as arrays:
        x, y = arrays["x"], arrays["y"]
    x[7, 2] = np.nan
    np.savez("d.npz", x=x, y=y)
    result = run("train", "net.yaml")
    assert (result.code, result.out) == (1, "")
    assert re.search(
        r"error: the loss of step \d is nan: the data of this step holds values that are not finite$",
        result.err.strip(),
    )
    assert not Path("net.modelc").exists()
