"""The models that the tests compare: each as PyTorch defines it and as a spec, and what is put into both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from weights import weight

import specs

Array = NDArray[Any]

RECORDED = Path(__file__).parent / "recorded"


@dataclass(frozen=True)
class Case:
    """One architecture."""

    name: str
    spec: Callable[..., dict[str, Any]]
    torch_model: Callable[[Any], Any]
    """The model, of the module `torch_models`."""
    shape: tuple[int, ...]
    """Of the input, channels last; () for word numbers."""

    def inputs(self) -> list[Array]:
        """The arrays that the spec takes."""
        random = np.random.default_rng(1)
        if self.shape:
            return [random.normal(size=(2, *self.shape)).astype(np.float32)]
        return [random.integers(0, 50, (2, 7)).astype(np.int32), np.tile(np.arange(7, dtype=np.int32), (2, 1))]

    def torch_inputs(self) -> Array:
        """What the model of PyTorch takes: channels first."""
        x = self.inputs()[0]
        return np.moveaxis(x, -1, 1) if x.ndim > 3 else x


CASES = (
    Case("resnet18", lambda **k: specs.resnet((2, 2, 2, 2), bottleneck=False, **k),
         lambda m: m.ResNet(m.BasicBlock, (2, 2, 2, 2)), (32, 40, 3)),
    Case("resnet50", lambda **k: specs.resnet((3, 4, 6, 3), bottleneck=True, **k),
         lambda m: m.ResNet(m.Bottleneck, (3, 4, 6, 3)), (32, 40, 3)),
    Case("mobilenet_v2", specs.mobilenet, lambda m: m.MobileNetV2(), (32, 40, 3)),
    Case("vgg11", lambda **k: specs.vgg(norm=False, **k), lambda m: m.VGG(norm=False), (32, 48, 3)),
    Case("vgg11_bn", lambda **k: specs.vgg(norm=True, **k), lambda m: m.VGG(norm=True), (32, 48, 3)),
    Case("densenet", specs.densenet, lambda m: m.DenseNet(), (32, 40, 3)),
    Case("bert", specs.bert, lambda m: m.BertModel(), ()),
    Case("encoder", specs.encoder, lambda m: m.TorchEncoder(), (5, 12)),
    Case("gpt2", specs.gpt2, lambda m: m.Gpt2(), (5, 12)),
    Case("lstm", lambda **k: specs.recurrent("LSTM"), lambda m: m.Both("LSTM"), (6, 5)),
    Case("gru", lambda **k: specs.recurrent("GRU"), lambda m: m.Both("GRU"), (6, 5)),
    Case("gru_without_bias", lambda **k: specs.recurrent("GRU", bias=False),
         lambda m: m.Both("GRU", bias=False), (6, 5)),
    Case("rnn", lambda **k: specs.recurrent("SimpleRNN"), lambda m: m.Both("RNN"), (6, 5)),
)  # fmt: skip
BY_NAME = {case.name: case for case in CASES}


@cache
def recorded_shapes() -> dict[str, dict[str, Any]]:
    """For each case the tensors in its state dict: their shapes, or the shape and `I64` for integers."""
    return json.loads((RECORDED / "shapes.json").read_text(encoding="utf-8"))


def state(name: str) -> dict[str, Array]:
    """The state dict of a case, as it was recorded."""
    return {
        tensor: weight(tensor, tuple(shape)) if dtype == "float32" else np.zeros(shape, np.int64)
        for tensor, (shape, dtype) in recorded_shapes()[name].items()
    }


def recorded_outputs(name: str) -> Array:
    """What PyTorch computed."""
    with np.load(RECORDED / "outputs.npz") as outputs:
        return outputs[name]
