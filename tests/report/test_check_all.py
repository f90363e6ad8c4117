"""`modelc check` on folders: which files are specs, and what is kept in the cache."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from modelc.report import check_all as module
from modelc.report.check_cache import CheckCache, cache_directory
from modelc.report.spec_files import spec_files
from modelc.text.unknown import ask
from tests.cli.conftest import dense, run

__all__ = ["dense", "run"]

GOOD = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were really checked."""
    names: list[str] = []
    one = module._one

    def noted(path: str, check: Any) -> Any:
        names.append(Path(path).name)
        return one(path, check)

    monkeypatch.setattr(module, "_one", noted)
    return names


def _tree(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_which_files_are_specs(tmp_path: Path) -> None:
    texts = {
        "a.yaml": GOOD, "b.yml": "\ufeffmodelc: 1\nlayers: []\n", "c.json": '{"modelc": 1, "layers": []}',
        "sub/d.yaml": GOOD, "sub/e.yaml": "extends: ../a.yaml\n", "f.yaml": "extends: zoo:vgg16\n",
        "net.modelc.yaml": "{", "g.yaml": "# modelc\nx: 1\n",
        "docker.yaml": "services: {}\n", "h.json": '{"extends": "eslint"}', "i.yaml": "extends: docker.yaml\n",
        "j.txt": GOOD, ".hidden/k.yaml": GOOD, "node_modules/l.yaml": GOOD, "m.json": '{"$schema": "x", "modelc": 1}',
        "n.yaml": "extends: n.yaml\n", "o.yaml": "nested:\n  modelc: 1\n", "skip/p.yaml": GOOD, "q.yaml": GOOD,
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "modelc.toml").write_text('exclude = ["skip", "q.*"]\n')
    found = [Path(path).relative_to(tmp_path).as_posix() for path in spec_files([str(tmp_path)])]
    assert found == ["a.yaml", "b.yml", "c.json", "f.yaml", "m.json", "net.modelc.yaml", "sub/d.yaml", "sub/e.yaml"]
    named = spec_files([str(tmp_path / "docker.yaml"), str(tmp_path), str(tmp_path / "a.yaml")])
    assert len(named) == 9  # what is named is checked whatever it is, and nothing twice


def test_a_folder_without_specs(run: Any, tmp_path: Path) -> None:
    result = run("check", tmp_path)
    assert result.code == 2
    assert f"error: there are no specs in {tmp_path}" in result.err


def test_only_what_changed_is_checked_again(run: Any, tmp_path: Path, checked: list[str]) -> None:
    _tree(tmp_path, a_yaml=GOOD, b_yaml=GOOD.replace("units", "unit"), sub__c_yaml="extends: ../a.yaml\n")
    first = run("check", ".")
    assert (first.code, checked) == (2, ["a.yaml", "b.yaml", "c.yaml"])
    checked.clear()
    again = run("check", ".")
    assert (again, checked) == (first, [])
    assert run("check", ".", "--format", "sarif").out.count('"ruleId": "E201"') == 1
    _tree(tmp_path, b_yaml=GOOD)
    assert run("check", ".").out.endswith("3 specs, 1 error\n")
    assert checked == ["b.yaml"]
    checked.clear()
    _tree(tmp_path, b_yaml=GOOD.replace("units", "unit"))
    run("check", ".", "--no-cache")
    assert checked == []  # without the cache nothing is noted either
    run("check", "a.yaml")
    assert checked == []


def test_what_a_result_depends_on(run: Any, tmp_path: Path, checked: list[str]) -> None:
    _tree(
        tmp_path, base_yaml=GOOD, top_yaml="extends: base.yaml\nweights: w.safetensors\n",
        nested_yaml="modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Model, spec: base.yaml}\n",
        labelled_yaml=GOOD + "labels: names.txt\n", absent_yaml="modelc: 1\nextends: later.yaml\n",
    )  # fmt: skip
    (tmp_path / "names.txt").write_text("a\nb\nc\n")

    def changed() -> list[str]:
        checked.clear()
        run("check", ".")
        return sorted(checked)

    assert len(changed()) == 5
    assert changed() == []
    (tmp_path / "w.safetensors").write_bytes(b"")  # its presence alone counts
    assert changed() == ["top.yaml"]
    (tmp_path / "names.txt").write_text("a\nb\n")
    assert changed() == ["labelled.yaml"]
    (tmp_path / "later.yaml").write_text(GOOD)
    assert changed() == ["absent.yaml", "later.yaml"]
    _tree(tmp_path, base_yaml=GOOD.replace("3", "5"))
    assert changed() == ["base.yaml", "nested.yaml", "top.yaml"]
    (tmp_path / "modelc.toml").write_text("strict = true\n")
    assert len(changed()) == 6
    assert changed() == []
    run("check", ".", "--batch-size", "7")
    assert len(checked) == 6


_MODEL = "modelc: 1\ninput: {shape: [4]}\nlayers:\n"


def test_specs_that_name_the_same_files(run: Any, tmp_path: Path, checked: list[str]) -> None:
    """Each file is read once for all specs of a folder: they find what each finds by itself, and depend on the same."""
    chain = {f"chain{i}_yaml": f"{_MODEL}  - {{type: Model, spec: chain{i + 1}.yaml}}\n" for i in range(17)}
    _tree(
        tmp_path, base_yaml=GOOD, wrong_yaml=GOOD.replace("units", "unit"), chain17_yaml=GOOD, **chain,
        middle_yaml=f"{_MODEL}  - {{type: Model, name: a, spec: base.yaml}}\n  - {{type: Flatten, name: b}}\n",
        one_yaml=_MODEL + "  - {type: Model, spec: middle.yaml, trainable: false}\n",
        two_yaml=_MODEL + "  - {type: Model, spec: middle.yaml, truncate: a}\n  - {type: Dense, units: 2}\n",
        three_yaml=_MODEL + "  - {type: Model, spec: middle.yaml, truncate: c}\n",
        four_yaml=_MODEL + "  - {type: Model, spec: wrong.yaml}\n", five_yaml="extends: wrong.yaml\n",
        six_yaml=_MODEL + "  - {type: Model, spec: four.yaml}\n  - {type: Model, spec: wrong.yaml}\n",
        seven_yaml="extends: base.yaml\nvars: {unused: 1}\n", to_yaml=_MODEL + "  - {type: Model, spec: fro.yaml}\n",
        fro_yaml=_MODEL + "  - {type: Model, spec: to.yaml}\n",
    )  # fmt: skip
    names = sorted(path.name for path in tmp_path.glob("*.yaml"))
    alone = [json.loads(run("check", name, "--format", "json").out)["diagnostics"] for name in names]
    together = json.loads(run("check", ".", "--format", "json").out)["diagnostics"]
    each = {json.dumps(one): one for found in alone for one in found}
    assert together == list(each.values())
    assert {one["code"] for one in together} >= {"E105", "E201", "E301", "E304", "W101"}
    checked.clear()
    _tree(tmp_path, base_yaml=GOOD.replace("3", "5"))
    run("check", ".")
    assert sorted(checked) == ["base.yaml", "middle.yaml", "one.yaml", "seven.yaml", "three.yaml", "two.yaml"]
    checked.clear()
    _tree(tmp_path, wrong_yaml=GOOD)
    run("check", ".")
    assert sorted(checked) == ["five.yaml", "four.yaml", "six.yaml", "wrong.yaml"]


def test_damaged_results_are_made_again(run: Any, tmp_path: Path, checked: list[str]) -> None:
    _tree(tmp_path, a_yaml=GOOD)
    first = run("check", ".")
    (file,) = Path(cache_directory()).iterdir()
    for damage in (b"", b"{", CheckCache.MAGIC + b"1}", b'{"found": {"a.yaml": 3}}',
                   b'{"found": {"a.yaml": {"depends": {}}}}',
                   b'{"found": {"a.yaml": {"depends": {}, "found": [{"x": 1}]}}}'):  # fmt: skip
        file.write_bytes(damage)
        checked.clear()
        assert run("check", ".") == first
        assert checked == ["a.yaml"]
    assert "a.yaml" in json.loads(file.read_bytes())["found"]


def test_the_cache_is_cleared_with_the_others(run: Any, tmp_path: Path, checked: list[str]) -> None:
    _tree(tmp_path, a_yaml=GOOD)
    run("check", ".")
    assert run("cache", "clear").code == 0
    assert list(Path(cache_directory()).iterdir()) == []
    checked.clear()
    run("check", ".")
    assert checked == ["a.yaml"]


@pytest.mark.filterwarnings("ignore:.*os.fork.*:RuntimeWarning")  # of JAX, where other tests have loaded it
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "usable_cpus", lambda: 2)
    monkeypatch.setattr(module.threading, "active_count", lambda: 1)
    monkeypatch.chdir(tmp_path)
    names = [f"{i:02}.yaml" for i in range(40)]

    def check(path: str) -> list[Any]:
        from modelc.errors import Diagnostic

        return [Diagnostic("E201", f"in {path}", ask("units", path), path, 1, 1)]

    for name in names:
        (tmp_path / name).write_text(GOOD)
    found = module.check_all(names, check, ("several",))
    assert module.check_all(names, check, None) == found
    assert [[one.file for one in some] for some in found] == [[name] for name in names]
    assert [some[0].suggestion for some in found] == [ask("units", name) for name in names]
    assert [some[0].suggestion and some[0].suggestion.found for some in found] == names
    assert module.check_all(names, lambda path: [], ("several",)) == found


def test_standard_input_among_many_files_is_read_each_time(tmp_path: Path) -> None:
    """A child process has no standard input, and what is read from it is no file that could be as it was."""
    for i in range(40):
        (tmp_path / f"{i:02}.yaml").write_text(GOOD)
    for text, code in ((GOOD, 0), (GOOD.replace("units", "unit"), 2), (GOOD, 0)):
        for flags in ((), ("--no-cache",)):
            command = (sys.executable, "-m", "modelc", "check", str(tmp_path), "-", *flags)
            done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
            assert (done.returncode, "41 specs" in done.stdout) == (code, True), done.stdout + done.stderr
