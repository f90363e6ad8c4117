"""Where each class of `modelc.constraints` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "MaxNorm": "modelc.constraints.classes",
        "MinMaxNorm": "modelc.constraints.classes",
        "NonNeg": "modelc.constraints.classes",
        "UnitNorm": "modelc.constraints.classes",
    },
    aliases={
        "max_norm": "MaxNorm",
        "min_max_norm": "MinMaxNorm",
        "non_neg": "NonNeg",
        "unit_norm": "UnitNorm",
    },
)
