"""Kernels that come with the package: a copy of it that has some, and processes that import this copy."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.pack import pack
from modelc.native.compiler.packaged import level_folder
from modelc.native.levels import LEVELS, level_of
from modelc.native.target import host
from tests.imports import ROOT

LEVEL = level_of(host())
needs_level = pytest.mark.skipif(LEVEL is None, reason="kernels are packed for Linux")

_PACK = f"""
from pathlib import Path
from modelc.native.compiler.pack import pack
from modelc.native.compiler.packaged import FOLDER
pack(Path(FOLDER), {LEVEL!r}, families=["walker", "move"])
"""
_LOAD = """
import sys
from modelc.native.compiler.load import load
events = []
kernels = load("walker", lambda family, seconds: events.append(family))
assert set(kernels) == {"walk", "work", "walk_slices"} and all(kernels.values()), kernels
print("compiled" if events else "found", "numba" in sys.modules)
"""
_OTHER_VERSION = """
import importlib.metadata as metadata
of = metadata.version
metadata.version = lambda package: "0.1" if package == "numba" else of(package)
"""


class Said(NamedTuple):
    """What a process has printed."""

    out: str
    notes: str


class Copy(NamedTuple):
    """A copy of the package, and a cache for it."""

    folder: Path
    cache: Path

    def run(self, code: str, **variables: str) -> Said:
        """Run code that imports the copy."""
        own = {"MODELC_CACHE_DIR": str(self.cache), "PYTHONPATH": str(self.folder), "MODELC_LOADER": "own"}
        environment = os.environ | own | variables
        command = [sys.executable, "-P", "-c", f"import os, sys\n{code}"]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, cwd=self.folder, check=False
        )
        assert done.returncode == 0, done.stderr
        return Said(done.stdout.strip(), done.stderr)

    @property
    def objects(self) -> Path:
        """Where it has its kernels."""
        assert LEVEL is not None
        return self.folder / "modelc" / "native" / "prebuilt" / level_folder(LEVEL)

    @property
    def walker(self) -> Path:
        """The object of the walker."""
        (file,) = self.objects.glob("walker-*.o")
        return file


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the kernels of two families."""
    folder = tmp_path_factory.mktemp("packed")
    shutil.copytree(ROOT, folder / "modelc", ignore=shutil.ignore_patterns("__pycache__", "prebuilt"))
    Copy(folder, folder / "cache").run(_PACK)
    return folder


@pytest.fixture
def package(packed: Path, tmp_path: Path) -> Copy:
    """A copy of that copy, to be changed."""
    shutil.copytree(packed / "modelc", tmp_path / "modelc")
    return Copy(tmp_path, tmp_path / "cache")


@needs_level
def test_what_the_package_has_is_not_compiled(package: Copy) -> None:
    assert package.run(_LOAD) == ("found False", "")
    assert not package.cache.exists()


@needs_level
@pytest.mark.parametrize("change", ["a byte", "its end", "another family", "empty"])
def test_what_is_damaged_is_compiled_and_told(package: Copy, change: str) -> None:
    held = package.walker.read_bytes()
    (move,) = package.objects.glob("move-*.o")
    changed = {
        "a byte": held[:-1] + bytes([held[-1] ^ 1]),
        "its end": held[:-1],
        "another family": move.read_bytes(),
        "empty": b"",
    }
    package.walker.write_bytes(changed[change])
    said = package.run(_LOAD)
    assert said.out == "compiled False"
    assert f"{package.walker} is damaged, so that its kernels are compiled" in said.notes
    assert [path.name.partition("-")[0] for path in package.cache.iterdir()] == ["walker"]
    assert package.run(_LOAD).out == "found False"  # in the cache


def _rights(package: Copy) -> None:
    package.walker.chmod(0o666)


def _link(package: Copy) -> None:
    moved = package.folder / "moved.o"
    package.walker.rename(moved)
    (package.objects / object_name(FAMILIES["walker"], LEVELS[str(LEVEL)])).symlink_to(moved)


@needs_level
@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
@pytest.mark.parametrize("change", [_rights, _link])
def test_what_others_could_have_written_is_not_loaded(package: Copy, change: Callable[[Copy], None]) -> None:
    change(package)
    assert package.run(_LOAD).out == "compiled False"


@needs_level
def test_what_is_for_another_version_of_the_compiler_is_not_loaded(package: Copy) -> None:
    assert package.run(_OTHER_VERSION + _LOAD).out == "compiled False"
    (folder,) = package.objects.parent.parent.iterdir()
    folder.rename(folder.with_name("numba-0.1"))  # nor under the name of the version that asks
    shutil.rmtree(package.cache)
    assert package.run(_OTHER_VERSION + _LOAD).out == "compiled False"


@needs_level
def test_what_is_for_another_cpu_is_not_loaded(package: Copy) -> None:
    if host().lanes == 4:
        pytest.skip("this machine has nothing beyond the baseline")
    assert package.run(_LOAD, MODELC_MAX_ISA="baseline").out == "compiled False"


@needs_level
def test_what_is_of_other_sources_is_not_loaded(package: Copy) -> None:
    with open(package.folder / "modelc/native/code/memory.py", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert package.run(_LOAD).out == "compiled False"


@needs_level
def test_a_plan_that_is_kept_names_the_kernels_of_the_package(package: Copy) -> None:
    save = """
import modelc
modelc.load_spec({"modelc": 1, "input": {"shape": [3, 2]}, "layers": [{"type": "Permute", "dims": [2, 1]}]}).build() \
    .save("m.modelc")
modelc.load("m.modelc")
"""
    load = """
import modelc
model = modelc.load("m.modelc")
print(model([[[1, 2], [3, 4], [5, 6]]]).tolist(), "pydantic" in sys.modules, "llvmlite" in sys.modules)
"""
    package.run(save)
    assert not list(package.cache.glob("*.o"))
    assert package.run(load) == ("[[[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]] False False", "")
    package.walker.unlink()  # then the plan is of no use, and made again
    assert package.run(load).out == "[[[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]] True True"


@pytest.mark.parametrize(("level", "machine"), [("x86-64-v3", 62), ("aarch64", 183)])
def test_objects_are_packed_for_machines_that_are_not_here(tmp_path: Path, level: str, machine: int) -> None:
    place = tmp_path / level_folder(level)
    place.mkdir(parents=True)
    (place / "walker-old.o").write_bytes(b"modelc object 1\n")
    (place / "mine.o").write_bytes(b"mine")
    files = pack(tmp_path, level, families=["loop"])
    name = object_name(FAMILIES["loop"], LEVELS[level])
    assert {file.name: size for file, size in files.items()} == {name: (place / name).stat().st_size}
    assert {file.name for file in place.iterdir()} == {name, "mine.o"}
    code = (place / name).read_bytes()[48:]
    assert (code[:4], struct.unpack_from("<HH", code, 16)) == (b"\x7fELF", (1, machine))
    assert all(f"modelc_{kernel}".encode() in code for kernel in FAMILIES["loop"].kernels)


_V2 = "+cx16,+popcnt,+sahf,+sse3,+sse4.1,+sse4.2,+ssse3"
_V3 = f"{_V2},+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+xsave"
_V4 = f"{_V3},+avx512bw,+avx512cd,+avx512dq,+avx512f,+avx512vl"


@pytest.mark.parametrize(
    ("like", "features", "level"),
    [
        ("x86-64-v4", f"{_V4},+avx512vnni", "x86-64-v4"),
        ("x86-64-v4", f"{_V3},+avx512f,+avx512cd,-avx512bw", None),  # whose tiles no packed kernel reads
        ("x86-64-v3", f"{_V3},-avx512f", "x86-64-v3"),
        ("x86-64-v3", _V3.replace("+bmi2", "-bmi2"), None),
        ("x86-64", f"{_V2},-avx", "x86-64-v2"),
        ("x86-64", "+sse2,-sse3", "x86-64"),
        ("aarch64", "+crc,+neon", "aarch64"),
    ],
)
def test_the_level_of_a_machine_has_no_feature_that_it_lacks(like: str, features: str, level: str | None) -> None:
    machine = replace(LEVELS[like], cpu="some", features=features)
    assert level_of(machine) == level
    assert level_of(replace(machine, triple=machine.triple.replace("unknown-linux-gnu", "apple-darwin"))) is None
