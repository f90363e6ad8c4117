"""Models of PyTorch under the names that torchvision and Hugging Face give them, narrower than theirs."""

from __future__ import annotations

from typing import Any

import torch
from architectures import DENSE, MOBILE, VGG_LAYERS
from torch import nn
from weights import weight


class BasicBlock(nn.Module):
    """torchvision's `resnet.BasicBlock`."""

    expansion = 1

    def __init__(self, inputs: int, planes: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = _downsample(inputs, planes, stride)

    def forward(self, x: Any) -> Any:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    """torchvision's `resnet.Bottleneck`."""

    expansion = 4

    def __init__(self, inputs: int, planes: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.relu = nn.ReLU()
        self.downsample = _downsample(inputs, 4 * planes, stride)

    def forward(self, x: Any) -> Any:
        y = self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))
        return self.relu(self.bn3(self.conv3(y)) + (x if self.downsample is None else self.downsample(x)))


def _downsample(inputs: int, outputs: int, stride: int) -> Any:
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class ResNet(nn.Module):
    """torchvision's `ResNet`: `conv1`, `bn1`, `layer1` to `layer4`, `fc`."""

    def __init__(self, block: Any, counts: tuple[int, ...], width: int = 8, classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = width
        for i, count in enumerate(counts):
            blocks = []
            for j in range(count):
                blocks.append(block(inputs, width << i, 2 if i and not j else 1))
                inputs = (width << i) * block.expansion
            setattr(self, f"layer{i + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Any) -> Any:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for i in range(1, 5):
            x = getattr(self, f"layer{i}")(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))


def conv_bn(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> Any:
    """torchvision's `Conv2dNormActivation`."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs), nn.ReLU6())


class InvertedResidual(nn.Module):
    """torchvision's `mobilenetv2.InvertedResidual`."""

    def __init__(self, inputs: int, outputs: int, stride: int, expand: int) -> None:
        super().__init__()
        hidden = inputs * expand
        layers = [conv_bn(inputs, hidden, 1)] if expand != 1 else []
        layers += [conv_bn(hidden, hidden, 3, stride, hidden), nn.Conv2d(hidden, outputs, 1, bias=False)]
        self.conv = nn.Sequential(*layers, nn.BatchNorm2d(outputs))
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x: Any) -> Any:
        return x + self.conv(x) if self.adds else self.conv(x)


class MobileNetV2(nn.Module):
    """torchvision's `MobileNetV2`: `features.0` to `features.N`, `classifier.1`."""

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        layers, inputs = [conv_bn(3, 8, 3, 2)], 8
        for expand, outputs, count, stride in MOBILE:
            for i in range(count):
                layers.append(InvertedResidual(inputs, outputs, 1 if i else stride, expand))
                inputs = outputs
        self.features = nn.Sequential(*layers, conv_bn(inputs, 48, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(48, classes))

    def forward(self, x: Any) -> Any:
        return self.classifier(self.features(x).mean((2, 3)))


class VGG(nn.Module):
    """torchvision's `VGG`: `features` and `classifier`, numbered through."""

    def __init__(self, *, norm: bool, classes: int = 10) -> None:
        super().__init__()
        layers: list[Any] = []
        inputs = 3
        for width in VGG_LAYERS:
            if width == "M":
                layers.append(nn.MaxPool2d(2))
                continue
            layers += [nn.Conv2d(inputs, width, 3, padding=1), *([nn.BatchNorm2d(width)] if norm else []), nn.ReLU()]
            inputs = width
        self.features = nn.Sequential(*layers)
        hidden = [nn.Linear(inputs * 2 * 3, 20), nn.ReLU(), nn.Dropout(), nn.Linear(20, 20), nn.ReLU(), nn.Dropout()]
        self.classifier = nn.Sequential(*hidden, nn.Linear(20, classes))

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.flatten(self.features(x), 1))


class DenseLayer(nn.Module):
    """torchvision's `densenet._DenseLayer`."""

    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Any) -> Any:
        y = self.conv1(torch.relu(self.norm1(x)))
        return torch.cat([x, self.conv2(torch.relu(self.norm2(y)))], 1)


class Transition(nn.Module):
    """torchvision's `densenet._Transition`."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, inputs // 2, 1, bias=False)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x: Any) -> Any:
        return self.pool(self.conv(torch.relu(self.norm(x))))


class DenseNet(nn.Module):
    """torchvision's `DenseNet`: `features.denseblock1.denselayer1.norm1` and so on."""

    def __init__(self, growth: int = 4, classes: int = 10) -> None:
        super().__init__()
        features: dict[str, Any] = {
            "conv0": nn.Conv2d(3, 8, 7, 2, 3, bias=False), "norm0": nn.BatchNorm2d(8), "relu0": nn.ReLU(),
            "pool0": nn.MaxPool2d(3, 2, 1),
        }  # fmt: skip
        inputs = 8
        for i, count in enumerate(DENSE):
            layers = {}
            for j in range(count):
                layers[f"denselayer{j + 1}"] = DenseLayer(inputs, growth)
                inputs += growth
            features[f"denseblock{i + 1}"] = nn.Sequential()
            for name, layer in layers.items():
                features[f"denseblock{i + 1}"].add_module(name, layer)
            if i + 1 < len(DENSE):
                features[f"transition{i + 1}"] = Transition(inputs)
                inputs //= 2
        features["norm5"] = nn.BatchNorm2d(inputs)
        self.features = nn.Sequential()
        for name, layer in features.items():
            self.features.add_module(name, layer)
        self.classifier = nn.Linear(inputs, classes)

    def forward(self, x: Any) -> Any:
        return self.classifier(torch.relu(self.features(x)).mean((2, 3)))


class BertSelfAttention(nn.Module):
    """Hugging Face's `BertSelfAttention`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def forward(self, x: Any) -> Any:
        n, t, width = x.shape
        q, k, v = (m(x).view(n, t, self.heads, -1).transpose(1, 2) for m in (self.query, self.key, self.value))
        y = torch.softmax(q @ k.transpose(2, 3) / (width / self.heads) ** 0.5, -1) @ v
        return y.transpose(1, 2).reshape(n, t, width)


class BertOutput(nn.Module):
    """Hugging Face's `BertSelfOutput` and `BertOutput`."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(inputs, width)
        self.LayerNorm = nn.LayerNorm(width, 1e-12)

    def forward(self, x: Any, residual: Any) -> Any:
        return self.LayerNorm(self.dense(x) + residual)


class BertLayer(nn.Module):
    """Hugging Face's `BertLayer`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attention = nn.Module()
        self.attention.self = BertSelfAttention(width, heads)
        self.attention.output = BertOutput(width, width)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(width, 4 * width)
        self.output = BertOutput(4 * width, width)

    def forward(self, x: Any) -> Any:
        x = self.attention.output(self.attention.self(x), x)
        return self.output(nn.functional.gelu(self.intermediate.dense(x)), x)


class BertModel(nn.Module):
    """Hugging Face's `BertModel`: `embeddings`, `encoder.layer.0` and so on, `pooler.dense`."""

    def __init__(self, layers: int = 11, width: int = 12, heads: int = 3, words: int = 50, length: int = 7) -> None:
        super().__init__()
        self.embeddings = nn.Module()
        self.embeddings.word_embeddings = nn.Embedding(words, width)
        self.embeddings.position_embeddings = nn.Embedding(length, width)
        self.embeddings.LayerNorm = nn.LayerNorm(width, 1e-12)
        self.embeddings.register_buffer("position_ids", torch.arange(length)[None])
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList([BertLayer(width, heads) for _ in range(layers)])
        self.pooler = nn.Module()
        self.pooler.dense = nn.Linear(width, width)

    def forward(self, ids: Any) -> Any:
        e = self.embeddings
        x = e.LayerNorm(e.word_embeddings(ids) + e.position_embeddings(e.position_ids))
        for layer in self.encoder.layer:
            x = layer(x)
        return torch.tanh(self.pooler.dense(x[:, 0]))


class TorchEncoder(nn.Module):
    """PyTorch's own `nn.TransformerEncoder`, whose projections are one matrix."""

    def __init__(self, layers: int = 3, width: int = 12, heads: int = 3) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, 24, batch_first=True, norm_first=True, dropout=0.0)
        self.encoder = nn.TransformerEncoder(layer, layers, nn.LayerNorm(width), enable_nested_tensor=False)

    def forward(self, x: Any) -> Any:
        return self.encoder(x)


class Gpt2Block(nn.Module):
    """Hugging Face's `GPT2Block`, whose matrices are stored inputs first."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.c_attn, self.attn.c_proj = InputsFirst(width, 3 * width), InputsFirst(width, width)
        self.mlp.c_fc, self.mlp.c_proj = InputsFirst(width, 4 * width), InputsFirst(4 * width, width)
        self.heads = heads

    def forward(self, x: Any) -> Any:
        n, t, width = x.shape
        parts = self.attn.c_attn(self.ln_1(x)).split(width, 2)
        q, k, v = (part.view(n, t, self.heads, -1).transpose(1, 2) for part in parts)
        y = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn.c_proj(y.transpose(1, 2).reshape(n, t, width))
        return x + self.mlp.c_proj(nn.functional.gelu(self.mlp.c_fc(self.ln_2(x))))


class InputsFirst(nn.Module):
    """Hugging Face's `Conv1D` of GPT-2."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(inputs, outputs)), nn.Parameter(torch.empty(outputs))

    def forward(self, x: Any) -> Any:
        return x @ self.weight + self.bias


class Gpt2(nn.Module):
    """Hugging Face's `GPT2Model` on vectors instead of words: `h.0`, `h.1` and `ln_f`."""

    def __init__(self, layers: int = 2, width: int = 12, heads: int = 3) -> None:
        super().__init__()
        self.h = nn.ModuleList([Gpt2Block(width, heads) for _ in range(layers)])
        self.ln_f = nn.LayerNorm(width)

    def forward(self, x: Any) -> Any:
        for block in self.h:
            x = block(x)
        return self.ln_f(x)


class Both(nn.Module):
    """A recurrent module, and a matrix on what it gives at the last step."""

    def __init__(self, kind: str, *, bias: bool = True, outputs: int = 3) -> None:
        super().__init__()
        made = getattr(nn, kind)
        self.rnn = made(5, 4, num_layers=2, batch_first=True, bidirectional=True, bias=bias)
        self.head = nn.Linear(8, outputs)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(x)[0])


def filled(model: Any) -> Any:
    """The model with the weights of `weights.py`, for inference."""
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_(torch.from_numpy(weight(name, tuple(tensor.shape))))
    return model.eval()
