"""`compare`: which layers are aligned, what is told of them, the costs, and the weights that would load."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelc.errors import SpecError
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.report.align import Candidate, align
from modelc.report.diff.find import Diff, compare
from tests.slowness import examples

CNN = Path(__file__).parent.parent.parent / "specs" / "guide_cnn.yaml"


def spec_of(*layers: dict[str, Any], shape: tuple[int, ...] = (4,), **keys: Any) -> Spec:
    return load_spec({"modelc": 1, "input": {"shape": list(shape)}, "layers": list(layers), **keys})


def dense(units: int, name: str | None = None, **options: Any) -> dict[str, Any]:
    return {"type": "Dense", "units": units, **({"name": name} if name else {}), **options}


def layers_told(diff: Diff) -> list[str]:
    """The lines about layers, inputs and outputs."""
    return str(diff).split("\n\n", 1)[0].splitlines()


def test_the_same_model_however_it_is_written(tmp_path: Path) -> None:
    spec = load_spec(CNN)
    (tmp_path / "a.yaml").write_text(spec.to_yaml())
    (tmp_path / "a.json").write_text(spec.to_json())
    for other in (load_spec(tmp_path / "a.yaml"), load_spec(tmp_path / "a.json"), load_spec(spec.to_dict())):
        diff = compare(spec, other)
        assert not diff
        assert str(diff) == "no differences"
        assert diff.to_dict()["same"] is True
        assert diff.to_dict()["unchanged"] == len(spec.layers)
        assert len(diff.weights.loaded) == diff.weights.total == 2 * 7
    assert not compare(spec, spec.replaced(weights="w.safetensors", limits=spec.limits.model_copy()))


def test_an_insertion_is_one_addition() -> None:
    convs = [{"type": "Conv1D", "filters": 4, "kernel_size": 3, "padding": "same"} for _ in range(50)]
    new = {"type": "Conv1D", "filters": 4, "kernel_size": 5, "padding": "same"}
    before, after = spec_of(*convs, shape=(9, 4)), spec_of(*convs[:20], new, *convs[20:], shape=(9, 4))
    diff = compare(before, after)
    assert [part.path for part in diff.added] == ["conv1d_20"]
    assert (diff.removed, diff.changed) == ((), ())
    assert [(p.before.path, p.after.path) for p in diff.renamed] == [
        (f"conv1d_{i}", f"conv1d_{i + 1}") for i in range(20, 50)
    ]
    assert (
        layers_told(diff)
        == [
            "+ conv1d_20 (Conv1D): filters: 4, kernel_size: [5], padding: same; 84 parameters",
            "~ conv1d_20 … conv1d_49 → conv1d_21 … conv1d_50 (30 layers): another name",
            "~ outputs: conv1d_49 float32(None, 9, 4) → conv1d_50 float32(None, 9, 4)",
        ][:2]
    )
    assert diff.counts["params"].after - diff.counts["params"].before == 5 * 4 * 4 + 4
    # By path, conv1d_20's kernel does not fit, and those behind it are of the layer before.
    assert [(b.path, a.shape, b.shape) for a, b in diff.weights.wrong_shape] == [
        ("conv1d_20/kernel", (3, 4, 4), (5, 4, 4))
    ]
    assert [w.path for w in diff.weights.missing] == ["conv1d_50/kernel", "conv1d_50/bias"]
    elsewhere = {w.layer for w in diff.weights.elsewhere}
    assert elsewhere == {f"conv1d_{i}" for i in range(20, 50)}
    assert "of another layer, since names have shifted: conv1d_20, conv1d_21" in str(diff)


def test_a_removal_takes_the_one_that_is_gone() -> None:
    diff = compare(spec_of(dense(3, "head_1"), dense(3, "head_2")), spec_of(dense(3, "head_2")))
    assert [part.path for part in diff.removed] == ["head_1"]
    assert layers_told(diff)[0] == "- head_1 (Dense): units: 3; 15 parameters"
    assert diff.renamed == ()


def test_changed_options() -> None:
    before = spec_of(dense(8, "a", activation="relu"), dense(2, "b"))
    after = spec_of(dense(16, "a", use_bias=False), dense(2, "b", trainable=False))
    diff = compare(before, after)
    assert [pair.to_dict() for pair in diff.changed] == [
        {
            "name": "a", "from_name": "a", "type": "Dense",
            "options": [
                {"option": "units", "from": 8, "to": 16},
                {"option": "activation", "from": "relu", "to": "linear"},
                {"option": "use_bias", "from": True, "to": False},
            ],
            "moved": False,
            "params": {"from": 4 * 8 + 8, "to": 4 * 16},
            "output_shapes": {"from": [[None, 8]], "to": [[None, 16]]},
        },
        {
            "name": "b", "from_name": "b", "type": "Dense",
            "options": [{"option": "trainable", "from": True, "to": False}],
            "moved": False,
            "params": {"from": 8 * 2 + 2, "to": 16 * 2 + 2},
            "output_shapes": {"from": [[None, 2]], "to": [[None, 2]]},
        },
    ]  # fmt: skip
    assert layers_told(diff) == [
        "~ a (Dense): units: 8 → 16, activation: relu → linear, use_bias: true → false; 40 → 64 parameters",
        "~ b (Dense): trainable: true → false; 18 → 34 parameters",
    ]
    counts = {name: (count.before, count.after) for name, count in diff.counts.items()}
    assert counts["params"] == (58, 98)
    assert counts["trainable_params"] == (58, 64)
    assert counts["macs"] == (4 * 8 + 8 * 2, 4 * 16 + 16 * 2)
    assert [(b.path, a.shape, b.shape) for a, b in diff.weights.wrong_shape] == [
        ("a/kernel", (4, 8), (4, 16)), ("b/kernel", (8, 2), (16, 2)),
    ]  # fmt: skip
    assert [w.path for w in diff.weights.loaded] == ["b/bias"]
    assert [w.path for w in diff.weights.unexpected] == ["a/bias"]


def test_consequences_are_told_apart_from_changes() -> None:
    diff = compare(spec_of(dense(8, "a"), dense(2, "b")), spec_of(dense(9, "a"), dense(2, "b")))
    assert [pair.after.path for pair in diff.changed] == ["a"]
    assert [pair.after.path for pair in diff.reshaped] == ["b"]
    assert layers_told(diff)[-1] == "  1 more layer with other shapes: b"


def test_renamed_moved_and_another_type() -> None:
    diff = compare(spec_of(dense(8, "a"), dense(2, "b")), spec_of(dense(8, "first"), dense(2, "b")))
    assert layers_told(diff) == ["~ a → first: another name"]
    assert diff.to_dict()["renamed"] == [{"from": "a", "to": "first"}]
    relu, norm = {"type": "ReLU"}, {"type": "BatchNormalization"}
    diff = compare(spec_of(dense(8), norm, relu), spec_of(dense(8), relu, norm))
    assert [(pair.after.path, pair.moved, pair.options) for pair in diff.changed] == [("re_lu", True, ())]
    assert (diff.removed, diff.added) == ((), ())
    diff = compare(spec_of({"type": "ReLU", "name": "act"}), spec_of({"type": "ELU", "name": "act"}))
    assert layers_told(diff) == ["~ act (ELU): type: ReLU → ELU"]


def test_connections() -> None:
    block = [dense(4, "a"), dense(4, "b"), {"type": "Add", "inputs": ["a", "b"], "name": "sum"}, dense(2, "out")]
    before = spec_of(*block)
    rewired = compare(before, spec_of(*block[:2], {**block[2], "inputs": ["input", "b"]}, block[3]))
    assert layers_told(rewired) == ["~ sum (Add): inputs: [a, b] → [input, b]"]
    # The same connection written out, and another order of entries that depend on nothing between them.
    assert not compare(before, spec_of(block[0], {**block[1], "inputs": "a"}, *block[2:]))
    renamed = [dense(4, "x"), dense(4, "b"), {**block[2], "inputs": ["x", "b"]}, dense(2, "out")]
    assert layers_told(compare(before, spec_of(*renamed))) == ["~ a → x: another name"]
    shared = [*block[:3], {"use": "a", "inputs": "sum"}, dense(2, "out")]
    diff = compare(before, spec_of(*shared))
    assert layers_told(diff) == [
        "~ a (Dense): inputs: [input] → [input, sum]",
        "~ out (Dense): inputs: [sum] → [a@1]",
    ]
    assert diff.counts["params"].before == diff.counts["params"].after
    assert diff.counts["macs"].after - diff.counts["macs"].before == 16


def test_inputs_outputs_and_name() -> None:
    before = spec_of(dense(3, "a"), dense(2, "b"))
    after = spec_of(dense(3, "a"), dense(2, "b"), shape=(5,), name="other", outputs=["a", "b"])
    diff = compare(before, after)
    assert layers_told(diff) == [
        "~ name: sequential → other",
        "~ inputs: input float32(None, 4) → input float32(None, 5)",
        "~ outputs: b float32(None, 2) → a float32(None, 3), b float32(None, 2)",
        "  1 more layer with other shapes: a",
    ]
    data = diff.to_dict()
    assert data["inputs"]["differ"] is data["outputs"]["differ"] is True
    assert [port["name"] for port in data["outputs"]["to"]] == ["a", "b"]
    named = {"modelc": 1, "inputs": {"x": {"shape": [4]}, "y": {"shape": [4]}},
             "layers": [{"type": "Add", "inputs": ["x", "y"]}]}  # fmt: skip
    assert not compare(load_spec(named), load_spec(named))
    other = {**named, "inputs": {"x": {"shape": [4]}, "z": {"shape": [4]}},
             "layers": [{"type": "Add", "inputs": ["x", "z"]}]}  # fmt: skip
    assert layers_told(compare(load_spec(named), load_spec(other))) == [
        "~ inputs: x float32(None, 4), y float32(None, 4) → x float32(None, 4), z float32(None, 4)"
    ]


def test_inside_of_models() -> None:
    base = {"name": "base", "layers": [dense(5, "one"), dense(6, "two"), dense(7, "three")]}

    def using(**options: Any) -> Spec:
        return spec_of({"type": "Model", "spec": base, "name": "m", **options}, dense(2, "out"))

    inlined = {"name": "base", "layers": base["layers"][:2]}
    assert not compare(using(truncate="two"), spec_of({"type": "Model", "spec": inlined, "name": "m"}, dense(2, "out")))
    diff = compare(using(), using(truncate="two", freeze="one"))
    assert layers_told(diff) == [
        "~ m (Model): outputs: [m/three] → [m/two]; 110 → 61 parameters",
        "~ m/one (Dense): trainable: true → false",
        "- m/three (Dense): units: 7; 49 parameters",
        "  1 more layer with other shapes: out",
    ]
    assert [w.path for w in diff.weights.unexpected] == ["m/three/kernel", "m/three/bias"]
    assert (diff.counts["trainable_params"].before, diff.counts["trainable_params"].after) == (126, 36 + 14)


def test_options_inside_of_options() -> None:
    def two_ways(units: int, **options: Any) -> Spec:
        layer = {"type": "LSTM", "units": units, **options}
        return spec_of({"type": "Bidirectional", "layer": layer, "name": "b"}, shape=(5, 3))

    diff = compare(two_ways(4), two_ways(6, activation="relu"))
    assert layers_told(diff)[0] == (
        "~ b (Bidirectional): layer.units: 4 → 6, layer.activation: null → relu; 256 → 480 parameters"
    )
    diff = compare(spec_of(dense(3, "a")), spec_of(dense(3, "a", kernel_initializer="he_normal")))
    assert layers_told(diff) == ["~ a (Dense): kernel_initializer: GlorotUniform → HeNormal"]


LAYERS = st.lists(
    st.sampled_from([dense(4), dense(5), {"type": "ReLU"}, {"type": "Dropout", "rate": 0.5}, {"type": "Flatten"}]),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@given(LAYERS, st.data())
def test_any_insertion_is_one_addition_and_back_one_removal(layers: list[dict[str, Any]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(layers)))
    new = data.draw(st.sampled_from([dense(4), dense(7), {"type": "ELU"}]))
    before, after = spec_of(*layers), spec_of(*layers[:place], new, *layers[place:])
    there, back = compare(before, after), compare(after, before)
    assert [(part.type, part.options) for part in there.added] == [(new["type"], there.added[0].options)]
    assert (there.removed, there.changed, back.added, back.changed) == ((), (), (), ())
    assert [part.path for part in back.removed] == [part.path for part in there.added]
    for count, opposite in zip(there.counts.values(), back.counts.values(), strict=True):
        assert (count.before, count.after) == (opposite.after, opposite.before)
    weights = there.weights
    assert weights.total == len(after.graph.weights)
    assert len(weights.loaded) + len(weights.wrong_shape) + len(weights.unexpected) == len(before.graph.weights)
    assert not compare(before, before)


def test_json_has_the_documented_keys() -> None:
    data = json.loads(compare(spec_of(dense(3)), spec_of(dense(4)), batch_size=5).to_json())
    assert list(data) == [
        "same", "name", "semantics", "precision", "preprocessing", "labels", "inputs", "outputs", "removed", "added",
        "changed", "renamed", "reshaped", "unchanged", "batch_size", "params", "trainable_params",
        "non_trainable_params", "macs", "activation_memory", "weights",
    ]  # fmt: skip
    assert data["params"] == {"from": 15, "to": 20, "change": 5}
    assert data["activation_memory"] == {"from": 5 * 3 * 4, "to": 5 * 4 * 4, "change": 20}
    assert list(data["weights"]) == [
        "total", "loaded", "loaded_params", "elsewhere", "missing", "wrong_shape", "unexpected",
    ]  # fmt: skip


def test_a_model_without_an_input_shape_cannot_be_counted() -> None:
    deferred = load_spec({"modelc": 1, "layers": [dense(3)]})
    with pytest.raises(SpecError, match="input shape is not known"):
        compare(deferred, spec_of(dense(3)))


def test_alignment_keeps_as_many_equal_layers_as_there_are() -> None:
    a = [Candidate(f"dense_{i}", "Dense", {"units": i % 7 + 1}) for i in range(700)]
    kept = [i for i in range(700) if i % 5 != 3]
    b = [Candidate("new", "Flatten", {}), *(Candidate(f"dense_{n}", "Dense", a[i].options) for n, i in enumerate(kept))]
    pairs = align(a, b)
    assert len(pairs) == len(kept)
    assert all(a[i].options == b[j].options for i, j in pairs)
    assert [i for i, _ in pairs] == sorted(i for i, _ in pairs)


def test_alignment_of_very_long_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that would make too large a table are cut where they agree."""
    monkeypatch.setattr("modelc.report.align._MAX_CELLS", 100)
    a = [Candidate(f"layer{i}", "Dense", {"units": i}) for i in range(300)]
    b = [c for i, c in enumerate(a) if i % 50 != 7]
    changed = [Candidate(c.path, c.type, {"units": 1000 + i}) if i % 40 == 9 else c for i, c in enumerate(b)]
    assert [a[i].path for i, _ in align(a, changed)] == [c.path for c in b]


class _Tables(HTMLParser):
    """The cells of the tables, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_data(self, data: str) -> None:
        if self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += data


def test_notebooks_show_tables() -> None:
    before = load_spec("modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 2, name: a}\n")
    after = load_spec(
        "modelc: 1\nname: <b>\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3, name: a}\n  - {type: ReLU}\n"
    )
    parser = _Tables()
    parser.feed(compare(before, after)._repr_html_())
    layers, costs = parser.tables
    assert [row[0] for row in layers if row[0].strip()] == ["~", "~", "+", "~"]
    assert layers[0][1].strip() == "name: sequential → <b>"
    assert layers[1][1].strip().startswith("a (Dense): units: 2 → 3")
    assert costs[0] == ["", "before", "after", "change"]
    assert costs[1] == ["parameters", "10", "15", "+5 (+50.0%)"]
    assert parser.tags == {"table", "caption", "thead", "tbody", "tr", "td", "th"}
    same = _Tables()
    same.feed(compare(before, before)._repr_html_())
    assert [[[cell.strip() for cell in row] for row in table] for table in same.tables] == [[["", "no differences"]]]


def test_precision_differs() -> None:
    plain = "input: {shape: [4]}\nlayers: [{type: Dense, units: 2}]\n"
    same, exact = (load_spec("modelc: 1\n" + text) for text in (plain, plain + "precision: exact\n"))
    assert str(compare(same, exact)).startswith("~ precision: fast → exact")
    assert not compare(exact, exact)


def test_semantics_differ_of_a_model_and_of_one_inside() -> None:
    def model(outer: str, inner: str) -> Spec:
        return load_spec(
            f"""
            modelc: 1
            semantics: {outer}
            input: {{shape: [4, 2]}}
            layers:
              - {{type: Masking}}
              - {{type: Model, name: inner, spec: {{semantics: {inner}, layers: [{{type: Rescaling, scale: 2}}]}}}}
            """
        )

    same = model("keras2", "keras2")
    assert not compare(same, model("keras2", "keras2"))
    assert "~ semantics: keras2 → keras3" in str(compare(same, model("keras3", "keras2")))
    assert "semantics" in str(compare(same, model("keras2", "keras3")))
