"""A Keras model as a PyTorch user would write it: pictures as NCHW in the `channels_last` memory format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import torch
from torch.nn import functional

_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda x: x,
    "relu": functional.relu,
    "tanh": torch.tanh,
    "softmax": lambda x: x,  # the loss takes logits
}


class Layers(torch.nn.Module):
    """The layers of a chain or a graph of single inputs and sums."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        graph = getattr(model, "_functional", None) or model  # that of a chain
        self._model = [graph]  # in a list, so that it is no submodule
        self.parts = torch.nn.ModuleDict()
        for layer in model.layers:
            part = _module(layer)
            if part is not None:
                self.parts[layer.name] = part

    def forward(self, x: Any) -> Any:
        (model,) = self._model
        values = {id(model.inputs[0]): x}
        for depth in sorted(model._nodes_by_depth, reverse=True):
            for node in model._nodes_by_depth[depth]:
                layer = node.operation
                if layer.__class__.__name__ == "InputLayer":
                    continue
                found = [values[id(tensor)] for tensor in node.input_tensors]
                values[id(node.outputs[0])] = self.apply_layer(layer, found)
        return values[id(model.outputs[0])]

    def apply_layer(self, layer: Any, inputs: list[Any]) -> Any:
        x, kind = inputs[0], type(layer).__name__
        if kind == "Add":
            return inputs[0] + inputs[1]
        if kind == "ZeroPadding2D":
            (top, bottom), (left, right) = layer.padding
            return functional.pad(x, (left, right, top, bottom))
        if kind == "Flatten":
            return x.permute(0, 2, 3, 1).flatten(1)  # the order of Keras's weights
        if kind == "GlobalAveragePooling2D":
            return x.mean((2, 3))
        if kind == "GlobalMaxPooling2D":
            return x.amax((2, 3))
        if kind == "MaxPooling2D":
            return functional.max_pool2d(x, layer.pool_size, layer.strides)
        if kind == "AveragePooling2D":
            return functional.avg_pool2d(x, layer.pool_size, layer.strides)
        y = self.parts[layer.name](x) if layer.name in self.parts else x
        activation = getattr(layer, "activation", None)
        return y if activation is None else _ACTIVATIONS[activation.__name__](y)


def _module(layer: Any) -> Any:
    """The module of a layer that has weights."""
    arrays = [torch.from_numpy(np.array(array)) for array in layer.get_weights()]
    kind = type(layer).__name__
    if kind == "Conv2D":
        padding = layer.padding if layer.padding == "valid" else "same"
        kernel = arrays[0].permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
        made = torch.nn.Conv2d(*kernel.shape[1::-1], layer.kernel_size, layer.strides, padding, bias=len(arrays) > 1)
        return _with(made, weight=kernel, bias=arrays[1] if len(arrays) > 1 else None)
    if kind == "Dense":
        kernel = arrays[0].T.contiguous()
        return _with(torch.nn.Linear(*arrays[0].shape), weight=kernel, bias=arrays[1])
    if kind == "BatchNormalization":
        made = torch.nn.BatchNorm2d(len(arrays[0]), layer.epsilon, 1 - layer.momentum)
        made.running_mean, made.running_var = arrays[2], arrays[3]
        return _with(made, weight=arrays[0], bias=arrays[1])
    if arrays:
        raise SystemExit(f"no PyTorch module is known here for {kind}")
    return None


def _with(module: Any, **parameters: Any) -> Any:
    for name, value in parameters.items():
        if value is not None:
            setattr(module, name, torch.nn.Parameter(value))
    return module


def step(directory: Path, logits: bool, threads: int, learning_rate: float, momentum: float) -> Callable[[], float]:
    torch.set_num_threads(threads)
    source = keras.models.load_model(directory / "model.keras", compile=False)
    if not logits and source.layers[-1].activation.__name__ != "softmax":
        raise SystemExit("probabilities that are no softmax's have no loss here")
    with np.load(directory / "batch.npz") as batch:
        x, y = torch.from_numpy(batch["x"]), torch.from_numpy(batch["y"]).long()
    if x.ndim == 4:
        x = x.permute(0, 3, 1, 2)  # which is `channels_last`, without a copy
    model = Layers(source).train()
    optimizer = torch.optim.SGD(model.parameters(), learning_rate, momentum)

    def run() -> float:
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    return run
