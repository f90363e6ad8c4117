"""What a user may write: type checkers find nothing in it. It is checked, and not run."""

from pathlib import Path

import modelc
from modelc import Input, Sequential, layers
from modelc.initializers import RandomNormal
from modelc.optimizers import Adam
from modelc.optimizers.schedules import ExponentialDecay

dense = layers.Dense(
    10, activation="relu", kernel_initializer="he_normal", kernel_regularizer=modelc.regularizers.L2(1e-4)
)
conv = layers.Conv2D(8, (3, 3), 2, padding="same", name="conv", kernel_initializer=RandomNormal(stddev=0.1))
size: tuple[int, ...] = conv.kernel_size
name: str | None = conv.name
wrapped = layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode="sum")
model = Sequential([Input((4,)), dense, layers.Dropout(0.5), layers.Dense(units=1)], name="small")
model.compile(
    optimizer=Adam(ExponentialDecay(0.1, decay_steps=10, decay_rate=0.9), clipnorm=1.0),
    loss=modelc.losses.Huber(delta=2.0),
    metrics=["mae", modelc.metrics.AUC(num_thresholds=50, name="area")],
)
stop = modelc.callbacks.EarlyStopping(monitor="loss", patience=3)
log = modelc.callbacks.CSVLogger(Path("log.csv"))
history = model.fit([[0.0] * 4], [[1.0]], epochs=2, callbacks=[stop, log])
spec: modelc.Spec = modelc.load_spec("model.yaml")
built: modelc.Model = spec.build(seed=1, backend="reference")
bound = modelc.constraints.MaxNorm(2)
