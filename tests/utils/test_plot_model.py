"""`plot_model`: its files, what boxes hold, and the same boxes and edges as Keras's where pydot is installed."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import modelc
from modelc.errors import InputError, ModelcError, OverwriteError
from modelc.pages.plot import plot_of
from modelc.utils import plot_model
from tests.live_keras import live_keras

NESTED = {
    "modelc": 1,
    "name": "nested",
    "layers": [
        {"type": "InputLayer", "shape": [6, 6, 2], "name": "picture"},
        {"type": "Conv2D", "filters": 3, "kernel_size": 3, "activation": "relu", "name": "first", "inputs": "picture"},
        {
            "type": "Model", "name": "inner", "spec": {
                "modelc": 1, "input": {"shape": [4, 4, 3]},
                "layers": [
                    {"type": "Conv2D", "filters": 3, "kernel_size": 1, "name": "x"}, {"type": "ReLU", "name": "y"},
                ],
            },
        },
        {"type": "Add", "name": "sum", "inputs": ["first", "inner"]},
        {"type": "Flatten", "name": "flat"},
        {"type": "Dense", "units": 4, "trainable": False, "name": "out"},
    ],
}  # fmt: skip
EVERYTHING = {
    "show_shapes": True, "show_dtype": True, "show_layer_names": True, "show_layer_activations": True,
    "show_trainable": True,
}  # fmt: skip


def _texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_boxes_hold_what_is_asked_for() -> None:
    spec = modelc.load_spec(NESTED)
    types = ["InputLayer", "Conv2D", "Sequential", "Add", "Flatten", "Dense"]
    assert _texts(plot_model(spec, None).to_svg()) == types
    texts = _texts(plot_model(spec, None, **EVERYTHING).to_svg())
    for text in (
        "first (Conv2D)", "Activation: relu", "Input shape: (None, 6, 6, 2)", "Output shape: (None, 4, 4, 3)",
        "Input shape: [(None, 4, 4, 3), (None, 4, 4, 3)]", "Output dtype: float32", "Trainable", "Non-trainable",
        "Activation: linear", "Output shape: (None, 4)",
    ):  # fmt: skip
        assert text in texts, text
    assert texts.count("Trainable") == 2 and texts.count("Non-trainable") == 1
    inside = _texts(plot_model(spec, None, expand_nested=True, show_layer_names=True).to_svg())
    assert {"inner", "x (Conv2D)", "y (ReLU)"} <= set(inside)


@pytest.mark.parametrize("options", [{}, EVERYTHING, {"expand_nested": True, "show_layer_names": True}])
@pytest.mark.parametrize("rankdir", ["TB", "BT", "LR", "RL"])
def test_boxes_lie_in_the_plot_apart_from_each_other_and_in_the_direction_of_edges(
    rankdir: Any, options: dict[str, Any]
) -> None:
    made = plot_model(modelc.load_spec(NESTED), None, rankdir=rankdir, **options)
    plot = plot_of(made.picture, made.options)
    boxes = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in plot.boxes]
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 and top >= 0 and right <= plot.width and bottom <= plot.height
        for other in boxes[:i]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    axis, sign = (1 if rankdir in ("TB", "BT") else 0), (1 if rankdir in ("TB", "LR") else -1)
    assert len(plot.edges) >= 5
    for points in plot.edges:
        assert sign * (points[-1][axis] - points[0][axis]) > 0


def test_a_plain_chain_has_no_box_for_its_input() -> None:
    model = modelc.Sequential([modelc.Input((3,)), modelc.layers.Dense(2), modelc.layers.ReLU()], backend="reference")
    assert _texts(plot_model(model, None).to_svg()) == ["Dense", "ReLU"]
    assert plot_model(model, None).to_dot().count("->") == 1


@pytest.mark.parametrize("dpi", [72, 144])
def test_png_files(tmp_path: Path, dpi: int) -> None:
    path = tmp_path / "model.png"
    made = plot_model(modelc.load_spec(NESTED), path, dpi=dpi, **EVERYTHING)
    plot = plot_of(made.picture, made.options)
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert np.allclose(picture.size, (plot.width * dpi / 72, plot.height * dpi / 72), atol=1.5)
        pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    for colour in ((255, 255, 255), (23, 32, 44), (21, 128, 61), (185, 28, 28)):
        assert (pixels == colour).all(1).sum() > 20
    plot_model(modelc.load_spec(NESTED), path, dpi=30)


def test_other_files(tmp_path: Path) -> None:
    spec = modelc.load_spec(NESTED)
    made = plot_model(spec, tmp_path / "m.svg", show_shapes=True)
    assert (tmp_path / "m.svg").read_text() == made.to_svg() == made._repr_svg_()
    plot_model(spec, tmp_path / "m.gv", rankdir="LR")
    assert "rankdir=LR" in (tmp_path / "m.gv").read_text()
    (tmp_path / "m.dot").write_text("mine")
    with pytest.raises(OverwriteError):
        plot_model(spec, tmp_path / "m.dot")
    plot_model(spec, tmp_path / "m.dot", force=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"to_file": "m.jpg"}, r"\.png, \.svg, \.dot"), ({"to_file": "m.html"}, r"modelc\.view"),
        ({"rankdir": "UP"}, "`rankdir`"), ({"dpi": 0}, "`dpi`"), ({"to_file": "m.png", "dpi": 10**5}, "million pixels"),
        ({"model": modelc.Sequential([modelc.layers.Dense(2)]), "to_file": None}, "shape"),
    ],
)  # fmt: skip
def test_what_is_refused(
    options: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelcError, match=message):
        plot_model(**{"model": modelc.load_spec(NESTED), **options})
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_other_formats_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="needs matplotlib") as error:
        plot_model(modelc.load_spec(NESTED))
    assert "pip install 'modelc[plot]'" in str(error.value) and "model.svg" in str(error.value)


def test_names_are_no_part_of_the_syntax() -> None:
    spec = modelc.load_spec({
        "modelc": 1, "name": 'a"; b', "input": {"shape": [2]},
        "layers": [{"type": "Dense", "units": 1, "name": 'x<b>"&$y'}],
    })  # fmt: skip
    made = plot_model(spec, None, show_layer_names=True)
    assert _texts(made.to_svg()) == ['x<b>"&$y (Dense)']
    assert "x&lt;b&gt;" in made.to_dot() and 'digraph "a\\"; b"' in made.to_dot()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the parser of pydot
def test_the_same_boxes_and_edges_as_keras(tmp_path: Path) -> None:
    pydot = pytest.importorskip("pydot")
    keras = live_keras()
    ours = modelc.load_spec(NESTED).build(backend="reference")
    theirs = keras.models.model_from_json(ours.to_json())
    theirs.get_layer("out").trainable = False
    drawn = keras.utils.model_to_dot(theirs, **EVERYTHING)
    names = {node.get_name(): _words(node.get_label()) for node in drawn.get_nodes() if node.get_label()}
    (graph,) = pydot.graph_from_dot_data(plot_model(ours, None, **EVERYTHING).to_dot())
    own = {node.get_name(): _words(node.get_label()) for node in graph.get_nodes() if node.get_label()}
    assert sorted(own.values()) == sorted(names.values())
    edges = [
        sorted((called[e.get_source()], called[e.get_destination()]) for e in one.get_edges())
        for one, called in ((drawn, names), (graph, own))
    ]
    assert edges[0] == edges[1]


def _words(label: str) -> str:
    """The text of a table of Graphviz."""
    return " ".join(re.sub(r"<[^<>]*>", " ", label).strip("<> ").split())
