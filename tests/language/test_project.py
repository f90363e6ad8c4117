"""modelc.toml and `[tool.modelc]` of pyproject.toml: limits and defaults for all specs of a repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelc.errors import SpecError
from modelc.language.project import project_of
from modelc.language.text.node import TextNode, TextSource
from modelc.language.text.toml_reader import read_toml
from modelc.model.loading import load_spec
from modelc.report.check import check

SPEC = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"


def _spec(folder: Path, more: str = "", settings: str = "", name: str = "modelc.toml") -> Path:
    (folder / name).write_text(settings)
    path = folder / "sub" / "net.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SPEC + more)
    return path


def test_limits_hold_and_the_smaller_one_counts(tmp_path: Path) -> None:
    path = _spec(tmp_path, settings='[limits]\nparams = 10\nmacs = "1k"\n')
    (found,) = check(lambda: load_spec(path))
    assert (found.code, found.file, found.line) == ("E501", str(path), 4)
    assert "15 parameters, the limit is 10" in found.message
    assert found.help is not None
    assert f"raise `limits.params` ({tmp_path / 'modelc.toml'}:2)" in found.help
    assert load_spec(_spec(tmp_path, "limits: {params: 5}\n", "[limits]\nparams = 10\n")).limits.params == 5
    assert load_spec(_spec(tmp_path, "limits: {params: 1M}\n", "[limits]\nparams = '2k'\n")).limits.params == 2000
    spec = load_spec(_spec(tmp_path, "limits: {latency: 5ms}\n", "limits = {latency = '800us', macs = '1k'}\n"))
    assert (spec.limits.latency, spec.limits.macs) == ("800us", 1000)


def test_defaults_are_for_keys_that_are_left_out(tmp_path: Path) -> None:
    settings = '[tool.modelc]\ndefaults = {precision = "exact", training = {batch_size = 64, seed = 7}}\n'
    spec = load_spec(_spec(tmp_path, settings=settings, name="pyproject.toml"))
    assert (spec.precision, spec.training) == ("exact", None)
    own = "precision: fast\ntraining: {loss: mse, seed: 3}\n"
    spec = load_spec(_spec(tmp_path, own, settings, "pyproject.toml"))
    assert spec.precision == "fast"
    assert spec.training is not None
    assert (spec.training.batch_size, spec.training.seed) == (64, 3)


@pytest.mark.parametrize(
    ("settings", "code", "line", "column", "message", "help"),
    [
        ("limit = {params = 3}\n", "E201", 1, 1, "unknown key `limit` in the settings of modelc",
         "did you mean `limits`?"),
        ("strict = true\n[limits]\nparam = 3\n", "E201", 3, 1, "unknown key `param` in `limits`",
         "did you mean `params`?"),
        ('[limits]\nparams = "many"\n', "E203", 2, 10, '`params` must be an amount, found the text "many"', None),
        ("limits = {params = true}\n", "E203", 1, 20, "`params` must be an amount, found true", None),
        ('strict = "yes"\n', "E203", 1, 10, '`strict` must be true or false, found the text "yes"', None),
        ("width = 3\n", "E204", 1, 9, "`width` must be from 40 to 1000, found the number 3", None),
        ("exclude = 'x'\n", "E203", 1, 11, '`exclude` must be a list of patterns, found the text "x"',
         'write `exclude = ["vendor/*"]`'),
        ('[defaults]\nprecisoin = "exact"\n', "E201", 2, 1, "unknown key `precisoin` in `defaults`",
         "did you mean `precision`?"),
        ('[defaults]\nprecision = "exac"\n', "E204", 2, 13, '`precision` cannot be "exac"', "did you mean `exact`?"),
        ("strict = \n", "E102", 1, 10, "not well-formed TOML: Invalid value", None),
    ],
)  # fmt: skip
def test_mistakes_are_located_in_the_file(
    tmp_path: Path, settings: str, code: str, line: int, column: int, message: str, help: str | None
) -> None:
    path = _spec(tmp_path, settings=settings)
    with pytest.raises(SpecError) as error:
        load_spec(path)
    (found,) = error.value.diagnostics
    assert (found.code, found.file, found.line, found.column) == (code, str(tmp_path / "modelc.toml"), line, column)
    assert (found.message, found.help) == (message, help)


def test_the_nearest_file_up_to_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / "modelc.toml").write_text("width = 50\n")
    repository = tmp_path / "repository"
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    assert project_of(deep).width == 50
    (repository / ".git").mkdir()
    assert project_of(deep).width == 110
    (repository / "pyproject.toml").write_text("[project]\nname = 'modelc'\n[tool.modelc]\nwidth = 60\n")
    assert project_of(deep).width == 60
    (repository / "modelc.toml").write_text("width = 70\n")
    assert project_of(deep).width == 70
    (repository / "a" / "pyproject.toml").write_text("[tool.other]\nwidth = 3\n")
    assert project_of(deep).width == 70
    (deep / "modelc.toml").write_text("")
    assert project_of(deep).width == 110
    assert project_of(None).width == 110


def test_texts_artifacts_and_the_zoo_have_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _spec(tmp_path, settings="[limits]\nparams = 10\n")
    monkeypatch.chdir(path.parent)
    assert load_spec(SPEC).limits.params is None
    assert load_spec({"modelc": 1, "layers": [{"type": "ReLU"}]}).limits.params is None
    assert load_spec("zoo:mobilenet").limits.params is None
    nested = path.parent / "outer.yaml"
    nested.write_text("modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Model, spec: net.yaml}\n")
    (found,) = check(lambda: load_spec(nested))  # told once, of the whole model
    assert found.code == "E501"


def _places(node: TextNode, path: str = "") -> dict[str, tuple[int | None, int | None]]:
    found = {path: (node.line, node.column)}
    for key, child in node.value.items() if isinstance(node.value, dict) else ():
        found |= _places(child, f"{path}.{key}" if path else key)
    return found


def test_places_in_toml() -> None:
    text = (
        'a = 1 # b = 2\n"c d".e = "x = {y = 3"\n[t.u]\nv = {w = 1, x = {y = "}"}, z = [1, 2]}\n'
        "  [ t . s ]\n  k = true\nlist = [\n  1,\n]\n[[many]]\nq = 1\n"
    )
    root, mistakes = read_toml(TextSource("a.toml", text))
    assert mistakes == []
    assert root is not None
    found = _places(root)
    lines = text.splitlines()

    def at(path: str) -> str:
        line, column = found[path]
        assert line is not None
        assert column is not None
        return lines[line - 1][column - 1 :]

    assert at("a").startswith("1 #")
    assert at("c d.e").startswith('"x')
    assert at("t.u.v").startswith("{w")
    assert at("t.u.v.w").startswith("1,")
    assert at("t.u.v.x.y").startswith('"}"')
    assert at("t.u.v.z").startswith("[1, 2]")
    assert at("t.s.k") == "true"
    assert at("t.s.list") == "["
    assert found["many"] == (1, 1)
