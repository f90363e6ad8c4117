"""The summary of a graph against Keras's own of the same graph: rows, shapes, counts, connections; and its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from modelc.model.loading import load_spec
from modelc.report.diff.find import compare
from tests.live_keras import live_keras

ENCODER = {
    "name": "encoder",
    "layers": [
        {"type": "Conv2D", "filters": 8, "kernel_size": 3, "name": "conv"},
        {"type": "BatchNormalization", "name": "norm"},
        {"type": "GlobalAveragePooling2D", "name": "pool"},
    ],
}
SPEC: dict[str, Any] = {
    "modelc": 1,
    "name": "twins",
    "inputs": {"left": {"shape": [16, 16, 3]}, "right": {"shape": [16, 16, 3]}, "words": {"shape": [7, 5]}},
    "layers": [
        {"type": "Model", "spec": ENCODER, "name": "encoder", "inputs": "left", "freeze": "conv"},
        {"use": "encoder", "inputs": "right"},
        {"type": "LSTM", "units": 8, "return_state": True, "inputs": "words", "name": "lstm"},
        {"type": "Add", "inputs": ["encoder", "encoder@1", "lstm[1]"], "name": "sum"},
        {"type": "Concatenate", "inputs": ["sum", "lstm[0]", "lstm[2]"], "name": "join"},
        {"type": "Dense", "units": 4, "name": "shared", "inputs": "sum"},
        {"type": "Dense", "units": 4, "name": "down", "inputs": "join"},
        {"use": "shared", "inputs": "sum"},
        {"type": "Add", "inputs": ["shared", "shared@1", "down"], "name": "all"},
        {"type": "Dense", "units": 2, "name": "frozen", "trainable": False},
    ],
    "outputs": ["frozen", "join"],
}


def keras_model() -> Any:
    keras: Any = live_keras()
    layers = keras.layers
    picture = keras.Input((16, 16, 3))
    conv = layers.Conv2D(8, 3, name="conv")
    conv.trainable = False
    encoder = keras.Sequential(
        [picture, conv, layers.BatchNormalization(name="norm"), layers.GlobalAveragePooling2D(name="pool")],
        name="encoder",
    )
    left, right = keras.Input((16, 16, 3), name="left"), keras.Input((16, 16, 3), name="right")
    words = keras.Input((7, 5), name="words")
    one, other = encoder(left), encoder(right)
    out, hidden, cell = layers.LSTM(8, return_state=True, name="lstm")(words)
    added = layers.Add(name="sum")([one, other, hidden])
    join = layers.Concatenate(name="join")([added, out, cell])
    shared = layers.Dense(4, name="shared")
    every = layers.Add(name="all")([shared(added), shared(added), layers.Dense(4, name="down")(join)])
    frozen = layers.Dense(2, name="frozen", trainable=False)
    return keras.Model([left, right, words], [frozen(every), join], name="twins")


@pytest.mark.filterwarnings("ignore")
def test_rows_counts_and_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    model = keras_model()
    summary = load_spec(SPEC).summary(expand_nested=True)
    rows = {row.name.rpartition("/")[2]: row for row in summary.rows}
    layers = {layer.name: layer for layer in [*model.layers, *model.get_layer("encoder").layers]}
    assert rows.keys() == layers.keys()
    for name, layer in layers.items():
        row = rows[name]
        assert row.params == layer.count_params()
        assert row.trainable_params == sum(int(w.value.size) for w in layer.trainable_weights)
        if name != "encoder":
            shape = layer.output.shape if not isinstance(layer.output, list) else [x.shape for x in layer.output]
            assert str(shape) == str(row.output_shape if len(row.output_shapes) == 1 else list(row.output_shapes))
    assert summary.params == model.count_params()
    assert summary.trainable_params == sum(int(w.value.size) for w in model.trainable_weights)

    monkeypatch.setenv("COLUMNS", "400")  # as Keras cuts its table at the width of the terminal
    lines: list[str] = []
    model.summary(print_fn=lambda text, **_: lines.append(text), line_length=400)  # pyright: ignore[reportUnknownLambdaType]
    told = _connections("\n".join(lines))
    # Keras counts uses and tensors in its own way, `encoder[1][0]`; the layers are the same.
    assert told == {row.name: [_layer(r) for r in row.connected_to] for row in load_spec(SPEC).summary().rows}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".keras", ".h5", ".json"])
def test_files_of_keras_do_not_differ(suffix: str, tmp_path: Path) -> None:
    from modelc.model.loading import load_spec as load_any

    model, path = keras_model(), tmp_path / f"model{suffix}"
    if suffix == ".json":
        path.write_text(model.to_json())
    else:
        model.save(path)
    diff = compare(load_spec(SPEC), load_any(path))
    assert str(diff) == "no differences"
    wider = {**SPEC, "layers": [*SPEC["layers"][:-1], {**SPEC["layers"][-1], "units": 5}]}
    assert str(compare(load_any(path), load_spec(wider))).startswith("~ frozen (Dense): units: 2 → 5;")


def _layer(reference: str) -> str:
    """The layer that a reference is to: `lstm[1]` is to `lstm`, `encoder@1` to `encoder`."""
    return re.sub(r"(@\d+)?(\[\d+\])?$", "", reference)


def _connections(text: str) -> dict[str, list[str]]:
    """What Keras's table says each layer is connected to, by the layer's name."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("│┃ ").split("│")]
        if len(cells) == 4 and " (" in cells[0]:
            found[cells[0].split(" ")[0]] = re.findall(r"([\w/]+)\[\d+\]\[\d+\]", cells[3])
    return found
