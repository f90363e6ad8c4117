"""`modelc cache`: what it tells, and what it removes."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.cli import cache as cache_command
from modelc.native.compiler import packaged
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_cache import ObjectCache
from modelc.native.compiler.object_names import object_name
from modelc.native.compiler.pack import pack
from modelc.native.levels import level_of
from modelc.native.target import host


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "c"))
    monkeypatch.setenv("MODELC_CACHE_SIZE", "8KB")
    return tmp_path / "c"


def test_info(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "FOLDER", str(folder))
    assert run("cache", "info").out.splitlines()[1].startswith("objects  0, of which 0 of")
    cache = ObjectCache(folder)
    cache.write(object_name(FAMILIES["walker"], host()), bytes(1000))
    cache.write("walker-of-another-version.o", bytes(1000))
    (folder / "mine.txt").write_text("mine")
    told = run("cache", "info")
    assert told.code == 0
    assert told.out.splitlines() == [
        f"folder   {folder}", f"objects  2, of which 1 of {len(FAMILIES)} for this version and CPU",
        "size     2.05 KB of at most 8.00 KB",
        f"package  0 of {len(FAMILIES)} for {level_of(host()) or 'this CPU'}",
        "plans    0, 0.00 Byte of at most 2.00 GB",
    ]  # fmt: skip
    assert json.loads(run("cache", "info", "--json").out) == {
        "folder": str(folder), "objects": 2, "bytes": 2 * 1048, "limit": 8192, "current": 1, "families": len(FAMILIES),
        "packaged": 0, "level": level_of(host()),
        "plans": 0, "plan_bytes": 0, "plan_limit": 2**31,
    }  # fmt: skip


def test_clear(run: Any, folder: Path) -> None:
    ObjectCache(folder).write("a.o", b"code")
    (folder / "mine.o").write_text("mine")
    assert run("cache", "clear").out == f"removed 1 object and 0 plans from {folder}\n"
    assert run("cache", "clear").out == f"removed 0 objects and 0 plans from {folder}\n"
    assert [path.name for path in folder.iterdir()] == ["mine.o"]


def test_pack(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels of a level, here of one family, are told by `info` where the package is that folder."""
    monkeypatch.setattr(cache_command, "pack", partial(pack, families=["loop"]))
    level = level_of(host()) or "x86-64-v3"
    told = run("cache", "pack", "--target", level, "-o", str(tmp_path / "kernels"))
    assert (told.code, told.out[:36]) == (0, f"packed 1 kernel family for {level}: "[:36])
    monkeypatch.setattr(packaged, "FOLDER", str(tmp_path / "kernels"))
    if level_of(host()):
        assert json.loads(run("cache", "info", "--json").out)["packaged"] == 1
    told = run("cache", "pack", "-o", str(tmp_path / "none" / "kernels"))
    assert (told.code, told.out) == (2, "")
    assert f"there is no folder {tmp_path / 'none'}" in told.err
    told = run("cache", "pack", "--target", "x86-64-v9")
    assert (told.code, told.out) == (2, "")
    assert "x86-64-v4" in told.err


def test_a_limit_that_is_no_amount(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_CACHE_SIZE", "lots")
    told = run("cache", "info")
    assert (told.code, told.out) == (2, "")
    assert "MODELC_CACHE_SIZE is 'lots', which is not an amount of memory" in told.err


@pytest.mark.slow
def test_warm(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An artifact is compiled, and its plan kept; a spec is compiled without its weights, which are not there."""
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path / "c"))
    text = "{modelc: 1, input: {shape: [4]}, weights: none.safetensors, layers: [{type: Flatten}]}"
    (tmp_path / "m.yaml").write_text(text)
    told = run("cache", "warm", str(tmp_path / "m.yaml"))
    assert (told.code, told.out.splitlines()[-1][:8]) == (0, "compiled")
    modelc.load_spec({"modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Flatten"}]}).build().save(
        tmp_path / "m.modelc"
    )
    assert run("cache", "warm", str(tmp_path / "m.modelc")).code == 0
    told = json.loads(run("cache", "info", "--json").out)
    assert told["plans"] == 1
    assert told["plan_bytes"] > 0
    assert run("cache", "clear").out.endswith(f"1 plan from {tmp_path / 'c'}\n")
    assert json.loads(run("cache", "info", "--json").out)["plans"] == 0
