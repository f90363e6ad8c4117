"""A shape error names the layer that made the failing axis small, or changed the number of axes; no other."""

from __future__ import annotations

import pytest

from modelc.errors import SpecError
from modelc.model.loading import load_spec


def help_of(shape: str, *layers: str) -> str:
    text = f"modelc: 1\ninput: {{shape: {shape}}}\nlayers:\n" + "".join(f"  - {layer}\n" for layer in layers)
    with pytest.raises(SpecError) as caught:
        _ = load_spec(text).graph
    (diagnostic,) = caught.value.diagnostics
    return diagnostic.help or ""


def test_the_layer_that_shrank_the_axis() -> None:
    pool, dense = "{type: MaxPooling2D, pool_size: 4}", "{type: Dense, units: 2}"
    found = help_of("[16, 16, 3]", pool, dense, "{type: Conv2D, filters: 1, kernel_size: 5}")
    assert found.startswith(
        "`max_pooling2d` (MaxPooling2D) at <spec>:4 made it that small: (None, 16, 16, 3) → (None, 4, 4, 3)"
    )


def test_only_the_failing_axis_counts() -> None:
    wide, tall = "{type: Cropping2D, cropping: [[0, 0], [4, 4]]}", "{type: Cropping2D, cropping: [[5, 5], [0, 0]]}"
    found = help_of("[16, 32, 3]", tall, wide, "{type: Conv2D, filters: 1, kernel_size: [7, 1]}")
    assert found.startswith("`cropping2d` (Cropping2D) at <spec>:4")


def test_channels_first_counts_its_own_axes() -> None:
    found = help_of(
        "[3, 8, 40]",
        "{type: MaxPooling2D, pool_size: [2, 1], data_format: channels_first}",
        "{type: Conv2D, filters: 1, kernel_size: [5, 1], data_format: channels_first}",
    )
    assert "made it that small: (None, 3, 8, 40) → (None, 3, 4, 40)" in found


def test_an_input_that_was_small_from_the_start_has_no_cause() -> None:
    assert "made it" not in help_of(
        "[8, 16]", "{type: Dense, units: 10}", "{type: Conv1D, filters: 1, kernel_size: 40}"
    )


def test_the_layer_that_changed_the_number_of_axes() -> None:
    found = help_of("[8, 8, 2]", "{type: Flatten}", "{type: Dense, units: 4}", "{type: MaxPooling2D}")
    assert found.startswith("`flatten` (Flatten) at <spec>:4 made it 2-D: (None, 8, 8, 2) → (None, 128)")


def test_a_reason_that_is_no_size_has_no_cause() -> None:
    found = help_of("[8, 8, 3]", "{type: MaxPooling2D}", "{type: Conv2D, filters: 4, kernel_size: 1, groups: 2}")
    assert "made it" not in found
