"""Files as the system has them: locks between processes, places, room, and the folder of the cache."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import platformdirs
import pytest

from modelc.system import file_locks
from modelc.system.cache_folder import user_cache_folder
from modelc.system.file_access import free_bytes, is_own, read_at, reserve, write_at
from modelc.system.file_locks import is_unlinked, locked, sync_names, try_lock
from modelc.system.file_maps import give_back, is_map, map_to_read, map_to_write

posix = pytest.mark.skipif(os.name != "posix", reason="what POSIX has")

_HOLD = """
import os, sys, time
from modelc.system.file_locks import try_lock
descriptor = os.open(sys.argv[1], os.O_RDWR)
print(try_lock(descriptor), flush=True)
sys.stdin.readline()
"""


@posix
def test_a_lock_is_one_process_s_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.touch()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, path], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"
    descriptor = os.open(path, os.O_RDWR)
    assert try_lock(descriptor) is False
    begun = time.monotonic()
    other.kill()
    with locked(path) as is_held:
        assert is_held
        assert time.monotonic() - begun < 60
        assert try_lock(descriptor) is False
    assert try_lock(descriptor) is True
    assert other.wait() != 0
    other.communicate()
    assert not is_unlinked(descriptor)
    path.unlink()
    assert is_unlinked(descriptor)
    os.close(descriptor)
    sync_names(tmp_path)


def test_without_locks_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "fcntl", None)
    with open(tmp_path / "f", "w+b") as one, open(tmp_path / "f", "r+b") as two:
        assert try_lock(one.fileno()) is None
        assert try_lock(two.fileno()) is None
    with locked(tmp_path / "f") as one, locked(tmp_path / "f", wait=False) as two:
        assert one and two


@posix
def test_whose_a_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f"
    path.touch(mode=0o600)
    assert is_own(path.stat())
    path.chmod(0o620)
    assert not is_own(path.stat())
    path.chmod(0o600)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert not is_own(path.stat())
    monkeypatch.delattr(os, "geteuid")
    assert is_own(path.stat()), "left to access lists"


@posix
def test_places_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(tmp_path / "f", "w+b") as file:
        if sys.platform == "linux":
            assert reserve(file.fileno(), 8)
            assert os.fstat(file.fileno()).st_size == 8
        write_at(file.fileno(), memoryview(b"abcd"), 2)
        found = bytearray(3)
        assert read_at(file.fileno(), memoryview(found), 3) == 3
        assert found == b"bcd"
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
        assert not reserve(file.fileno(), 16)


def test_files_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(4096))
    with open(path, "r+b") as file:
        written, read = map_to_write(file.fileno(), 4096), map_to_read(file.fileno(), 4096)
        written[5] = 7
        give_back(written)
        assert (read[5], written[5]) == (7, 7)
        with pytest.raises(TypeError):
            read[5] = 1
        assert is_map(read)
        assert not is_map(b"")
        written.close()
        read.close()
    assert path.read_bytes()[5] == 7


def test_room_on_the_disk(tmp_path: Path) -> None:
    assert free_bytes(str(tmp_path / "not" / "there")) == pytest.approx(free_bytes(str(tmp_path)), rel=0.2)
    assert 0 < free_bytes(str(tmp_path)) < 1 << 60


def test_the_cache_is_where_the_system_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As platformdirs finds it, by which it is found elsewhere."""
    for value in (None, "", "  ", str(tmp_path)):
        if value is None:
            monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert user_cache_folder("modelc") == platformdirs.user_cache_dir("modelc", appauthor=False)
