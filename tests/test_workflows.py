"""The workflows of GitHub: pinned, with no right that a job does not need, for the Pythons that the package names."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))

_USES = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)
RIGHTS = {
    ("release.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
}
"""The jobs that may do more than read the sources."""


def _jobs(path: Path) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_actions_are_pinned_by_commits(path: Path) -> None:
    uses = _USES.findall(path.read_text(encoding="utf-8"))
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), f"{action}: the version stands behind it"


def test_an_action_has_one_commit() -> None:
    pins = {use for path in FILES for use in _USES.findall(path.read_text(encoding="utf-8"))}
    assert len({action.partition("@")[0] for action, _ in pins}) == len(pins)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_jobs_have_the_rights_that_they_need(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}
    for name, job in _jobs(path).items():
        assert job["permissions"] == RIGHTS.get((path.name, name), {"contents": "read"}), name
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            # What others write, such as the name of a tag, comes in by the environment and is no part of a script.
            assert "${{" not in step.get("run", "")
            assert "run" not in step or step["shell"] == "bash", "one shell on every system"


def test_nothing_is_published_that_was_not_tested() -> None:
    jobs = _jobs(FOLDER / "release.yml")
    assert (jobs["test"]["needs"], jobs["attest"]["needs"], jobs["publish"]["needs"]) == ("build", "test", "attest")
    assert "ref_type == 'tag'" in jobs["attest"]["if"]
    assert not [step for step in jobs["publish"]["steps"] if "run" in step], "no code of the project has that right"


def test_wheels_are_tested_on_the_pythons_that_the_package_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [text.rpartition(" ")[2] for text in project["classifiers"] if re.search(r":: 3\.\d+$", text)]
    assert _jobs(FOLDER / "release.yml")["test"]["strategy"]["matrix"]["python"] == named
    assert project["requires-python"] == f">={named[0]}"


def test_scripts_of_the_steps_are_there() -> None:
    runs = [step["run"] for path in FILES for job in _jobs(path).values() for step in job["steps"] if "run" in step]
    scripts = {word for run in runs for word in re.findall(r"(?<!\S)\.ci/\w+", run)}
    assert scripts == {".ci/run", ".ci/version", ".ci/wheel"}
    for script in scripts:
        assert (ROOT / script).stat().st_mode & 0o100
        subprocess.run(["bash", "-n", ROOT / script], check=True, timeout=20)


@pytest.mark.parametrize(
    ("tag", "told"),
    [("v9.9.9", "the tag is v9.9.9, and pyproject.toml has version"), ("0.1.0", "the tag should be v")],
)
def test_a_tag_of_another_version_is_refused(tag: str, told: str) -> None:
    done = subprocess.run([ROOT / ".ci/version", tag], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
