"""Warnings: each where it belongs, and none about specs that are as they should be."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from modelc import load_spec
from modelc.cli.main import cli
from modelc.errors import CODES, WARNINGS
from modelc.report.check import check
from modelc.report.diagnostics import render
from modelc.report.warnings.find import find_warnings
from modelc.zoo.pretrained import weights_folder
from tests.zoo.families import others_slow

ROOT = Path(__file__).parent.parent.parent
WARNED = sorted((ROOT / "tests" / "warned").glob("*.yaml"))
SPECS = sorted(path.name for path in (ROOT / "specs").glob("*.yaml"))
ZOO = sorted(path.stem for path in (ROOT / "modelc" / "zoo").glob("*.yaml"))
SHOWN = ("diagnostics.md", "free-sizes.md")
"""Pages that show specs with mistakes."""
PAGES = [ROOT / "README.md", *(p for p in sorted((ROOT / "docs").glob("*.md")) if p.name not in SHOWN)]
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def told(path: Path) -> str:
    lines: list[str] = []
    for d in check(lambda: load_spec(path)):
        assert d.severity == "warning"
        assert d.help is not None
        inside = "" if d.file == str(path) else f"{d.file}:"
        lines += [f"{inside}{d.line}:{d.column} {d.code} {d.message}", f"    {d.help}"]
    return "\n".join(lines).replace(str(path.parent), "FOLDER").replace(str(weights_folder()), "WEIGHTS") + "\n"


@pytest.mark.parametrize("path", WARNED, ids=lambda path: path.name)
def test_warned(path: Path) -> None:
    assert told(path) == path.with_name(path.name + ".expected").read_text(encoding="utf-8")
    assert load_spec(path).warnings == tuple(check(lambda: load_spec(path)))


BASE = '{type: Model, name: base, spec: "zoo:%s", truncate: %s, weights: imagenet}'


@pytest.mark.parametrize(
    ("head", "layers"),
    [
        # What the mode of the weights does to pixels, by layers.
        ("", ["{type: Rescaling, scale: 0.00784313725490196, offset: -1}", BASE % ("mobilenet", "conv_pw_13_relu")]),
        ("", ["{type: Rescaling, scale: 0.0078125, offset: -1}", BASE % ("mobilenet", "conv_pw_13_relu")]),
        ("", ["{type: Rescaling, scale: 0.00392156862745098}",
              "{type: Normalization, mean: [0.485, 0.456, 0.406], variance: [0.0524, 0.0502, 0.0506]}",
              BASE % ("densenet121", "pool1")]),
        # Arrays from 0 to 1 made into what the weights take.
        ("", ["{type: Rescaling, scale: 2, offset: -1}", BASE % ("mobilenet", "conv_pw_13_relu")]),
        ("", ["{type: Rescaling, scale: 255}", BASE % ("mobilenet_v3_small", "conv_1")]),
        # The mode itself, and statistics that are learnt.
        ("preprocessing: tf\n", ["{type: RandomFlip}", BASE % ("mobilenet", "conv_pw_13_relu")]),
        ("", ["{type: Normalization}", BASE % ("mobilenet", "conv_pw_13_relu")]),
        # Weights that are not the published ones.
        ("", ["{type: Rescaling, scale: 0.5}", '{type: Model, spec: "zoo:mobilenet", truncate: conv_pw_13_relu}']),
        ("preprocessing: none\n", [BASE % ("mobilenet_v3_small", "conv_1")]),
    ],
)  # fmt: skip
def test_none_about_pictures_that_arrive_as_weights_take_them(head: str, layers: list[str]) -> None:
    text = f"modelc: 1\ninput: {{shape: [224, 224, 3]}}\n{head}layers:\n" + "".join(f"  - {one}\n" for one in layers)
    assert [d for d in load_spec(text).warnings if d.code != "W201"] == []


def test_every_warning_has_a_file() -> None:
    texts = [path.with_name(path.name + ".expected").read_text(encoding="utf-8") for path in WARNED]
    seen = {line.split()[1] for text in texts for line in text.splitlines() if not line.startswith(" ")}
    assert seen == WARNINGS.keys()
    assert not CODES.keys() & WARNINGS.keys()


@pytest.mark.parametrize("name", SPECS)
def test_none_about_good_specs(name: str) -> None:
    # The data and the weights of some specs are made by the tutorial: that they are absent is true.
    assert [str(w) for w in load_spec(ROOT / "specs" / name).warnings if w.code != "W201"] == []


@pytest.mark.parametrize("name", others_slow(ZOO))
def test_none_about_the_zoo(name: str) -> None:
    assert load_spec(f"zoo:{name}").warnings == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_none_about_the_docs(page: Path) -> None:
    blocks = [text for text in BLOCK.findall(page.read_text(encoding="utf-8")) if "modelc: 1" in text]
    for text in blocks:
        found = check(lambda text=text: load_spec(text, folder=ROOT / "specs"))
        assert [str(d) for d in found if d.severity == "warning" and d.code != "W201"] == []


@pytest.mark.parametrize(
    "spec",
    [
        # probabilities by other ways than the last layer's own option
        "layers: [{type: Dense, units: 3}, {type: Softmax}]\ntraining: {loss: categorical_crossentropy}",
        "layers: [{type: Dense, units: 3}, {type: Activation, activation: softmax}]\ntraining: {loss: ce}",
        "layers: [{type: Dense, units: 1, activation: sigmoid}, {type: Reshape, target_shape: [1]}]\n"
        "training: {loss: binary_crossentropy}",
        "layers: [{type: Dense, units: 3}]\n"
        "training: {loss: {type: SparseCategoricalCrossentropy, from_logits: true}}",
        # frozen, but nothing is random, or nothing is trained
        "layers: [{type: Dense, units: 3, trainable: false, kernel_initializer: zeros}]\ntraining: {loss: mse}",
        "layers: [{type: Dense, units: 3, trainable: false}]",
        "layers: [{type: BatchNormalization, trainable: false}, {type: Dense, units: 1}]\ntraining: {loss: mse}",
        # watched, and there is something to watch
        "layers: [{type: Dense, units: 1}]\n"
        "training: {loss: mse, validation: 0.2, callbacks: [{type: EarlyStopping}]}",
        "layers: [{type: Dense, units: 1}]\ntraining: {loss: mse, callbacks: [{type: EarlyStopping, monitor: loss}]}",
        # a variable that only another variable, or a block that only another block uses
        "vars: {a: 3, b: \"${a}\"}\nlayers: [{type: Dense, units: \"${b}\"}]",
        "blocks: {x: {layers: [{type: Dense, units: 1}]}, y: {layers: [{block: x}]}}\nlayers: [{block: y}]",
        # a model inside that ends with probabilities, and what of it a view leaves out
        "layers: [{type: Model, spec: {layers: [{type: Dense, units: 3, activation: softmax}]}}]\n"
        "training: {loss: ce}",
        "layers: [{type: Model, truncate: a, spec: {layers: [{type: Dense, units: 3, name: a, activation: softmax}, "
        "{type: Dense, units: 3}]}}]\ntraining: {loss: ce}",
        # a frozen model inside in which nothing is random
        "layers: [{type: Model, trainable: false, spec: {layers: [{type: BatchNormalization}]}}, "
        "{type: Dense, units: 3}]\ntraining: {loss: mse}",
    ],
)  # fmt: skip
def test_none_about_what_is_meant(spec: str) -> None:
    assert load_spec(f"modelc: 1\ninput: {{shape: [4]}}\n{spec}\n").warnings == ()


@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ([32, 32, 3], ""),
        ([3, 3, 3], ""),
        ([4, 100, 128], ""),  # four rows of 100 places, such as sound
        ([3, 32, 32], ", data_format: channels_first"),
    ],
)
def test_none_about_other_pictures(shape: list[int], options: str) -> None:
    spec = f"modelc: 1\ninput: {{shape: {shape}}}\nlayers:\n  - {{type: Conv2D, filters: 2, kernel_size: 1{options}}}\n"
    assert load_spec(spec).warnings == ()


def test_files_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("modelc: 1\nlayers: [{type: Dense, units: 1}]\ntraining: {loss: mse, data: d.npz}\n")
    assert [w.code for w in load_spec(path).warnings] == ["W201"]
    assert find_warnings(load_spec(path), given=("data",)) == ()
    np.savez(tmp_path / "d.npz", x=np.ones(3))
    assert load_spec(path).warnings == ()


def test_a_base_may_define_more_than_it_uses(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("modelc: 1\nvars: {a: 3, b: 4}\nlayers: [{type: Dense, units: '${a}'}]\n")
    (tmp_path / "top.yaml").write_text("extends: base.yaml\nvars: {a: 5}\n")
    assert [w.code for w in load_spec(tmp_path / "base.yaml").warnings] == ["W101"]
    assert load_spec(tmp_path / "top.yaml").warnings == ()


@pytest.mark.parametrize("command", [["check"], ["summary"], ["build", "-o", "out.modelc"]], ids=lambda c: c[0])
def test_strict(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    spec = str(ROOT / "tests" / "warned" / "unused_variable.yaml")
    relaxed = CliRunner().invoke(cli, [*command, spec])
    assert relaxed.exit_code == 0
    assert "warning[W101]" in relaxed.output
    (tmp_path / "out.modelc").unlink(missing_ok=True)
    strict = CliRunner().invoke(cli, [*command, spec, "--strict"])
    assert strict.exit_code == 2 or getattr(strict.exception, "exit_code", None) == 2
    assert "error[W101]" in strict.output + str(strict.exception)
    assert not (tmp_path / "out.modelc").exists()


def test_forms() -> None:
    found = check(lambda: load_spec(ROOT / "tests" / "warned" / "unused_block.yaml"))
    assert render(found, "text").endswith("\n1 warning")
    assert json.loads(render(found, "json"))["diagnostics"][0]["severity"] == "warning"
    assert render(found, "github").startswith("::warning ")
    run = json.loads(render(found, "sarif"))["runs"][0]
    assert run["results"][0]["level"] == "warning"
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "W102"


if __name__ == "__main__" and "--write" in sys.argv:
    for each in WARNED:
        each.with_name(each.name + ".expected").write_text(told(each), encoding="utf-8")
