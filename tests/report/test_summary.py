"""The summary against the guide's tables, against Keras's counts of whole models, and its other forms."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from modelc.errors import InputError, SpecError
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.report.summary import Summary, summarize
from modelc.report.table import COLUMNS

ROOT = Path(__file__).parent.parent.parent
SPECS = ROOT / "specs"

GUIDE_DENSE = """
Model: "sequential_4" _________________________________________________________________
Layer (type) Output Shape Param #
================================================================= dense_10 (Dense) (None, 2) 10
================================================================= Total params: 10 (40.00 Byte) Trainable params: 10
(40.00 Byte) Non-trainable params: 0 (0.00 Byte) _________________________________________________________________
"""
"""As the guide prints it, its line breaks lost."""

GUIDE_CNN = """
Model: "sequential_6" ___ Layer (type) Output Shape Param #
=== conv2d (Conv2D) (None, 123, 123, 32) 2432 conv2d_1 (Conv2D) (None, 121, 121, 32) 9248
max_pooling2d (MaxPooling2D) (None, 40, 40, 32) 0 conv2d_2 (Conv2D) (None, 38, 38, 32) 9248
conv2d_3 (Conv2D) (None, 36, 36, 32) 9248 max_pooling2d_1 (MaxPooling2D) (None, 12, 12, 32) 0
conv2d_4 (Conv2D) (None, 10, 10, 32) 9248 conv2d_5 (Conv2D) (None, 8, 8, 32) 9248
max_pooling2d_2 (MaxPooling2D) (None, 4, 4, 32) 0
=== Total params: 48672 (190.12 KB) Trainable params: 48672 (190.12 KB)
Non-trainable params: 0 (0.00 Byte) ___
"""
"""As the guide prints it, but for two names that Keras wraps because its columns are narrow."""


def spec_of(*layers: dict[str, Any], shape: list[int], **keys: Any) -> Spec:
    return load_spec({"modelc": 1, "input": {"shape": shape}, "layers": list(layers), **keys})


def words(text: str) -> list[str]:
    return re.sub(r"_{3,}|={3,}", "---", text).split()


def _without_batch(shape: Sequence[int | None]) -> str:
    return "x".join(map(str, shape[1:]))


def cnn(*settings: str) -> Spec:
    return load_spec(SPECS / "guide_cnn.yaml", settings=settings)


def test_guide_table_of_one_layer() -> None:
    spec = spec_of({"type": "Dense", "units": 2, "name": "dense_10"}, shape=[4], name="sequential_4")
    table = str(spec.summary())
    assert words(table) == words(GUIDE_DENSE)
    assert table.splitlines()[1] == "_" * 65  # as wide as Keras's


def test_guide_table_of_the_downsampling_stack() -> None:
    spec = cnn().truncate("max_pooling2d_2").replaced(name="sequential_6")
    assert words(str(spec.summary())) == words(GUIDE_CNN)


def test_guide_half_way() -> None:
    summary = cnn().truncate("max_pooling2d").summary()
    assert "11680 (45.62 KB)" in str(summary)
    assert summary.rows[-1].output_shape == (None, 40, 40, 32)


@pytest.mark.parametrize(("name", "total"), [("vgg16", 138_357_544), ("mobilenet", 4_253_864)])
def test_counts_of_keras_applications(name: str, total: int) -> None:
    summary = load_spec(SPECS / f"{name}.yaml").summary()
    found = [
        {"name": r.name, "type": r.type, "output_shape": _without_batch(r.output_shape), "params": str(r.params)}
        for r in summary.rows
    ]
    with (Path(__file__).parent / f"keras_{name}.csv").open(encoding="utf-8") as file:
        assert found == list(csv.DictReader(file))
    assert summary.params == total


def test_statistics_and_frozen_layers_are_not_trainable() -> None:
    layers = ({"type": "Dense", "units": 5}, {"type": "BatchNormalization"}, {"type": "Dense", "units": 2})
    summary = spec_of(*layers, shape=[3], freeze="0").summary()
    assert [(r.params, r.trainable_params, r.trainable) for r in summary.rows] == [
        (20, 0, False),
        (20, 10, True),
        (12, 12, True),
    ]
    assert (summary.params, summary.trainable_params, summary.non_trainable_params) == (52, 22, 30)


def test_macs_are_those_of_the_documented_convention() -> None:
    first = cnn().summary(columns=["macs"]).rows[0]
    assert first.macs == 123 * 123 * 32 * 5 * 5 * 3  # the example of docs/macs.md
    layers = (
        {"type": "SeparableConv2D", "filters": 8, "kernel_size": 3, "depth_multiplier": 2},
        {"type": "Conv2D", "filters": 8, "kernel_size": 3, "groups": 4, "padding": "same"},
        {"type": "Conv2DTranspose", "filters": 5, "kernel_size": 3, "strides": 2},
        {"type": "MaxPooling2D"},
        {"type": "BatchNormalization"},
        {"type": "Flatten"},
        {"type": "Dense", "units": 7},
    )
    rows = spec_of(*layers, shape=[10, 10, 4]).summary().rows
    assert [row.macs for row in rows] == [
        8 * 8 * (9 * 4 * 2 + 4 * 2 * 8),
        8 * 8 * 8 * 9 * 8 // 4,
        8 * 8 * 9 * 8 * 5,
        0,
        0,
        0,
        8 * 8 * 5 * 7,
    ]


@pytest.mark.parametrize("precision", ["exact", "fast"])
def test_activation_bytes_are_those_of_the_batch(precision: str) -> None:
    """What threads work in where sums are computed `fast` is left out: it depends on how many threads there are."""
    one, many = (cnn(f"precision={precision}").summary(batch_size=n) for n in (1, 7))
    assert one.rows[0].activation_bytes == 123 * 123 * 32 * 4
    assert [r.activation_bytes for r in many.rows] == [7 * r.activation_bytes for r in one.rows]
    # One sample goes through the graph after the other, and the results of all of them are returned.
    assert many.activation_memory == (one.activation_memory or 0) + 6 * 10 * 4
    assert (one.activation_memory or 0) >= max(a.activation_bytes for a in one.rows)


def test_rows_are_selected_and_totals_are_not() -> None:
    summary = cnn().summary(layers=["conv*", "!conv2d_1"])
    assert [row.name for row in summary.rows] == ["conv2d", "conv2d_2", "conv2d_3", "conv2d_4", "conv2d_5"]
    assert summary.params == cnn().summary().params


def test_percentages_add_up() -> None:
    rows = cnn().summary(wide=True).rows
    assert sum(row.percent for row in rows) == pytest.approx(100)
    nothing = spec_of({"type": "Flatten"}, shape=[2, 2]).summary()
    assert nothing.rows[0].percent == 0


def test_wide_table_has_every_column_and_is_aligned() -> None:
    lines = str(cnn().summary(wide=True)).splitlines()
    heading = lines[2]
    for name in ("Output Shape", "Param #", "Kernel", "MACs", "Activation", "Receptive Field", "Trainable", "Param %"):
        start = heading.index(name)
        assert all(line[start - 1] == " " and line[start] != " " for line in lines[4:6])
    assert "MACs per sample: 198004640" in lines


def test_nothing_is_cut() -> None:
    long = "a_layer_" + "with_a_long_name_" * 10
    table = str(spec_of({"type": "Dense", "units": 10**6, "name": long}, shape=[10**6]).summary())
    assert f" {long} (Dense)  (None, 1000000)" in table
    assert "1000001000000" in table


def test_json_has_the_documented_keys() -> None:
    data = json.loads(cnn().summary(batch_size=2).to_json())
    assert list(data) == [
        "name", "batch_size", "inputs", "outputs", "layers", "params", "trainable_params", "non_trainable_params",
        "macs", "activation_memory",
    ]  # fmt: skip
    assert data["layers"][0] == {
        "name": "conv2d",
        "type": "Conv2D",
        "output_shape": [None, 123, 123, 32],
        "output_shapes": [[None, 123, 123, 32]],
        "params": 2432,
        "trainable_params": 2432,
        "macs": 36_309_600,
        "activation_bytes": 2 * 123 * 123 * 32 * 4,
        "trainable": True,
        "connected_to": ["input"],
    }
    assert data["inputs"] == [{"name": "input", "shape": [None, 250, 250, 3], "dtype": "float32"}]
    assert data["outputs"] == [{"name": "dense", "shape": [None, 10], "dtype": "float32"}]
    assert (data["params"], data["non_trainable_params"]) == (49_002, 0)


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(StringIO(cnn().summary(wide=True).to_csv())))
    assert list(rows[0]) == ["name", "type", *COLUMNS]
    assert rows[0]["output_shape"] == "(None, 123, 123, 32)"
    assert (rows[0]["kernel"], rows[0]["receptive_field"], rows[0]["trainable"]) == ("5x5", "5x5", "true")
    assert sum(int(row["params"]) for row in rows) == 49_002


def test_markdown_and_html_escape_names() -> None:
    summary = spec_of({"type": "Dense", "units": 3, "name": "a|b_<i>"}, shape=[3], name="<script>").summary()
    row = summary.to_markdown().splitlines()[2]
    assert row == r"| a\|b\_\<i\> (Dense) | (None, 3) | 12 |"
    html = summary._repr_html_()
    assert "<script>" not in html
    assert "<i>" not in html
    assert html.count("<tr>") == 5  # heading, layer, three totals
    shown = load_spec(summary_source(summary))._repr_html_()
    assert html in shown and "<script>" not in shown and "<i>" not in shown


def summary_source(summary: Summary) -> dict[str, Any]:
    layers = [{"type": "Dense", "units": 3, "name": summary.rows[0].name}]
    return {"modelc": 1, "name": summary.name, "input": {"shape": [3]}, "layers": layers}


def test_mistakes_in_the_options() -> None:
    for options, error, message in (
        ({"columns": ["parms"]}, SpecError, "unknown column `parms`"),
        ({"layers": ["dens"]}, SpecError, "unknown layer `dens`"),
        ({"batch_size": 0}, InputError, "`batch_size` must be at least 1, found 0"),
    ):
        with pytest.raises(error, match=re.escape(message)):
            cnn().summary(**options)


def test_a_deferred_spec_says_how_to_give_a_shape() -> None:
    spec = load_spec({"modelc": 1, "layers": [{"type": "Dense", "units": 3}]})
    with pytest.raises(SpecError, match="--input-shape"):
        spec.summary()
    assert spec.with_input_shape((5,)).summary().params == 18


def test_a_built_model_is_summarized_with_its_own_trainable() -> None:
    model = cnn().truncate("conv2d_1").build(backend="reference")
    model.layers[0].trainable = False
    assert summarize(model).trainable_params == 9248
