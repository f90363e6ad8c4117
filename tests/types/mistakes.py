"""What a user writes by mistake: every line after this one has one, and type checkers are to find each."""

import modelc
from modelc import Sequential, layers
from modelc.initializers import GlorotUniform, RandomNormal
from modelc.optimizers import SGD, Adam
from modelc.optimizers.schedules import ExponentialDecay

conv, model = layers.Conv2D(3, 3), Sequential()

# --- each line below is wrong
layers.Dense(10, activaton="relu")
layers.Dense("10")
layers.Dens(10)
layers.Dense(10, activation="rleu")
layers.Conv2D(3)
layers.Conv2D(3, 3, padding="sane")
layers.Dense(10, kernel_initializer="he_nromal")
Adam(lr=0.1)
SGD(0.1, momentum="a")
GlorotUniform(sed=3)
RandomNormal("x")
ExponentialDecay(0.1, 10, decay_rte=1)
modelc.regularizers.L2("a")
modelc.constraints.MaxNorm(largest=2)
modelc.losses.Huber(detla=1.0)
modelc.metrics.AUC(num_thresholds="many")
modelc.callbacks.EarlyStopping(patience="3")
modelc.load_spce("model.yaml")
model.fit([1], [2], epochs="3")
print(conv.kernel_siz)
modelc.load_spec("model.yaml").build(backend="refrence")
model.compile(optimizer=3)
