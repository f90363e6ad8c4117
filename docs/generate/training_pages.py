"""The pages about `training` in a spec: its keys, sources of data, optimizers, losses, metrics, callbacks."""

from __future__ import annotations

from option_pages import entries
from schema_tables import DEFINITIONS, options_table

from modelc.callbacks import CALLBACKS
from modelc.data.sources import SOURCES
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES


def keys_page() -> str:
    """docs/training-keys.md."""
    return "\n".join([
        "# The section `training`\n",
        "The keys of the section `training` of a spec, which `modelc train` reads; [Training](training.md) has "
        "examples. For a model with several outputs, `loss` and `metrics` may be mappings by output name: `loss: {age: "
        "mse, sex: binary_crossentropy}`.\n",
        options_table(DEFINITIONS["Training"]),
        "## Sources of data\n",
        "The values of `data` and `validation`: a path, or a mapping with `type` and options. A path that ends in "
        "`.npz` is a file of arrays, one without an ending a folder of images. Paths are relative to the folder of the "
        "spec and must not leave it. Nothing in these files is ever executed.\n",
        *entries(SOURCES),
    ])  # fmt: skip


def optimizers_page() -> str:
    """docs/optimizers.md."""
    return "\n".join([
        "# Optimizers\n",
        "The values of `optimizer`: a name, or a mapping with `type` and options, as in `optimizer: {type: SGD, "
        "learning_rate: 0.1, momentum: 0.9}`; in Python `modelc.optimizers.SGD(0.1, momentum=0.9)`. Update rules, "
        "options and defaults are those of `keras.optimizers`. In the equations w is a weight, d its gradient and r "
        "the learning rate.\n",
        *entries(OPTIMIZERS),
        "## Learning-rate schedules\n",
        "The values of `learning_rate` besides numbers. Names, options and defaults are those of "
        "`keras.optimizers.schedules`. A step is one batch, counted over all epochs.\n",
        *entries(SCHEDULES),
    ])  # fmt: skip


def losses_page() -> str:
    """docs/losses.md."""
    return "\n".join([
        "# Losses\n",
        "The values of `loss`: a name, or a mapping with `type` and options, as in `loss: {type: Huber, delta: 2.0}`; "
        "in Python `modelc.losses.Huber(2.0)`. Options and defaults are those of `keras.losses`. In the equations y is "
        "a label and p a prediction. `crossentropy`, or `ce`, selects the cross-entropy by the shapes of labels and "
        "predictions.\n",
        *entries(LOSSES),
    ])  # fmt: skip


def metrics_page() -> str:
    """docs/metrics.md."""
    return "\n".join([
        "# Metrics\n",
        "The items of `metrics`: names, or mappings with `type` and options, as in `metrics: [accuracy, {type: "
        "FBetaScore, beta: 2.0}]`; in Python `modelc.metrics.FBetaScore(beta=2.0)`. Options and defaults are those of "
        "`keras.metrics`. `accuracy`, or `acc`, and `crossentropy`, or `ce`, select the metric by the shapes of labels "
        "and predictions. A metric is computed over all samples of an epoch, not averaged over batches.\n",
        *entries(METRICS),
    ])  # fmt: skip


def callbacks_page() -> str:
    """docs/callbacks.md."""
    return "\n".join([
        "# Callbacks\n",
        "The items of `callbacks`: names, or mappings with `type` and options, as in `callbacks: [{type: "
        "EarlyStopping, patience: 3}]`; in Python `modelc.callbacks.EarlyStopping(patience=3)`. Options and defaults "
        "are those of `keras.callbacks`. Paths are relative to the folder of the spec and must not leave it. In Python "
        "there are also `LambdaCallback`, `LearningRateScheduler`, `History` and custom subclasses: see "
        "[Training](training.md#from-python).\n",
        *entries(CALLBACKS),
    ])  # fmt: skip
