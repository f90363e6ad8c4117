"""Where each class of `modelc.optimizers.schedules` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "CosineDecay": "modelc.optimizers.schedules.classes",
        "CosineDecayRestarts": "modelc.optimizers.schedules.classes",
        "ExponentialDecay": "modelc.optimizers.schedules.classes",
        "InverseTimeDecay": "modelc.optimizers.schedules.classes",
        "PiecewiseConstantDecay": "modelc.optimizers.schedules.classes",
        "PolynomialDecay": "modelc.optimizers.schedules.classes",
    },
)
