"""Helpers by the names of `keras.utils`: labels, sequences, data of folders and series, pictures of models."""

from __future__ import annotations

from modelc.data.directory import pictures as image_dataset_from_directory
from modelc.data.windows import timeseries_dataset_from_array
from modelc.utils.numbers import normalize, to_categorical
from modelc.utils.plotting import plot_model
from modelc.utils.seeds import set_random_seed
from modelc.utils.sequences import pad_sequences

__all__ = [
    "image_dataset_from_directory", "normalize", "pad_sequences", "plot_model", "set_random_seed",
    "timeseries_dataset_from_array", "to_categorical",
]  # fmt: skip
