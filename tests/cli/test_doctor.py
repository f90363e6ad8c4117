"""`modelc doctor`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.cli.checkup import packages, trial
from modelc.cli.checkup.section import private
from modelc.words.environment import VARIABLES
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_variables_of_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those by which these tests are told where things are are unknown to modelc, as it should say."""
    for name in os.environ:
        if name.startswith("MODELC_") and name not in VARIABLES:
            monkeypatch.delenv(name)


def _facts(run: Run, code: int = 0) -> dict[str, Any]:
    result = run("doctor", "--json")
    assert result.code == code, result.out
    return json.loads(result.out)


def test_tells_what_a_report_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_NUM_THREADS", "1")
    facts = _facts(run)
    assert list(facts) == ["versions", "machine", "cache", "environment", "trial", "problems"]
    assert facts["versions"]["modelc"] == modelc.__version__
    assert facts["versions"]["packages"]["numpy"] == np.__version__
    assert {"images", "keras", "serve"} <= facts["versions"]["extras"].keys() and "test" not in facts["versions"][
        "extras"
    ]
    assert facts["machine"]["threads"] == 1 and facts["machine"]["cpus"] == os.cpu_count()
    assert facts["environment"]["MODELC_NUM_THREADS"] == "1"
    assert facts["trial"]["ran"] is True and facts["trial"]["largest_error"] < 1e-5
    assert facts["problems"] == []


def test_text_has_the_same(run: Run) -> None:
    result = run("doctor")
    assert result.code == 0 and result.err == ""
    for word in ("versions", "machine", "cache", "environment", "trial", "no problems were found"):
        assert re.search(f"^{word}", result.out, re.MULTILINE)
    assert "{" not in result.out


def test_the_home_folder_and_credentials_are_not_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "ada"
    (home / "cache").mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MODELC_CACHE_DIR", str(home / "cache"))
    monkeypatch.setenv("MODELC_MIRROR", "https://ada:secret@mirror.example.org/keras")
    result = run("doctor", "--json")
    assert "ada" not in result.out and "secret" not in result.out
    facts = json.loads(result.out)
    assert facts["cache"]["folder"] == "~/cache"
    assert facts["environment"]["MODELC_MIRROR"] == "https://…@mirror.example.org/keras"


@pytest.mark.parametrize(
    ("name", "value", "what", "fix"),
    [
        ("MODELC_NUM_THREADS", "many", "must be a whole number from 1 to 1024", "unset it"),
        ("MODELC_MAX_ISA", "avx9", "`MODELC_MAX_ISA` cannot be", "did you mean `avx2`?"),
        ("MODELC_CACHE_SIZE", "big", "which is not an amount of memory", "such as 64MB"),
        ("MODELC_NUM_THREAD", "2", "unknown environment variable `MODELC_NUM_THREAD`", "`MODELC_NUM_THREADS`"),
        ("MODELC_NUM_THREADS", "1000", "1000 threads share", "unset MODELC_NUM_THREADS"),
    ],
)
def test_problems_of_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str, fix: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(trial, "_SPEC", {**trial._SPEC, "layers": [{"type": "Flatten"}]})
    found = _facts(run, code=1)["problems"]
    assert any(what in one["what"] and fix in one["fix"] for one in found), found
    result = run("doctor")
    assert result.code == 1 and f"help: {found[0]['fix']}" in result.err


def test_a_folder_that_others_may_write(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("MODELC_CACHE_DIR", str(cache))
    cache.chmod(0o777)
    (problem,) = _facts(run, code=1)["problems"]
    assert "may be written by others" in problem["what"] and problem["fix"] == f"`chmod 700 {cache}`"
    cache.chmod(0o700)
    made = cache / "conv-1.o"
    made.write_bytes(b"")
    made.chmod(0o666)
    (problem,) = _facts(run, code=1)["problems"]
    assert "`conv-1.o`" in problem["what"] and problem["fix"] == "`modelc cache clear`"
    made.unlink()
    assert _facts(run)["cache"]["writable"] is True
    with monkeypatch.context() as another:
        another.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
        problem = _facts(run, code=1)["problems"][0]
        assert "belongs to another user" in problem["what"] and "MODELC_CACHE_DIR" in problem["fix"]
    monkeypatch.setenv("MODELC_CACHE_DIR", str(ROOT / "README.md" / "cache"))
    assert "cannot be made" in _facts(run, code=1)["problems"][0]["what"]
    monkeypatch.setenv("MODELC_CACHE_DIR", str(ROOT / "README.md"))
    (problem,) = _facts(run, code=1)["problems"]
    assert "is not a folder" in problem["what"]


def test_a_model_that_fails_or_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_TOLERANCE", -1.0)
    (problem,) = _facts(run, code=1)["problems"]
    assert "computes something else" in problem["what"]

    def broken(source: Any) -> Any:
        raise RuntimeError(f"no such file: {Path.home()}/x")

    monkeypatch.setattr(trial, "load_spec", broken)
    facts = _facts(run, code=1)
    assert facts["problems"][0]["what"] == "a small model fails: RuntimeError('no such file: ~/x')"
    assert "in broken" in facts["trial"]["traceback"]


@pytest.mark.parametrize(
    ("version", "sign", "bound", "holds"),
    [
        ("0.68.1", "<", "0.69", True), ("0.69", "<", "0.69", False), ("0.69.0", ">=", "0.69", True),
        ("2.10", ">=", "2.9", True), ("1.0rc1", ">=", "1.0", True), ("3", "!=", "3.0", False),
    ],
)  # fmt: skip
def test_versions_are_compared_by_their_numbers(version: str, sign: str, bound: str, holds: bool) -> None:
    assert packages._satisfies(version, sign, bound) is holds


def test_a_package_that_is_missing_or_too_new(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = ["numba<0.69,>=0.62", "nowhere>=1", 'pillow>=9999; extra == "images"', 'keras>=9999; extra == "test"']
    monkeypatch.setattr(packages.metadata, "requires", lambda name: needs)
    found = {one["what"]: one["fix"] for one in _facts(run, code=1)["problems"]}
    assert found.pop("nowhere is not installed") == "pip install 'nowhere>=1'"
    ((what, fix),) = found.items()
    assert "modelc takes >=9999" in what and fix == "pip install 'pillow>=9999'"


def test_the_table_of_variables_is_whole() -> None:
    """All names that the sources read, but for what the service hands to its own processes."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "modelc").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'"(MODELC_[A-Z_]+[A-Z])"', text)}
    assert named - {"MODELC_SERVE"} == VARIABLES.keys()


def test_a_home_at_the_root_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    assert private("/usr/bin/python") == "/usr/bin/python"
