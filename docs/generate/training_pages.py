"""The pages about `training` in a spec: its keys, sources of data, optimizers, losses, metrics, callbacks."""

from __future__ import annotations

from option_pages import entries
from schema_tables import DEFINITIONS, options_table

from modelc.callbacks.registry import CALLBACKS
from modelc.data.sources import SOURCES
from modelc.losses.registry import LOSSES
from modelc.metrics.registry import METRICS
from modelc.optimizers.registry import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES


def keys_page() -> str:
    """docs/training-keys.md."""
    return "\n".join([
        "# The section `training`\n",
        "What a spec says of its training, as `modelc train` reads it; [Training](training.md) shows it at work. What "
        "`loss` and `metrics` name may also be by output, where a model has several: `loss: {age: mse, sex: "
        "binary_crossentropy}`.\n",
        options_table(DEFINITIONS["Training"]),
        "## Sources of data\n",
        "What `data` and `validation` may be: a path, or a mapping with `type` and options. A path that ends in "
        "`.npz` is one of arrays; any other without an ending is a folder of pictures. Paths count from the folder of "
        "the spec, and stay in it. Nothing in these files is ever executed.\n",
        *entries(SOURCES),
    ])  # fmt: skip


def optimizers_page() -> str:
    """docs/optimizers.md."""
    return "\n".join([
        "# Optimizers\n",
        "What `optimizer` may be: a name, or a mapping with `type` and options, as in `optimizer: {type: SGD, "
        "learning_rate: 0.1, momentum: 0.9}`; in Python `modelc.optimizers.SGD(0.1, momentum=0.9)`. Update rules, "
        "options and defaults are those of `keras.optimizers`. In the equations w is a weight, d its gradient and r "
        "the learning rate.\n",
        *entries(OPTIMIZERS),
        "## Learning-rate schedules\n",
        "What `learning_rate` may be in place of a number. Names, options and defaults are those of "
        "`keras.optimizers.schedules`. A step is one batch, whatever the epoch.\n",
        *entries(SCHEDULES),
    ])  # fmt: skip


def losses_page() -> str:
    """docs/losses.md."""
    return "\n".join([
        "# Losses\n",
        "What `loss` may be: a name, or a mapping with `type` and options, as in `loss: {type: Huber, delta: 2.0}`; in "
        "Python `modelc.losses.Huber(2.0)`. Options and defaults are those of `keras.losses`. In the equations y is a "
        "label and p a prediction. `crossentropy`, or `ce`, means the one that fits the shapes of labels and "
        "predictions.\n",
        *entries(LOSSES),
    ])  # fmt: skip


def metrics_page() -> str:
    """docs/metrics.md."""
    return "\n".join([
        "# Metrics\n",
        "What `metrics` may list: names, or mappings with `type` and options, as in `metrics: [accuracy, {type: "
        "FBetaScore, beta: 2.0}]`; in Python `modelc.metrics.FBetaScore(beta=2.0)`. Options and defaults are those of "
        "`keras.metrics`. `accuracy`, or `acc`, and `crossentropy`, or `ce`, mean the one that fits the shapes of "
        "labels and predictions. A metric counts all samples of an epoch, not the mean of its batches.\n",
        *entries(METRICS),
    ])  # fmt: skip


def callbacks_page() -> str:
    """docs/callbacks.md."""
    return "\n".join([
        "# Callbacks\n",
        "What `callbacks` may list: names, or mappings with `type` and options, as in `callbacks: [{type: "
        "EarlyStopping, patience: 3}]`; in Python `modelc.callbacks.EarlyStopping(patience=3)`. Options and defaults "
        "are those of `keras.callbacks`. Paths count from the folder of the spec, and stay in it. Python has "
        "`LambdaCallback`, `LearningRateScheduler`, `History` and classes of your own besides: see "
        "[Training](training.md#from-python).\n",
        *entries(CALLBACKS),
    ])  # fmt: skip
