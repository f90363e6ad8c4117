"""Where each class of `modelc.initializers` is.

Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""

from modelc.config.registry import Index

INDEX = Index(
    modules={
        "Constant": "modelc.initializers.classes",
        "GlorotNormal": "modelc.initializers.classes",
        "GlorotUniform": "modelc.initializers.classes",
        "HeNormal": "modelc.initializers.classes",
        "HeUniform": "modelc.initializers.classes",
        "Identity": "modelc.initializers.classes",
        "LecunNormal": "modelc.initializers.classes",
        "LecunUniform": "modelc.initializers.classes",
        "Ones": "modelc.initializers.classes",
        "Orthogonal": "modelc.initializers.classes",
        "RandomNormal": "modelc.initializers.classes",
        "RandomUniform": "modelc.initializers.classes",
        "STFT": "modelc.initializers.stft",
        "TruncatedNormal": "modelc.initializers.classes",
        "VarianceScaling": "modelc.initializers.classes",
        "Zeros": "modelc.initializers.classes",
    },
    aliases={
        "constant": "Constant",
        "glorot_normal": "GlorotNormal",
        "glorot_uniform": "GlorotUniform",
        "he_normal": "HeNormal",
        "he_uniform": "HeUniform",
        "identity": "Identity",
        "IdentityInitializer": "Identity",
        "lecun_normal": "LecunNormal",
        "lecun_uniform": "LecunUniform",
        "ones": "Ones",
        "one": "Ones",
        "orthogonal": "Orthogonal",
        "OrthogonalInitializer": "Orthogonal",
        "random_normal": "RandomNormal",
        "normal": "RandomNormal",
        "random_uniform": "RandomUniform",
        "uniform": "RandomUniform",
        "stft": "STFT",
        "STFTInitializer": "STFT",
        "truncated_normal": "TruncatedNormal",
        "variance_scaling": "VarianceScaling",
        "zeros": "Zeros",
        "zero": "Zeros",
    },
)
