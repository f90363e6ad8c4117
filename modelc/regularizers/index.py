"""Where each class of `modelc.regularizers` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "L1": "modelc.regularizers.classes",
        "L1L2": "modelc.regularizers.classes",
        "L2": "modelc.regularizers.classes",
        "OrthogonalRegularizer": "modelc.regularizers.classes",
    },
    aliases={
        "l1": "L1",
        "l1l2": "L1L2",
        "l1_l2": "L1L2",
        "l2": "L2",
        "orthogonal_regularizer": "OrthogonalRegularizer",
    },
)
