"""Names of losses, metrics, optimizers, activations, initializers and regularizers in other frameworks."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.text.unknown import ask, write
from modelc.words.layers import key_of

_FROM_LOGITS = "{type: %s, from_logits: true}"
_SPARSE, _BINARY = _FROM_LOGITS % "SparseCategoricalCrossentropy", _FROM_LOGITS % "BinaryCrossentropy"

LOSSES: Mapping[str, str] = {
    "crossentropyloss": _SPARSE, "softmaxwithloss": _SPARSE, "softmaxcrossentropy": _SPARSE,
    "softmaxcrossentropywithlogits": _FROM_LOGITS % "CategoricalCrossentropy",
    "sparsesoftmaxcrossentropywithlogits": _SPARSE, "sparsecrossentropy": "sparse_categorical_crossentropy",
    "nllloss": "sparse_categorical_crossentropy", "nll": "sparse_categorical_crossentropy",
    "crossentropy": "crossentropy", "xent": "crossentropy", "categoricalcrossentropyloss": "categorical_crossentropy",
    "logloss": "binary_crossentropy", "bce": "binary_crossentropy", "bceloss": "binary_crossentropy",
    "bcewithlogitsloss": _BINARY, "bcewithlogits": _BINARY, "sigmoidcrossentropy": _BINARY, "mseloss": "mse",
    "l2": "mse", "l2loss": "mse", "euclidean": "mse", "euclideanloss": "mse", "quadratic": "mse", "l1": "mae",
    "l1loss": "mae", "smoothl1": "huber", "smoothl1loss": "huber", "huberloss": "huber", "kldivloss": "kl_divergence",
    "kl": "kl_divergence", "ctcloss": "ctc", "poissonnllloss": "poisson", "hingeloss": "hinge",
    "hingeembeddingloss": "hinge", "multimarginloss": "categorical_hinge", "cosineembeddingloss": "cosine_similarity",
    "cosine": "cosine_similarity", "cosineproximity": "cosine_similarity", "focal": "binary_focal_crossentropy",
    "focalloss": "binary_focal_crossentropy", "diceloss": "dice",
}  # fmt: skip
METRICS: Mapping[str, str] = {
    "top1": "accuracy", "top5": "{type: TopKCategoricalAccuracy, k: 5}", "top1accuracy": "accuracy",
    "top5accuracy": "{type: TopKCategoricalAccuracy, k: 5}", "f1": "F1Score", "fscore": "F1Score", "f1score": "F1Score",
    "rocauc": "AUC", "auroc": "AUC", "aucroc": "AUC", "prauc": "{type: AUC, curve: PR}", "r2": "R2Score",
    "rsquared": "R2Score", "rmse": "RootMeanSquaredError", "iou": "MeanIoU", "jaccard": "MeanIoU",
    "miou": "MeanIoU", "sensitivity": "Recall", "tpr": "Recall", "pearson": "PearsonCorrelation",
    "meansquarederrorloss": "mse", "l1": "mae", "l2": "mse",
}  # fmt: skip
OPTIMIZERS: Mapping[str, str] = {
    "momentum": "{type: SGD, momentum: 0.9}", "nesterov": "{type: SGD, momentum: 0.9, nesterov: true}",
    "nag": "{type: SGD, momentum: 0.9, nesterov: true}", "sgdm": "{type: SGD, momentum: 0.9}", "rms": "RMSprop",
    "gradientdescent": "SGD", "gd": "SGD", "amsgrad": "{type: Adam, amsgrad: true}",
}  # fmt: skip
INITIALIZERS: Mapping[str, str] = {
    "he": "he_normal` or `he_uniform", "kaiming": "he_normal` or `he_uniform", "msra": "he_normal",
    "kaimingnormal": "he_normal", "kaiminguniform": "he_uniform", "xavier": "glorot_uniform` or `glorot_normal",
    "glorot": "glorot_uniform` or `glorot_normal", "xavieruniform": "glorot_uniform",
    "xaviernormal": "glorot_normal", "lecun": "lecun_normal` or `lecun_uniform", "truncnormal": "truncated_normal",
    "gaussian": "random_normal", "eye": "identity", "null": "zeros", "none": "zeros",
}  # fmt: skip
ACTIVATIONS: Mapping[str, str] = {
    "lrelu": "leaky_relu", "none": "linear", "null": "linear", "identity": "linear", "id": "linear",
    "logistic": "sigmoid", "rectifier": "relu", "rectified": "relu", "rectifiedlinear": "relu",
    "hardswish": "hard_silu",
    "gelunew": "gelu", "softmax2d": "softmax",
}  # fmt: skip
REGULARIZERS: Mapping[str, str] = {
    "weightdecay": "{type: L2, l2: 0.01}", "ridge": "l2", "lasso": "l1", "elasticnet": "l1_l2",
}  # fmt: skip

_ENDINGS = ("loss", "optimizer", "initializer", "metric", "activation", "regularizer")
_BY_KIND: Mapping[str, Mapping[str, str]] = {
    "loss": LOSSES, "metric": METRICS, "optimizer": OPTIMIZERS, "initializer": INITIALIZERS,
    "activation": ACTIVATIONS, "regularizer": REGULARIZERS,
}  # fmt: skip
_ALSO_LAYERS = {"thresholdedrelu": "ReLU"}
_TOLD = {
    ("metric", "loss"): "leave it out: the loss is always reported",
    ("loss", "accuracy"): "accuracy has no gradient: train with `crossentropy`, and write `metrics: accuracy`",
    ("loss", "acc"): "accuracy has no gradient: train with `crossentropy`, and write `metrics: accuracy`",
    (
        "loss",
        "rmse",
    ): "train with `mse`, which has its minimum at the same place; as a metric it is RootMeanSquaredError",
}


def other_value(kind: str, name: str, known: list[str]) -> str | None:
    """What to do about a name from elsewhere of a loss, a metric and so on: the help line, or None."""
    key = key_of(name)
    if kind == "activation" and key in _ALSO_LAYERS:
        return f"it has options, so it is a layer: add the entry {{type: {_ALSO_LAYERS[key]}}}"
    if (kind, key) in _TOLD:
        return _TOLD[kind, key]
    by_key = {key_of(word): word for word in reversed(known)}
    table = _BY_KIND.get(kind, {})
    for word in (key, *(key.removesuffix(ending) for ending in _ENDINGS if key.endswith(ending))):
        if word in by_key:
            return ask(by_key[word], name)
        if word in table:
            meant = table[word]
            return f"write `{meant}`" if "`" in meant else write(meant, name)  # with a backquote it is one of two words
    return None
