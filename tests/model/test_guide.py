"""Every code block of Keras's guide "The Sequential model" (F. Chollet), with its numbers.

The code is the guide's; only the imports and `tf.ones` are changed, and the training calls left out. Weights of
ImageNet would have to be downloaded, so Xception's are drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc as keras
from modelc import layers
from modelc.errors import NotBuiltError

ones = np.ones


def _rows(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, str]]:
    """The layers, shapes and counts of the table that was printed last."""
    table = capsys.readouterr().out.rsplit("Model: ", 1)[1]
    body = table.split("=" * 20)[1:]
    lines = "".join(body).replace("=", "").splitlines()
    rows: list[tuple[str, str, str]] = []
    for line in lines:
        if line.startswith("Total"):
            break
        if line.strip():
            name, rest = line.strip().split(")", 1)
            shape, count = rest.strip().rsplit(None, 1)
            rows.append((f"{name})", shape.strip(), count))
    return rows


def test_setup_and_three_layers_on_an_input() -> None:
    # Define Sequential model with 3 layers
    model = keras.Sequential(
        [
            layers.Dense(2, activation="relu", name="layer1"),
            layers.Dense(3, activation="relu", name="layer2"),
            layers.Dense(4, name="layer3"),
        ]
    )
    # Call model on a test input
    x = ones((3, 3))
    y = model(x)
    assert y.shape == (3, 4)
    assert [layer.name for layer in model.layers] == ["layer1", "layer2", "layer3"]


def test_is_equivalent_to_this_function() -> None:
    # Create 3 layers
    layer1 = layers.Dense(2, activation="relu", name="layer1")
    layer2 = layers.Dense(3, activation="relu", name="layer2")
    layer3 = layers.Dense(4, name="layer3")
    # Call layers on a test input
    x = ones((3, 3))
    y = layer3(layer2(layer1(x)))
    assert y.shape == (3, 4)

    # "is equivalent": the same layers as a model give the same result.
    np.testing.assert_allclose(keras.Sequential([layer1, layer2, layer3])(x), y, rtol=1e-6)


def _three() -> keras.Sequential:
    return keras.Sequential(
        [
            layers.Dense(2, activation="relu"),
            layers.Dense(3, activation="relu"),
            layers.Dense(4),
        ]
    )


def test_layers_attribute() -> None:
    model = _three()
    assert [type(layer) for layer in model.layers] == [layers.Dense] * 3


def test_add_and_pop() -> None:
    model = keras.Sequential()
    model.add(layers.Dense(2, activation="relu"))
    model.add(layers.Dense(3, activation="relu"))
    model.add(layers.Dense(4))
    assert len(model.layers) == 3
    model.pop()
    assert len(model.layers) == 2


def test_name_argument() -> None:
    model = keras.Sequential(name="my_sequential")
    model.add(layers.Dense(2, activation="relu", name="layer1"))
    model.add(layers.Dense(3, activation="relu", name="layer2"))
    model.add(layers.Dense(4, name="layer3"))
    assert model.name == "my_sequential"


def test_layer_makes_its_weights_at_the_first_call() -> None:
    layer = layers.Dense(3)
    assert layer.weights == []  # Empty
    # Call layer on a test input
    x = ones((1, 4))
    y = layer(x)
    assert [w.shape for w in layer.weights] == [(4, 3), (3,)]  # Now it has weights, of shape (4, 3) and (3,)
    np.testing.assert_allclose(y, x @ layer.weights[0].numpy(), rtol=1e-6)
    assert not layer.weights[1].numpy().any()


def test_deferred_model(capsys: pytest.CaptureFixture[str]) -> None:
    model = _three()  # No weights at this stage!
    # At this point, you can't do this:
    with pytest.raises(NotBuiltError, match="not built yet"):
        _ = model.weights
    # You also can't do this:
    with pytest.raises(NotBuiltError, match="not built yet"):
        model.summary()
    # Call the model on a test input
    x = ones((1, 4))
    y = model(x)
    assert y.shape == (1, 4)
    assert len(model.weights) == 6

    model.summary()
    assert _rows(capsys) == [
        ("dense (Dense)", "(1, 2)", "10"),
        ("dense_1 (Dense)", "(1, 3)", "9"),
        ("dense_2 (Dense)", "(1, 4)", "16"),
    ]
    model.summary()
    printed = capsys.readouterr().out
    assert "Total params: 35 (140.00 Byte)" in printed
    assert "Trainable params: 35 (140.00 Byte)" in printed
    assert "Non-trainable params: 0 (0.00 Byte)" in printed


def test_input_object(capsys: pytest.CaptureFixture[str]) -> None:
    model = keras.Sequential()
    model.add(keras.Input(shape=(4,)))
    model.add(layers.Dense(2, activation="relu"))
    model.summary()
    assert _rows(capsys) == [("dense (Dense)", "(None, 2)", "10")]
    # The Input is not displayed as part of model.layers, since it isn't a layer.
    assert [type(layer) for layer in model.layers] == [layers.Dense]


def test_input_shape_argument(capsys: pytest.CaptureFixture[str]) -> None:
    model = keras.Sequential()
    model.add(layers.Dense(2, activation="relu", input_shape=(4,)))
    model.summary()
    assert _rows(capsys) == [("dense (Dense)", "(None, 2)", "10")]
    # Models built with a predefined input shape like this always have weights and a defined output shape.
    assert len(model.weights) == 2
    assert model.output_shape == (None, 2)


def test_add_and_summary(capsys: pytest.CaptureFixture[str]) -> None:
    model = keras.Sequential()
    model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
    model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(3))

    # Can you guess what the current output shape is at this point? Probably not.
    # Let's just print it:
    model.summary()
    printed = capsys.readouterr().out
    assert "Total params: 11680 (45.62 KB)" in printed
    assert "(None, 40, 40, 32)" in printed
    assert model.output_shape == (None, 40, 40, 32)

    # The answer was: (40, 40, 32), so we can keep downsampling...
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(3))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.Conv2D(32, 3, activation="relu"))
    model.add(layers.MaxPooling2D(2))

    # And now?
    model.summary()
    assert _rows(capsys) == [
        ("conv2d (Conv2D)", "(None, 123, 123, 32)", "2432"),
        ("conv2d_1 (Conv2D)", "(None, 121, 121, 32)", "9248"),
        ("max_pooling2d (MaxPooling2D)", "(None, 40, 40, 32)", "0"),
        ("conv2d_2 (Conv2D)", "(None, 38, 38, 32)", "9248"),
        ("conv2d_3 (Conv2D)", "(None, 36, 36, 32)", "9248"),
        ("max_pooling2d_1 (MaxPooling2D)", "(None, 12, 12, 32)", "0"),
        ("conv2d_4 (Conv2D)", "(None, 10, 10, 32)", "9248"),
        ("conv2d_5 (Conv2D)", "(None, 8, 8, 32)", "9248"),
        ("max_pooling2d_2 (MaxPooling2D)", "(None, 4, 4, 32)", "0"),
    ]
    model.summary()
    assert "Total params: 48672 (190.12 KB)" in capsys.readouterr().out

    # Now that we have 4x4 feature maps, time to apply global max pooling.
    model.add(layers.GlobalMaxPooling2D())

    # Finally, we add a classification layer.
    model.add(layers.Dense(10))
    assert model(ones((1, 250, 250, 3))).shape == (1, 10)


def test_feature_extractor() -> None:
    initial_model = keras.Sequential(
        [
            keras.Input(shape=(250, 250, 3)),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(32, 3, activation="relu"),
        ]
    )
    feature_extractor = keras.Model(
        inputs=initial_model.inputs,
        outputs=[layer.output for layer in initial_model.layers],
    )

    # Call feature extractor on test input.
    x = ones((1, 250, 250, 3))
    features = feature_extractor(x)
    assert [f.shape for f in features] == [(1, 123, 123, 32), (1, 121, 121, 32), (1, 119, 119, 32)]
    np.testing.assert_array_equal(features[-1], initial_model(x))


def test_feature_extractor_of_one_layer() -> None:
    initial_model = keras.Sequential(
        [
            keras.Input(shape=(250, 250, 3)),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3, activation="relu", name="my_intermediate_layer"),
            layers.Conv2D(32, 3, activation="relu"),
        ]
    )
    feature_extractor = keras.Model(
        inputs=initial_model.inputs,
        outputs=initial_model.get_layer(name="my_intermediate_layer").output,
    )
    # Call feature extractor on test input.
    x = ones((1, 250, 250, 3))
    features = feature_extractor(x)
    assert features.shape == (1, 121, 121, 32)


def test_freeze_all_but_the_last(tmp_path: Path) -> None:
    def make(**options: Any) -> keras.Sequential:
        return keras.Sequential([
            keras.Input(shape=(784)),
            layers.Dense(32, activation='relu'),
            layers.Dense(32, activation='relu'),
            layers.Dense(32, activation='relu'),
            layers.Dense(10),
        ], **options)  # fmt: skip

    pre_trained = make(seed=7)
    pre_trained.save_weights(tmp_path / "weights.safetensors")
    model = make()

    # Presumably you would want to first load pre-trained weights.
    model.load_weights(tmp_path / "weights.safetensors")

    # Freeze all layers except the last one.
    for layer in model.layers[:-1]:
        layer.trainable = False

    for mine, theirs in zip(model.get_weights(), pre_trained.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert [v.path for v in model.trainable_weights] == ["dense_3/kernel", "dense_3/bias"]
    assert len(model.non_trainable_weights) == 6
    assert sum(v.value.size for v in model.trainable_weights) == 330
    assert model.count_params() == 27_562


def test_a_classifier_on_a_pre_trained_base() -> None:
    # Load a convolutional base with pre-trained weights
    base_model = keras.applications.Xception(
        weights=None,
        include_top=False,
        pooling='avg')  # fmt: skip

    # Freeze the base model
    base_model.trainable = False

    # Use a Sequential model to add a trainable classifier on top
    model = keras.Sequential([
        base_model,
        layers.Dense(1000),
    ])  # fmt: skip

    assert model.count_params() == 20_861_480 + 2_049_000
    assert sum(v.value.size for v in model.trainable_weights) == 2_049_000
    assert model.output_shape == (None, 1000)
