"""Makes the ONNX files of this folder: small models, as the exporters of PyTorch, TensorFlow, Keras and scikit-learn
write them.

    python tests/onnx/exported/make_files.py pytorch|tensorflow|keras|sklearn

Each needs its framework and exporter (torch and onnxscript; tensorflow and tf2onnx; keras; scikit-learn and skl2onnx),
which no test does: tests/onnx/test_exported.py reads the files that lie here, and holds them to ONNX Runtime.
"""

# pyright: basic, reportMissingImports=false

from __future__ import annotations

import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent


def pytorch() -> None:
    import torch
    import torch.nn.functional as F  # noqa: N812
    from torch import nn

    torch.manual_seed(0)

    class Block(nn.Module):
        def __init__(self, i: int, o: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(i, o, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(o)
            self.conv2 = nn.Conv2d(o, o, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(o)
            self.down = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o)) if i != o else None

        def forward(self, x):
            y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
            return F.relu(y + (x if self.down is None else self.down(x)))

    class ResNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4)
            self.pool = nn.MaxPool2d(3, 2, 1)
            self.layer1, self.layer2 = nn.Sequential(Block(4, 4, 1)), nn.Sequential(Block(4, 6, 2))
            self.fc = nn.Linear(6, 5)

        def forward(self, x):
            x = self.layer2(self.layer1(self.pool(F.relu(self.bn1(self.conv1(x))))))
            return self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))

    class Vgg(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.features = nn.Sequential(
                nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            )  # fmt: skip
            self.classifier = nn.Sequential(nn.Linear(6 * 4 * 4, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 5))

        def forward(self, x):
            return self.classifier(torch.flatten(self.features(x), 1))

    class ShuffleNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.dw = nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 3, padding=1, groups=8)
            self.b = nn.Conv2d(8, 8, 1, groups=2)

        def forward(self, x):
            x = F.silu(self.a(x))
            n, c, h, w = x.shape
            x = F.hardswish(self.dw(x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)))
            a, b = x.chunk(2, 1)
            return self.b(torch.cat([b, a], 1)).mean((2, 3))

    class Recurrent(nn.Module):
        def __init__(self, batch_first: bool) -> None:
            super().__init__()
            self.first = batch_first
            self.embedding = nn.Embedding(20, 4)
            self.lstm = nn.LSTM(4, 3, 2, batch_first=batch_first, bidirectional=True)
            self.gru = nn.GRU(6, 4, batch_first=batch_first)
            self.rnn = nn.RNN(4, 4, batch_first=batch_first)
            self.out = nn.Linear(4, 3)

        def forward(self, x):
            y, _ = self.lstm(self.embedding(x))
            y, h = self.gru(y)
            y, _ = self.rnn(y, h)
            return self.out(y[:, -1] if self.first else y[-1])

    class Transformer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.position = nn.Embedding(20, 8), nn.Parameter(torch.randn(1, 6, 8))
            layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, activation="gelu")
            self.encoder, self.out = nn.TransformerEncoder(layer, 1), nn.Linear(8, 3)

        def forward(self, x):
            return self.out(self.encoder(self.embedding(x) + self.position).mean(1))

    class VisionTransformer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patches = nn.Conv2d(3, 8, 4, 4)
            self.token, self.position = nn.Parameter(torch.randn(1, 1, 8)), nn.Parameter(torch.randn(1, 17, 8))
            self.qkv, self.norm, self.out = nn.Linear(8, 24), nn.LayerNorm(8), nn.Linear(8, 4)

        def forward(self, x):
            x = self.patches(x).flatten(2).transpose(1, 2)
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.position
            q, k, v = self.qkv(self.norm(x)).reshape(x.shape[0], 17, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
            y = (q @ k.transpose(-2, -1) * 0.5).softmax(-1) @ v
            return self.out(self.norm(x + y.transpose(1, 2).reshape(x.shape[0], 17, 8))[:, 0])

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 6, 3, 2, 1)
            self.up, self.c = nn.ConvTranspose2d(6, 4, 3, 2, 1, 1), nn.Conv2d(8, 2, 1)
            self.group, self.instance = nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True)

        def forward(self, x):
            a = F.leaky_relu(self.group(self.a(x)))
            b = F.elu(self.b(a))
            y = self.c(torch.cat([self.instance(self.up(b)), a], 1))
            return F.interpolate(y, scale_factor=2, mode="bilinear"), F.interpolate(b, size=(11, 13), mode="nearest")

    class Excited(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.f1, self.f2 = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1)
            self.prelu, self.out = nn.PReLU(6), nn.Linear(6, 3)

        def forward(self, x):
            x = self.prelu(self.conv(x))
            x = x * torch.sigmoid(self.f2(F.relu6(self.f1(F.adaptive_avg_pool2d(x, 1)))))
            return self.out(x.amax((2, 3)))

    class Sequence(nn.Module):
        """1-D convolutions and pooling with pads that count."""

        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Conv1d(3, 4, 3, padding=2, dilation=2), nn.Conv1d(4, 4, 4, 2, 1, groups=2)
            self.norm, self.out = nn.BatchNorm1d(4), nn.Linear(4 * 5, 2)

        def forward(self, x):
            x = F.gelu(self.norm(self.b(torch.tanh(self.a(x)))))
            x = F.max_pool1d(F.avg_pool1d(x, 3, 1, 1), 2, ceil_mode=True)
            return F.log_softmax(self.out(x.flatten(1)), -1)

    pictures, words = torch.randn(2, 3, 16, 16), torch.randint(0, 20, (2, 6))
    models = {
        "resnet": (ResNet(), pictures), "vgg": (Vgg(), pictures), "shufflenet": (ShuffleNet(), pictures),
        "recurrent": (Recurrent(True), words), "time_major": (Recurrent(False), words.T.contiguous()),
        "transformer": (Transformer(), words), "vit": (VisionTransformer(), pictures), "unet": (UNet(), pictures),
        "excited": (Excited(), pictures), "sequence": (Sequence(), torch.randn(2, 3, 18)),
    }  # fmt: skip
    for name, (model, x) in models.items():
        model.eval()
        axis = 1 if name == "time_major" else 0
        torch.onnx.export(
            model, (x,), HERE / f"torchscript_{name}.onnx", dynamo=False, input_names=["x"],
            dynamic_axes={"x": {axis: "batch"}}, opset_version=17,
        )  # fmt: skip
        torch.onnx.export(
            model, (x,), HERE / f"dynamo_{name}.onnx", dynamo=True, input_names=["x"],
            dynamic_shapes=({axis: torch.export.Dim("batch")},), external_data=False, verbose=False,
        )  # fmt: skip
    torch.onnx.export(
        models["resnet"][0], (pictures[:1],), HERE / "torchscript_one_picture.onnx", dynamo=False, input_names=["x"]
    )


def _keras_models():
    import keras
    from keras import layers as L  # noqa: N812

    keras.utils.set_random_seed(0)

    def compact():
        x = inputs = keras.Input((16, 16, 3))
        x = L.Conv2D(4, 3, strides=2, padding="same", use_bias=False)(x)
        x = L.Activation("swish")(L.BatchNormalization()(x))
        x = L.Add()([x, L.DepthwiseConv2D(3, padding="same", activation="relu6")(x)])
        x = L.SeparableConv2D(6, 3, activation="elu")(L.ZeroPadding2D()(x))
        x = L.Concatenate()([L.MaxPooling2D(2)(x), L.AveragePooling2D(2)(x)])
        x = L.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
        x = L.UpSampling2D(2, interpolation="bilinear")(x)
        return keras.Model(inputs, L.Dense(3, activation="softmax")(L.GlobalAveragePooling2D()(x)))

    def flat():
        return keras.Sequential([
            keras.Input((8, 8, 2)), L.Conv2D(3, 3, activation="relu"), L.MaxPooling2D(2), L.Flatten(),
            L.Dense(6, activation="tanh"), L.Dropout(0.5), L.Dense(2, activation="sigmoid"),
        ])  # fmt: skip

    def recurrent():
        x = inputs = keras.Input((6,), dtype="int32")
        x = L.Embedding(20, 4)(x)
        x = L.Bidirectional(L.LSTM(3, return_sequences=True))(x)
        x = L.GRU(4, return_sequences=True)(x)
        return keras.Model(inputs, L.Dense(3)(L.SimpleRNN(3)(x)))

    def attention():
        x = inputs = keras.Input((5, 8))
        y = L.MultiHeadAttention(2, 4)(x, x)
        x = L.LayerNormalization()(L.Add()([x, y]))
        y = L.Dense(8)(L.Dense(12, activation="silu")(x))
        return keras.Model(inputs, L.Dense(3)(L.GlobalAveragePooling1D()(L.LayerNormalization()(L.Add()([x, y])))))

    return {"compact": compact(), "flat": flat(), "recurrent": recurrent(), "attention": attention()}


def tensorflow() -> None:
    import tensorflow as tf
    import tf2onnx

    for name, model in _keras_models().items():
        signature = [tf.TensorSpec([None, *one.shape[1:]], one.dtype, name="x") for one in model.inputs]
        function = tf.function(lambda x, model=model: model(x, training=False), input_signature=signature)
        tf2onnx.convert.from_function(function, signature, opset=17, output_path=str(HERE / f"tf2onnx_{name}.onnx"))


def keras() -> None:
    import numpy as np

    for name, model in _keras_models().items():
        model(np.zeros((1, *model.inputs[0].shape[1:]), model.inputs[0].dtype))
        model.export(str(HERE / f"keras_{name}.onnx"), format="onnx", verbose=False)


def sklearn() -> None:
    import numpy as np
    from skl2onnx import to_onnx
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    generator = np.random.default_rng(0)
    x = generator.normal(size=(60, 4)).astype(np.float32)
    y = x[:, 0] * x[:, 1]
    classes = (y > 0).astype(int) + (x[:, 2] > 1)
    regressor = MLPRegressor(hidden_layer_sizes=(5, 4), activation="tanh", max_iter=50).fit(x, y)
    classifier = make_pipeline(StandardScaler(), MLPClassifier((6,), max_iter=50)).fit(x, classes)
    two = MLPClassifier((3,), activation="logistic", max_iter=50).fit(x, y > 0)
    named = MLPClassifier((3,), max_iter=50).fit(x, np.array(["cat", "dog", "bird"])[classes])
    logistic = LogisticRegression().fit(x, classes + 5)
    models = {
        "regressor": regressor, "classifier": classifier, "two_classes": two, "named": named, "logistic": logistic,
    }  # fmt: skip
    for name, model in models.items():
        options = {} if name in ("regressor", "named") else {"zipmap": False}
        made = to_onnx(model, x[:1], options={id(model): options} if options else None, target_opset=17)
        (HERE / f"sklearn_{name}.onnx").write_bytes(made.SerializeToString())


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    for source in sys.argv[1:]:
        {"pytorch": pytorch, "tensorflow": tensorflow, "keras": keras, "sklearn": sklearn}[source]()
