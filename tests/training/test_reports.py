"""What a run shows: progress lines, JSON lines, event files, and pictures of its curves."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import modelc
from modelc.callbacks.callback_list import CallbackList
from modelc.callbacks.curves import Curves
from modelc.callbacks.log import History
from modelc.callbacks.progress import JSONLogger, ProgbarLogger, format_logs
from modelc.callbacks.tensorboard import TensorBoard
from modelc.errors import InputError, SpecError, StorageError
from modelc.training.curves import plot

sys.path.insert(0, str(Path(__file__).parent))

from fake_model import FakeModel


def run(callbacks: Any, verbose: Any = 1, epochs: int = 2, steps: int | None = 3, model: Any = None) -> Any:
    """Two epochs with validation, then an evaluation and a prediction."""
    model = model or FakeModel()
    every = CallbackList(callbacks, model=model, epochs=epochs, steps=steps, verbose=verbose)
    every.on_train_begin()
    for epoch in range(epochs):
        every.on_epoch_begin(epoch)
        for batch in range(3):
            every.on_train_batch_begin(batch)
            model.step()
            every.on_train_batch_end(batch, {"loss": 1 / (1 + batch + 3 * epoch)})
        every.on_test_begin()
        every.on_test_batch_begin(0)
        every.on_test_batch_end(0, {"loss": 0.5})
        every.on_test_end({"loss": 0.5})
        every.on_epoch_end(epoch, {"loss": 0.25 / (epoch + 1), "val_loss": 2e-5, "nan": float("nan")})
    every.on_train_end({"loss": 0.125})
    return every


def evaluate(every: CallbackList) -> None:
    every.on_test_begin()
    every.on_test_batch_end(0, {"loss": 0.5})
    every.on_test_end({"loss": 0.5})
    every.on_predict_begin()
    every.on_predict_batch_end(0)
    every.on_predict_end()


def test_a_line_per_epoch_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(run(ProgbarLogger()))
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert lines[0].startswith("epoch 1/2  3 steps  0.0 s  loss 0.2500  nan nan  val_loss 2.000e-05")
    assert lines[1].startswith("epoch 2/2  3 steps")
    assert lines[2].startswith("evaluating  1 steps")
    assert len(lines) == 3
    run(ProgbarLogger(), verbose=0)
    assert capsys.readouterr().err == ""


def test_the_terminal_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", _Terminal())
    monkeypatch.setenv("TERM", "xterm")
    every = CallbackList(ProgbarLogger(), model=FakeModel(), epochs=2, steps=3, verbose=1)
    every.on_train_begin()
    every.on_epoch_begin(0)
    before = sys.stderr.getvalue()  # type: ignore[attr-defined]
    every.close()
    hide, show = "\x1b[?25l", "\x1b[?25h"
    assert hide in before
    assert show not in before
    assert show in sys.stderr.getvalue()  # type: ignore[attr-defined]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", _Terminal())
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("TERM", "xterm")
    for steps in (3, None):
        evaluate(run(ProgbarLogger(), steps=steps))
    text = sys.stderr.getvalue()  # type: ignore[attr-defined]
    for part in ("epoch 1/2", "epoch 2/2", "3/3", "loss 0.1250", "val_loss 2.000e-05", "evaluating", "predicting"):
        assert part in text
    lines = _Terminal()
    monkeypatch.setattr(sys, "stderr", lines)
    run(ProgbarLogger(), verbose=2)
    assert lines.getvalue().startswith("epoch 1/2  3 steps")


def test_json_lines() -> None:
    out = io.StringIO()
    evaluate(run(JSONLogger(out)))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["epoch", "epoch", "end", "evaluation"]
    seconds = lines[0].pop("seconds")
    assert seconds >= 0
    logs = {"loss": 0.25, "nan": None, "val_loss": 2e-5}
    assert lines[0] == {"event": "epoch", "epoch": 1, "epochs": 2, "steps": 3, "logs": logs}
    assert lines[2]["epochs"] == 2


def test_format() -> None:
    assert format_logs({"a": 0.5, "b": 0, "c": 1e-7, "d": 1e9, "e": "text"}) == (
        "a 0.5000  b 0.0000  c 1.000e-07  d 1.000e+09  e text"
    )


def scalars(folder: Path) -> dict[str, dict[int, float]]:
    """The scalars in the event files of a folder: records of a length, a checksum, data and a checksum."""
    event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2")
    found: dict[str, dict[int, float]] = {}
    for path in folder.iterdir():
        data = path.read_bytes()
        while data:
            size = int.from_bytes(data[:8], "little")
            event = event_pb2.Event.FromString(data[12 : 12 + size])
            data = data[16 + size :]
            for value in event.summary.value:
                found.setdefault(value.tag, {})[event.step] = value.simple_value
    return found


def graphs(folder: Path) -> list[dict[str, Any]]:
    """The graphs in the event files of a folder, as nodes by name."""
    event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2")
    graph_pb2 = pytest.importorskip("tensorboardX.proto.graph_pb2")
    found: list[dict[str, Any]] = []
    for path in folder.iterdir():
        data = path.read_bytes()
        while data:
            size = int.from_bytes(data[:8], "little")
            event = event_pb2.Event.FromString(data[12 : 12 + size])
            data = data[16 + size :]
            if event.graph_def:
                found.append({node.name: node for node in graph_pb2.GraphDef.FromString(event.graph_def).node})
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard_has_the_graph(tmp_path: Path) -> None:
    """A model that is used twice is two scopes; edges lead into and out of them."""
    pytest.importorskip("tensorboardX")
    model = modelc.load_spec("""
modelc: 1
inputs: {left: {shape: [4]}, right: {shape: [4]}}
layers:
  - type: Model
    name: encoder
    inputs: left
    spec: {modelc: 1, input: {shape: [4]}, layers: [{type: Dense, units: 3, name: a}, {type: ReLU, name: b}]}
  - {use: encoder, inputs: right, name: twin}
  - {type: Subtract, name: difference, inputs: [encoder, twin]}
  - {type: Dense, units: 1, name: out, activation: sigmoid}
""").build(backend="reference")
    model.compile(optimizer="sgd", loss="mse")
    x = np.zeros((4, 4), np.float32)
    for folder, write in (("a", True), ("b", False)):
        board = TensorBoard(tmp_path / folder, write_graph=write)
        model.fit([x, x], np.zeros((4, 1), np.float32), epochs=1, verbose=0, callbacks=[board])
    assert graphs(tmp_path / "b" / "train") == []
    (nodes,) = graphs(tmp_path / "a" / "train")
    assert {name: list(node.input) for name, node in nodes.items()} == {
        "left": [], "right": [],
        "encoder/input": ["left"], "encoder/a": ["encoder/input"], "encoder/b": ["encoder/a"],
        "twin/input": ["right"], "twin/a": ["twin/input"], "twin/b": ["twin/a"],
        "difference": ["encoder/b", "twin/b"], "out": ["difference"],
    }  # fmt: skip
    out = nodes["out"]
    assert (out.op, out.attr["activation"].s, out.attr["params"].s) == ("Dense", b"sigmoid", b"4")
    assert [dim.size for dim in out.attr["_output_shapes"].list.shape[0].dim] == [-1, 1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    board = TensorBoard(tmp_path / "a", histogram_freq=1, write_images=True, write_steps_per_second=True)
    run(board)
    train, validation = scalars(tmp_path / "a" / "train"), scalars(tmp_path / "a" / "validation")
    assert train["epoch_loss"] == {0: 0.25, 1: 0.125}
    assert train["epoch_learning_rate"] == {0: 0.5, 1: 0.5}
    assert train["epoch_steps_per_second"][1] > 0
    assert set(validation["epoch_loss"]) == {0, 1}
    assert validation["evaluation_loss_vs_iterations"] == {3: 0.5, 6: 0.5}
    assert {"dense/kernel/histogram", "dense/kernel/image"} <= set(train)
    assert not any(name.startswith("batch_") for name in train)
    run(TensorBoard(tmp_path / "b", update_freq=2))
    assert list(scalars(tmp_path / "b" / "train")["batch_loss"]) == [2, 4, 6]
    run(TensorBoard(tmp_path / "c", update_freq="batch"))
    assert scalars(tmp_path / "c" / "train")["batch_loss"] == pytest.approx({i + 1: 1 / (1 + i) for i in range(6)})
    with pytest.raises(SpecError, match="this callback does not write this"):
        TensorBoard(profile_batch=2)  # type: ignore[arg-type]


def test_history_shows_its_curves(tmp_path: Path) -> None:
    """Every value is a dot at its epoch, the least one lowest; what is not finite is a gap."""
    history = History()
    for epoch, loss in enumerate((4.0, 2.0, float("nan"), 3.0)):
        history.on_epoch_end(epoch, {"loss": loss, "val_loss": loss + 1, "a<b": 0.5})
    history.plot().save(tmp_path / "curves.svg")
    svg = (tmp_path / "curves.svg").read_text()
    assert svg == history._repr_svg_()
    name = "{http://www.w3.org/2000/svg}"
    loss, other = ElementTree.fromstring(svg).iter(f"{name}g")
    assert [text.text for text in other.iter(f"{name}text") if text.get("class") == "h"] == ["a<b"]
    dots = {
        (title.text or ""): (float(dot.get("cx", "")), float(dot.get("cy", "")))
        for dot in loss.iter(f"{name}circle") for title in dot.iter(f"{name}title")
    }  # fmt: skip
    assert list(dots) == [f"epoch {e}: {v}" for e, v in ((1, 4), (2, 2), (4, 3), (1, 5), (2, 3), (4, 4))]
    xs = [dots[f"epoch {e}: {v}"][0] for e, v in ((1, 4), (2, 2), (4, 3))]
    assert xs[2] - xs[0] == pytest.approx(3 * (xs[1] - xs[0]), abs=0.2)
    ys = [dots[f"epoch {e}: {v}"][1] for e, v in ((2, 2), (4, 3), (1, 4), (1, 5))]
    assert ys == sorted(ys, reverse=True) and ys[0] - ys[1] == pytest.approx(ys[2] - ys[3], abs=0.2)
    way = next(loss.iter(f"{name}path")).get("d", "")
    assert [way.count("M"), way.count("L")] == [2, 1]


def test_curves_of_a_wide_range_are_logarithmic_and_those_of_nothing_are_empty(tmp_path: Path) -> None:
    svg = Curves({"loss": [100.0, 1.0, 0.01]}, [0, 1, 2]).to_svg()
    heights = [float(one) for one in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)" r="2.6"', svg)]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)
    with pytest.raises(InputError, match="no epoch was recorded"):
        History().plot().save(tmp_path / "a.svg")
    with pytest.raises(InputError, match=r"ends in \.svg"):
        Curves({"loss": [1.0]}, [0]).save(tmp_path / "a.png")
    ElementTree.fromstring(History().plot().to_svg())


def test_extras_that_are_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tensorboardX", "matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"needs tensorboardX: pip install 'modelc\[tensorboard\]'"):
        CallbackList(TensorBoard(), model=FakeModel())
    with pytest.raises(InputError, match=r"needs matplotlib: pip install 'modelc\[plot\]'"):
        plot({"loss": [1.0]}, tmp_path / "a.png")


HISTORY = {
    "loss": [2.0, 1.0, 0.5, float("nan")], "val_loss": [2.1, 0.9], "accuracy": [0.1, 0.5, 0.8, 0.9],
    "learning_rate": [1e-3, 1e-3, 1e-5, 1e-5],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_curves(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for suffix, head in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        path = tmp_path / f"curves{suffix}"
        plot(HISTORY, path, title="a run")
        first = path.read_bytes()
        assert first.startswith(head)
        plot(HISTORY, path, title="a run")
        assert path.read_bytes() == first, "the same history gives the same bytes"
    text = (tmp_path / "curves.svg").read_text()
    for part in ("a run", "loss", "accuracy", "learning rate", "epoch", "training", "validation"):
        assert f">{part}</text>" in text
    plot({"loss": [1.0]}, tmp_path / "one.png", epochs=[7])
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(InputError, match=r"ends in \.png or \.svg"):
        plot(HISTORY, tmp_path / "a.pdf")
    with pytest.raises(InputError, match="there is nothing to draw"):
        plot({"loss": []}, tmp_path / "a.png")
    with pytest.raises(StorageError, match="No such file"):
        plot(HISTORY, tmp_path / "none" / "a.png")


def test_curves_show_what_was_recorded(tmp_path: Path) -> None:
    """Points of the lines, read back from the SVG: they have the proportions of the values."""
    pytest.importorskip("matplotlib")
    from xml.etree import ElementTree

    plot({"loss": [4.0, 3.0, 1.0]}, tmp_path / "a.svg")
    points: list[Any] = []
    for element in ElementTree.parse(tmp_path / "a.svg").iter():
        if "#1f5fa8" in element.get("style", "") and element.tag.endswith("path") and "L" in element.get("d", ""):
            numbers = [float(n) for n in element.get("d", "").replace("M", " ").replace("L", " ").split()]
            points.append(np.array(numbers).reshape(-1, 2))
    line = next(p for p in points if len(p) == 3)
    np.testing.assert_allclose(np.diff(line[:, 0])[0], np.diff(line[:, 0])[1], rtol=1e-4)
    # The y axis of a picture points down.
    np.testing.assert_allclose(np.diff(line[:, 1])[1] / np.diff(line[:, 1])[0], 2, rtol=1e-4)


def test_training_is_light_to_import() -> None:
    code = (
        "import sys\nimport modelc.callbacks.callback_list, modelc.data.batches\n"
        "import modelc.data.sources, modelc.training.curves, modelc.callbacks.checkpoint\n"
        "from modelc.callbacks import CALLBACKS\n[CALLBACKS[name] for name in CALLBACKS.names]\n"
        "loaded = {'numba', 'llvmlite', 'rich', 'matplotlib', 'tensorboardX', 'PIL', 'h5py'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={**os.environ})
