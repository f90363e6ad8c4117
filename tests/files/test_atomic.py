"""Files appear whole or not at all, several together, and killed processes leave nothing for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.errors import OverwriteError, StorageError
from modelc.files.atomic import replacing, replacing_together, require_replaceable, scratch
from modelc.files.kinds import Kind
from modelc.system import file_locks

posix = pytest.mark.skipif(os.name != "posix", reason="locks and signals of POSIX")
OLD, NEW = "modelc: 1\n# old\n", "modelc: 1\n# new\n"
TABLE = "epoch,loss\n0,1\n"


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    for text in (OLD, NEW):
        with replacing(path, Kind.SPEC) as temporary:
            temporary.write_text(text)
            assert temporary.parent == tmp_path
        assert path.read_text() == text
    with pytest.raises(RuntimeError), replacing(path, Kind.SPEC) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == NEW
    assert _names(tmp_path) == ["s.yaml"]


def test_links_keep_pointing(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "real.yaml").write_text(OLD)
    (tmp_path / "link.yaml").symlink_to("d/real.yaml")
    with replacing(tmp_path / "link.yaml", Kind.SPEC) as temporary:
        temporary.write_text(NEW)
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "d" / "real.yaml").read_text() == NEW


@pytest.mark.parametrize("name", ["é" * 120, "x" * 255, "日" * 85, "a"])
def test_long_names(tmp_path: Path, name: str) -> None:
    with replacing(tmp_path / name, Kind.SPEC) as temporary:
        temporary.write_text(OLD)
        with scratch(temporary) as folder:
            (folder / "part").write_text("part")
    assert _names(tmp_path) == [name]
    with pytest.raises(StorageError, match="cannot be written"):
        require_replaceable(tmp_path / ("é" * 128))


@pytest.mark.parametrize("failing", [0, 1, 2])
@pytest.mark.parametrize("before", [True, False])
def test_several_files_change_together_or_not_at_all(
    tmp_path: Path, failing: int, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a.yaml", "b.yaml", "c.yaml"]
    for name in names if before else ():
        (tmp_path / name).write_text(OLD)
    real, calls = os.replace, 0

    def replace(source: Any, target: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == failing + 1:
            raise OSError("no such luck")
        real(source, target)

    def write() -> None:
        with replacing_together([(tmp_path / name, Kind.SPEC) for name in names]) as temporaries:
            for temporary in temporaries:
                temporary.write_text(NEW)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OSError, match="no such luck"):
        write()
    assert {name: (tmp_path / name).read_text() for name in _names(tmp_path)} == (
        dict.fromkeys(names, OLD) if before else {}
    )
    write()
    assert {name: (tmp_path / name).read_text() for name in _names(tmp_path)} == dict.fromkeys(names, NEW)


def test_no_file_is_written_where_one_must_not_be(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("mine = 1\n")
    with (
        pytest.raises(OverwriteError, match=r"b\.py is a program"),
        replacing_together([(tmp_path / "a.yaml", Kind.SPEC), (tmp_path / "b.py", Kind.TABLE)]),
    ):
        pass
    assert _names(tmp_path) == ["b.py"]
    with replacing_together([(tmp_path / "b.py", Kind.TABLE)], force=True) as (temporary,):
        temporary.write_text(TABLE)
    assert (tmp_path / "b.py").read_text() == TABLE


_WRITE = """
import sys, time
from pathlib import Path
from modelc.files.atomic import replacing, scratch
from modelc.files.kinds import Kind
with replacing(sys.argv[1], Kind.SPEC) as temporary, scratch(temporary) as folder:
    (folder / "part").write_text("half")
    temporary.write_text("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def _writer(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(path)], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


@posix
def test_what_killed_processes_left_is_swept_and_what_others_write_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(OLD)
    (tmp_path / ".s.yaml.mine.tmp").write_text("mine")
    (tmp_path / ".other.yaml.0123456789abcdef.tmp").write_text("another's")
    dead, alive = _writer(path), _writer(path)
    dead.send_signal(signal.SIGKILL)
    dead.communicate()
    assert path.read_text() == OLD
    assert len(_names(tmp_path)) == 3 + 4
    with replacing(path, Kind.SPEC) as temporary:
        temporary.write_text(NEW)
    left = [name for name in _names(tmp_path) if name.startswith(".s.yaml.") and "mine" not in name]
    assert len(left) == 2, "those of the process that is alive"
    assert (tmp_path / f"{left[0]}.d" / "part").exists()
    alive.terminate()
    alive.communicate()
    with replacing(path, Kind.SPEC) as temporary:
        temporary.write_text(NEW)
    assert _names(tmp_path) == [".other.yaml.0123456789abcdef.tmp", ".s.yaml.mine.tmp", "s.yaml"]


def test_without_locks_only_what_is_old_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "fcntl", None)
    old, new = (tmp_path / f".s.yaml.{digit * 16}.tmp" for digit in "01")
    for path, age in ((old, 2 * 24 * 3600), (new, 60)):
        path.write_text("half")
        os.utime(path, (time.time() - age,) * 2)
    with replacing(tmp_path / "s.yaml", Kind.SPEC) as temporary:
        temporary.write_text(NEW)
    assert _names(tmp_path) == [new.name, "s.yaml"]


_IMPORT = """
import os, sys, signal
from modelc.cli.main import _run
real, count = os.replace, 0
def replace(source, target):
    global count
    count += 1
    if count == int(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(source, target)
os.replace = replace
_run(["import", "k.keras", "-o", "i.yaml", "--weights-out", "i.safetensors"])
print("done")
"""


def imported(folder: Path, activation: str, killed: int) -> int:
    """Import a model with this activation, and give the exit code; killed before the names change so often."""
    spec = modelc.load_spec(
        f"modelc: 1\ninput: {{shape: [4]}}\nlayers: [{{type: Dense, units: 3, activation: {activation}}}]\n"
    )
    spec.build(seed=len(activation), backend="reference").save(folder / "k.keras")
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT, str(killed)], cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


@pytest.mark.slow
@posix
@pytest.mark.parametrize("before", [True, False])
def test_an_import_that_is_killed_leaves_no_spec_beside_weights_that_are_not_its_own(
    tmp_path: Path, before: bool
) -> None:
    pytest.importorskip("h5py")
    seen: list[list[str]] = []
    for killed in (1, 2, 3):
        for name in ("i.yaml", "i.safetensors"):
            (tmp_path / name).unlink(missing_ok=True)
        if before:
            assert imported(tmp_path, "relu", 9) == 0
        assert imported(tmp_path, "sigmoid", killed) == (0 if killed == 3 else -9)
        seen.append([name for name in ("i.safetensors", "i.yaml") if (tmp_path / name).exists()])
        if seen[-1] == ["i.safetensors", "i.yaml"]:
            model = modelc.load_spec(tmp_path / "i.yaml").build(backend="reference")
            x = np.ones((2, 4), np.float32)
            np.testing.assert_array_equal(model(x), modelc.load(tmp_path / "k.keras", backend="reference")(x))
    # No file system changes two names at once: the old spec goes first, and the new one comes last.
    assert seen == [["i.safetensors"] if before else [], ["i.safetensors"], ["i.safetensors", "i.yaml"]]
    assert not [name for name in _names(tmp_path) if ".tmp" in name], "the last run removed what the others left"
    assert modelc.load_spec(tmp_path / "i.yaml").weights == "i.safetensors"
