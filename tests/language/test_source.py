from __future__ import annotations

import enum
import io
import json
import math
import subprocess
import sys
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.node import TextNode
from modelc.language.text.source import examine, read
from modelc.text.limits import MAX_SPEC_BYTES
from tests.slowness import examples

SPEC = """\
modelc: 1
name: downsampler
input: {shape: [250, 250, 3]}
layers:
  - {type: Conv2D, filters: 32, kernel_size: 5, strides: 2, activation: relu}
  - type: Dense      # a comment
    units: 10
freeze: ["conv*", '!conv2d_1']
"""


def mistakes(source: Any, **options: Any) -> tuple[Diagnostic, ...]:
    with pytest.raises(SpecError) as caught:
        read(source, **options)
    return caught.value.diagnostics


def at(node: TextNode, *path: str | int) -> TextNode:
    found = node.at(path)
    assert found is not None
    return found


def test_values_and_positions() -> None:
    node = read(SPEC)
    assert node.plain() == {
        "modelc": 1,
        "name": "downsampler",
        "input": {"shape": [250, 250, 3]},
        "layers": [
            {"type": "Conv2D", "filters": 32, "kernel_size": 5, "strides": 2, "activation": "relu"},
            {"type": "Dense", "units": 10},
        ],
        "freeze": ["conv*", "!conv2d_1"],
    }
    lines = SPEC.splitlines()
    for path, shown in (
        (("name",), "downsampler"),
        (("input", "shape", 2), "3]"),
        (("layers", 0), "{type: Conv2D"),
        (("layers", 0, "strides"), "2, activation"),
        (("layers", 1), "type: Dense"),
        (("layers", 1, "units"), "10"),
        (("freeze", 1), "'!conv2d_1'"),
    ):
        found = at(node, *path)
        assert found.line is not None
        assert found.column is not None
        assert lines[found.line - 1][found.column - 1 :].startswith(shown), path
    key = at(node, "layers", 1, "units").key
    assert key is not None
    assert (key.line, key.column) == (7, 5)
    assert at(node, "layers", 1, "units").path == "layers[1].units"


def test_json_positions_agree_with_yaml() -> None:
    text = json.dumps(read(SPEC).plain(), indent=2)
    as_json, as_yaml = read(text), read("---\n" + text)
    assert as_json.plain() == as_yaml.plain()
    for path in (("name",), ("layers", 1, "units"), ("input", "shape", 1), ("freeze", 0), ()):
        one, other = at(as_json, *path), at(as_yaml, *path)
        assert (one.line, one.column) == ((other.line or 0) - 1, other.column)
        if one.key is not None and other.key is not None:
            assert (one.key.line, one.key.column) == ((other.key.line or 0) - 1, other.key.column)


# The tables of chapter 10.3 of the YAML 1.2.2 specification, and what YAML 1.1 would read differently.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("0", 0), ("-0", 0), ("-12", -12), ("+12", 12), ("010", 10), ("08", 8), ("0o17", 15), ("0x1F", 31),
        ("-0x1F", "-0x1F"), ("0b11", "0b11"), ("1_000", "1_000"), ("12:30", "12:30"), ("190:20:30", "190:20:30"),
        ("2001-01-01", "2001-01-01"), ("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("1e-3", 1e-3),
        ("+12e03", 12000.0), ("-2E+05", -2e5), (".inf", math.inf), ("-.Inf", -math.inf), ("+.INF", math.inf),
        (".", "."), ("+", "+"), ("-", None), ("1e", "1e"), ("inf", "inf"), ("nan", "nan"), ("1.2.3", "1.2.3"),
        ("=", "="), ("relu", "relu"), ("٣", "٣"), ("1²", "1²"),
        ("'1'", "1"), ('"true"', "true"), ("!", "E104"),
    ],
)  # fmt: skip
def test_core_schema(text: str, value: object) -> None:
    if value == "E104":
        assert [d.code for d in mistakes(f"a: {text}\n")] == ["E104"]
        return
    found = read(f"a: {text}\n").plain()["a"] if text != "-" else read("-\n").plain()[0]
    assert found == value
    assert type(found) is type(value)


def test_not_a_number() -> None:
    assert math.isnan(read("a: .nan\n").plain()["a"])


def test_block_scalars_and_anchors() -> None:
    node = read("a: |\n  two\n  lines\nb: &b {x: [1, 2]}\nc: *b\nd: [*b, &e 3, *e]\n")
    shared = {"x": [1, 2]}
    assert node.plain() == {"a": "two\nlines\n", "b": shared, "c": shared, "d": [shared, 3, 3]}
    held_by = at(node, "c").key
    assert held_by is not None
    assert (held_by.line, held_by.column) == (5, 1)


@pytest.mark.parametrize("kind", ["str", "Path", "text file", "binary file", "StringIO", "mapping"])
def test_every_kind_of_source(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    if kind == "text file":
        with path.open(encoding="utf-8") as file:
            node = read(file)
    elif kind == "binary file":
        with path.open("rb") as file:
            node = read(file)
    else:
        sources: dict[str, Any] = {
            "str": str(path),
            "Path": path,
            "StringIO": io.StringIO(SPEC),
            "mapping": yaml.safe_load(SPEC),
        }
        node = read(sources[kind])
    assert node.plain() == yaml.safe_load(SPEC)
    assert node.source.folder == (tmp_path if kind not in ("StringIO", "mapping") else None)


def test_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: x\n")
    node = read(path)
    assert node.plain() == {"name": "x"}
    assert (at(node, "name").line, at(node, "name").column) == (1, 7)


def test_columns_count_characters() -> None:
    text = '{"𝄞é\u0301": 1, "a": 2, "a": 3}\n'
    (mistake,) = mistakes(text)
    assert (mistake.line, mistake.column) == (1, text.rindex('"a"') + 1)


def test_json_unicode_escapes() -> None:
    assert read('{"a": "\\ud83d\\ude00", "b": "\\u00e9\\n"}').plain() == {"a": "😀", "b": "é\n"}


def test_brace_text_that_is_not_json_is_yaml() -> None:
    assert read("{name: net, layers: [{type: Flatten}]}").plain() == {"name": "net", "layers": [{"type": "Flatten"}]}


def test_json_file_is_only_json(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text("{name: net}")
    assert mistakes(path)[0].message == "a key without double quotes"


class Size(enum.IntEnum):
    LARGE = 3


class Padding(str, enum.Enum):  # noqa: UP042 (the older kind, whose str() is not its value)
    SAME = "same"


def test_python_values_become_plain() -> None:
    given_ = OrderedDict(size=Size.LARGE, padding=Padding.SAME, shape=(1, (2.5, None)), flag=True)
    plain = read(given_).plain()
    assert plain == {"size": 3, "padding": "same", "shape": [1, [2.5, None]], "flag": True}
    assert [type(plain[key]) for key in ("size", "padding", "flag")] == [int, str, bool]


def test_python_values_are_copied() -> None:
    shape = [1, 2]
    node = read({"shape": shape})
    shape.append(3)
    assert node.plain() == {"shape": [1, 2]}


def test_python_mistakes_have_a_path() -> None:
    found = mistakes({"layers": [{"type": "Dense", "units": object()}, {"units": 10**30}], 3: 4})
    assert [(d.code, d.file, d.line) for d in found] == [
        ("E203", "layers[0].units", None),
        ("E105", "layers[1].units", None),
        ("E104", "<spec>", None),
    ]
    assert str(found[0]).startswith("layers[0].units: error[E203]: ")


def test_half_a_surrogate_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    for source in ({"a": "\ud800", "\udfff": 1}, 'a: "\\ud800"\n"\\udfff": 1\n'):
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)  # libyaml refuses them itself
        assert [d.message for d in mistakes(source)] == ["half of a surrogate pair in a text"] * 2


def test_python_cycle() -> None:
    layers: list[Any] = []
    layers.append(layers)
    (mistake,) = mistakes({"layers": layers})
    assert mistake.code == "E105"


def test_missing_file() -> None:
    (mistake,) = mistakes("no/such.yaml")
    assert (mistake.code, mistake.file, mistake.line) == ("E101", "no/such.yaml", None)
    assert mistake.message == "`no/such.yaml` cannot be read: No such file or directory"


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000])
def test_impossible_path(name: str) -> None:
    assert [d.code for d in mistakes(name)] == ["E101"]


def test_folder_is_not_a_file(tmp_path: Path) -> None:
    assert [d.code for d in mistakes(tmp_path)] == ["E101"]


def test_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * MAX_SPEC_BYTES)
    assert [(d.code, d.message) for d in mistakes(path)] == [("E105", "the spec is larger than 16 MiB")]


def test_mistaken_values_are_broken() -> None:
    node, diagnostics = examine("name: !x net\nunits: 3\nunits: 4\n<<: {a: 1}\nlayers: [*no, 1]\n")
    assert [d.code for d in diagnostics] == ["E104", "E103", "E104", "E102"]
    assert node is not None
    assert node.plain() == {"name": None, "units": 3, "layers": [None, 1]}
    assert [at(node, *path).broken for path in (("name",), ("units",), ("layers", 0))] == [True, False, True]


def test_reading_ends_after_a_thousand_mistakes() -> None:
    found = mistakes("a: 1\n" * 3000)
    assert len(found) == 1001
    assert (found[-1].code, found[-1].line) == ("E105", 1002)


def test_text_taken_as_a_path_says_so() -> None:
    assert mistakes("layers: []")[0].help == "a string without a line break is taken as a path"


def test_caret_stands_under_the_mistake() -> None:
    (mistake,) = mistakes("modelc: 1\nmodelc: 2\n")
    assert str(mistake).splitlines()[1:3] == ["    modelc: 2", "    ^"]


def test_very_long_line_is_not_shown() -> None:
    text = '{"a": [' + "1, " * 1000 + '2], "a": 3}'
    (mistake,) = mistakes(text)
    assert mistake.source_line is None
    assert mistake.column == text.rindex('"a"') + 1


@pytest.mark.parametrize(
    "text",
    ["a: b: c\n", "a:\n\t- b\n", "a: [1, 2\n", "a: {x: ${w}}\n", "a: 'x\n", 'a: "\\q"\n', "a: - b\n", "a: *\n",
     "a: @x\n", "a: 1\nb\nc: 2\n", "a:\n  - b\n c: 2\n", "a: ]\n", "- a\nb: 1\n", "a: !x y\n",
     "a: 1\na: 2\n", "{a: 1} b\n"],
)  # fmt: skip
def test_python_parser_says_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = mistakes(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    found = mistakes(text)
    assert [(d.code, d.message, d.line) for d in found] == [(d.code, d.message, d.line) for d in expected]


def test_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read(SPEC).plain()
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert read(SPEC).plain() == expected


def test_json_needs_no_yaml_and_no_numba() -> None:
    code = (
        "import sys; from modelc.language.expansion.expand import load; load({'layers': []}); load('{\"layers\": []}');"
        "print([m for m in ('yaml', 'numpy', 'numba', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_reading_time_is_linear() -> None:
    def seconds(layers: int) -> float:
        text = (
            "layers:\n" + "  - {type: Conv2D, filters: 32, kernel_size: 3, activation: relu, padding: same}\n" * layers
        )
        times: list[float] = []
        for _ in range(3):
            start = time.process_time()
            read(text)
            times.append(time.process_time() - start)
        return min(times)

    # Ten times the layers take ten times as long; a quadratic reader would take a hundred times.
    assert seconds(5000) < 30 * seconds(500)


# --- nothing but SpecError, whatever the text


def read_or_refuse(source: Any) -> None:
    try:
        read(source)
    except SpecError as error:
        assert error.diagnostics
        assert all(d.code in ("E101", "E102", "E103", "E104", "E105") for d in error.diagnostics)
        str(error)


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"\xf0\x9f\x98")
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(io.BytesIO(data))


@given(st.text(max_size=200))
@example("\ud800\n")
def test_any_text(text: str) -> None:
    read_or_refuse(text + "\n")
    read_or_refuse("{" + text)


@given(st.text(alphabet="{}[]:,-?*&!|>'\"%@` \t\n#ab1.~<$\\", max_size=60))
@settings(max_examples=examples(300))
def test_any_indicators(text: str) -> None:
    read_or_refuse("a: " + text + "\n")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from([SPEC, json.dumps(yaml.safe_load(SPEC), indent=1)]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 5)))
        text = text[:start] + draw(st.text(alphabet="{}[]:,-*&!'\"\t\n #$x1\\", max_size=4)) + text[end:]
    return text


@given(mutated())
@settings(max_examples=examples(300))
def test_mutated_spec(text: str) -> None:
    read_or_refuse(text + "\n")


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**29), 10**29)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_json_reads_as_the_standard_library_reads_it(
    value: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    found = read(text)
    assert found.plain() == json.loads(text)
    assert repr(found.plain()) == repr(json.loads(text))


def test_a_built_model_is_not_a_spec(tmp_path: Path) -> None:
    (tmp_path / "m.modelc").write_bytes(b"PK\x03\x04" + bytes(100))
    with pytest.raises(SpecError, match="this is a zip file, not the text of a spec") as caught:
        read(tmp_path / "m.modelc")
    assert "modelc run" in (caught.value.diagnostics[0].help or "")
