"""Specs of the architectures in `torch_models.py`, as a user of modelc would write them."""

from __future__ import annotations

from typing import Any

from architectures import DENSE, MOBILE, VGG_LAYERS

Layer = dict[str, Any]
EPSILON = 1e-5


class Writer:
    """The layers of a spec, one after the other; each begins where the last one ended unless it says otherwise."""

    def __init__(self, names: bool) -> None:
        self.layers: list[Layer] = []
        self._names = names

    def add(self, kind: str, name: str, /, *inputs: str, **options: Any) -> str:
        """Add a layer; its name, without names one by which only `inputs` knows it."""
        label = name if self._names else f"x{len(self.layers)}"
        self.layers.append({"type": kind, "name": label, **options, **({"inputs": list(inputs)} if inputs else {})})
        return label

    def conv(self, name: str, filters: int, size: int, stride: int = 1, *inputs: str, bias: bool = False) -> str:
        """A convolution with the padding of PyTorch, which does not depend on the stride."""
        if size > 1:
            self.add("ZeroPadding2D", f"{name}_padding", *inputs, padding=size // 2)
            inputs = ()
        return self.add("Conv2D", name, *inputs, filters=filters, kernel_size=size, strides=stride, use_bias=bias)

    def norm(self, name: str, *inputs: str) -> str:
        return self.add("BatchNormalization", name, *inputs, epsilon=EPSILON)

    def relu(self, name: str, *inputs: str, kind: str = "relu") -> str:
        return self.add("Activation", f"{name}_relu", *inputs, activation=kind)

    def spec(self, *shape: int | None, **input: Any) -> dict[str, Any]:
        return {"modelc": 1, "input": {"shape": list(shape), **input}, "layers": self.layers}


def resnet(counts: tuple[int, ...], *, bottleneck: bool, names: bool = False, width: int = 8) -> dict[str, Any]:
    w = Writer(names)
    w.conv("stem", width, 7, 2)
    w.norm("stem_norm")
    w.relu("stem")
    w.add("ZeroPadding2D", "pool_padding", padding=1)
    x, inputs = w.add("MaxPooling2D", "pool", pool_size=3, strides=2), width
    for i, count in enumerate(counts):
        for j in range(count):
            at, stride, planes = f"stage{i}_block{j}", 2 if i and not j else 1, width << i
            outputs = planes * (4 if bottleneck else 1)
            sizes = ((planes, 1, 1), (planes, 3, stride), (outputs, 1, 1)) if bottleneck else (
                (planes, 3, stride), (planes, 3, 1),
            )  # fmt: skip
            y = x
            for k, (filters, size, step) in enumerate(sizes):
                w.conv(f"{at}_conv{k + 1}", filters, size, step, *((x,) if k == 0 else ()))
                y = w.norm(f"{at}_norm{k + 1}")
                if k + 1 < len(sizes):
                    y = w.relu(f"{at}_{k}")
            shortcut = x
            if stride > 1 or inputs != outputs:
                w.conv(f"{at}_shortcut_conv", outputs, 1, stride, x)
                shortcut = w.norm(f"{at}_shortcut_norm")
            w.add("Add", f"{at}_sum", y, shortcut)
            x, inputs = w.relu(at), outputs
    w.add("GlobalAveragePooling2D", "average")
    w.add("Dense", "classes", units=10)
    return w.spec(32, 40, 3)


def mobilenet(*, names: bool = False) -> dict[str, Any]:
    w = Writer(names)
    w.conv("stem", 8, 3, 2)
    w.norm("stem_norm")
    x, inputs, n = w.relu("stem", kind="relu6"), 8, 0
    for expand, outputs, count, first in MOBILE:
        for i in range(count):
            at, stride, n = f"block{n}", 1 if i else first, n + 1
            y = x
            if expand != 1:
                w.conv(f"{at}_expand", inputs * expand, 1, 1, y)
                w.norm(f"{at}_expand_norm")
                y = w.relu(f"{at}_expand", kind="relu6")
            w.add("ZeroPadding2D", f"{at}_padding", y, padding=1)
            w.add("DepthwiseConv2D", f"{at}_depthwise", kernel_size=3, strides=stride, use_bias=False)
            w.norm(f"{at}_depthwise_norm")
            w.relu(f"{at}_depthwise", kind="relu6")
            w.conv(f"{at}_project", outputs, 1)
            y = w.norm(f"{at}_project_norm")
            x = w.add("Add", f"{at}_sum", x, y) if stride == 1 and inputs == outputs else y
            inputs = outputs
    w.conv("last", 48, 1, 1, x)
    w.norm("last_norm")
    w.relu("last", kind="relu6")
    w.add("GlobalAveragePooling2D", "average")
    w.add("Dropout", "dropout", rate=0.2)
    w.add("Dense", "classes", units=10)
    return w.spec(32, 40, 3)


def vgg(*, norm: bool, names: bool = False) -> dict[str, Any]:
    w = Writer(names)
    for i, width in enumerate(VGG_LAYERS):
        if width == "M":
            w.add("MaxPooling2D", f"pool{i}")
            continue
        w.conv(f"conv{i}", int(width), 3, bias=True)
        if norm:
            w.norm(f"norm{i}")
        w.relu(f"conv{i}")
    w.add("Flatten", "flatten")
    for i in range(2):
        w.add("Dense", f"hidden{i}", units=20, activation="relu")
        w.add("Dropout", f"dropout{i}", rate=0.5)
    w.add("Dense", "classes", units=10)
    return w.spec(32, 48, 3)


def densenet(*, names: bool = False, growth: int = 4) -> dict[str, Any]:
    w = Writer(names)
    w.conv("stem", 8, 7, 2)
    w.norm("stem_norm")
    w.relu("stem")
    w.add("ZeroPadding2D", "pool_padding", padding=1)
    x, width = w.add("MaxPooling2D", "pool", pool_size=3, strides=2), 8
    for i, count in enumerate(DENSE):
        for j in range(count):
            at = f"dense{i}_{j}"
            w.norm(f"{at}_norm1", x)
            w.relu(f"{at}_1")
            w.conv(f"{at}_conv1", 4 * growth, 1)
            w.norm(f"{at}_norm2")
            w.relu(f"{at}_2")
            y = w.conv(f"{at}_conv2", growth, 3)
            x, width = w.add("Concatenate", f"{at}_join", x, y), width + growth
        if i + 1 < len(DENSE):
            w.norm(f"transition{i}_norm", x)
            w.relu(f"transition{i}")
            width //= 2
            w.conv(f"transition{i}_conv", width, 1)
            x = w.add("AveragePooling2D", f"transition{i}_pool", pool_size=2)
    w.norm("last_norm", x)
    w.relu("last")
    w.add("GlobalAveragePooling2D", "average")
    w.add("Dense", "classes", units=10)
    return w.spec(32, 40, 3)


def bert(*, names: bool = True, layers: int = 11, width: int = 12, words: int = 50, length: int = 7) -> dict[str, Any]:
    w = Writer(names)
    ids = w.add("Embedding", "word_embeddings", "ids", input_dim=words, output_dim=width)
    positions = w.add("Embedding", "position_embeddings", "positions", input_dim=length, output_dim=width)
    w.add("Add", "sum", ids, positions)
    x = w.add("LayerNormalization", "embeddings_norm", epsilon=1e-12)
    for i in range(layers):
        y = w.add("MultiHeadAttention", f"layer{i}_attention", x, x, num_heads=3, key_dim=width // 3)
        w.add("Add", f"layer{i}_attention_sum", x, y)
        x = w.add("LayerNormalization", f"layer{i}_attention_norm", epsilon=1e-12)
        w.add("Dense", f"layer{i}_intermediate", units=4 * width, activation="gelu")
        y = w.add("Dense", f"layer{i}_output", units=width)
        w.add("Add", f"layer{i}_sum", x, y)
        x = w.add("LayerNormalization", f"layer{i}_norm", epsilon=1e-12)
    w.add("Cropping1D", "first", x, cropping=[0, length - 1])
    w.add("Flatten", "flatten")
    w.add("Dense", "pooler", units=width, activation="tanh")
    inputs = {"ids": {"shape": [length], "dtype": "int32"}, "positions": {"shape": [length], "dtype": "int32"}}
    return {"modelc": 1, "inputs": inputs, "layers": w.layers}


def encoder(*, names: bool = True, layers: int = 3, width: int = 12) -> dict[str, Any]:
    w = Writer(names)
    x = "x"
    for i in range(layers):
        y = w.add("LayerNormalization", f"layer{i}_norm1", x, epsilon=EPSILON)
        y = w.add("MultiHeadAttention", f"layer{i}_attention", y, y, num_heads=3, key_dim=width // 3)
        x = w.add("Add", f"layer{i}_sum1", x, y)
        w.add("LayerNormalization", f"layer{i}_norm2", epsilon=EPSILON)
        w.add("Dense", f"layer{i}_dense1", units=24, activation="relu")
        y = w.add("Dense", f"layer{i}_dense2", units=width)
        x = w.add("Add", f"layer{i}_sum2", x, y)
    w.add("LayerNormalization", "norm", x, epsilon=EPSILON)
    return {"modelc": 1, "inputs": {"x": {"shape": [5, width]}}, "layers": w.layers}


def gpt2(*, names: bool = True, layers: int = 2, width: int = 12) -> dict[str, Any]:
    w = Writer(names)
    x = "x"
    for i in range(layers):
        y = w.add("LayerNormalization", f"h{i}_ln_1", x, epsilon=EPSILON)
        attention = {"num_heads": 3, "key_dim": width // 3, "use_causal_mask": True}
        y = w.add("MultiHeadAttention", f"h{i}_attn", y, y, **attention)
        x = w.add("Add", f"h{i}_sum1", x, y)
        w.add("LayerNormalization", f"h{i}_ln_2", epsilon=EPSILON)
        w.add("Dense", f"h{i}_mlp_c_fc", units=4 * width, activation="gelu")
        y = w.add("Dense", f"h{i}_mlp_c_proj", units=width)
        x = w.add("Add", f"h{i}_sum2", x, y)
    w.add("LayerNormalization", "ln_f", x, epsilon=EPSILON)
    return {"modelc": 1, "inputs": {"x": {"shape": [5, width]}}, "layers": w.layers}


def recurrent(kind: str, *, bias: bool = True) -> dict[str, Any]:
    w = Writer(True)
    for i in range(2):
        inner = {"type": kind, "units": 4, "return_sequences": True, "use_bias": bias}
        w.add("Bidirectional", f"rnn{i}", layer=inner)
    w.add("Dense", "head", units=3)
    return w.spec(6, 5)
