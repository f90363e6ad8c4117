"""Option names of other frameworks: their names in a spec, where they belong, or why they are not needed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

_WORDS: Mapping[str, str] = {
    # what to write instead, the first that the owner has
    "out_channels": "filters units", "out_features": "units filters", "output_dim": "units", "nb_filter": "filters",
    "num_output": "filters units", "num_outputs": "units filters", "hidden_size": "units", "hidden_dim": "units",
    "hidden_units": "units", "num_units": "units", "n_units": "units", "neurons": "units", "nodes": "units",
    "output_size": "units", "channels": "filters groups", "num_filters": "filters", "n_filters": "filters",
    "filter": "filters", "features": "units filters", "kernel": "kernel_size", "filter_size": "kernel_size",
    "filter_length": "kernel_size", "ksize": "kernel_size pool_size", "kernel_shape": "kernel_size pool_size",
    "kernels": "kernel_size", "window": "pool_size", "window_size": "pool_size kernel_size", "pool": "pool_size",
    "kernel_size": "pool_size", "pool_length": "pool_size", "size": "pool_size", "stride": "strides",
    "subsample": "strides", "subsample_length": "strides", "step": "strides", "dilation": "dilation_rate",
    "dilations": "dilation_rate", "atrous_rate": "dilation_rate", "p": "rate", "prob": "rate", "drop_rate": "rate",
    "dropout_rate": "rate dropout", "dropout_prob": "rate", "drop_prob": "rate", "probability": "rate",
    "sigma": "stddev", "std": "stddev", "bias": "use_bias", "has_bias": "use_bias", "bias_term": "use_bias",
    "act": "activation", "activation_fn": "activation", "activation_function": "activation",
    "nonlinearity": "activation", "inner_activation": "recurrent_activation", "eps": "epsilon",
    "alpha": "negative_slope", "slope": "negative_slope", "leak": "negative_slope", "decay": "momentum",
    "num_embeddings": "input_dim", "vocab_size": "input_dim", "vocabulary_size": "input_dim",
    "embedding_dim": "output_dim", "embedding_size": "output_dim", "embed_dim": "output_dim key_dim",
    "dim": "output_dim axis", "dims": "axis", "axes": "axis", "concat_axis": "axis", "nhead": "num_heads",
    "n_heads": "num_heads", "heads": "num_heads", "head_dim": "key_dim", "num_groups": "groups",
    "group": "groups", "pad": "padding", "border_mode": "padding", "pads": "padding", "scale_factor": "size",
    "dim_ordering": "data_format", "init": "kernel_initializer", "kernel_init": "kernel_initializer",
    "weight_init": "kernel_initializer", "weights_initializer": "kernel_initializer",
    "bias_init": "bias_initializer", "inner_init": "recurrent_initializer", "initializer": "kernel_initializer",
    "regularizer": "kernel_regularizer", "W_regularizer": "kernel_regularizer", "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer", "weight_decay": "kernel_regularizer",
    "W_constraint": "kernel_constraint", "b_constraint": "bias_constraint", "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout", "return_sequence": "return_sequences",
    "shape": "target_shape input_shape",
    "batch_input_shape": "input_shape", "in_shape": "input_shape", "train": "trainable", "requires_grad": "trainable",
    "input": "inputs", "bottom": "inputs", "prev": "inputs", "from": "inputs", "lr": "learning_rate",
    "gamma_init": "gamma_initializer", "beta_init": "beta_initializer", "id": "name", "label": "name",
    "betas": "beta_1", "beta1": "beta_1", "beta2": "beta_2", "clip_norm": "clipnorm global_clipnorm",
    "ignore_index": "ignore_class",
}  # fmt: skip

_UNNEEDED: Mapping[str, str] = {
    **dict.fromkeys(
        ("in_channels", "in_features", "num_features", "num_channels", "normalized_shape", "input_channels",
         "stack_size", "num_input_features", "input_size"),
        "the input size follows from the preceding layer",
    ),
    "start_dim": "Flatten keeps the batch and joins all other axes",
    "end_dim": "Flatten keeps the batch and joins all other axes",
    "batch_first": "the batch always comes first",
    "inplace": "modelc plans the memory itself",
    "device": "modelc runs on the CPU",
    "track_running_stats": "the moving mean and variance are always kept",
    "kernel_w": "write `kernel_size: [height, width]`", "kernel_h": "write `kernel_size: [height, width]`",
    "top": "an entry is known by its `name`",
}  # fmt: skip

_TOLD: Mapping[str, str] = {
    "keep_prob": "write `rate`, the fraction to drop: 1 - keep_prob",
    "input_dim": "write `input: {shape: […]}` at the top of the spec, with this number as the last one",
    "num_layers": "write one entry per layer, or `repeat`",
    "bidirectional": "wrap it: `{type: Bidirectional, layer: {type: LSTM, units: …}}`",
    "affine": "write `center` and `scale`, each true or false",
    "elementwise_affine": "write `center` and `scale`, each true or false",
    "padding_idx": "write `mask_zero: true` where 0 stands for padding",
    "d_model": "write `key_dim`, the size of one head: d_model / num_heads",

    "include_top": "write `truncate: NAME` with the last layer to keep; `modelc summary` lists the names",
    "classes": "write `truncate` to drop the top, and add a Dense with your number of classes",
    "pooling": "write the pooling as an entry of its own, such as {type: GlobalAveragePooling2D}",
    "class_name": "this is Keras's JSON: `modelc import FILE` turns it into a spec",
    "config": "this is Keras's JSON: `modelc import FILE` turns it into a spec",
    "params": "write the options beside `type`: {type: Dense, units: 10}",
    "args": "write the options beside `type`: {type: Dense, units: 10}",
    "kwargs": "write the options beside `type`: {type: Dense, units: 10}",
    "options": "write the options beside `type`: {type: Dense, units: 10}",
}  # fmt: skip

_IN_SPEC: Mapping[str, str] = {
    "compile": "write `training: {optimizer: …, loss: …, metrics: …}`",
    "fit": "write `training: {data: …, epochs: …, batch_size: …}`",
    "train": "write `training: {optimizer: …, loss: …, data: …}`",
    "include_top": "write `truncate: NAME` with the last layer to keep; `modelc summary` lists the names",
    "input_shape": "write `input: {shape: […]}`",
    "shape": "write `input: {shape: […]}`",
    "version": "the version of the language is `modelc: 1`",
    "learning_rate": "write `training: {optimizer: {type: Adam, learning_rate: …}}`",
    "lr": "write `training: {optimizer: {type: Adam, learning_rate: …}}`",
    "model": "write the layers under `layers`",
    "network": "write the layers under `layers`",
    "architecture": "write the layers under `layers`",
    "class_name": "this is Keras's JSON: `modelc import FILE` turns it into a spec",
    "config": "this is Keras's JSON: `modelc import FILE` turns it into a spec",
    "modelTopology": "this is a model of TensorFlow.js: `modelc import FILE` turns it into a spec",
    "variables": "write `vars`",
    "parameters": "write `vars`",
    "params": "write `vars` for values to use in the spec, `limits: {params: …}` for a budget",
    "constants": "write `vars`",
    "trainable": "write `freeze: [NAME, …]`, with selectors of the layers that keep their weights",
    "output": "write `outputs: NAME`",
    "description": "write it as a comment: `# …`",
    "comment": "write it as a comment: `# …`",
    "author": "write it as a comment: `# …`",
}  # fmt: skip
_IN_TRAINING: Mapping[str, str] = {
    "learning_rate": "it belongs to the optimizer: `optimizer: {type: Adam, learning_rate: …}`",
    "lr": "it belongs to the optimizer: `optimizer: {type: Adam, learning_rate: …}`",
    "momentum": "it belongs to the optimizer: `optimizer: {type: SGD, momentum: …}`",
    "weight_decay": "it belongs to the optimizer: `optimizer: {type: AdamW, weight_decay: …}`",
    "scheduler": "it is the optimizer's rate: `optimizer: {type: Adam, learning_rate: {type: CosineDecay, …}}`",
    "lr_schedule": "it is the optimizer's rate: `optimizer: {type: Adam, learning_rate: {type: CosineDecay, …}}`",
    "early_stopping": "write `callbacks: [{type: EarlyStopping, patience: …}]`",
    "checkpoint": "write `callbacks: [{type: ModelCheckpoint, filepath: …}]`",
    "tensorboard": "write `callbacks: [{type: TensorBoard, log_dir: …}]`",
    "verbose": "what is printed is an option of the command: `modelc train --help`",
    "freeze": "it stands at the top of the spec, beside `training`",
    "weights": "it stands at the top of the spec, beside `training`",
}
_TRAINING_WORDS: Mapping[str, str] = {
    "epoch": "epochs", "num_epochs": "epochs", "n_epochs": "epochs", "nb_epoch": "epochs", "max_epochs": "epochs",
    "batch": "batch_size", "batchsize": "batch_size", "bs": "batch_size", "validation_data": "validation",
    "validation_split": "validation", "val": "validation", "val_data": "validation", "valid": "validation",
    "dataset": "data", "train_data": "data", "training_data": "data", "x": "data", "path": "data", "file": "data",
    "criterion": "loss", "objective": "loss", "loss_fn": "loss", "loss_function": "loss", "losses": "loss",
    "optim": "optimizer", "optimiser": "optimizer", "solver": "optimizer", "metric": "metrics",
    "class_weights": "class_weight", "random_seed": "seed", "random_state": "seed", "callback": "callbacks",
}  # fmt: skip
_LIMIT_WORDS: Mapping[str, str] = {
    "parameters": "params", "weights": "params", "size": "params", "mac": "macs", "multiply_adds": "macs",
    "memory": "activation_memory", "ram": "activation_memory", "activations": "activation_memory", "time": "latency",
    "duration": "latency", "runtime": "latency", "milliseconds": "latency", "ms": "latency",
}  # fmt: skip
_LIMITS_TOLD: Mapping[str, str] = dict.fromkeys(
    ("flops", "flop", "ops"), "write `macs`: a multiply-add counts as two floating-point operations"
)
_INPUT_WORDS: Mapping[str, str] = {
    "input_shape": "shape", "size": "shape", "dims": "shape", "type": "dtype", "batch": "batch_size", "id": "name",
}  # fmt: skip
_INPUT_TOLD: Mapping[str, str] = {
    "batch_shape": "write `shape`, which is that of one sample, without the batch; a fixed batch is `batch_size`",
}
_SIZE_WORDS: Mapping[str, str] = {
    "minimum": "min", "least": "min", "lower": "min", "low": "min", "maximum": "max", "largest": "max",
    "upper": "max", "high": "max", "multiple": "multiple_of", "step": "multiple_of", "divisible_by": "multiple_of",
}  # fmt: skip
_MODEL_WORDS: Mapping[str, str] = {
    "model": "spec", "base": "spec", "file": "spec", "path": "spec", "application": "spec", "source": "spec",
}  # fmt: skip

TRAINING_KEYS = frozenset({
    "optimizer", "loss", "loss_weights", "metrics", "weighted_metrics", "data", "validation", "batch_size", "epochs",
    "shuffle", "micro_batches", "compress", "class_weight", "steps_per_epoch", "validation_freq", "callbacks", "seed",
})  # fmt: skip
"""What belongs under `training`."""

SPEC, TRAINING, LIMITS, MODEL = "a spec", "`training`", "`limits`", "Model"
"""What messages call the owners of keys with tables of their own; all others are layers and what belongs to them."""


def other_key(key: str, owner: str, known: Collection[str]) -> str | None:
    """The option of `owner` that a key from elsewhere stands for, or None."""
    if owner == SPEC:
        return None
    named = {TRAINING: _TRAINING_WORDS, LIMITS: _LIMIT_WORDS, MODEL: _MODEL_WORDS}.get(owner)
    if named is None and _is_input(owner):
        named = _INPUT_WORDS
    if named is None and owner.endswith(" in `sizes`"):
        named = _SIZE_WORDS
    words = (named or _WORDS).get(key, "") if key != "weight_decay" or "kernel_regularizer" in known else ""
    return next((word for word in words.split() if word in known and _fits(key, word, owner)), None)


def _fits(key: str, word: str, owner: str) -> bool:
    """Whether a word of many meanings has this one here."""
    return not (key == "alpha" and owner != "LeakyReLU") and not (key == "decay" and "Normalization" not in owner)


def advice(key: str, owner: str) -> str | None:
    """What to do about a key that has no counterpart of one word, or None."""
    if owner == SPEC:
        return f"it belongs under `training`: `training: {{{key}: …}}`" if key in TRAINING_KEYS else _IN_SPEC.get(key)
    if owner == TRAINING:
        return _IN_TRAINING.get(key)
    if owner == LIMITS:
        return _LIMITS_TOLD.get(key)
    if _is_input(owner):
        return _INPUT_TOLD.get(key)
    if key in _UNNEEDED:
        return f"remove it: {_UNNEEDED[key]}"
    return _TOLD.get(key)


def is_unneeded(key: str) -> bool:
    """Whether an option of another framework has no counterpart because nothing has to be said."""
    return key in _UNNEEDED


def _is_input(owner: str) -> bool:
    return owner == "`input`" or owner.startswith("the input `")
