"""Where each class of `modelc.optimizers` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "Adadelta": "modelc.optimizers.adagrad",
        "Adafactor": "modelc.optimizers.matrix",
        "Adagrad": "modelc.optimizers.adagrad",
        "Adam": "modelc.optimizers.adam",
        "AdamW": "modelc.optimizers.adam",
        "Adamax": "modelc.optimizers.adam",
        "Ftrl": "modelc.optimizers.adagrad",
        "Lamb": "modelc.optimizers.adam",
        "Lion": "modelc.optimizers.momentum",
        "Muon": "modelc.optimizers.matrix",
        "Nadam": "modelc.optimizers.adam",
        "RMSprop": "modelc.optimizers.adagrad",
        "SGD": "modelc.optimizers.momentum",
        "ScheduleFreeAdamW": "modelc.optimizers.schedule_free",
    },
    aliases={
        "adadelta": "Adadelta",
        "adafactor": "Adafactor",
        "adagrad": "Adagrad",
        "adam": "Adam",
        "adamw": "AdamW",
        "adamax": "Adamax",
        "ftrl": "Ftrl",
        "lamb": "Lamb",
        "lion": "Lion",
        "muon": "Muon",
        "nadam": "Nadam",
        "rmsprop": "RMSprop",
        "sgd": "SGD",
        "schedulefreeadamw": "ScheduleFreeAdamW",
    },
)
