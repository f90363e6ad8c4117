"""`modelc fmt`: one layout, the same values, the same comments."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelc.errors import SpecError
from modelc.language.format.formatted import formatted
from modelc.language.text.node import TextSource
from modelc.language.text.yaml_reader import read_yaml
from modelc.model.loading import load_spec
from tests.cli.conftest import dense, run

__all__ = ["dense", "run"]

ROOT = Path(__file__).parents[2]
SPECS = sorted([*(ROOT / "specs").rglob("*.yaml"), *(ROOT / "modelc" / "zoo").glob("*.yaml")])

UGLY = """\
# The head
modelc:   1
name: 'net'   # its name


input:
    shape: [32,32,   3]
vars: { width: 0x10, rate: 1e-3, "text": "10", none: ~ }
layers:
- type: Conv2D   # the stem
  filters: ${width}
  kernel_size: 3
# between
- {  type: ReLU, name: "active" }   # why

- type: Dense
  units: 010
- repeat: 2
  layers: [{type: Dense, units: 3}, {type: Dropout, rate: "${rate}"}]
- type: Conv2D
  filters: 64
  kernel_size: [3, 3]
  kernel_initializer: {type: TruncatedNormal, mean: 0.0, stddev: 0.05}
  name: a_long_name_that_makes_the_line_too_long
training: {loss: mse, optimizer: {type: Adam, learning_rate: 1e-3}}   # how
# the end
"""
PRETTY = """\
# The head
modelc: 1
name: net  # its name

input: {shape: [32, 32, 3]}
vars: {width: 0x10, rate: 1e-3, text: "10", none: ~}
layers:
  - type: Conv2D  # the stem
    filters: ${width}
    kernel_size: 3
  # between
  - {type: ReLU, name: active}  # why

  - {type: Dense, units: 010}
  - repeat: 2
    layers:
      - {type: Dense, units: 3}
      - {type: Dropout, rate: "${rate}"}
  - type: Conv2D
    filters: 64
    kernel_size: [3, 3]
    kernel_initializer: {type: TruncatedNormal, mean: 0.0, stddev: 0.05}
    name: a_long_name_that_makes_the_line_too_long
training:
  loss: mse
  optimizer: {type: Adam, learning_rate: 1e-3}  # how
# the end
"""


def test_layout() -> None:
    made = formatted(UGLY)
    assert made.replace("'10'", '"10"').replace("'${rate}'", '"${rate}"') == PRETTY
    assert formatted(made) == made
    assert all(len(line) <= 80 for line in formatted(UGLY, width=80).splitlines())


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_specs_keep_their_meaning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    made = formatted(text, str(path))
    assert formatted(made, str(path)) == made
    assert yaml.safe_load(made) == yaml.safe_load(text)  # by another reader
    assert load_spec(made, folder=path.parent) == load_spec(text, folder=path.parent)


def _as_people_write(text: str, draw: random.Random) -> str:
    """The text in another layout, with comments and blank lines thrown in."""
    if draw.random() < 0.5:
        style = draw.choice((False, None))
        text = yaml.safe_dump(
            yaml.safe_load(text), sort_keys=False, default_flow_style=style, width=draw.choice((30, 80))
        )
    lines = text.splitlines()
    for number in range(draw.randint(0, 6)):
        at = draw.randrange(len(lines) + 1)
        match draw.choice(("own", "own", "blank", "behind", "behind")):
            case "own":
                lines.insert(at, " " * draw.choice((0, 2, 4, 6)) + f"# own {number}")
            case "blank":
                lines.insert(at, "")
            case _:
                if at < len(lines):
                    lines[at] += f"  # behind {number}"
    return "\n".join(lines) + "\n"


def test_any_layout_and_comments_anywhere() -> None:
    draw, count = random.Random(5), 0
    texts = [text for path in SPECS if len(text := path.read_text(encoding="utf-8")) < 2500]
    for _ in range(80):
        text = _as_people_write(draw.choice(texts), draw)
        node, mistakes = read_yaml(TextSource("a", text))
        if mistakes or node is None or text.lstrip().startswith("{"):
            continue
        count += 1
        made = formatted(text)
        assert yaml.safe_load(made) == yaml.safe_load(text)
        assert sorted(part for part in made.split("# ")[1:]) or "# " not in text
        assert formatted(made) == made, text
    assert count > 40


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("'a, b'", '["a, b"]'), ('"${x}"', '["${x}"]'), ("'1'", '["1"]'), ('"true"', '["true"]'), ("1e3", "[1e3]"),
        ("'*'", '["*"]'), ('"!conv"', '["!conv"]'), ('":-1"', '[":-1"]'), ("~", "[~]"), ("''", '[""]'),
        ('"a # b"', '["a # b"]'), ("on", "[on]"), ("'0o7'", '["0o7"]'), ('"\\n"', '["\\n"]'),
        ("'it''s'", "[it's]"), ("'plain'", "[plain]"),
        ("'say \"a: b\"'", "['say \"a: b\"']"), ("'a: b\\d'", "['a: b\\d']"),
    ],
)  # fmt: skip
def test_quotes_are_where_they_are_needed(value: str, shown: str) -> None:
    text = f"modelc: 1\nextract: [{value}]\n"
    made = formatted(text)
    assert made.splitlines()[1] == f"extract: {shown}"
    one, other = (read_yaml(TextSource("a", t))[0] for t in (text, made))
    assert one is not None
    assert other is not None
    assert one.plain() == other.plain()


def test_long_texts_and_anchors_stay() -> None:
    text = (
        "modelc: 1\nvars: {a: &a [1, 2], b: *a }\n"
        "blocks:\n  b:\n    help: |\n      One.\n        Two.\n\n      Three.\n"
        "    layers:\n      - {type: ReLU}\nlayers:\n  - {block: b}\n"
    )
    made = formatted(text)
    assert "    help: |\n      One.\n        Two.\n\n      Three.\n" in made
    assert formatted(made) == made


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [("modelc: [1\n", "a.yaml", "E102"), ('{"modelc": 1}', "a.json", "E204"), ("- 1\n", "a.yaml", "E203"),
     ("a: 1\na: 2\n", "a.yaml", "E103")],
)  # fmt: skip
def test_what_cannot_be_formatted(text: str, name: str, code: str) -> None:
    with pytest.raises(SpecError) as error:
        formatted(text, name)
    assert error.value.diagnostics[0].code == code


def test_command(run: Any, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "ugly.yaml").write_text(UGLY)
    (tmp_path / "other.yaml").write_text("x:   1\n")  # no spec
    (tmp_path / "modelc.toml").write_text("width = 80\n")
    checked = run("fmt", ".", "--check")
    assert (checked.code, checked.out, checked.err) == (1, "would format sub/ugly.yaml\n", "1 spec, 1 to format\n")
    assert (tmp_path / "sub" / "ugly.yaml").read_text() == UGLY
    done = run("fmt", ".")
    assert (done.code, done.out) == (0, "formatted sub/ugly.yaml\n")
    assert (tmp_path / "sub" / "ugly.yaml").read_text() == formatted(UGLY, width=80)
    assert run("fmt", ".", "--check").code == 0
    assert run("fmt", "sub/ugly.yaml", "--width", "60").out == "formatted sub/ugly.yaml\n"
    assert (tmp_path / "other.yaml").read_text() == "x:   1\n"


def test_a_bad_file_is_left_alone(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("modelc: 1\nlayers: [\n")
    (tmp_path / "good.yaml").write_text("modelc:  1\nlayers: []\n")
    done = run("fmt", "bad.yaml", "good.yaml", "absent.yaml")
    assert done.code == 2
    assert "bad.yaml:2:10: error[E102]" in done.out
    assert "absent.yaml: error[E101]" in done.out
    assert (tmp_path / "bad.yaml").read_text() == "modelc: 1\nlayers: [\n"
    assert (tmp_path / "good.yaml").read_text() == "modelc: 1\nlayers: []\n"
