"""The arrays in files of Keras to the weights of a model."""
