"""What is shown of a model: its layers with their numbers, and how they are connected."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import modelc
from modelc.errors import InputError, OverwriteError
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.pages.data import as_json, model_data
from modelc.pages.histogram import BINS, histogram
from modelc.pages.kinds import KINDS, SCALE, cost_colour, kind_of
from modelc.pages.picture import picture_of
from modelc.zoo import __file__ as zoo_file

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def named_edges(level) -> set[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return {(level.nodes[a].name, level.nodes[b].name) for a, b in level.edges}


def test_nodes_and_edges_are_those_of_the_spec(nested: Spec) -> None:
    top = picture_of(nested).top
    assert [(node.name, node.path, node.kind) for node in top.nodes] == [
        ("left", "left", "input"), ("right", "right", "input"), ("encoder", "encoder", "model"),
        ("twin", "encoder", "model"), ("difference", "difference", "merging"), ("same", "same", "core"),
    ]  # fmt: skip
    assert named_edges(top) == {
        ("left", "encoder"), ("right", "twin"), ("encoder", "difference"), ("twin", "difference"),
        ("difference", "same"),
    }  # fmt: skip
    inside = top.nodes[2].inside
    assert inside is not None
    assert [node.path for node in inside.nodes] == ["encoder/input", "encoder/conv", "encoder/bn", "encoder/pool"]
    assert named_edges(inside) == {("input", "conv"), ("conv", "bn"), ("bn", "pool")}
    assert [node.outputs for node in top.nodes[-2:]] == [(), ("same",)]
    assert top.nodes[3].uses == 2


def test_numbers_are_those_of_the_summary() -> None:
    spec = load_spec(ROOT / "specs" / "guide_cnn.yaml")
    summary = spec.summary(wide=True)
    nodes = picture_of(spec).top.nodes
    assert nodes[0].type == "input" and nodes[0].shapes == ((None, 250, 250, 3),)
    for node, row in zip(nodes[1:], summary.rows, strict=True):
        assert (node.path, node.type, node.shapes) == (row.name, row.type, row.output_shapes)
        costs = {name: amount.number for name, amount in node.costs.items()}
        assert costs == {
            "params": row.params, "trainable": row.trainable_params, "macs": row.macs, "memory": row.activation_bytes,
        }  # fmt: skip
        assert (node.kernel, node.receptive_field) == (row.kernel, row.receptive_field)


def test_layers_know_their_lines() -> None:
    path = ROOT / "specs" / "guide_cnn.yaml"
    lines = path.read_text().splitlines()
    for node in picture_of(load_spec(path)).top.nodes[1:]:
        assert node.origin is not None
        assert node.origin.text == lines[node.origin.line - 1].strip()
        assert node.type in node.origin.text


def test_files_of_the_zoo_are_named_as_specs_name_them() -> None:
    origin = picture_of(load_spec("zoo:resnet50")).top.nodes[2].origin
    assert origin is not None and origin.file == "zoo:resnet50"
    lines = Path(zoo_file).with_name("resnet50.yaml").read_text().splitlines()
    assert lines[origin.line - 1].strip() == origin.text
    assert re.fullmatch(r"block conv, used at zoo:resnet50:\d+", origin.site)


def test_the_edges_of_resnet50_are_those_of_its_layers() -> None:
    """Held against `connected_to`, which the summary takes from the trace."""
    spec = load_spec("zoo:resnet50")
    top = picture_of(spec).top
    expected = {(source, row.name) for row in spec.summary().rows for source in row.connected_to}
    assert named_edges(top) == expected
    assert len(top.nodes) == 177 and len(top.edges) == 192


def test_tensors_inside_of_models_and_of_several_outputs_are_edges_from_their_layers() -> None:
    spec = load_spec("""
modelc: 1
inputs: {x: {shape: [5, 4]}}
layers:
  - {type: LSTM, units: 3, return_state: true, name: lstm}
  - type: Model
    name: base
    inputs: "lstm[1]"
    spec: {modelc: 1, input: {shape: [3]}, layers: [{type: Dense, units: 2, name: a}, {type: Dense, units: 2, name: b}]}
  - {type: Add, inputs: [base/a, base], name: sum}
outputs: {main: sum, state: "lstm[2]"}
""")
    top = picture_of(spec).top
    assert named_edges(top) == {("x", "lstm"), ("lstm", "base"), ("base", "sum")}
    assert top.nodes[1].shapes == ((None, 3),) * 3
    assert {node.name: node.outputs for node in top.nodes if node.outputs} == {"lstm": ("state",), "sum": ("main",)}


def test_every_kind_of_layer_has_a_colour() -> None:
    from modelc.layers import LAYERS

    folders = {path.name for path in (ROOT / "modelc" / "layers").iterdir() if path.is_dir()}
    used = {LAYERS[name].__module__.split(".")[2] for name in LAYERS.names if ".layers." in LAYERS[name].__module__}
    assert used <= folders
    assert used - KINDS.keys() == set()
    assert kind_of(modelc.layers.Conv2D(4, 3)) == "convolution"
    assert kind_of(modelc.layers.Dense(4)) == "core"


def test_costs_are_coloured_by_their_logarithms() -> None:
    assert [cost_colour(cost, 1, 10_000) for cost in (1, 10, 100, 1000, 10_000)] == list(SCALE)
    assert cost_colour(10**9, 1, 100) == SCALE[-1]
    assert cost_colour(5, 5, 5) == SCALE[-1]
    assert cost_colour(0, 1, 2) == cost_colour(None, 1, 2)


@given(st.integers(0, 2**32), st.integers(1, 300), st.sampled_from((0, 1e-3, 1.0, 50.0)))
def test_histograms_are_numpys(seed: int, size: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    values = (random.normal(random.normal(), spread, size) * (random.random(size) > 0.1)).astype(np.float32)
    found = histogram(values)
    assert found is not None
    assert found.size == len(values)
    assert (found.least, found.largest) == (values.min(), values.max())
    assert found.zeros == (values == 0).sum()
    np.testing.assert_allclose(found.mean, values.mean(dtype=np.float64), atol=1e-9)
    np.testing.assert_allclose(found.deviation, values.std(dtype=np.float64), atol=1e-6)
    if found.largest - found.least > 1e-3:
        expected, edges = np.histogram(values.astype(np.float64), BINS, (found.least, found.largest))
        near = np.abs(values.astype(np.float64)[:, None] - edges).min(1) < 1e-9 * max(
            abs(found.least), found.largest, 1
        )
        assert np.abs(np.asarray(found.counts) - expected).sum() <= 2 * near.sum()


def test_histograms_leave_out_what_is_not_finite() -> None:
    found = histogram(np.array([[1, np.nan], [np.inf, 3]]))
    assert found is not None
    assert (found.least, found.largest, found.mean, found.not_finite, found.size) == (1, 3, 2, 2, 4)
    assert histogram(np.array([np.nan])) is None
    constant = histogram(np.full(7, 0.5))
    assert constant is not None and sum(constant.counts) == 7 and constant.deviation == 0


def test_views_of_models_have_the_values_of_their_weights(nested: Spec) -> None:
    model = nested.build(backend="reference", seed=3)
    kernel = model.arrays["encoder/conv/kernel"]
    nodes = {node.path: node for node in model.view().picture.top.all_nodes()}
    weights = {weight.name: weight for weight in nodes["encoder/conv"].weights}
    assert weights["kernel"].shape == (3, 3, 3, 4)
    assert weights["kernel"].values is not None
    assert weights["kernel"].values.least == kernel.min()
    assert not {w.name: w for w in nodes["encoder/bn"].weights}["moving_mean"].trainable
    assert all(weight.values is None for node in modelc.view(nested).picture.top.all_nodes() for weight in node.weights)


def test_view_takes_whatever_holds_a_model(nested: Spec, tmp_path: Path) -> None:
    model = nested.build(backend="reference", seed=3)
    model.save(tmp_path / "m.modelc")
    model.save_weights(tmp_path / "m.safetensors")
    (tmp_path / "m.yaml").write_text(nested.to_yaml())
    by_file = modelc.view(tmp_path / "m.modelc").picture
    assert by_file.top.nodes[-1].weights[0].values == histogram(model.arrays["same/kernel"])
    other = modelc.view(tmp_path / "m.yaml", weights=tmp_path / "m.safetensors").picture
    assert [n.weights for n in other.top.all_nodes()] == [n.weights for n in by_file.top.all_nodes()]
    assert modelc.view(tmp_path / "m.yaml").picture.top.nodes[-1].weights[0].values is None
    assert modelc.view(model).picture.top.nodes[-1].weights[0].values == by_file.top.nodes[-1].weights[0].values


def test_free_sizes_are_shown_as_formulas() -> None:
    spec = load_spec({"modelc": 1, "input": {"shape": ["time", 8]}, "layers": [{"type": "Dense", "units": 4}]})
    node = picture_of(spec).top.nodes[1]
    assert (node.costs["macs"].number, node.costs["macs"].text) == (None, "32·time")
    assert picture_of(spec, sizes={"time": 10}).top.nodes[1].costs["macs"].number == 320
    assert "32·time" in modelc.view(spec).to_svg(colours="macs")
    model_data(picture_of(spec))


def boxes(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}g"))


def test_svg_has_a_box_for_every_layer_and_a_way_for_every_edge(nested: Spec) -> None:
    folded, unfolded = modelc.view(nested).to_svg(), modelc.view(nested).to_svg(expand_nested=True)
    assert (len(boxes(folded)), len(boxes(unfolded))) == (6, 6 + 2 * 4)
    for svg, edges in ((folded, 5), (unfolded, 5 + 2 * 3)):
        ways = [path for path in ElementTree.fromstring(svg).iter(f"{SVG}path") if path.get("class") == "e"]
        assert len(ways) == edges
    told = [title.text for title in ElementTree.fromstring(unfolded).iter(f"{SVG}title")]
    assert any(
        (text or "").startswith("encoder/conv (Conv2D)\noutput: (None, 6, 6, 4)\nparameters: 112") for text in told
    )


def test_svg_boxes_lie_inside_the_picture(nested: Spec) -> None:
    root = ElementTree.fromstring(modelc.view(nested).to_svg(expand_nested=True))
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for rect in root.iter(f"{SVG}rect"):
        if rect.get("class") == "p":
            continue
        x, y, w, h = (float(rect.get(key, "nan")) for key in ("x", "y", "width", "height"))
        assert min(x, y) >= 0 and x + w <= width + 0.1 and y + h <= height + 0.1


def test_mermaid_and_dot_have_all_nodes_and_edges(nested: Spec) -> None:
    view = modelc.view(nested)
    assert view.to_mermaid().splitlines()[:4] == [
        "%% a model, drawn by modelc", "flowchart TD", '    n0["left<br/>InputLayer  8×8×3"]:::input',
        '    n1["right<br/>InputLayer  8×8×3"]:::input',
    ]  # fmt: skip
    assert view.to_mermaid().count(" --> ") == 5
    unfolded = view.to_mermaid(expand_nested=True)
    assert (unfolded.count(" --> "), unfolded.count("subgraph "), unfolded.count("    end\n")) == (11, 2, 2)
    dot = view.to_dot(expand_nested=True)
    assert (dot.count(" -> "), dot.count("subgraph cluster_"), dot.count("{"), dot.count("}")) == (11, 2, 3, 3)
    # An edge into a model leads to the first of its layers, one out of it comes from the last.
    assert "n0 -> n3;" in dot and "n6 -> n12;" in dot


def test_text_of_a_spec_is_no_markup_anywhere(hostile: Spec) -> None:
    view = modelc.view(hostile)
    root = ElementTree.fromstring(view.to_svg())
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "style", "rect", "g", "text", "path",
    }  # fmt: skip
    html = view.to_html()
    assert html.count("<script") == 2 and html.count("</script>") == 2 and "<img" not in html
    mermaid = view.to_mermaid().splitlines()
    assert len([line for line in mermaid if re.fullmatch(r'    n\d\["[^"]*"\]:::\w+', line)]) == 3
    dot = view.to_dot()
    assert len(re.findall(r'^    n\d \[label="(?:[^"\\]|\\.)*", color="#\w+", fillcolor="#\w+"\];$', dot, re.M)) == 3
    assert hostile._repr_html_().count("<script") == 0


@given(st.text(alphabet=st.characters()))
def test_json_in_a_page_ends_no_element_and_is_read_back(text: str) -> None:
    written = as_json({"text": text})
    assert not set(written) & set("<>&\u2028\u2029") and written.encode()
    assert json.loads(written) == {"text": text}


def test_files_are_of_their_kinds(nested: Spec, tmp_path: Path) -> None:
    view = modelc.view(nested)
    for name in ("a.html", "a.svg", "a.mmd", "a.dot"):
        view.save(tmp_path / name)
        view.save(tmp_path / name)  # one of its kind is replaced
        (tmp_path / name).write_text("print(1)")
        with pytest.raises(OverwriteError):
            view.save(tmp_path / name)
        view.save(tmp_path / name, force=True)
    with pytest.raises(InputError, match=r"ends in \.html"):
        view.save(tmp_path / "a.png")


def test_notebooks_show_specs_models_and_views(nested: Spec) -> None:
    html = nested._repr_html_()
    assert html.count("<svg") == 1 and nested.summary()._repr_html_() in html
    assert nested.build(backend="reference")._repr_html_() == html
    assert ElementTree.fromstring(nested._repr_svg_()).tag == f"{SVG}svg"
    frame = modelc.view(nested)._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts" srcdoc="') and frame.count('"') == 6


def test_the_page_loads_nothing_and_its_policy_fits_its_script(nested: Spec) -> None:
    from base64 import b64encode
    from hashlib import sha256

    html = modelc.view(nested).to_html()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None and policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    for tag in ("script", "style"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        assert text is not None
        assert f"'sha256-{b64encode(sha256(text[1].encode()).digest()).decode()}'" in policy[1]
    assert not re.search(r'(src|href)="|url\(|@import|\beval\(|new Function|innerHTML', html)
