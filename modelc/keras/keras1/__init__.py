"""Models that Keras 1 saved, as Keras 2 would have described them.

`models.as_keras_2` is the entry for what describes a model, `weights.keras_1_arrays` the one for its arrays.
"""
