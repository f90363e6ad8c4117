"""Record what every architecture of `keras.applications` consists of, into `expected.json.gz` and `options.json.gz`.

Run with Keras installed: `python tests/zoo/record.py`. By the name of the spec, the first file holds `{name, layers,
total, trainable, weights}`: one row for each of `model.layers`, `[name, class, shape of the output, parameters, names
of the layers that it is applied to]`, and a digest of the shapes of `model.weights` in order. The second holds the
options of the layers: `configs`, each written once, and by the name of the spec `{path: index of the config}`.
"""

from __future__ import annotations

import gzip
import hashlib
import inspect
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXPECTED = Path(__file__).parent / "expected.json.gz"
OPTIONS = Path(__file__).parent / "options.json.gz"

_SPELLINGS = {"InceptionResNetV2": "inception_resnet_v2", "InceptionV3": "inception_v3", "NASNetLarge": "nasnet_large",
              "NASNetMobile": "nasnet_mobile", "ConvNeXtXLarge": "convnext_xlarge"}  # fmt: skip


def spec_name(architecture: str) -> str:
    """`EfficientNetV2B0` as `efficientnet_v2_b0`."""
    if architecture in _SPELLINGS:
        return _SPELLINGS[architecture]
    name = re.sub(r"(?<=[a-z\d])(?=V\d)", "_", architecture)
    name = re.sub(r"(?<=Net)(?=B\d)|(?<=V\d)(?=[A-Z])|(?<=NeXt)(?=[A-Z])", "_", name)
    return name.lower()


def architectures() -> dict[str, Any]:
    """The functions of `keras.applications`, by the name of the spec."""
    import keras

    functions = {n: f for n, f in sorted(vars(keras.applications).items()) if inspect.isfunction(f)}
    return {spec_name(name): function for name, function in functions.items()}


def rows(model: Any) -> list[list[Any]]:
    """One row for each layer, in the order of `model.layers`."""
    table: list[list[Any]] = []
    for layer in model.layers:
        node = layer._inbound_nodes[0]
        sources = [history.operation.name for history in (t._keras_history for t in node.input_tensors)]
        if node.is_input:
            sources = []
        shape = list(layer.output.shape)
        table.append([layer.name, type(layer).__name__, shape, layer.count_params(), sources])
    return table


def options(model: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """The path of every layer, those inside of models included, and its class and options as JSON."""
    for layer in model.layers:
        path = above + layer.name
        if hasattr(layer, "layers"):
            yield from options(layer, f"{path}/")
        elif type(layer).__name__ != "InputLayer":
            config = {k: v for k, v in layer.get_config().items() if k not in ("name", "trainable", "dtype")}
            yield path, json.dumps({"class_name": type(layer).__name__, "config": config})


def shapes_digest(shapes: Any) -> str:
    """One text for a list of shapes."""
    text = json.dumps([list(shape) for shape in shapes])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(file: Path, data: Any) -> None:
    file.write_bytes(gzip.compress(json.dumps(data, separators=(",", ":")).encode(), mtime=0))


def main() -> None:
    """Build every architecture and write the files."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    recorded: dict[str, Any] = {}
    configs: dict[str, int] = {}
    indices: dict[str, dict[str, int]] = {}
    for name, function in architectures().items():
        keras.backend.clear_session()
        model = function(weights=None)
        trainable = sum(int(v.value.size) for v in model.trainable_variables)
        recorded[name] = {
            "name": model.name,
            "layers": rows(model),
            "total": model.count_params(),
            "trainable": trainable,
            "weights": shapes_digest(v.shape for v in model.weights),
        }
        indices[name] = {path: configs.setdefault(text, len(configs)) for path, text in options(model)}
        print(f"{name}: {len(model.layers)} layers", flush=True)
    _write(EXPECTED, recorded)
    _write(OPTIONS, {"configs": [json.loads(text) for text in configs], "layers": indices})


if __name__ == "__main__":
    main()
