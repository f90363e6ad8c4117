"""TensorFlow's functions in models of tf.keras, as operations: the layers that Keras 2 makes of calls on tensors."""
